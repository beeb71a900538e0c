// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/faultdb"
)

// A flavour is a set of optional interfaces that a fake connection has.
type flavour int

const (
	bareFlavour  flavour = iota // none
	oldFlavour                  // driver.Execer and driver.Queryer
	skipFlavour                 // ExecContext and QueryContext, which decline statements with arguments
	fullFlavour                 // ExecContext, QueryContext, ResetSession and IsValid
	validFlavour                // IsValid
)

// fakeConnector makes connections without a database, which log what they are asked.
type fakeConnector struct {
	flavour flavour
	log     []string
	closed  bool
}

func (c *fakeConnector) Driver() driver.Driver { return nil }

func (c *fakeConnector) Close() error {
	c.closed = true
	return errors.New("closed")
}

func (c *fakeConnector) Connect(context.Context) (driver.Conn, error) {
	conn := &fakeConn{c}
	switch c.flavour {
	case oldFlavour:
		return oldConn{conn}, nil
	case skipFlavour:
		return skipConn{conn}, nil
	case fullFlavour:
		return fullConn{skipConn{conn}}, nil
	case validFlavour:
		return validConn{conn}, nil
	default:
		return conn, nil
	}
}

type fakeConn struct{ c *fakeConnector }

func (f *fakeConn) note(what string, args ...any) {
	f.c.log = append(f.c.log, what+" "+fmt.Sprint(args...))
}

func (f *fakeConn) Prepare(query string) (driver.Stmt, error) {
	f.note("prepare", query)
	return &fakeStmt{f, query}, nil
}

func (f *fakeConn) Begin() (driver.Tx, error) {
	f.note("begin")
	return fakeTx{f}, nil
}

func (f *fakeConn) Close() error { return nil }

type fakeTx struct{ f *fakeConn }

func (tx fakeTx) Commit() error {
	tx.f.note("commit")
	return nil
}

func (tx fakeTx) Rollback() error {
	tx.f.note("rollback")
	return nil
}

// fakeStmt converts its arguments by column.
type fakeStmt struct {
	f     *fakeConn
	query string
}

func (s *fakeStmt) Close() error  { return nil }
func (s *fakeStmt) NumInput() int { return -1 }

func (s *fakeStmt) ColumnConverter(index int) driver.ValueConverter {
	if index == 0 {
		return driver.String
	}
	return driver.NotNull{Converter: driver.DefaultParameterConverter}
}

func (s *fakeStmt) Exec(values []driver.Value) (driver.Result, error) {
	s.f.note("exec", s.query, fmt.Sprintf(" %#v", values))
	return driver.RowsAffected(1), nil
}

func (s *fakeStmt) Query(values []driver.Value) (driver.Rows, error) {
	s.f.note("query", s.query, fmt.Sprintf(" %#v", values))
	return &fakeRows{left: 2}, nil
}

type fakeRows struct{ left int }

func (r *fakeRows) Columns() []string { return []string{"n"} }
func (r *fakeRows) Close() error      { return nil }

func (r *fakeRows) Next(values []driver.Value) error {
	if r.left == 0 {
		return io.EOF
	}
	values[0] = int64(r.left)
	r.left--
	return nil
}

type oldConn struct{ *fakeConn }

func (c oldConn) Exec(query string, values []driver.Value) (driver.Result, error) {
	return (&fakeStmt{c.fakeConn, query}).Exec(values)
}

func (c oldConn) Query(query string, values []driver.Value) (driver.Rows, error) {
	return (&fakeStmt{c.fakeConn, query}).Query(values)
}

type skipConn struct{ *fakeConn }

func (c skipConn) ExecContext(
	_ context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	if len(args) > 0 {
		return nil, driver.ErrSkip
	}
	return (&fakeStmt{c.fakeConn, query}).Exec(nil)
}

func (c skipConn) QueryContext(
	_ context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	if len(args) > 0 {
		return nil, driver.ErrSkip
	}
	return (&fakeStmt{c.fakeConn, query}).Query(nil)
}

type fullConn struct{ skipConn }

func (c fullConn) IsValid() bool { return true }

func (c fullConn) ResetSession(context.Context) error {
	c.note("reset")
	return nil
}

type validConn struct{ *fakeConn }

func (c validConn) IsValid() bool { return false }

// channel is a value that few converters take.
var channel = make(chan int)

// fakeRun asks for one of everything and returns what the client and the driver saw.
func fakeRun(t *testing.T, db *sql.DB, connector *fakeConnector) []string {
	t.Helper()
	note := func(what string) { connector.log = append(connector.log, what) }
	for _, args := range [][]any{nil, {1, 2}, {1, nil}, {sql.Named("a", 1)}, {channel}} {
		note(execProbe(t, db, probe{"run", args}))
		note(queryProbe(t, db, probe{"ask", args}))
		p := probe{"prepared", args}
		note(preparedExecProbe(t, db, p))
		note(preparedQueryProbe(t, db, p))
	}
	note(showError(db.PingContext(t.Context())))
	for _, opts := range []*sql.TxOptions{nil, {ReadOnly: true}, {Isolation: sql.LevelSerializable}} {
		tx, err := db.BeginTx(t.Context(), opts)
		note(showError(err))
		if err == nil {
			require.NoError(t, tx.Commit())
		}
	}
	note(showError(db.Close()))
	require.True(t, connector.closed)
	return connector.log
}

// A driver with few optional interfaces must not seem to have them.
func TestTransparent_FewInterfaces(t *testing.T) {
	for flavour := bareFlavour; flavour <= validFlavour; flavour++ {
		plain, inner := &fakeConnector{flavour: flavour}, &fakeConnector{flavour: flavour}
		wrapped, control := faultdb.Open(inner)
		require.Equal(t, fakeRun(t, sql.OpenDB(plain), plain), fakeRun(t, wrapped, inner), "flavour %d", flavour)
		require.Zero(t, control.OpenRows())
		require.Zero(t, control.OpenTx())
	}
}

// A statement that the driver declines is numbered when it is asked again, not twice.
func TestDeclinedStatements(t *testing.T) {
	db, control := faultdb.Open(&fakeConnector{flavour: skipFlavour})
	t.Cleanup(func() { require.Error(t, db.Close()) })
	_, err := db.ExecContext(t.Context(), "first", 1)
	require.NoError(t, err)
	control.Inject(faultdb.Fault{At: 2, Mode: faultdb.After})
	control.Inject(faultdb.Fault{At: 3, Mode: faultdb.After, Match: func(faultdb.Event) bool { return true }})
	_, err = db.ExecContext(t.Context(), "second", 1)
	requireFault(t, err, 2, faultdb.After, "second")
	_, err = db.ExecContext(t.Context(), "third", 1)
	requireFault(t, err, 3, faultdb.After, "third")
	events := control.Events()
	require.Equal(t, "Connect Prepare Exec Prepare Exec Prepare", kinds(events))
	require.Error(t, events[5].Err)
	require.Equal(t, 2, control.Points())
}

// A pause stops a statement that the driver declines once, not at both attempts.
func TestDeclinedStatements_Pause(t *testing.T) {
	db, control := faultdb.Open(&fakeConnector{flavour: skipFlavour})
	t.Cleanup(func() { require.Error(t, db.Close()) })
	reached, resume := control.Pause(1)
	var group sync.WaitGroup
	group.Go(func() {
		_, err := db.ExecContext(t.Context(), "run", 1)
		require.NoError(t, err)
	})
	<-reached
	resume()
	group.Wait()
	require.Equal(t, 1, control.Points())
}

// Faults work on a connection that can do nothing without a statement.
func TestFaults_BareDriver(t *testing.T) {
	connector := &fakeConnector{}
	db, control := faultdb.Open(connector)
	t.Cleanup(func() { require.Error(t, db.Close()) })
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	for _, query := range []string{"BEGIN", "run"} {
		_, err = conn.ExecContext(t.Context(), query)
		require.NoError(t, err)
	}
	control.FailAt(3, faultdb.Abort)
	control.FailAt(4, faultdb.BadConn)
	_, err = conn.ExecContext(t.Context(), "aborted")
	requireFault(t, err, 3, faultdb.Abort, "aborted")
	_, err = conn.ExecContext(t.Context(), "broken")
	require.ErrorIs(t, err, driver.ErrBadConn)
	require.Contains(t, connector.log, "exec faultdb_abort []driver.Value{}")
	require.Contains(t, connector.log, "exec ROLLBACK []driver.Value{}")
	require.Zero(t, control.OpenTx())
}
