// SPDX-License-Identifier: MIT

// Package ruler is a database/sql driver that answers from memory, so that a benchmark measures the
// client's own work and nothing else.
//
// It looks like SQLite with one table. A SELECT with a WHERE clause is answered with the first row,
// one without with all rows, and count(*) with their number, whatever the rest of the statement
// says. The columns are those of the select list, in its order, so that each client may ask in its
// own form. INSERT and UPDATE change nothing and report one affected row; RETURNING is answered.
//
// A statement's text is looked at when it is prepared, or once per connection when it is not
// prepared; afterwards a query costs a map look-up, and a row one copy of an interface value per
// column.
//
// # Proof of writes
//
// A [Driver] counts writes, and keeps the last one while [Driver.Record] is on, so that a harness
// can check that a client sent what it should.
package ruler

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync/atomic"
)

// Column is a column of the table: its name and the type that a SQLite table declares for it.
type Column struct {
	Name string
	Type string
}

// Driver is a [driver.Connector] whose connections share one immutable table.
// It may be used from several goroutines.
type Driver struct {
	columns []Column
	index   map[string]int
	rows    [][]driver.Value
	answers map[string]driver.Value

	lastID atomic.Int64
	record atomic.Bool
	last   atomic.Pointer[Write]
}

// Write is a statement that a client sent to change rows.
type Write struct {
	SQL  string
	Args []driver.NamedValue
}

// New returns a driver that answers from rows, whose values are in the order of columns.
// The driver keeps both slices; the caller must not change them.
func New(columns []Column, rows [][]driver.Value) *Driver {
	d := &Driver{
		columns: columns,
		index:   make(map[string]int, len(columns)),
		rows:    rows,
		answers: map[string]driver.Value{
			"select sqlite_version()": "3.50.0",
			"select 1":                int64(1),
			"pragma foreign_keys":     int64(1),
			"pragma journal_mode":     "wal",
			"pragma busy_timeout":     int64(5000),
			"pragma synchronous":      int64(1),
		},
	}
	for i, c := range columns {
		d.index[c.Name] = i
	}
	d.lastID.Store(int64(len(rows)))
	return d
}

// Record switches the keeping of the last write on or off. Off is the default and costs nothing.
func (d *Driver) Record(on bool) {
	d.last.Store(nil)
	d.record.Store(on)
}

// LastWrite returns the last INSERT or UPDATE since [Driver.Record] was switched on, or nil.
func (d *Driver) LastWrite() *Write { return d.last.Load() }

// Connect returns a new connection; it never fails.
func (d *Driver) Connect(context.Context) (driver.Conn, error) {
	return &conn{driver: d, plans: map[string]*plan{}}, nil
}

// Driver returns a driver whose Open ignores the name and connects to the same table.
func (d *Driver) Driver() driver.Driver { return opener{d} }

// opener adapts a Driver to the older interface that has no connector.
type opener struct{ d *Driver }

func (o opener) Open(string) (driver.Conn, error) { return o.d.Connect(context.Background()) }

// note counts a write and keeps it if recording is on.
func (d *Driver) note(p *plan, sql string, args []driver.NamedValue) {
	if p.kind == insert {
		d.lastID.Add(1)
	}
	if p.kind != other && d.record.Load() {
		// database/sql reuses the arguments' slice after the call.
		d.last.Store(&Write{SQL: sql, Args: append([]driver.NamedValue(nil), args...)})
	}
}

// conn is a connection. database/sql never uses one from two goroutines at a time.
type conn struct {
	driver *Driver
	plans  map[string]*plan
}

var (
	_ driver.QueryerContext     = (*conn)(nil)
	_ driver.ExecerContext      = (*conn)(nil)
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.StmtQueryContext   = (*stmt)(nil)
	_ driver.StmtExecContext    = (*stmt)(nil)
)

// maxPlans bounds the plans of a connection: a client that writes its values into the text sends a
// new text each time.
const maxPlans = 256

func (c *conn) plan(sql string) (*plan, error) {
	if p, ok := writePlan(c, sql); ok {
		return p, nil
	}
	if p, ok := c.plans[sql]; ok {
		return p, nil
	}
	p, err := c.driver.parse(sql)
	if err != nil {
		return nil, err
	}
	if len(c.plans) < maxPlans {
		c.plans[strings.Clone(sql)] = p
	}
	return p, nil
}

func (c *conn) QueryContext(
	_ context.Context, sql string, args []driver.NamedValue,
) (driver.Rows, error) {
	p, err := c.plan(sql)
	if err != nil {
		return nil, err
	}
	return c.query(p, sql, args)
}

func (c *conn) ExecContext(
	_ context.Context, sql string, args []driver.NamedValue,
) (driver.Result, error) {
	p, err := c.plan(sql)
	if err != nil {
		return nil, err
	}
	return c.exec(p, sql, args)
}

func (c *conn) query(p *plan, sql string, args []driver.NamedValue) (driver.Rows, error) {
	if p.kind == insert || p.kind == update {
		c.driver.note(p, sql, args)
	}
	switch {
	case p.answer != nil:
		return &rows{plan: p, data: [][]driver.Value{p.answer}}, nil
	case p.kind == insert:
		row := append([]driver.Value(nil), c.driver.rows[0]...)
		row[0] = c.driver.lastID.Load()
		return &rows{plan: p, data: [][]driver.Value{row}}, nil
	case p.kind == other:
		return nil, fmt.Errorf("ruler: no rows for %q", sql)
	case p.one:
		return &rows{plan: p, data: c.driver.rows[:1]}, nil
	}
	return &rows{plan: p, data: c.driver.rows}, nil
}

func (c *conn) exec(p *plan, sql string, args []driver.NamedValue) (driver.Result, error) {
	c.driver.note(p, sql, args)
	return result(c.driver.lastID.Load()), nil
}

func (c *conn) Prepare(sql string) (driver.Stmt, error) {
	p, err := c.plan(sql)
	if err != nil {
		return nil, err
	}
	return &stmt{conn: c, plan: p, sql: sql}, nil
}

func (c *conn) PrepareContext(_ context.Context, sql string) (driver.Stmt, error) {
	return c.Prepare(sql)
}

func (c *conn) Begin() (driver.Tx, error) { return tx{}, nil }

func (c *conn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return tx{}, nil }

func (c *conn) Close() error { return nil }

// tx is a transaction in which nothing happens.
type tx struct{}

func (tx) Commit() error   { return nil }
func (tx) Rollback() error { return nil }

// result is the identifier of the last inserted row, with one affected row.
type result int64

func (r result) LastInsertId() (int64, error) { return int64(r), nil }
func (r result) RowsAffected() (int64, error) { return 1, nil }
