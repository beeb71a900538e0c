// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"database/sql"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

const createLateFolders = "CREATE TABLE folders (code varchar(40) PRIMARY KEY, " +
	"parent varchar(40) REFERENCES folders (code) DEFERRABLE INITIALLY DEFERRED, depth integer NOT NULL, title varchar(40))"

// endlessQuery returns a condition that takes longer than a test may. A server that is left alone with it goes on for two seconds.
func endlessQuery(e *harness.Env) string {
	if e.Database.Has(harness.EndlessRecursion) {
		return endlessRecursion
	}
	return "SLEEP(2) = 0"
}

const endlessRecursion = "(WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT max(x) FROM n) > 0"

// A COMMIT that the database refuses is its error, and database and records are as after a rollback.
func TestRefusedCommitIsARollback(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.Gorm.Exec(createLateFolders).Error)
		e.Migrate(t, &member{})
		require.NoError(t, e.DB.Register(&folder{}))
		ctx, diary := diaried(e.Ctx)
		late, m, waited := &folder{Code: "late", Parent: new("nobody")}, &member{Email: "a"}, false
		write := func(ctx context.Context, db *model.DB) error {
			if err := model.Create(ctx, db, late); err != nil {
				return err
			}
			if err := model.Create(ctx, db, m); err != nil {
				return err
			}
			return db.AfterCommit(ctx, func(context.Context) { waited = true })
		}
		refused := func(err error) {
			require.ErrorIs(t, err, model.ErrForeignKey)
			require.NotErrorIs(t, err, model.ErrCommitUnknown)
			require.NotErrorIs(t, err, model.ErrAfterCommit)
			e.RequireIdle(t)
			require.Zero(t, e.Count(t, "folders")+e.Count(t, "members"))
			require.True(t, late.IsNew())
			require.True(t, m.IsNew())
			require.Zero(t, m.ID)
			require.Empty(t, diary.at(hooks.Committed))
			require.Equal(t, []string{"a"}, diary.at(hooks.RolledBack))
			diary.taken()
			require.False(t, waited)
		}
		refused(e.DB.Transaction(ctx, write))
		tx, err := e.DB.Begin(ctx)
		require.NoError(t, err)
		require.NoError(t, write(ctx, tx))
		refused(tx.Commit())
		require.ErrorIs(t, tx.Rollback(), model.ErrTxDone)
		late.Parent = new("late")
		require.NoError(t, e.DB.Transaction(ctx, write))
		require.True(t, waited)
		require.EqualValues(t, 1, e.Count(t, "members"))
	}, harness.DeferredConstraints)
}

// A transaction that the database has given up meanwhile is an error at its end, and the records are as
// after a rollback.
func TestTransactionThatTheDatabaseGaveUpFails(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			if err := model.Create(ctx, tx, a); err != nil {
				return err
			}
			require.Error(t, tx.Gorm().Exec("SELECT 1 / 0").Error)
			return nil
		})
		require.Error(t, err)
		require.NotErrorIs(t, err, model.ErrCommitUnknown)
		require.Zero(t, e.Count(t, "accounts"))
		require.True(t, a.IsNew())
		require.Zero(t, a.ID)
	}, harness.ConcurrentWriters, harness.AbortedTransactions)
}

// A transaction that loses against a concurrent one is an error that says so, and can be run again with the
// same records.
func TestSerializationFailureCanBeRetried(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		list := []*note{{Title: "a"}, {Title: "b"}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		serializable := model.TxOptions{Isolation: sql.LevelSerializable}
		attempts := 0
		attempt := func() error {
			attempts++
			return e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				n, err := model.Query[note](tx).Where("title", "like", "%!").Count(ctx)
				if err != nil {
					return err
				}
				if attempts == 1 { // somebody else reads and writes the same, crosswise, and is faster
					require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error { //nolint:contextcheck // theirs, not ours
						if _, err := model.Query[note](tx).Where("title", "like", "%!").Count(ctx); err != nil {
							return err
						}
						_, err := model.Query[note](tx).Use(func(q *relation.Query) { q.WhereKey(list[1].ID) }).Update(ctx, model.Attrs{"title": "b!"})
						return err
					}, serializable))
				}
				list[0].Title = "a!"
				require.LessOrEqual(t, n, int64(1))
				return list[0].Save(ctx)
			}, serializable)
		}
		err := attempt()
		require.Error(t, err)
		require.NotErrorIs(t, err, model.ErrCommitUnknown)
		require.EqualValues(t, 1, list[0].Version)
		require.True(t, list[0].IsDirty("title"))
		require.NoError(t, attempt())
		require.EqualValues(t, 2, list[0].Version)
		require.Len(t, e.Rows(t, "SELECT id FROM notes WHERE title LIKE '%!'"), 2)
	}, harness.ConcurrentWriters, harness.SerializableWithoutWaiting)
}

// A context that ends while a statement runs stops it; the transaction is undone, and the connection comes
// back or is replaced.
func TestContextThatEndsInAStatementStopsIt(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		someAccounts(t, e, 1)
		pool, err := e.Gorm.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(2)
		for range 4 {
			ctx, cancel := context.WithTimeout(e.Ctx, 50*time.Millisecond)
			a := &account{Email: "a"}
			err := e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				if err := model.Create(ctx, tx, a); err != nil {
					return err
				}
				_, err := model.Query[account](tx).WhereRaw(endlessQuery(e)).Count(ctx)
				return err
			})
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, a.IsNew())
			require.Zero(t, a.ID)
			ctx, cancel = context.WithTimeout(e.Ctx, 50*time.Millisecond)
			_, err = model.Query[account](e.DB).WhereRaw(endlessQuery(e)).All(ctx)
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		e.RequireIdle(t)
		require.EqualValues(t, 1, e.Count(t, "accounts"))
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "b"}))
	})
}

// A panic or runtime.Goexit of a hook undoes the write; a caller that recovers inside a transaction can go
// on with it.
func TestPanicOfAHookUndoesTheWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		for _, at := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
			m := &member{Email: "a"}
			stop := func() { panic("mine") }
			diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
				if moment != hooks.RolledBack { // that hook runs after the undo
					m.Name = "hooked"
				}
				if moment == at && m.Email == "a" {
					stop()
				}
				return nil
			}
			require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, &member{Email: "before " + string(at)}))
				require.PanicsWithValue(t, "mine", func() { _ = model.Create(ctx, tx, m) })
				require.True(t, m.IsNew())
				require.Empty(t, m.Name)
				return model.Create(ctx, tx, &member{Email: "after " + string(at)})
			}))
			stop = runtime.Goexit
			require.Nil(t, ended(func() { _ = model.Create(ctx, e.DB, m) }))
			e.RequireIdle(t)
			require.True(t, m.IsNew())
			require.Empty(t, m.Name)
		}
		require.EqualValues(t, 8, e.Count(t, "members"))
	})
}

// Migrate of a transaction belongs to it: after a rollback there is no table.
func TestRollbackUndoesMigrate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, tx.Migrate(ctx, &account{}))
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			return errReaction
		}), errReaction)
		require.False(t, e.Gorm.Migrator().HasTable("accounts"))
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, tx.Migrate(ctx, &account{}))
			return model.Create(ctx, tx, &account{Email: "a"})
		}))
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	}, harness.TransactionalMigrate)
}
