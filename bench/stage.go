// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/kindred-orm/kindred/bench/ruler"
)

// Target is a database that workloads run on.
type Target string

// The databases.
const (
	Ruler    Target = "ruler"
	SQLite   Target = "sqlite"
	Postgres Target = "postgres"
)

// manyRows is the number of rows of the workloads that read a whole table.
const manyRows = 10_000

// Stage is a database with the benchmark's table, which contenders open and the harness controls.
type Stage struct {
	Target Target
	// DSN names the database for a library that opens it by itself. It is empty for the ruler.
	DSN string
	// Rows are the first rows of the table, as [Stage.Reset] writes them.
	Rows []User

	graph Graph // what the tables of related rows hold
	open  func() (*sql.DB, error)
	admin *sql.DB
	ruler *ruler.Driver
	// reset leaves exactly rows in the table, and nothing behind that would slow the next
	// contender; settled also makes the table as good to read as it gets.
	reset func(ctx context.Context, rows []User, settled bool) error
	close func(ctx context.Context) error
}

// Open returns a new connection pool. All contenders get the same settings.
func (s *Stage) Open() (*sql.DB, error) { return s.open() }

// Reset leaves exactly the first n rows in the table.
func (s *Stage) Reset(ctx context.Context, n int, settled bool) error {
	if s.reset == nil {
		return nil
	}
	if err := s.reset(ctx, s.Rows[:n], settled); err != nil {
		return fmt.Errorf("%s: reset: %w", s.Target, err)
	}
	return nil
}

// Prepare leaves the rows of a workload in its tables. settled makes them as good to read as they get.
func (s *Stage) Prepare(ctx context.Context, w *Workload, settled bool) error {
	if w.Graph != (Graph{}) {
		return s.ResetGraph(ctx, w.Graph, w.Writes)
	}
	return s.Reset(ctx, w.Rows, settled)
}

// Table returns the rows of the table, read by hand.
func (s *Stage) Table(ctx context.Context) ([]User, error) {
	rows, err := s.admin.QueryContext(ctx,
		"SELECT "+columnList+" FROM "+tableName+" ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var us []User
	for rows.Next() {
		var u User
		if err := rows.Scan(u.dests()...); err != nil {
			return nil, err
		}
		us = append(us, u)
	}
	return us, rows.Err()
}

// Close drops the table and closes the harness's own connections.
func (s *Stage) Close(ctx context.Context) error {
	if s.close == nil {
		return nil
	}
	return s.close(ctx)
}

// placeholders returns "(p1, p2, …), (…)" for n rows of columns values.
func placeholders(t Target, n, columns int) string {
	var b strings.Builder
	for i := range n * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if t == Postgres {
			fmt.Fprintf(&b, "$%d", i+1)
		} else {
			b.WriteByte('?')
		}
	}
	b.WriteByte(')')
	return b.String()
}

// insertSQL is the INSERT of n rows without keys.
func insertSQL(t Target, n int) string {
	columns := strings.TrimPrefix(columnList, "id, ")
	return "INSERT INTO " + tableName + " (" + columns + ") VALUES " +
		placeholders(t, n, strings.Count(columns, ",")+1)
}

// newRulerStage returns the stage that answers from memory.
func newRulerStage() *Stage {
	types := []string{
		"integer", "text", "text", "integer", "real", "boolean", "text", "integer", "datetime",
		"datetime", "datetime",
	}
	var columns []ruler.Column
	for i, name := range strings.Split(columnList, ", ") {
		columns = append(columns, ruler.Column{Name: name, Type: types[i]})
	}
	us := seedUsers(manyRows)
	rows := make([][]driver.Value, len(us))
	for i := range us {
		rows[i] = rulerRow(&us[i])
	}
	d := ruler.New(columns, rows)
	return &Stage{
		Target: Ruler,
		Rows:   us,
		open:   func() (*sql.DB, error) { return sql.OpenDB(d), nil },
		ruler:  d,
	}
}

// rulerRow converts a row to the types that SQLite's driver returns.
func rulerRow(u *User) []driver.Value {
	row := []driver.Value{
		u.ID, u.Name, u.Email, int64(u.Age), u.Score, u.Active, nil, u.LoginCount, nil,
		u.CreatedAt, u.UpdatedAt,
	}
	if u.Bio != nil {
		row[6] = *u.Bio
	}
	if u.LastLogin != nil {
		row[8] = *u.LastLogin
	}
	return row
}
