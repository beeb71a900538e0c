// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/faultdb"
)

// insertTwo is an operation with every kind of point. It writes a and b, or nothing.
func insertTwo(ctx context.Context, db *sql.DB) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error counts
		}
	}()
	if _, err = tx.ExecContext(ctx, "INSERT INTO items (id, name) VALUES (1, 'a')"); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, "SAVEPOINT sp1"); err != nil {
		return err
	}
	var id int
	row := tx.QueryRowContext(ctx, "INSERT INTO items (id, name) VALUES (2, 'b') RETURNING id")
	if err = row.Scan(&id); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, "RELEASE SAVEPOINT sp1"); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT id FROM items ORDER BY id")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err has told
	count := 0
	for rows.Next() {
		count++
	}
	if err = rows.Err(); err != nil {
		return err
	}
	if count != 2 {
		return fmt.Errorf("read %d rows; want 2", count)
	}
	return tx.Commit()
}

const insertTwoKinds = "Begin Exec Savepoint Query Release Query Commit"

// Every fault at every point must give an error or do no harm, leave all or nothing, and leave the
// pool as if nothing had been.
func TestSweep(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		require.NoError(t, insertTwo(t.Context(), db))
		require.Equal(t, insertTwoKinds, kinds(control.Events()))
		points := control.Points()
		require.Equal(t, 7, points)
		for _, mode := range faultdb.Modes() {
			for n := 1; n <= points; n++ {
				sweepOnce(t, db, control, n, mode)
			}
		}
	})
}

func sweepOnce(t *testing.T, db *sql.DB, control *faultdb.Control, n int, mode faultdb.Mode) {
	t.Helper()
	at := fmt.Sprintf("%v at %d", mode, n)
	_, err := db.ExecContext(t.Context(), "DELETE FROM items")
	require.NoError(t, err, at)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	control.Reset()
	control.Inject(faultdb.Fault{At: n, Mode: mode, Cancel: cancel})
	err = insertTwo(ctx, db)

	isQuery := n == 4 || n == 6
	require.Equal(t, mode != faultdb.Row || isQuery, control.Fired() == 1, at)
	switch {
	case mode == faultdb.Row && !isQuery, mode == faultdb.BadConn && n == 1:
		// The first is no query, the second is tried again by database/sql.
		require.NoError(t, err, at)
	case mode == faultdb.Cancel:
		if err != nil {
			require.False(t, errors.Is(err, sql.ErrConnDone), at)
		}
	default:
		fault, ok := errors.AsType[*faultdb.Error](err)
		require.True(t, ok, "%s: %v", at, err)
		require.Equal(t, n, fault.N)
		require.Equal(t, mode, fault.Mode)
	}

	want := ""
	if err == nil || mode == faultdb.After && n == 7 {
		want = "a,b"
	}
	require.Equal(t, want, names(t, db), "%s: %v", at, err)
	requireSettled(t, db, control, at)
}
