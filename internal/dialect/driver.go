// SPDX-License-Identifier: MIT

package dialect

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/kindred-orm/kindred/internal/memory"
)

// DriverReader reads from a driver's connection without the copies and locks that database/sql takes
// per row. It serves drivers that return values, and do not store them through pointers.
type DriverReader struct {
	Texts func(databaseType string) bool // as Dialect.Texts
}

// Can reports whether the connection runs queries by itself.
func (DriverReader) Can(driverConn any) bool {
	_, ok := driverConn.(driver.QueryerContext)
	return ok
}

// Read runs the statement and stores its rows.
func (r DriverReader) Read(ctx context.Context, driverConn any, sql string, args []any, into Sink) (err error) {
	queryer, ok := driverConn.(driver.QueryerContext)
	if !ok {
		return driver.ErrSkip
	}
	named, err := namedValues(driverConn, args)
	if err != nil {
		return err
	}
	rows, err := queryer.QueryContext(ctx, sql, named)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	return r.ReadRows(rows, into)
}

// ReadRows stores the rows of a driver. The caller closes them.
func (r DriverReader) ReadRows(rows driver.Rows, into Sink) error {
	var targets []Target
	values := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(values); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if targets == nil {
			var err error
			if targets, err = into.Targets(rows.Columns()); err != nil {
				return err
			}
			if typed, ok := rows.(driver.RowsColumnTypeDatabaseTypeName); ok && r.Texts != nil {
				markTexts(targets, r.Texts, typed.ColumnTypeDatabaseTypeName)
			}
		}
		record, extras := into.Row()
		for i := range targets {
			if err := store(&targets[i], record, extras, values[i], into); err != nil {
				return err
			}
		}
	}
}

// Unprepared returns nil: drivers that serve DriverReader look at the columns of every result.
func (DriverReader) Unprepared(any) any { return nil }

// namedValues does what database/sql does to arguments.
func namedValues(driverConn any, args []any) ([]driver.NamedValue, error) {
	checker, _ := driverConn.(driver.NamedValueChecker)
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
		if checker != nil {
			err := checker.CheckNamedValue(&named[i])
			if err == nil {
				continue
			}
			if !errors.Is(err, driver.ErrSkip) {
				return nil, err
			}
		}
		if !driver.IsValue(arg) {
			v, err := driver.DefaultParameterConverter.ConvertValue(arg)
			if err != nil {
				return nil, err
			}
			named[i].Value = v
		}
	}
	return named, nil
}

// markTexts notes which extras, and columns of an unknown type, are text.
func markTexts(targets []Target, isText func(databaseType string) bool, typeOf func(column int) string) {
	for i := range targets {
		if t := &targets[i]; t.Extra >= 0 || t.Codec.Any() {
			t.Text = isText(typeOf(i))
		}
	}
}

// store stores a driver's value in its destination. Bytes belong to the driver and are copied.
func store(t *Target, record memory.Ptr, extras []any, v any, into Sink) error {
	switch {
	case t.Extra >= 0:
		extras[t.Extra] = own(v, t.Text)
	case t.Codec.Deferred:
		into.Later(record, t, own(v, false))
	default:
		if t.Text {
			v = own(v, true)
		}
		if err := t.Scan(memory.Add(record, t.Offset), v); err != nil {
			return t.Failed(err)
		}
	}
	return nil
}
