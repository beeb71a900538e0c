// SPDX-License-Identifier: MIT

package ruler

import (
	"context"
	"database/sql/driver"
	"io"
)

// stmt is a prepared statement: a text whose plan is known.
type stmt struct {
	conn *conn
	plan *plan
	sql  string
}

func (s *stmt) Close() error { return nil }

// NumInput is -1: the number of arguments is not checked.
func (s *stmt) NumInput() int { return -1 }

func (s *stmt) QueryContext(_ context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.query(s.plan, s.sql, args)
}

func (s *stmt) ExecContext(_ context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.exec(s.plan, s.sql, args)
}

func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.conn.query(s.plan, s.sql, named(args))
}

func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.conn.exec(s.plan, s.sql, named(args))
}

func named(args []driver.Value) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, a := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}

// rows walks over data and hands out the columns of the plan.
type rows struct {
	plan *plan
	data [][]driver.Value
	next int
}

var _ driver.RowsColumnTypeDatabaseTypeName = (*rows)(nil)

func (r *rows) Columns() []string { return r.plan.names }

func (r *rows) Close() error { return nil }

func (r *rows) Next(dest []driver.Value) error {
	if r.next >= len(r.data) {
		return io.EOF
	}
	row := r.data[r.next]
	r.next++
	for i, c := range r.plan.columns {
		dest[i] = row[c]
	}
	return nil
}

// ColumnTypeDatabaseTypeName returns the declared type, as SQLite's driver does.
func (r *rows) ColumnTypeDatabaseTypeName(i int) string { return r.plan.types[i] }
