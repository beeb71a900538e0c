// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
)

// Begin opens a transaction, or a savepoint if h is a transaction. opts only concern the former.
func (h *Handle) Begin(ctx context.Context, opts *sql.TxOptions) (*Handle, error) {
	if err := h.alive(); err != nil {
		return nil, err
	}
	if h.frame != nil {
		inner := newFrame(ctx, h, h.frame.session, savepoint)
		if err := inner.frame.begin(ctx); err != nil {
			_, _, _ = inner.frame.finish() // nothing was done in it.
			return nil, err
		}
		return inner, nil
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
	return newFrame(ctx, h, s, transaction), nil
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
	if f.kind != transaction {
		return f.release(ctx)
	}
	undo, work, err := f.finish()
	if err != nil {
		return err
	}
	err = f.session.finish(f.session.pool.Commit)
	if err == nil {
		return runAfter(f.ctx, work) //nolint:contextcheck // Committed hooks get the ctx of Begin.
	}
	undo.run()
	return errors.Join(h.commitFailure(ctx, err), runRolledBack(f.ctx, work)) //nolint:contextcheck // as above.
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

// release ends a frame in a transaction and keeps what was done in it.
func (f *Frame) release(ctx context.Context) error {
	if name := f.sent(); name != "" && f.isOpen() {
		if _, err := f.handle.send(ctx, Statement{SQL: "RELEASE SAVEPOINT " + name}); err != nil {
			return errors.Join(err, f.handle.Rollback(ctx))
		}
	}
	undo, work, err := f.finish()
	if err == nil {
		f.passOn(undo, work)
	}
	return err
}

// Rollback ends the frame and undoes, in the database and in memory, what happened since its begin.
// It runs even if ctx has ended.
func (h *Handle) Rollback(ctx context.Context) error {
	f := h.frame
	if f == nil {
		return errs.New(errs.ErrTxDone, "the handle is a database, not a transaction")
	}
	failed := f.rollbackTo(context.WithoutCancel(ctx))
	undo, work, err := f.finish()
	if err != nil {
		return err
	}
	if f.kind == transaction {
		failed = f.session.finish(f.session.pool.Rollback)
	}
	if errors.Is(failed, sql.ErrTxDone) { // it was rolled back before, because the context ended
		failed = nil
	}
	undo.run()
	if f.kind == part { // what it has sent is undone with the frame around it
		f.passOn(undoLog{}, work)
		return nil
	}
	return errors.Join(failed, runRolledBack(f.ctx, work)) //nolint:contextcheck // RolledBack hooks get the ctx of Begin.
}

// rollbackTo undoes what was sent since a savepoint.
func (f *Frame) rollbackTo(ctx context.Context) error {
	name := f.sent()
	if name == "" || !f.isOpen() {
		return nil
	}
	_, err := f.handle.send(ctx, Statement{SQL: "ROLLBACK TO SAVEPOINT " + name})
	if err == nil {
		_, err = f.handle.send(ctx, Statement{SQL: "RELEASE SAVEPOINT " + name})
	} else if !errors.Is(err, errs.ErrTxDone) {
		f.parent.spoil(err)
	}
	return err
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

// Atomic runs fn, which is one call of ours, as a whole: any error of it undoes everything that it has done. The handle that fn
// gets is Whole, so that calls inside need no savepoints of their own; ctx, which goes to hooks, carries one that is not. In a
// transaction the call is a savepoint, which is sent before its first statement that writes.
func (h *Handle) Atomic(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	if h.frame == nil {
		return h.Within(ctx, nil, func(ctx context.Context, h *Handle) error { return fn(ctx, h.Whole()) })
	}
	if h.whole {
		return h.Part(ctx, fn)
	}
	if err := h.alive(); err != nil {
		return err
	}
	inner := newFrame(ctx, h, h.frame.session, savepoint)
	return inner.through(ctx, func(ctx context.Context, h *Handle) error { return fn(ctx, h.Whole()) })
}

// Contended is Atomic for a call that looks for rows under a lock and writes them, which others may do at the same time. It does it
// again while it loses against them; see Retry.
func (h *Handle) Contended(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	if h.frame != nil {
		return h.Atomic(ctx, fn)
	}
	opts := &sql.TxOptions{Isolation: h.db.Dialect.Contended}
	return h.Retry(ctx, func() error {
		return h.Within(ctx, opts, func(ctx context.Context, h *Handle) error { return fn(ctx, h.Whole()) })
	})
}

// Part runs fn, which is a part of a call, in the transaction h. An error of it undoes what it has done in memory, not what it has
// sent: it is for calls that send one statement, and for parts of a call that is Atomic. The handle that fn gets is Whole if h is.
func (h *Handle) Part(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	if err := h.alive(); err != nil {
		return err
	}
	inner := newFrame(ctx, h, h.frame.session, part)
	return inner.through(ctx, func(ctx context.Context, inner *Handle) error {
		if h.whole {
			return fn(ctx, inner.Whole())
		}
		return fn(ctx, inner)
	})
}

// Guard runs fn, which sends one writing statement. In a transaction that a failed statement would
// make unusable, a savepoint around it lets the caller go on after the error.
func (h *Handle) Guard(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	if h.frame == nil || h.whole || !h.db.Dialect.AbortsTransaction {
		return fn(ctx, h)
	}
	return h.Atomic(ctx, fn)
}

// through calls fn in a frame that has just begun, and ends it.
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

// Context returns the context of Begin, or of nothing for a database.
func (h *Handle) Context() context.Context {
	if h.frame == nil {
		return context.Background()
	}
	return h.frame.ctx
}
