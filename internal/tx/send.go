// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// Statement is what is sent to a database. Its text holds placeholders, never values.
type Statement struct {
	Table string // for plugins that label what they see
	SQL   string
	Args  []any
	// Expressions tells that some arguments are SQL expressions.
	Expressions bool
	// Settings are for plugins of gorm, such as one that chooses among databases.
	Settings Settings
	// Writes tells that the statement writes and returns rows.
	Writes bool
	// Model is the name of the model that it is about; "" is that of the table.
	Model string
	// Relation is the relation whose rows it reads: "User.posts".
	Relation string
	// Primary tells that it must see what was written last, or locks rows.
	Primary bool
}

// Settings are what clauses such as dbresolver.Write have set on a statement of gorm.
type Settings struct {
	Values  map[any]any
	Clauses map[string]clause.Clause // which are no part of the text
}

// checkSettings returns an error for settings that no plugin reads.
func (s *Statement) checkSettings(listened bool) error {
	if listened || len(s.Settings.Values)+len(s.Settings.Clauses) == 0 {
		return nil
	}
	names := slices.Collect(maps.Keys(s.Settings.Clauses))
	for name := range s.Settings.Values {
		names = append(names, fmt.Sprint(name))
	}
	slices.Sort(names)
	return errs.New(errs.ErrUnsupported, "Apply: the settings %q are for a plugin of gorm, and none listens to such statements", names)
}

// Result is what a statement without rows did.
type Result struct {
	Affected int64
	LastID   int64 // where the dialect's KeyByResult is set
}

// Exec sends a statement that returns no rows.
func (h *Handle) Exec(ctx context.Context, s Statement) (Result, error) {
	if err := h.BeforeWrite(ctx); err != nil {
		return Result{}, err
	}
	s.SQL = annotated(ctx, s.SQL)
	return h.send(ctx, s)
}

// BeforeWrite sends the savepoints that have to be there before a statement that may fail or that writes.
func (h *Handle) BeforeWrite(ctx context.Context) error {
	if err := h.alive(); err != nil || h.frame == nil {
		return err
	}
	return h.frame.begin(ctx)
}

// send sends a statement that returns no rows as it is.
func (h *Handle) send(ctx context.Context, s Statement) (Result, error) {
	if err := h.alive(); err != nil {
		return Result{}, err
	}
	s, err := h.expand(ctx, s)
	if err != nil {
		return Result{}, err
	}
	listened := listeners(h.db.rawFns)
	if err := s.checkSettings(listened); err != nil {
		return Result{}, err
	}
	begin := time.Now()
	var out Result
	var res sql.Result
	var sent bool
	if listened {
		res, sent, err = h.heard(ctx, s, nil).exec()
	} else {
		res, sent, err = h.exec(ctx, s)
	}
	if err == nil {
		out, err = h.result(res)
	}
	err = h.outcome(sent, h.refused(s, h.failure(ctx, err))) // before it is logged, because a driver's error may show a value
	h.trace(ctx, begin, &s, out.Affected, err)
	return out, err
}

func (h *Handle) result(res sql.Result) (out Result, err error) {
	if out.Affected, err = res.RowsAffected(); err != nil {
		return out, err
	}
	if h.db.Dialect.KeyByResult {
		out.LastID, err = res.LastInsertId()
	}
	return out, err
}

// exec sends a statement that returns no rows.
func (h *Handle) exec(ctx context.Context, s Statement) (res sql.Result, sent bool, err error) {
	sent, err = h.onPool(ctx, func(pool gorm.ConnPool) (err error) {
		res, err = pool.ExecContext(ctx, s.SQL, s.Args...)
		return err
	})
	return res, sent, err
}

// onPool calls fn, which sends a statement that writes. Outside of a transaction it takes a connection first, so that an error
// from before the statement was sent can be told from one that came after it.
func (h *Handle) onPool(ctx context.Context, fn func(pool gorm.ConnPool) error) (sent bool, err error) {
	pool, alone := h.execer().(*sql.DB)
	if !alone {
		return true, fn(h.execer())
	}
	for range attempts {
		conn, err := pool.Conn(ctx)
		if err != nil {
			return false, err
		}
		err = fn(conn)
		_ = conn.Close() // the connection is back or broken either way.
		if !errors.Is(err, driver.ErrBadConn) {
			return true, err
		}
	}
	return false, driver.ErrBadConn
}

// execer is the part of gorm's pool that runs statements.
func (h *Handle) execer() gorm.ConnPool {
	if h.frame != nil {
		return h.frame.session.pool
	}
	return h.db.pool
}

// Read sends a statement and stores its rows into the sink.
func (h *Handle) Read(ctx context.Context, s Statement, into dialect.Sink) error {
	if err := h.alive(); err != nil {
		return err
	}
	if s.Writes {
		if err := h.BeforeWrite(ctx); err != nil {
			return err
		}
	}
	s, err := h.expand(ctx, s)
	if err != nil {
		return err
	}
	listened := listeners(h.db.rowFns)
	if err := s.checkSettings(listened); err != nil {
		return err
	}
	s.SQL = annotated(ctx, s.SQL)
	begin := time.Now()
	sent := false
	err = h.repeated(ctx, &s, into, func() (err error) {
		if listened {
			sent, err = h.heard(ctx, s, into).read()
		} else {
			sent, err = h.read(ctx, s, into)
		}
		return err
	})
	err = h.outcome(s.Writes && sent, h.refused(s, h.failure(ctx, err)))
	h.trace(ctx, begin, &s, into.Rows(), err)
	return err
}

func (h *Handle) read(ctx context.Context, s Statement, into dialect.Sink) (sent bool, err error) {
	if h.canReadDirectly() {
		done, sent, err := h.readDirectly(ctx, s, into)
		if done {
			return sent, err
		}
	}
	query := func(pool gorm.ConnPool) error {
		rows, err := pool.QueryContext(ctx, s.SQL, s.Args...) //nolint:rowserrcheck // ReadRows checks and closes.
		if err != nil {
			return err
		}
		return h.db.Dialect.ReadRows(rows, into)
	}
	if s.Writes {
		return h.onPool(ctx, query)
	}
	return true, query(h.execer())
}

func (h *Handle) canReadDirectly() bool {
	if h.db.Dialect.Reader == nil || h.db.readable.Load() == readRows {
		return false
	}
	if h.frame != nil {
		return h.frame.session.conn != nil
	}
	return h.db.sqlDB != nil
}

// attempts is the number of times that a statement is tried that did not reach the server, as in database/sql.
const attempts = 3

// readDirectly decodes on the driver's connection. It reports false if the connection is not one
// that the dialect's reader knows, so that nothing was sent.
func (h *Handle) readDirectly(ctx context.Context, s Statement, into dialect.Sink) (done, sent bool, err error) {
	for range attempts {
		done, sent = true, false
		err = h.OnConnection(ctx, func(conn any) error {
			if h.db.readable.Load() == readUnknown {
				if !h.db.Dialect.Reader.Can(conn) {
					h.db.readable.Store(readRows)
					done = false
					return nil
				}
				h.db.readable.Store(readDirect)
			}
			sent = true
			return h.db.Dialect.Reader.Read(ctx, conn, s.SQL, s.Args, into)
		})
		if !errors.Is(err, driver.ErrBadConn) || h.frame != nil {
			break
		}
	}
	if errors.Is(err, driver.ErrSkip) { // the driver wants the statement prepared
		return false, false, nil
	}
	return done, sent, err
}

// Direct reports whether OnConnection gives connections that the dialect's reader knows.
func (h *Handle) Direct() bool {
	return h.canReadDirectly() && !listeners(h.db.rowFns) && h.db.readable.Load() == readDirect
}

// Unprepared returns the first argument of a statement whose columns may differ from those of an
// earlier one with the same text; nil if none is needed or the connection is not at hand.
func (h *Handle) Unprepared(ctx context.Context) (mode any) {
	if h.db.Dialect.Reader == nil || h.frame == nil || h.frame.session.conn == nil {
		return nil
	}
	if err := h.OnConnection(ctx, func(conn any) error {
		mode = h.db.Dialect.Reader.Unprepared(conn)
		return nil
	}); err != nil {
		return nil // the statement itself will meet the error.
	}
	return mode
}

// OnConnection calls fn with the driver's connection of the transaction, or with one of the pool's.
// The connection is held meanwhile, so fn runs no code of users.
func (h *Handle) OnConnection(ctx context.Context, fn func(conn any) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if h.frame != nil {
		return h.frame.session.onConnection(fn)
	}
	conn, err := h.db.sqlDB.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(fn)
	if closed := conn.Close(); err == nil && closed != nil && !errors.Is(closed, sql.ErrConnDone) {
		err = closed
	}
	return err
}

// failure translates a driver's error, and makes sure that a cancelled context can be recognised.
func (h *Handle) failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	if errors.Is(err, sql.ErrTxDone) {
		return errs.Wrap(errs.ErrTxDone, err, "")
	}
	translated := h.db.Dialect.Translate(err)
	if ended := h.db.Dialect.Ended; ended != nil && h.frame != nil && ended(err) {
		h.frame.session.lose(translated)
	}
	return translated
}

// refused completes the error of a refused row, of which the database may tell no more than the name of an index: the model says
// which columns it has.
func (h *Handle) refused(s Statement, err error) error {
	var violated *errs.ConstraintError
	if errors.As(err, &violated) && violated.Kind == errs.Unique && violated.Columns == nil && violated.Name != "" {
		if violated.Table == "" {
			violated.Table = s.Table
		}
		if m, ok := h.db.Models.Table(violated.Table); ok {
			violated.Columns = m.UniqueColumns(violated.Name)
		}
	}
	return err
}

// Failure returns the error of a statement that was sent through Gorm as that of one sent through the handle.
func (h *Handle) Failure(ctx context.Context, err error) error { return h.failure(ctx, err) }
