// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// faulty calls check with each database whose driver can be made to fail.
func faulty(t *testing.T, check func(t *testing.T, db *model.DB, faults *faultdb.Control)) {
	t.Helper()
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) (gorm.Dialector, *faultdb.Control){
		"SQLite": func(t *testing.T) (gorm.Dialector, *faultdb.Control) {
			t.Helper()
			return faultdb.SQLite(t, dbtest.SQLiteDSN(t))
		},
		"Postgres": func(t *testing.T) (gorm.Dialector, *faultdb.Control) {
			t.Helper()
			return faultdb.Postgres(t, dbtest.PostgresDSN(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialector, faults := open(t)
			g, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
			require.NoError(t, err)
			db, err := model.New(g)
			require.NoError(t, err)
			require.NoError(t, db.Migrate(t.Context(), &account{}))
			check(t, db, faults)
		})
	}
}

// singleWrites are calls that send one statement, which no transaction surrounds.
func singleWrites(t testing.TB, ctx context.Context, db *model.DB) map[string]func() error { //nolint:revive // t comes first in tests.
	t.Helper()
	saved := &account{Email: "saved"}
	require.NoError(t, model.Create(ctx, db, saved))
	return map[string]func() error{
		"Create":    func() error { return model.Create(ctx, db, &account{Email: "new"}) },
		"Save":      func() error { saved.Age++; return saved.Save(ctx) },
		"Increment": func() error { return saved.Increment(ctx, "age", 1) },
		"Update": func() error {
			return harness.Err(model.Query[account](db).Where("id", saved.ID).Update(ctx, model.Attrs{"age": 9}))
		},
		"Delete": func() error { return harness.Err(model.Query[account](db).Where("id", "<", 0).Delete(ctx)) },
	}
}

// Without an answer nobody knows whether a write was done; the error says so.
func TestAWriteWithoutAnAnswerIsUnknown(t *testing.T) {
	faulty(t, func(t *testing.T, db *model.DB, faults *faultdb.Control) {
		for name, write := range singleWrites(t, t.Context(), db) {
			faults.Reset()
			faults.FailAt(1, faultdb.After)
			err := write()
			require.ErrorIs(t, err, model.ErrCommitUnknown, name)
			_, reached := errors.AsType[*faultdb.Error](err)
			require.True(t, reached, "%s: the driver's error can be reached", name)
			require.Equal(t, 1, faults.Count(), "%s is not sent again", name)
		}
	})
}

// A write that was not sent, or that the database has refused, is not unknown.
func TestAWriteThatDidNotHappenIsNotUnknown(t *testing.T) {
	faulty(t, func(t *testing.T, db *model.DB, faults *faultdb.Control) {
		writes := singleWrites(t, t.Context(), db)
		err := model.Create(t.Context(), db, &account{Email: "saved"})
		require.ErrorIs(t, err, model.ErrDuplicate)
		require.NotErrorIs(t, err, model.ErrCommitUnknown)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		pool, err := db.Gorm().DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		for name, write := range writes {
			faults.Reset()
			faults.Inject(faultdb.Fault{At: 1, Mode: faultdb.BadConn})
			require.NoError(t, write(), "%s: a connection that was bad when taken is replaced", name)
		}
		for name, write := range someWrites(db) {
			err := write(ended)
			require.ErrorIs(t, err, context.Canceled, name)
			require.NotErrorIs(t, err, model.ErrCommitUnknown, name)
			require.NoError(t, db.Transaction(t.Context(), func(context.Context, *model.DB) error {
				waiting, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
				defer cancel()
				err := write(waiting) //nolint:contextcheck // on purpose.
				require.ErrorIs(t, err, context.DeadlineExceeded, name)
				require.NotErrorIs(t, err, model.ErrCommitUnknown, "%s has waited for a connection", name)
				return nil
			}))
		}
	})
}

// someWrites are two of singleWrites, with a context that is given: one whose statement returns rows, and one without.
func someWrites(db *model.DB) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Create": func(ctx context.Context) error { return model.Create(ctx, db, &account{Email: "late"}) },
		"Delete": func(ctx context.Context) error {
			return harness.Err(model.Query[account](db).Where("id", "<", 0).Delete(ctx))
		},
	}
}

// A read outside of a transaction whose connections the server has ended is sent again on a new one. One in a transaction, and a
// write, are not.
func TestAReadIsSentAgainOnANewConnection(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		someAccounts(t, e, 3)
		pool, err := e.Gorm.DB()
		require.NoError(t, err)
		pool.SetMaxIdleConns(4)
		kill := func() {
			pool.SetMaxIdleConns(0)
			pool.SetMaxIdleConns(4)
			held := make([]*sql.Conn, 4)
			pids := make([]int, len(held))
			for i := range held {
				held[i], err = pool.Conn(e.Ctx)
				require.NoError(t, err)
				require.NoError(t, held[i].QueryRowContext(e.Ctx, "SELECT pg_backend_pid()").Scan(&pids[i]))
			}
			for _, conn := range held {
				require.NoError(t, conn.Close())
			}
			outside := e.Database.OpenDSN(t, e.DSN)
			for _, pid := range pids {
				require.NoError(t, outside.Exec("SELECT pg_terminate_backend(?, 10000)", pid).Error)
			}
		}
		for range 3 {
			kill()
			list, err := model.Query[account](e.DB).All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, list, 3)
			kill()
			n, err := model.Query[account](e.DB).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 3, n)
		}
		err = e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			var pid int
			require.NoError(t, tx.Gorm().Raw("SELECT pg_backend_pid()").Scan(&pid).Error)
			require.NoError(t, e.Database.OpenDSN(t, e.DSN).Exec("SELECT pg_terminate_backend(?, 10000)", pid).Error)
			_, err := model.Query[account](tx).All(ctx)
			return err
		})
		require.Error(t, err)
		kill()
		// The driver may have seen by itself that the connection has ended.
		_, err = model.Query[account](e.DB).Where("id", "<", 0).Delete(e.Ctx)
		require.NotErrorIs(t, err, model.ErrCommitUnknown, "the server says that it has not done it")
	})
}
