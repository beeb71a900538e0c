// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
)

// An Interceptor runs statements that go to the inner connection past database/sql.
//
// Code that reaches beneath database/sql by sql.Conn.Raw, for example to a *pgx.Conn, finds a
// connection of this package instead and takes its slower way. If it declares this interface for
// itself and looks for it, its statements are recorded and fail like all others: query and args are
// for the record, and send gets the connection of the inner driver. Mode [Row] does not apply.
type Interceptor interface {
	Intercept(
		ctx context.Context, query string, args []any,
		send func(ctx context.Context, inner driver.Conn) error,
	) error
}

// A conn wraps a connection. database/sql locks it, so it needs no lock of its own.
type conn struct {
	inner   driver.Conn
	control *Control
	id      int
	dead    bool      // a BadConn has happened
	inTx    bool      // a transaction is open, whoever began it
	tx      driver.Tx // that transaction, if the driver interface began it
}

var (
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.ExecerContext      = (*conn)(nil)
	_ driver.QueryerContext     = (*conn)(nil)
	_ driver.NamedValueChecker  = (*conn)(nil)
	_ driver.Pinger             = (*conn)(nil)
	_ Interceptor               = (*conn)(nil)
)

// withOptional returns c with the methods whose mere presence means something.
func (c *conn) withOptional() driver.Conn {
	_, resets := c.inner.(driver.SessionResetter)
	_, validates := c.inner.(driver.Validator)
	switch {
	case resets && validates:
		return struct {
			*conn
			resetter
			validator
		}{c, resetter{c}, validator{c}}
	case resets:
		return struct {
			*conn
			resetter
		}{c, resetter{c}}
	case validates:
		return struct {
			*conn
			validator
		}{c, validator{c}}
	default:
		return c
	}
}

type resetter struct{ c *conn }

// ResetSession prepares the connection for its next use.
func (r resetter) ResetSession(ctx context.Context) error {
	inner, ok := r.c.inner.(driver.SessionResetter)
	if r.c.dead || !ok {
		return driver.ErrBadConn
	}
	return inner.ResetSession(ctx)
}

type validator struct{ c *conn }

// IsValid reports whether the connection may go back to the pool.
func (v validator) IsValid() bool {
	inner, ok := v.c.inner.(driver.Validator)
	return ok && !v.c.dead && inner.IsValid()
}

// Close closes the inner connection.
func (c *conn) Close() error {
	c.setTx(false)
	return c.inner.Close()
}

// Ping asks the inner connection, if it can be asked.
func (c *conn) Ping(ctx context.Context) error {
	if c.dead {
		return driver.ErrBadConn
	}
	if inner, ok := c.inner.(driver.Pinger); ok {
		return inner.Ping(ctx)
	}
	return nil
}

// CheckNamedValue converts an argument as the inner connection does. If that cannot run anything
// without a statement, the arguments are left to the statement.
func (c *conn) CheckNamedValue(value *driver.NamedValue) error {
	if c.execer("", nil) == nil && c.queryer("", nil) == nil {
		return nil
	}
	return c.check(value)
}

func (c *conn) check(value *driver.NamedValue) error {
	if inner, ok := c.inner.(driver.NamedValueChecker); ok {
		return inner.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// Prepare prepares a statement.
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext prepares a statement.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return send(ctx, c, Event{Kind: Prepare, SQL: query, Conn: c.id}, step[driver.Stmt]{
		run: func(ctx context.Context) (driver.Stmt, error) {
			inner, err := c.prepare(ctx, query)
			if err != nil {
				return nil, err
			}
			return wrapStmt(&stmt{inner: inner, conn: c, query: query}), nil
		},
		discard: driver.Stmt.Close,
	})
}

func (c *conn) prepare(ctx context.Context, query string) (driver.Stmt, error) {
	if inner, ok := c.inner.(driver.ConnPrepareContext); ok {
		return inner.PrepareContext(ctx, query)
	}
	inner, err := c.inner.Prepare(query)
	if err == nil && ctx.Err() != nil {
		_ = inner.Close() // as database/sql does
		return nil, ctx.Err()
	}
	return inner, err
}

// Begin begins a transaction with default options.
func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// BeginTx begins a transaction.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return send(ctx, c, Event{Kind: Begin, SQL: beginText(opts), Conn: c.id}, step[driver.Tx]{
		run: func(ctx context.Context) (driver.Tx, error) {
			inner, err := c.begin(ctx, opts)
			if err != nil {
				return nil, err
			}
			c.tx = inner
			return &tx{inner: inner, conn: c}, nil
		},
		discard: func(driver.Tx) error { //nolint:contextcheck // rolled back even if ctx is cancelled
			c.abandon()
			return nil
		},
	})
}

// begin does what database/sql does.
func (c *conn) begin(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if inner, ok := c.inner.(driver.ConnBeginTx); ok {
		return inner.BeginTx(ctx, opts)
	}
	if sql.IsolationLevel(opts.Isolation) != sql.LevelDefault {
		return nil, errors.New("sql: driver does not support non-default isolation level")
	}
	if opts.ReadOnly {
		return nil, errors.New("sql: driver does not support read-only transactions")
	}
	inner, err := c.inner.Begin() //nolint:staticcheck // all that such a driver has
	if err == nil && ctx.Err() != nil {
		_ = inner.Rollback() // as database/sql does
		return nil, ctx.Err()
	}
	return inner, err
}

// ExecContext runs a statement that returns no rows.
func (c *conn) ExecContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	run := c.execer(query, args)
	if run == nil {
		return nil, driver.ErrSkip
	}
	return send(ctx, c, c.event(Exec, query, args), step[driver.Result]{run: run, discard: ignore})
}

// execer returns what runs the statement on the inner connection, nil if that needs a statement.
func (c *conn) execer(
	query string, args []driver.NamedValue,
) func(context.Context) (driver.Result, error) {
	switch inner := c.inner.(type) {
	case driver.ExecerContext:
		return func(ctx context.Context) (driver.Result, error) {
			return inner.ExecContext(ctx, query, args)
		}
	case driver.Execer: //nolint:staticcheck // all that such a driver has
		return func(ctx context.Context) (driver.Result, error) {
			values, err := positional(ctx, args)
			if err != nil {
				return nil, err
			}
			return inner.Exec(query, values)
		}
	default:
		return nil
	}
}

// QueryContext runs a statement that returns rows.
func (c *conn) QueryContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	run := c.queryer(query, args)
	if run == nil {
		return nil, driver.ErrSkip
	}
	return send(ctx, c, c.event(Query, query, args), c.rows(run))
}

// queryer is execer for statements that return rows.
func (c *conn) queryer(
	query string, args []driver.NamedValue,
) func(context.Context) (driver.Rows, error) {
	switch inner := c.inner.(type) {
	case driver.QueryerContext:
		return func(ctx context.Context) (driver.Rows, error) {
			return inner.QueryContext(ctx, query, args)
		}
	case driver.Queryer: //nolint:staticcheck // all that such a driver has
		return func(ctx context.Context) (driver.Rows, error) {
			values, err := positional(ctx, args)
			if err != nil {
				return nil, err
			}
			return inner.Query(query, values)
		}
	default:
		return nil
	}
}

// rows returns the step that runs a query and wraps its rows.
func (c *conn) rows(query func(context.Context) (driver.Rows, error)) step[driver.Rows] {
	return step[driver.Rows]{
		run: func(ctx context.Context) (driver.Rows, error) {
			inner, err := query(ctx)
			if err != nil {
				return nil, err
			}
			c.control.openRows.Add(1)
			return wrapRows(&rows{inner: inner, conn: c}), nil
		},
		discard: drain,
	}
}

// Intercept implements [Interceptor].
func (c *conn) Intercept(
	ctx context.Context, query string, args []any,
	run func(ctx context.Context, inner driver.Conn) error,
) error {
	ev := c.event(Query, query, nil)
	ev.Args = slices.Clone(args)
	_, err := send(ctx, c, ev, step[driver.Result]{
		run: func(ctx context.Context) (driver.Result, error) {
			return nil, run(ctx, c.inner)
		},
		discard: ignore,
	})
	return err
}

func (c *conn) event(kind Kind, query string, args []driver.NamedValue) Event {
	return Event{Kind: classify(query, kind), SQL: query, Args: copyArgs(args), Conn: c.id}
}

// direct runs a statement that is not recorded.
func (c *conn) direct(ctx context.Context, query string) error {
	if run := c.execer(query, nil); run != nil {
		_, err := run(ctx)
		if err != driver.ErrSkip { //nolint:errorlint // database/sql compares it like this
			return err
		}
	}
	inner, err := c.prepare(ctx, query)
	if err != nil {
		return err
	}
	s := &stmt{inner: inner, conn: c, query: query}
	_, err = s.exec(ctx, nil)
	return errors.Join(err, inner.Close())
}

// positional does what database/sql does for a driver that knows no context.
func positional(ctx context.Context, named []driver.NamedValue) ([]driver.Value, error) {
	values := make([]driver.Value, len(named))
	for i, arg := range named {
		if arg.Name != "" {
			return nil, errors.New("sql: driver does not support the use of Named Parameters")
		}
		values[i] = arg.Value
	}
	return values, ctx.Err()
}

func ignore(driver.Result) error { return nil }

// drain reads rows to their end, so that the statement has run, and closes them.
func drain(r driver.Rows) error {
	values := make([]driver.Value, len(r.Columns()))
	var err error
	for err == nil {
		err = r.Next(values)
	}
	closeErr := r.Close()
	if errors.Is(err, io.EOF) {
		return closeErr
	}
	return err
}
