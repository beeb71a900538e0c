// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
)

// session is a transaction as the database knows it; its savepoints are frames.
type session struct {
	db     *Database
	conn   *sql.Conn // nil if the pool does not give connections
	pool   gorm.Tx
	gorm   *gorm.DB
	stop   func() bool // ends the watch over the context of Begin
	cancel func()      // frees the context that the transaction was begun with

	// end is held for reading while a statement goes past database/sql, which otherwise sees to it that
	// none is sent once the transaction has ended.
	end   sync.RWMutex
	ended bool

	mu      sync.Mutex
	numbers uint64 // what names in the transaction were made from
	lost    error  // why the server has rolled back the transaction
}

// lose keeps further statements from being sent: the server has rolled back the transaction, and would run them outside of it.
func (s *session) lose(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil {
		s.lost = cause
	}
}

// loss returns why the server has rolled back the transaction; nil if it has not.
func (s *session) loss() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// Frame is a transaction, or a savepoint in one.
type Frame struct {
	handle    *Handle
	parent    *Frame
	session   *session
	savepoint string
	ctx       context.Context //nolint:containedctx // Committed and RolledBack hooks get the ctx of Begin.

	mu      sync.Mutex
	done    bool
	spoiled error // why it cannot be committed: a savepoint in it could not be rolled back
	undo    []func()
	after   []after
	inside  []*Frame // savepoints that are open
}

// after is work for the end of the outermost transaction.
type after struct {
	key        any // equal keys run once; nil runs always
	committed  func(ctx context.Context) error
	rolledBack func(ctx context.Context) error
}

// Begin opens a transaction, or a savepoint if h is a transaction. opts only concern the former.
func (h *Handle) Begin(ctx context.Context, opts *sql.TxOptions) (*Handle, error) {
	if _, err := h.alive(); err != nil {
		return nil, err
	}
	if h.frame != nil {
		return h.savepoint(ctx)
	}
	return h.begin(ctx, func(ctx context.Context, s *session) error { return s.begin(ctx, opts) })
}

// begin opens a transaction, in the way of how.
func (h *Handle) begin(ctx context.Context, how func(ctx context.Context, s *session) error) (*Handle, error) {
	s := &session{db: h.db}
	if err := s.start(ctx, how); err != nil {
		return nil, h.failure(ctx, err)
	}
	s.gorm = h.db.Gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	s.gorm.Statement.ConnPool = s.pool
	return newFrame(ctx, h, s, ""), nil
}

func newFrame(ctx context.Context, outer *Handle, s *session, savepoint string) *Handle {
	f := &Frame{parent: outer.frame, session: s, savepoint: savepoint}
	f.handle = &Handle{db: outer.db, frame: f}
	f.ctx = ctx
	if p := f.parent; p != nil {
		p.mu.Lock()
		p.inside = append(p.inside, f)
		p.mu.Unlock()
	}
	return f.handle
}

// start begins the transaction. While it begins, ctx can stop it; afterwards the end of ctx rolls it
// back once no statement is under way.
func (s *session) start(ctx context.Context, how func(ctx context.Context, s *session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	begun, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	err := how(begun, s)
	if !stop() && err == nil {
		err = errors.Join(ctx.Err(), s.finish(s.pool.Rollback))
	}
	if err != nil {
		cancel()
		return err
	}
	s.stop = context.AfterFunc(ctx, func() { _ = s.finish(s.pool.Rollback) }) // whoever uses it next is told.
	s.cancel = cancel
	return nil
}

// finish ends the transaction in the database, once, and gives the connection back.
func (s *session) finish(how func() error) error {
	s.end.Lock()
	defer s.end.Unlock()
	if s.ended {
		return sql.ErrTxDone
	}
	s.ended = true
	err := how()
	if s.conn != nil {
		_ = s.conn.Close() // the transaction has ended; the connection is back or broken either way.
	}
	if s.stop != nil {
		s.stop()
		s.cancel()
	}
	return err
}

// onConnection calls fn with the driver's connection, unless the transaction has ended.
func (s *session) onConnection(fn func(conn any) error) error {
	s.end.RLock()
	defer s.end.RUnlock()
	if s.ended {
		return sql.ErrTxDone
	}
	var failed error
	var panicked any
	err := s.conn.Raw(func(conn any) error {
		// At a driver.ErrBadConn or a panic database/sql would wait here for the end of the transaction,
		// forever.
		defer func() { panicked = recover() }()
		failed = fn(conn)
		return nil
	})
	if panicked != nil {
		panic(panicked)
	}
	if err == nil {
		err = failed
	}
	return err
}

// begin prefers a connection of its own, on which rows can be decoded directly.
func (s *session) begin(ctx context.Context, opts *sql.TxOptions) error {
	if s.db.sqlDB == nil {
		return s.beginPool(ctx, opts)
	}
	var err error
	for range attempts {
		var conn *sql.Conn
		if conn, err = s.db.sqlDB.Conn(ctx); err != nil {
			return err
		}
		var started *sql.Tx
		if started, err = conn.BeginTx(ctx, opts); err == nil {
			s.conn, s.pool = conn, started
			return nil
		}
		_ = conn.Close() // the error of BeginTx is the one to report.
		if !errors.Is(err, driver.ErrBadConn) {
			break
		}
	}
	return err
}

func (s *session) beginPool(ctx context.Context, opts *sql.TxOptions) error {
	switch pool := s.db.pool.(type) {
	case gorm.TxBeginner:
		started, err := pool.BeginTx(ctx, opts)
		s.pool = started
		return err
	case gorm.ConnPoolBeginner:
		started, err := pool.BeginTx(ctx, opts)
		if err != nil {
			return err
		}
		var ok bool
		if s.pool, ok = started.(gorm.Tx); ok {
			return nil
		}
		return errs.New(errs.ErrUnsupported, "the pool %T begins a transaction that cannot be committed", pool)
	default:
		return errs.New(errs.ErrUnsupported, "the pool %T begins no transactions", pool)
	}
}

func (h *Handle) savepoint(ctx context.Context) (*Handle, error) {
	s := h.frame.session
	name := "kindred_" + strconv.FormatUint(h.frame.Number(), 10)
	if _, err := h.Exec(ctx, Statement{SQL: "SAVEPOINT " + name}); err != nil {
		return nil, err
	}
	return newFrame(ctx, h, s, name), nil
}

func (f *Frame) isOpen() bool {
	for ; f != nil; f = f.parent {
		f.mu.Lock()
		done := f.done
		f.mu.Unlock()
		if done {
			return false
		}
	}
	return true
}

// Outermost reports whether the frame is the transaction itself and no savepoint.
func (f *Frame) Outermost() bool { return f.parent == nil }

// finish marks the frame as done and returns what is left to do; false if it was done before.
func (f *Frame) finish() (undo []func(), work []after, ok bool) {
	if !f.isOpen() {
		return nil, nil, false
	}
	undo, work = f.end()
	if p := f.parent; p != nil {
		p.mu.Lock()
		p.inside = slices.DeleteFunc(p.inside, func(other *Frame) bool { return other == f })
		p.mu.Unlock()
	}
	return undo, work, true
}

// end marks the frame and the savepoints that are still open in it as done.
func (f *Frame) end() (undo []func(), work []after) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = true
	undo, work = f.undo, f.after
	for _, inner := range f.inside {
		u, w := inner.end()
		undo, work = append(undo, u...), append(work, w...)
	}
	f.undo, f.after, f.inside = nil, nil, nil
	return undo, work
}

// wasEnded reports whether the frame itself was committed or rolled back.
func (f *Frame) wasEnded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done
}

// Enlist keeps what a rollback of the frame has to undo in memory, in reverse order.
func (f *Frame) Enlist(undo func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.undo = append(f.undo, undo)
}

// OnEnd keeps work for the end of the outermost transaction, or of a savepoint that is rolled back.
// Work with equal keys runs once.
func (f *Frame) OnEnd(key any, committed, rolledBack func(ctx context.Context) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.after = append(f.after, after{key, committed, rolledBack})
}

// Commit ends the frame: a savepoint is released and its work passed on, a transaction is committed
// and the work that waited for it runs. If the database refuses, everything is rolled back.
func (h *Handle) Commit(ctx context.Context) error {
	f := h.frame
	if f == nil {
		return errs.New(errs.ErrTxDone, "the handle is a database, not a transaction")
	}
	if f.isOpen() && ctx.Err() != nil {
		return errors.Join(ctx.Err(), h.Rollback(ctx))
	}
	if cause := f.session.loss(); cause != nil && f.isOpen() {
		return errors.Join(fmt.Errorf("rolled back by the database: %w", cause), h.Rollback(ctx))
	}
	if cause := f.spoiling(); cause != nil {
		return errors.Join(fmt.Errorf("rolled back, as a savepoint could not be: %w", cause), h.Rollback(ctx))
	}
	if f.savepoint != "" {
		return f.release(ctx)
	}
	undo, work, ok := f.finish()
	if !ok {
		return errs.New(errs.ErrTxDone, "the transaction was committed or rolled back before")
	}
	err := f.session.finish(f.session.pool.Commit)
	if err == nil {
		return runAfter(f.ctx, work) //nolint:contextcheck // Committed hooks get the ctx of Begin.
	}
	reverse(undo)
	return errors.Join(h.commitFailure(ctx, err), runRolledBack(f.ctx, work)) //nolint:contextcheck // as above.
}

// spoil keeps the frame from being committed: it holds what a savepoint in it should have undone.
func (f *Frame) spoil(cause error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.spoiled == nil {
		f.spoiled = cause
	}
}

// spoiling returns why the frame cannot be committed, nil if it can or was ended before.
func (f *Frame) spoiling() error {
	if !f.isOpen() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spoiled
}

// commitFailure tells a commit that the database refused from one whose outcome nobody knows.
func (h *Handle) commitFailure(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, sql.ErrTxDone): // it was rolled back before, because the context ended
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if ended := h.frame.ctx.Err(); ended != nil {
			return ended
		}
		return errs.Wrap(errs.ErrTxDone, err, "commit")
	case h.db.Dialect.Answered(err):
		return h.db.Dialect.Translate(err)
	default:
		return errs.Wrap(errs.ErrCommitUnknown, err,
			"the database did not answer; look whether the data is there before trying again")
	}
}

func (f *Frame) release(ctx context.Context) error {
	if !f.isOpen() {
		return errs.New(errs.ErrTxDone, "the transaction was committed or rolled back before")
	}
	if _, err := f.handle.Exec(ctx, Statement{SQL: "RELEASE SAVEPOINT " + f.savepoint}); err != nil {
		return errors.Join(err, f.handle.Rollback(ctx))
	}
	undo, work, _ := f.finish()
	p := f.parent
	p.mu.Lock()
	defer p.mu.Unlock()
	p.undo = append(p.undo, undo...)
	p.after = append(p.after, work...)
	return nil
}

// Rollback ends the frame and undoes, in the database and in memory, what happened since its begin.
// It runs even if ctx has ended.
func (h *Handle) Rollback(ctx context.Context) error {
	f := h.frame
	if f == nil {
		return errs.New(errs.ErrTxDone, "the handle is a database, not a transaction")
	}
	var err error
	if f.savepoint != "" && f.isOpen() {
		ctx = context.WithoutCancel(ctx)
		_, err = h.Exec(ctx, Statement{SQL: "ROLLBACK TO SAVEPOINT " + f.savepoint})
		if err == nil {
			_, err = h.Exec(ctx, Statement{SQL: "RELEASE SAVEPOINT " + f.savepoint})
		} else if !errors.Is(err, errs.ErrTxDone) {
			f.parent.spoil(err)
		}
	}
	undo, work, ok := f.finish()
	if !ok {
		return errs.New(errs.ErrTxDone, "the transaction was committed or rolled back before")
	}
	if f.savepoint == "" {
		err = f.session.finish(f.session.pool.Rollback)
	}
	if errors.Is(err, sql.ErrTxDone) { // it was rolled back before, because the context ended
		err = nil
	}
	reverse(undo)
	return errors.Join(err, runRolledBack(f.ctx, work)) //nolint:contextcheck // RolledBack hooks get the ctx of Begin.
}

func reverse(undo []func()) {
	for _, u := range slices.Backward(undo) {
		u()
	}
}

// Within runs fn in a transaction of its own, a savepoint if h is a transaction, and commits it if
// fn returns nil. An error or a panic rolls back; the panic goes on.
func (h *Handle) Within(ctx context.Context, opts *sql.TxOptions, fn func(ctx context.Context, h *Handle) error) error {
	inner, err := h.Begin(ctx, opts)
	if err != nil {
		return err
	}
	return inner.through(ctx, fn)
}

// through calls fn in a transaction that has just begun, and ends it.
func (h *Handle) through(ctx context.Context, fn func(ctx context.Context, h *Handle) error) (err error) {
	ended := false
	defer func() {
		if !ended { // a panic, or runtime.Goexit
			_ = h.Rollback(context.WithoutCancel(ctx)) // the panic is what is reported.
		}
	}()
	err = fn(With(ctx, h), h)
	ended = true
	if err == nil && h.frame.wasEnded() {
		return nil // by fn itself
	}
	if err == nil {
		return h.Commit(ctx)
	}
	if back := h.Rollback(context.WithoutCancel(ctx)); back != nil && !errors.Is(back, errs.ErrTxDone) {
		return fmt.Errorf("%w (rollback: %w)", err, back)
	}
	return err
}

// Atomic runs fn, which writes with more than one statement or runs hooks, as a whole.
func (h *Handle) Atomic(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	return h.Within(ctx, nil, fn)
}

// Attempts bounds how often a call is made again because of other transactions that write the same rows.
const Attempts = 5

// Retry runs fn, and again while it loses against other transactions. In a transaction of the caller it does not: the caller
// has to begin that again.
func (h *Handle) Retry(ctx context.Context, fn func() error) error {
	for n := 1; ; n++ {
		err := fn()
		if err == nil || n == Attempts || h.InTransaction() || ctx.Err() != nil || errs.AfterCommit(err) || !h.Dialect().Lost(err) {
			return err
		}
	}
}

// Guard runs fn, which sends one writing statement. In a transaction that a failed statement would
// make unusable, a savepoint around it lets the caller go on after the error.
func (h *Handle) Guard(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	if h.frame == nil || h.whole || !h.db.Dialect.AbortsTransaction {
		return fn(ctx, h)
	}
	return h.Within(ctx, nil, fn)
}

// Number returns a number that is unique in the transaction, to name things with.
func (f *Frame) Number() uint64 {
	s := f.session
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers++
	return s.numbers
}

// Context returns the context of Begin, or of nothing for a database.
func (h *Handle) Context() context.Context {
	if h.frame == nil {
		return context.Background()
	}
	return h.frame.ctx
}
