// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"
	"sync/atomic"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Programs on another database must not link pgx, so this file reaches pgx's types by reflection. It
// looks at the names and types of what it finds; where they differ, rows are read as any driver's are.

// isPgx reports whether a driver's connection is one of pgx's package stdlib.
func isPgx(driverConn any) bool {
	_, queries := driverConn.(driver.QueryerContext)
	return queries && pgxConn(driverConn).IsValid()
}

// pgxConn returns the *pgx.Conn of a driver's connection; the zero Value if there is none.
func pgxConn(driverConn any) reflect.Value {
	method := reflect.ValueOf(driverConn).MethodByName("Conn")
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 ||
		method.Type().Out(0).String() != "*pgx.Conn" {
		return reflect.Value{}
	}
	return method.Call(nil)[0]
}

// The values of pgx.QueryExecMode, by which a connection sends statements. The first three ask the server
// about the parameters and columns of a statement; the others send all values as text, for servers and
// poolers that cannot be asked.
const (
	_ = iota
	_ // cache_statement
	_ // cache_describe
	describeExec
	execMode
	simpleProtocol
)

// modeOf returns how a connection sends statements; the zero Value if that is not known.
func modeOf(conn reflect.Value) reflect.Value {
	if !conn.IsValid() || conn.Kind() != reflect.Pointer || conn.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	config := conn.Elem().FieldByName("config")
	if !config.IsValid() || config.Kind() != reflect.Pointer || config.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	mode := config.Elem().FieldByName("DefaultQueryExecMode")
	if !mode.IsValid() || mode.Kind() != reflect.Int32 {
		return reflect.Value{}
	}
	return mode
}

// asks reports whether a connection asks the server about the parameters of a statement.
func asks(conn reflect.Value) bool {
	mode := modeOf(conn)
	return mode.IsValid() && mode.Int() != execMode && mode.Int() != simpleProtocol
}

// unprepared returns pgx.QueryExecModeDescribeExec, which as the first argument of a statement makes
// pgx look at the columns of the result, and not at what it knows about an earlier one of the same text.
// It returns nil for a connection that does so anyway.
func unprepared(driverConn any) any {
	conn := pgxConn(driverConn)
	if !asks(conn) {
		return nil
	}
	value := reflect.New(modeOf(conn).Type()).Elem()
	value.SetInt(describeExec)
	return value.Interface()
}

// parameterTypes asks the server for the types of a statement's parameters, by the names that pgx
// has for them; nil if it has none for one of them, or if the connection asks nothing.
func parameterTypes(ctx context.Context, driverConn any, sql string) ([]string, error) {
	conn := pgxConn(driverConn)
	if !asks(conn) {
		return nil, nil
	}
	if conn.MethodByName("IsClosed").Call(nil)[0].Bool() {
		return nil, driver.ErrBadConn
	}
	prepare := conn.MethodByName("PgConn").Call(nil)[0].MethodByName("Prepare")
	answer := prepare.Call([]reflect.Value{
		reflect.ValueOf(ctx), reflect.ValueOf(""), reflect.ValueOf(sql), reflect.Zero(reflect.TypeFor[[]uint32]()),
	})
	if err, failed := reflect.TypeAssert[error](answer[1]); failed {
		return nil, retriable(err)
	}
	byOID := conn.MethodByName("TypeMap").Call(nil)[0].MethodByName("TypeForOID")
	parameters := answer[0].Elem().FieldByName("ParamOIDs")
	names := make([]string, parameters.Len())
	for i := range names {
		known := byOID.Call([]reflect.Value{parameters.Index(i)})
		if !known[1].Bool() {
			return nil, nil
		}
		names[i] = known[0].Elem().FieldByName("Name").String()
	}
	return names, nil
}

// retriable returns driver.ErrBadConn for an error before anything was sent.
func retriable(err error) error {
	var unsent interface{ SafeToRetry() bool }
	if errors.As(err, &unsent) && unsent.SafeToRetry() {
		return driver.ErrBadConn
	}
	return err
}

// rawRows is the part of pgx.Rows that needs no type of pgx.
type rawRows interface {
	Next() bool
	RawValues() [][]byte
	Err() error
}

// rowsLayout says where rows of the driver keep the pgx.Rows that they read from, and whether its
// first row is there: the driver has read it.
type rowsLayout struct {
	rows        reflect.Type
	inner, more reflect.StructField
	known       bool
}

// layouts holds the last layout: a program has one driver.
var layouts atomic.Pointer[rowsLayout] //nolint:gochecknoglobals // a cache.

// rawRowsOf returns the pgx.Rows behind the rows of the driver, and whether it stands on a row.
func rawRowsOf(rows driver.Rows) (raw rawRows, more, ok bool) {
	layout := layouts.Load()
	if t := reflect.TypeOf(rows); layout == nil || layout.rows != t {
		layout = layoutOf(t)
		layouts.Store(layout)
	}
	if !layout.known {
		return nil, false, false
	}
	address := memory.OfAny(rows)
	raw, ok = reflect.TypeAssert[rawRows](memory.Value(layout.inner.Type, memory.Add(address, layout.inner.Offset)))
	return raw, *memory.At[bool](memory.Add(address, layout.more.Offset)), ok
}

func layoutOf(t reflect.Type) *rowsLayout {
	l := &rowsLayout{rows: t}
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || t.String() != "*stdlib.Rows" {
		return l
	}
	inner, hasInner := t.Elem().FieldByName("rows")
	more, hasMore := t.Elem().FieldByName("skipNextMore")
	l.inner, l.more = inner, more
	l.known = hasInner && hasMore && inner.Type.String() == "pgx.Rows" && more.Type.Kind() == reflect.Bool
	return l
}

// field is the server's description of a column of a result.
type field struct {
	name   string
	oid    uint32
	binary bool
}

// fieldsOf returns the columns of a result.
func fieldsOf(raw rawRows) []field {
	described := reflect.ValueOf(raw).MethodByName("FieldDescriptions").Call(nil)[0]
	fields := make([]field, described.Len())
	for i := range fields {
		f := described.Index(i)
		fields[i] = field{
			name:   f.FieldByName("Name").String(),
			oid:    uint32(f.FieldByName("DataTypeOID").Uint()), //nolint:gosec // it is an uint32.
			binary: f.FieldByName("Format").Int() == 1,
		}
	}
	return fields
}

// serverError is the server's error about a statement that failed.
type serverError struct{ code, table, constraint, column, detail, routine string }

// serverErrorOf returns the server's error in err; nil if there is none.
func serverErrorOf(err error) *serverError {
	found, code := coded(err)
	if code == "" {
		return nil
	}
	e := &serverError{code: code}
	v := reflect.Indirect(reflect.ValueOf(found))
	if v.Kind() != reflect.Struct {
		return e
	}
	for name, to := range map[string]*string{ // the second name is lib/pq's
		"TableName": &e.table, "Table": &e.table, "ConstraintName": &e.constraint, "Constraint": &e.constraint,
		"ColumnName": &e.column, "Column": &e.column, "Detail": &e.detail, "Routine": &e.routine,
	} {
		if f := v.FieldByName(name); f.Kind() == reflect.String {
			*to = f.String()
		}
	}
	return e
}

// coded returns the error with an SQLSTATE, by its method, or by the field Code of a driver that has no such method.
func coded(err error) (found error, code string) { //nolint:staticcheck // the error is what was found, and no failure.
	if method, ok := errors.AsType[interface {
		SQLState() string
		error
	}](err); ok {
		return method, method.SQLState()
	}
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.Indirect(reflect.ValueOf(err))
		if v.Kind() != reflect.Struct {
			continue
		}
		code, severity := v.FieldByName("Code"), v.FieldByName("Severity")
		if code.Kind() == reflect.String && severity.Kind() == reflect.String && code.Len() == len("23505") {
			return err, code.String()
		}
	}
	return nil, ""
}

// read runs a statement on the driver's connection, and stores the rows as fast as it can.
func read(ctx context.Context, driverConn any, sql string, args []any, into dialect.Sink) error {
	queryer, ok := driverConn.(driver.QueryerContext)
	if !ok {
		return driver.ErrSkip
	}
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	rows, err := queryer.QueryContext(ctx, sql, named)
	if err != nil {
		return retriable(err)
	}
	err = readRows(rows, into)
	if closed := rows.Close(); err == nil {
		err = closed
	}
	return retriable(err)
}

func readRows(rows driver.Rows, into dialect.Sink) error {
	raw, more, ok := rawRowsOf(rows)
	if !ok {
		return dialect.DriverReader{}.ReadRows(rows, into)
	}
	if !more {
		return raw.Err()
	}
	return store(raw, into)
}
