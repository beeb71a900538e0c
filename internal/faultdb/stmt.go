// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql/driver"
)

// A stmt wraps a prepared statement.
type stmt struct {
	inner driver.Stmt
	conn  *conn
	query string
}

var (
	_ driver.StmtExecContext   = (*stmt)(nil)
	_ driver.StmtQueryContext  = (*stmt)(nil)
	_ driver.NamedValueChecker = (*stmt)(nil)
)

// wrapStmt returns s with the methods whose mere presence means something.
func wrapStmt(s *stmt) driver.Stmt {
	//nolint:staticcheck // drivers still have it
	if converter, ok := s.inner.(driver.ColumnConverter); ok {
		return convertingStmt{s, converter.ColumnConverter}
	}
	return s
}

// A convertingStmt converts its arguments by column.
type convertingStmt struct {
	*stmt
	converter func(index int) driver.ValueConverter
}

// ColumnConverter returns the converter of the inner statement.
func (s convertingStmt) ColumnConverter(index int) driver.ValueConverter { return s.converter(index) }

// Close closes the inner statement.
func (s *stmt) Close() error { return s.inner.Close() }

// NumInput returns the number of parameters.
func (s *stmt) NumInput() int { return s.inner.NumInput() }

// CheckNamedValue converts an argument as the inner statement does, or else its connection.
func (s *stmt) CheckNamedValue(value *driver.NamedValue) error {
	if inner, ok := s.inner.(driver.NamedValueChecker); ok {
		return inner.CheckNamedValue(value)
	}
	return s.conn.check(value)
}

// Exec runs the statement. database/sql prefers ExecContext.
func (s *stmt) Exec(values []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), ordinal(values))
}

// Query runs the statement. database/sql prefers QueryContext.
func (s *stmt) Query(values []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), ordinal(values))
}

// ExecContext runs the statement.
func (s *stmt) ExecContext(
	ctx context.Context, args []driver.NamedValue,
) (driver.Result, error) {
	return send(ctx, s.conn, s.conn.event(Exec, s.query, args), step[driver.Result]{
		run:     func(ctx context.Context) (driver.Result, error) { return s.exec(ctx, args) },
		discard: ignore,
	})
}

// QueryContext runs the statement and returns its rows.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	run := func(ctx context.Context) (driver.Rows, error) {
		if inner, ok := s.inner.(driver.StmtQueryContext); ok {
			return inner.QueryContext(ctx, args)
		}
		values, err := positional(ctx, args)
		if err != nil {
			return nil, err
		}
		return s.inner.Query(values) //nolint:staticcheck // all that such a driver has
	}
	return send(ctx, s.conn, s.conn.event(Query, s.query, args), s.conn.rows(run))
}

func (s *stmt) exec(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if inner, ok := s.inner.(driver.StmtExecContext); ok {
		return inner.ExecContext(ctx, args)
	}
	values, err := positional(ctx, args)
	if err != nil {
		return nil, err
	}
	return s.inner.Exec(values) //nolint:staticcheck // all that such a driver has
}

func ordinal(values []driver.Value) []driver.NamedValue {
	named := make([]driver.NamedValue, len(values))
	for i, value := range values {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return named
}
