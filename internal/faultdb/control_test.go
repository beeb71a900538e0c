// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/faultdb"
)

func TestRecord(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		for _, query := range []string{
			insertA, "SAVEPOINT sp1", insertB, "ROLLBACK TO SAVEPOINT sp1", "RELEASE sp1",
		} {
			_, err = tx.ExecContext(t.Context(), query)
			require.NoError(t, err)
		}
		require.NoError(t, tx.Commit())
		require.Equal(t, "a", names(t, db))

		events := control.Events()
		require.Equal(t, "Begin Exec Savepoint Exec RollbackTo Release Commit Query", kinds(events))
		points := make([]int, len(events))
		for i, ev := range events {
			points[i] = ev.Point
			require.Equal(t, events[0].Conn, ev.Conn)
			require.NoError(t, ev.Err)
			require.Equal(t, ev.Kind == faultdb.Exec || ev.Kind == faultdb.Query, ev.Counted())
		}
		require.Equal(t, []int{1, 2, 3, 4, 0, 5, 6, 7}, points)
		require.Equal(t, 7, control.Points())
		require.Equal(t, 3, control.Count())
		require.Equal(t, []string{insertA, insertB, "SELECT name FROM items ORDER BY id"}, control.SQL())

		control.Reset()
		require.Empty(t, control.Events())
		require.Zero(t, control.Points())
	})
}

func TestRecord_Args(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		blob := []byte("blob")
		_, err := db.ExecContext(t.Context(),
			fmt.Sprintf("INSERT INTO items (id, name) VALUES (%s, %s)", l.param(1), l.param(2)), 1, string(blob))
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), "SELECT "+l.param(1), blob)
		require.NoError(t, err)
		blob[0] = 'x'
		statements := control.Statements()
		require.EqualValues(t, 1, statements[0].Args[0])
		require.Equal(t, "blob", statements[0].Args[1])
		require.Equal(t, []any{[]byte("blob")}, statements[1].Args)
		if !l.postgres {
			_, err = db.ExecContext(t.Context(), "SELECT :name", sql.Named("name", "x"))
			require.NoError(t, err)
			require.Equal(t, []any{sql.Named("name", "x")}, control.Statements()[2].Args)
		}
	})
}

func TestRecord_Errors(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), "DELETE FROM missing")
		require.Error(t, err)
		require.Equal(t, err, control.Statements()[0].Err)
	})
}

func TestKinds(t *testing.T) {
	tests := map[string]string{
		"SAVEPOINT a":                          "Savepoint",
		"  \n\tsavepoint a":                    "Savepoint",
		"/* note */ -- more\n SAVEPOINT a":     "Savepoint",
		"RELEASE a":                            "Release",
		"RELEASE SAVEPOINT a":                  "Release",
		"ROLLBACK":                             "Rollback",
		"ROLLBACK;":                            "Rollback",
		"ROLLBACK WORK":                        "Rollback",
		"ROLLBACK TO a":                        "RollbackTo",
		"rollback to savepoint a":              "RollbackTo",
		"ROLLBACK TRANSACTION TO SAVEPOINT a":  "RollbackTo",
		"BEGIN":                                "Begin",
		"BEGIN IMMEDIATE":                      "Begin",
		"START TRANSACTION":                    "Begin",
		"START REPLICA":                        "Exec",
		"COMMIT":                               "Commit",
		"END":                                  "Commit",
		"ABORT":                                "Rollback",
		"SAVEPOINTS":                           "Exec",
		"SELECT 'SAVEPOINT a'":                 "Exec",
		"INSERT INTO \"commit\" VALUES (1)":    "Exec",
		"WITH a AS (SELECT 1) SELECT * FROM a": "Exec",
		"/* open":                              "Exec",
		"-- open":                              "Exec",
		"":                                     "Exec",
		"(SELECT 1)":                           "Exec",
		"UPDATE a SET b = 1 /* ROLLBACK TO */": "Exec",
		"-- BEGIN\nDELETE FROM a":              "Exec",
		"COMMENT ON TABLE a IS 'COMMIT, not this'": "Exec",
	}
	db, control := faultdb.Open(&fakeConnector{flavour: fullFlavour})
	t.Cleanup(func() { require.Error(t, db.Close()) })
	for query, want := range tests {
		control.Reset()
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		_, err = conn.ExecContext(t.Context(), query)
		require.NoError(t, err)
		events := control.Events()
		require.Equal(t, want, events[len(events)-1].Kind.String(), query)
		require.NoError(t, conn.Close())
	}
}

func TestNames(t *testing.T) {
	for kind := faultdb.Connect; kind <= faultdb.Rollback; kind++ {
		require.NotContains(t, kind.String(), "Kind")
	}
	require.Equal(t, "Kind(0)", faultdb.Kind(0).String())
	require.Len(t, faultdb.Modes(), 6)
	for _, mode := range faultdb.Modes() {
		require.NotContains(t, mode.String(), "Mode")
	}
	require.Equal(t, "Mode(0)", faultdb.Mode(0).String())
}

func TestOpenRows(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		func() {
			rows, err := db.QueryContext(t.Context(), "SELECT 1")
			require.NoError(t, err)
			defer func() { require.NoError(t, rows.Close()) }()
			require.NoError(t, rows.Err())
			require.Equal(t, 1, control.OpenRows())
			control.Reset()
			require.Equal(t, 1, control.OpenRows(), "Reset does not close rows")
		}()
		require.Zero(t, control.OpenRows())
		_, err := readIDs(t.Context(), db, "SELECT * FROM missing")
		require.Error(t, err)
		require.Zero(t, control.OpenRows())
	})
}

func TestOpenTx(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		for _, end := range []func(*sql.Tx) error{(*sql.Tx).Commit, (*sql.Tx).Rollback} {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			require.Equal(t, 1, control.OpenTx())
			require.NoError(t, end(tx))
			require.Zero(t, control.OpenTx())
		}
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		_, err = conn.ExecContext(t.Context(), "BEGIN")
		require.NoError(t, err)
		require.Equal(t, 1, control.OpenTx())
		// The pool closes the connection, which ends its transaction.
		require.ErrorIs(t, conn.Raw(func(any) error { return driver.ErrBadConn }), driver.ErrBadConn)
		require.Zero(t, control.OpenTx())
	})
}

func TestPause(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		reached, resume := control.Pause(2)
		var group sync.WaitGroup
		group.Go(func() {
			_, err := db.ExecContext(t.Context(), insertA)
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), insertB)
			require.NoError(t, err)
		})
		<-reached
		require.Equal(t, "a", names(t, db), "the second insert waits")
		require.Equal(t, 3, control.Points())
		resume()
		resume()
		group.Wait()
		require.Equal(t, "a,b", names(t, db))
	})
}

// Two clients are led through one order of their statements, in which both read before either writes.
func TestPause_LostUpdate(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), "INSERT INTO items (id, name) VALUES (1, '')")
		require.NoError(t, err)
		control.Reset()
		add := func(letter string) {
			var name string
			err := db.QueryRowContext(t.Context(), "SELECT name FROM items").Scan(&name)
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), "UPDATE items SET name = '"+name+letter+"'")
			require.NoError(t, err)
		}
		var group sync.WaitGroup
		aWrites, resumeA := control.Pause(2)
		group.Go(func() { add("a") })
		<-aWrites
		bWrites, resumeB := control.Pause(4)
		group.Go(func() { add("b") })
		<-bWrites
		resumeB()
		require.Eventually(t, func() bool { return db.Stats().InUse == 1 }, 5*time.Second, time.Millisecond)
		resumeA()
		group.Wait()
		require.Equal(t, "a", names(t, db))
	})
}

func TestPause_ResetResumes(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		reached, _ := control.Pause(1)
		_, unused := control.Pause(7)
		var group sync.WaitGroup
		group.Go(func() {
			_, err := db.ExecContext(t.Context(), insertA)
			require.NoError(t, err)
		})
		<-reached
		control.Reset()
		unused()
		group.Wait()
		require.Equal(t, "a", names(t, db))
	})
}

func TestIntercept(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(2, faultdb.Before)
		control.FailAt(3, faultdb.After)
		run := func(args ...any) (sent bool, err error) {
			conn, err := db.Conn(t.Context())
			require.NoError(t, err)
			defer func() { require.NoError(t, conn.Close()) }()
			err = conn.Raw(func(raw any) error {
				interceptor, ok := raw.(faultdb.Interceptor)
				require.True(t, ok)
				return interceptor.Intercept(t.Context(), selectIDs, args,
					func(ctx context.Context, inner driver.Conn) error {
						sent = true
						require.True(t, strings.HasPrefix(fmt.Sprintf("%T", inner), "*s"), "%T", inner)
						return ctx.Err()
					})
			})
			return sent, err
		}
		sent, err := run(1, "a")
		require.NoError(t, err)
		require.True(t, sent)
		sent, err = run()
		requireFault(t, err, 2, faultdb.Before, selectIDs)
		require.False(t, sent)
		sent, err = run()
		requireFault(t, err, 3, faultdb.After, selectIDs)
		require.True(t, sent)
		require.Equal(t, []any{1, "a"}, control.Statements()[0].Args)
	})
}

// The control is used by several goroutines at once; the race detector watches.
func TestConcurrency(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				for n := range 20 {
					_ = names(t, db)
					control.FailAt(n, faultdb.Mode(1+i%2))
					_, _ = db.ExecContext(t.Context(), "UPDATE items SET name = ''")
					_, _ = control.Events(), control.Fired()
				}
			})
		}
		for range 20 {
			control.Reset()
		}
		group.Wait()
	})
}
