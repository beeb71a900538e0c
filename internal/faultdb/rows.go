// SPDX-License-Identifier: MIT

package faultdb

import (
	"database/sql/driver"
	"errors"
	"io"
	"reflect"
)

// rows wraps the rows of a query. An optional method that the inner rows lack returns what
// database/sql takes for their absence.
type rows struct {
	inner   driver.Rows
	conn    *conn
	failing *pass // set if the rows shall fail
	read    int   // the rows read so far
	failed  error // what they failed with
	closed  bool
}

var (
	_ driver.RowsNextResultSet              = (*rows)(nil)
	_ driver.RowsColumnTypeScanType         = (*rows)(nil)
	_ driver.RowsColumnTypeDatabaseTypeName = (*rows)(nil)
	_ driver.RowsColumnTypeLength           = (*rows)(nil)
	_ driver.RowsColumnTypeNullable         = (*rows)(nil)
	_ driver.RowsColumnTypePrecisionScale   = (*rows)(nil)
)

// failWith lets the rows fail as the pass says.
func (r *rows) failWith(p pass) { r.failing = &p }

// Columns returns the names of the columns.
func (r *rows) Columns() []string { return r.inner.Columns() }

// Close closes the inner rows.
func (r *rows) Close() error {
	if !r.closed {
		r.closed = true
		r.conn.control.openRows.Add(-1)
	}
	return r.inner.Close()
}

// Next reads the next row.
func (r *rows) Next(values []driver.Value) error {
	return r.advance(func() error { return r.inner.Next(values) })
}

// advance reads the next row, unless it fails.
func (r *rows) advance(next func() error) error {
	if r.conn.dead {
		return driver.ErrBadConn
	}
	if r.failed != nil {
		return r.failed
	}
	// The row is read even if it fails: the first one makes SQLite run the statement.
	err := next()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if r.failing != nil && r.read == r.failing.fault.Rows {
		r.failed = r.failing.fail(nil)
		return r.failed
	}
	r.read++
	return err
}

// HasNextResultSet reports whether there is another result.
func (r *rows) HasNextResultSet() bool {
	inner, ok := r.inner.(driver.RowsNextResultSet)
	return ok && !r.conn.dead && inner.HasNextResultSet()
}

// NextResultSet goes on to the next result.
func (r *rows) NextResultSet() error {
	inner, ok := r.inner.(driver.RowsNextResultSet)
	if !ok || r.conn.dead {
		return io.EOF
	}
	return inner.NextResultSet()
}

// ColumnTypeScanType returns the Go type of a column.
func (r *rows) ColumnTypeScanType(index int) reflect.Type {
	if inner, ok := r.inner.(driver.RowsColumnTypeScanType); ok {
		return inner.ColumnTypeScanType(index)
	}
	return reflect.TypeFor[any]()
}

// ColumnTypeDatabaseTypeName returns the type of a column as the database calls it.
func (r *rows) ColumnTypeDatabaseTypeName(index int) string {
	if inner, ok := r.inner.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return inner.ColumnTypeDatabaseTypeName(index)
	}
	return ""
}

// ColumnTypeLength returns the length of a column of variable length.
func (r *rows) ColumnTypeLength(index int) (length int64, ok bool) {
	if inner, has := r.inner.(driver.RowsColumnTypeLength); has {
		return inner.ColumnTypeLength(index)
	}
	return 0, false
}

// ColumnTypeNullable reports whether a column may be NULL.
func (r *rows) ColumnTypeNullable(index int) (nullable, ok bool) {
	if inner, has := r.inner.(driver.RowsColumnTypeNullable); has {
		return inner.ColumnTypeNullable(index)
	}
	return false, false
}

// ColumnTypePrecisionScale returns the precision and scale of a decimal column.
func (r *rows) ColumnTypePrecisionScale(index int) (precision, scale int64, ok bool) {
	if inner, has := r.inner.(driver.RowsColumnTypePrecisionScale); has {
		return inner.ColumnTypePrecisionScale(index)
	}
	return 0, 0, false
}
