// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/faultdb"
)

const (
	insertA         = "INSERT INTO items (id, name) VALUES (1, 'a')"
	insertB         = "INSERT INTO items (id, name) VALUES (2, 'b')"
	insertBoth      = "INSERT INTO items (id, name) VALUES (1, 'a'), (2, 'b')"
	insertReturning = insertBoth + " RETURNING id"
	selectIDs       = "SELECT id FROM items ORDER BY id"
)

// requireFault requires that err is the error of a fault.
func requireFault(t *testing.T, err error, n int, mode faultdb.Mode, query string) {
	t.Helper()
	fault, ok := errors.AsType[*faultdb.Error](err)
	require.True(t, ok, "got %v; want a *faultdb.Error", err)
	require.Equal(t, n, fault.N)
	require.Equal(t, mode, fault.Mode)
	require.Equal(t, query, fault.SQL)
}

// readIDs runs a query to its end and returns how many rows it read.
func readIDs(ctx context.Context, db *sql.DB, query string) (n int, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func TestBefore(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(2, faultdb.Before)
		_, err := db.ExecContext(t.Context(), insertA)
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), insertB)
		requireFault(t, err, 2, faultdb.Before, insertB)
		require.NoError(t, errors.Unwrap(err))
		require.EqualError(t, err, "faultdb: statement 2 fails (Before): "+insertB)
		require.Equal(t, "a", names(t, db))
		_, err = db.ExecContext(t.Context(), insertB)
		require.NoError(t, err, "a fault happens once")
		require.Equal(t, 1, control.Fired())
	})
}

func TestAfter(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(1, faultdb.After)
		_, err := db.ExecContext(t.Context(), insertA)
		requireFault(t, err, 1, faultdb.After, insertA)
		require.Equal(t, "a", names(t, db))
	})
}

func TestAfter_QueryRunsToItsEnd(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(1, faultdb.After)
		_, err := readIDs(t.Context(), db, insertReturning)
		requireFault(t, err, 1, faultdb.After, insertReturning)
		require.Equal(t, "a,b", names(t, db))
	})
}

func TestAfter_OwnErrorWins(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), insertA)
		require.NoError(t, err)
		control.FailAt(2, faultdb.After)
		_, err = readIDs(t.Context(), db, insertReturning)
		require.Error(t, err)
		require.False(t, errors.As(err, new(*faultdb.Error)), "got %v", err)
		require.Zero(t, control.Fired())
	})
}

func TestCommit(t *testing.T) {
	lost := errors.New("connection reset")
	tests := []struct {
		name      string
		fault     faultdb.Fault
		committed bool
	}{
		{"Before", faultdb.Fault{Mode: faultdb.Before}, false},
		{"Abort", faultdb.Fault{Mode: faultdb.Abort}, false},
		{"BadConn", faultdb.Fault{Mode: faultdb.BadConn}, false},
		{"After", faultdb.Fault{Mode: faultdb.After, Err: lost}, true},
		{"AfterAndConnectionLost", faultdb.Fault{Mode: faultdb.After, Err: driver.ErrBadConn}, true},
	}
	onLanes(t, func(l lane) {
		t := l.t
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				db, control := l.open(t)
				tt.fault.At = 3
				control.Inject(tt.fault)
				tx, err := db.BeginTx(t.Context(), nil)
				require.NoError(t, err)
				_, err = tx.ExecContext(t.Context(), insertA)
				require.NoError(t, err)
				err = tx.Commit()
				requireFault(t, err, 3, tt.fault.Mode, "COMMIT")
				if tt.fault.Err != nil {
					require.ErrorIs(t, err, tt.fault.Err)
				}
				require.Zero(t, control.OpenTx())
				require.Equal(t, tt.committed, names(t, db) == "a")
				_, err = db.ExecContext(t.Context(), insertB)
				require.NoError(t, err, "the pool must be usable")
			})
		}
	})
}

func TestBadConn_OutsideTransactionIsTriedAgain(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(1, faultdb.BadConn)
		_, err := db.ExecContext(t.Context(), insertA)
		require.NoError(t, err)
		require.Equal(t, 1, control.Fired())
		require.Equal(t, []string{insertA, insertA}, control.SQL())
		statements := control.Statements()
		require.ErrorIs(t, statements[0].Err, driver.ErrBadConn)
		require.NotEqual(t, statements[0].Conn, statements[1].Conn)
		require.Equal(t, "a", names(t, db))
	})
}

func TestBadConn_InTransaction(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(3, faultdb.BadConn)
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), insertA)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), insertB)
		requireFault(t, err, 3, faultdb.BadConn, insertB)
		require.ErrorIs(t, err, driver.ErrBadConn)
		require.Empty(t, names(t, db), "the server has rolled back already")
		_, err = tx.ExecContext(t.Context(), insertB)
		require.ErrorIs(t, err, driver.ErrBadConn, "the connection stays dead")
		require.ErrorIs(t, tx.Rollback(), driver.ErrBadConn)
		require.Equal(t, "Begin Exec Exec Connect Query", kinds(control.Events()), "the dead are asked in vain")
	})
}

func TestBadConn_BreaksOpenRows(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), insertBoth)
		require.NoError(t, err)
		control.Reset()
		control.FailAt(3, faultdb.BadConn)
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		rows, err := tx.QueryContext(t.Context(), selectIDs)
		require.NoError(t, err)
		defer func() { _ = rows.Close() }() // it reports the broken connection
		require.True(t, rows.Next())
		_, err = tx.ExecContext(t.Context(), "DELETE FROM items")
		require.ErrorIs(t, err, driver.ErrBadConn)
		require.False(t, rows.Next())
		require.ErrorIs(t, rows.Err(), driver.ErrBadConn)
		require.Error(t, tx.Rollback())
	})
}

func TestAbort(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		for _, mode := range []faultdb.Mode{faultdb.Before, faultdb.After, faultdb.Abort} {
			control.Reset()
			control.FailAt(2, mode)
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(t.Context(), insertA)
			requireFault(t, err, 2, mode, insertA)
			server, ok := errors.AsType[*pgconn.PgError](err)
			_, err = tx.ExecContext(t.Context(), insertB)
			if l.postgres && mode == faultdb.Abort {
				require.True(t, ok)
				require.Equal(t, "42601", server.Code)
				require.ErrorContains(t, err, "25P02")
				require.ErrorContains(t, tx.Commit(), "rollback")
			} else {
				require.NoError(t, err)
				require.NoError(t, tx.Rollback())
			}
			require.Empty(t, names(t, db))
		}
	})
}

func TestAbort_ReleasedBySavepoint(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(3, faultdb.Abort)
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), "SAVEPOINT sp1")
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), insertA)
		requireFault(t, err, 3, faultdb.Abort, insertA)
		_, err = tx.ExecContext(t.Context(), "ROLLBACK TO SAVEPOINT sp1")
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), insertB)
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
		require.Equal(t, "b", names(t, db))
	})
}

func TestCancel(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), insertBoth)
		require.NoError(t, err)
		control.Reset()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		control.Inject(faultdb.Fault{At: 1, Mode: faultdb.Cancel, Cancel: cancel})
		_, err = readIDs(ctx, db, selectIDs)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, ctx.Err(), context.Canceled)
		require.Equal(t, 1, control.Fired())
	})
}

func TestCancel_OneStatement(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), insertBoth)
		require.NoError(t, err)
		control.Reset()
		control.FailAt(1, faultdb.Cancel)
		_, err = readIDs(t.Context(), db, selectIDs)
		require.ErrorIs(t, err, context.Canceled)
		n, err := readIDs(t.Context(), db, selectIDs)
		require.NoError(t, err)
		require.Equal(t, 2, n)
	})
}

func TestRow(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		_, err := db.ExecContext(t.Context(), insertBoth)
		require.NoError(t, err)
		for k := range 3 {
			control.Reset()
			control.Inject(faultdb.Fault{At: 1, Mode: faultdb.Row, Rows: k, Err: io.ErrUnexpectedEOF})
			n, err := readIDs(t.Context(), db, selectIDs)
			require.Equal(t, k, n)
			requireFault(t, err, 1, faultdb.Row, selectIDs)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Equal(t, 1, control.Fired())
		}
		control.Reset()
		control.Inject(faultdb.Fault{At: 1, Mode: faultdb.Row, Rows: 3})
		n, err := readIDs(t.Context(), db, selectIDs)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		require.Zero(t, control.Fired(), "there is no third row")
	})
}

func TestRow_TheStatementHasRun(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(1, faultdb.Row)
		n, err := readIDs(t.Context(), db, insertReturning)
		require.Zero(t, n)
		requireFault(t, err, 1, faultdb.Row, insertReturning)
		require.Equal(t, "a,b", names(t, db))
	})
}

func TestInject_Match(t *testing.T) {
	isInsert := func(ev faultdb.Event) bool { return strings.HasPrefix(ev.SQL, "INSERT") }
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		cause := &pgconn.PgError{Code: "40001"}
		control.Inject(faultdb.Fault{At: 2, Mode: faultdb.Before, Match: isInsert, Err: cause})
		_, err := db.ExecContext(t.Context(), insertA)
		require.NoError(t, err)
		require.Equal(t, "a", names(t, db))
		_, err = db.ExecContext(t.Context(), insertB)
		requireFault(t, err, 2, faultdb.Before, insertB)
		require.ErrorIs(t, err, cause)
		require.Equal(t, 3, control.Statements()[2].Point)
	})
}

func TestInject_Several(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		control.FailAt(1, faultdb.Before)
		control.FailAt(3, faultdb.Before)
		var failed []bool
		for range 4 {
			_, err := db.ExecContext(t.Context(), "DELETE FROM items")
			failed = append(failed, err != nil)
		}
		require.Equal(t, []bool{true, false, true, false}, failed)
		require.Equal(t, 2, control.Fired())
	})
}

func TestInject_ConnectAndPrepare(t *testing.T) {
	is := func(kind faultdb.Kind) func(faultdb.Event) bool {
		return func(ev faultdb.Event) bool { return ev.Kind == kind }
	}
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		for _, mode := range []faultdb.Mode{faultdb.Before, faultdb.After} {
			control.Inject(faultdb.Fault{At: 1, Mode: mode, Match: is(faultdb.Prepare)})
			_, err := db.PrepareContext(t.Context(), selectIDs) //nolint:sqlclosecheck // there is none
			requireFault(t, err, 1, mode, selectIDs)

			control.Inject(faultdb.Fault{At: 1, Mode: mode, Match: is(faultdb.Connect)})
			first, err := db.Conn(t.Context())
			require.NoError(t, err)
			_, err = db.Conn(t.Context())
			requireFault(t, err, 1, mode, "")
			require.NoError(t, first.Close())
		}
		require.Zero(t, control.Points(), "neither is a point")
	})
}

func TestRollbackCannotFail(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		always := func(ev faultdb.Event) bool { return ev.Kind != faultdb.Begin && ev.Kind != faultdb.Savepoint }
		for n := range 10 {
			control.Inject(faultdb.Fault{At: n, Mode: faultdb.Before, Match: always})
		}
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), "SAVEPOINT sp1")
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), "ROLLBACK TO sp1")
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())
		require.Zero(t, control.Fired())
		require.Equal(t, 2, control.Points())
	})
}

func TestTransactionAsText(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		exec := func(query string) error {
			_, err := conn.ExecContext(t.Context(), query)
			return err
		}
		require.NoError(t, exec("BEGIN"))
		require.Equal(t, 1, control.OpenTx())
		require.NoError(t, exec(insertA))
		control.FailAt(3, faultdb.Before)
		requireFault(t, exec("COMMIT"), 3, faultdb.Before, "COMMIT")
		require.Equal(t, 1, control.OpenTx(), "a COMMIT sent as text leaves the transaction open")
		require.NoError(t, exec("COMMIT"))
		require.Zero(t, control.OpenTx())

		require.NoError(t, exec("BEGIN"))
		require.NoError(t, exec(insertB))
		control.FailAt(7, faultdb.BadConn)
		require.ErrorIs(t, exec(selectIDs), driver.ErrBadConn)
		require.Zero(t, control.OpenTx())
		require.ErrorIs(t, conn.Close(), sql.ErrConnDone)
		require.Equal(t, "a", names(t, db))
	})
}

func TestPreparedStatements(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		insert, err := db.PrepareContext(t.Context(), insertA)
		require.NoError(t, err)
		defer func() { require.NoError(t, insert.Close()) }()
		list, err := db.PrepareContext(t.Context(), selectIDs)
		require.NoError(t, err)
		defer func() { require.NoError(t, list.Close()) }()
		control.FailAt(1, faultdb.Before)
		control.FailAt(3, faultdb.After)
		_, err = insert.ExecContext(t.Context())
		requireFault(t, err, 1, faultdb.Before, insertA)
		_, err = insert.ExecContext(t.Context())
		require.NoError(t, err)
		err = list.QueryRowContext(t.Context()).Scan(new(int))
		requireFault(t, err, 3, faultdb.After, selectIDs)
		require.Equal(t, "Prepare Prepare Exec Exec Query", kinds(control.Events()))
	})
}
