// SPDX-License-Identifier: MIT

package errors_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type tally struct {
	model.BaseModel[tally]

	ID, N int64
	Marks []*mark `relation:"hasMany;onDelete:CASCADE"`
}

type mark struct {
	model.BaseModel[mark]

	ID, TallyID int64
	Name        string
}

func seed(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &tally{}, &mark{})
	e.Exec(t, "INSERT INTO tallies (id, n) VALUES (1, 1), (2, 2)", "INSERT INTO marks (id, tally_id, name) VALUES (1, 2, 'b'), (2, 2, 'a')")
}

func TestALockThatIsNotGivenIsAConflict(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		e.Exec(t, "CREATE TABLE settings (id integer)")
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		_, err = model.Query[tally](tx).Where("id", 1).Update(e.Ctx, model.Attrs{"n": 5})
		require.NoError(t, err)
		dsn, setting := e.DSN+"&options=-c%20lock_timeout%3D50", ""
		switch e.Database.Name {
		case "SQLite":
			dsn, setting = e.DSN, "PRAGMA busy_timeout = 20"
		case "MariaDB":
			dsn, setting = e.DSN, "SET innodb_lock_wait_timeout = 1"
		}
		g := e.Database.OpenDSN(t, dsn)
		pool, err := g.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		other, err := model.New(g)
		require.NoError(t, err)
		if setting != "" {
			require.NoError(t, g.Exec(setting).Error)
		}
		_, err = model.Query[tally](other).Where("id", 1).Update(e.Ctx, model.Attrs{"n": 6})
		require.ErrorIs(t, err, model.ErrConflict)
		require.NoError(t, tx.Rollback())
	})
}

func TestATransactionThatHasNoSerialOrderIsAConflict(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		serial := model.TxOptions{Isolation: sql.LevelSerializable}
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			one, err := model.Query[tally](tx).Find(ctx, 1)
			require.NoError(t, err)
			_, err = model.Query[tally](e.DB).Where("id", 1).Update(e.Ctx, model.Attrs{"n": 9}) //nolint:contextcheck // past the transaction.
			require.NoError(t, err)
			one.N = 7
			return one.Save(ctx)
		}, serial)
		require.ErrorIs(t, err, model.ErrConflict)
	}, harness.ConcurrentWriters, harness.SerializableWithoutWaiting)
}

func TestHintsFitWhatWasAsked(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		var names []string
		err := model.Query[mark](e.DB).Distinct().OrderBy("id").Pluck(e.Ctx, "name", &names)
		if err != nil { // SQLite takes it
			require.ErrorIs(t, err, model.ErrUnsupported)
			require.ErrorContains(t, err, "select the order too")
			require.NotContains(t, err.Error(), "upsert")
		}
		err = model.Upsert(e.Ctx, e.DB, []*mark{{ID: 1, TallyID: 1, Name: "c"}}, []string{"name"})
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "upsert")
	})
}

func TestPluckKnowsCounts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		var list []int64
		e.Sends(t, 2, func() {
			q := model.Query[tally](e.DB).WithCount("marks").OrderBy("marks_count", relation.Desc)
			require.NoError(t, q.Pluck(e.Ctx, "id", &list))
			require.Equal(t, []int64{2, 1}, list)
			require.NoError(t, q.Pluck(e.Ctx, "marks_count", &list))
			require.Equal(t, []int64{2, 0}, list)
		})
		_, err := model.Query[tally](e.DB).WithCount("marks").OrderBy("marks_count").CursorPaginate(e.Ctx, "", 2)
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "counted")
	})
}

func TestAStatementWithOtherColumnsIsSentAgain(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		read := func() { // on two connections
			tx, err := e.DB.Begin(e.Ctx)
			require.NoError(t, err)
			for _, db := range []*model.DB{e.DB, tx} {
				list, err := model.Query[tally](db).All(e.Ctx)
				require.NoError(t, err)
				require.Len(t, list, 2)
			}
			require.NoError(t, tx.Rollback())
		}
		read()
		if e.Database.Name == "Postgres" {
			e.Exec(t, "ALTER TABLE tallies ALTER COLUMN n TYPE int")
		} else {
			e.Exec(t, "ALTER TABLE tallies ADD COLUMN more text")
		}
		for range 3 {
			list, err := model.Query[tally](e.DB).All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, list, 2)
		}
	})
}

func TestTruncateLetsForeignKeysAct(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error { return model.Truncate[tally](ctx, tx) }))
		require.Zero(t, e.Count(t, "tallies"))
		require.Zero(t, e.Count(t, "marks"))
		e.Exec(t, "CREATE TABLE kept (mark_id bigint REFERENCES marks (id))", "INSERT INTO tallies (id) VALUES (1)",
			"INSERT INTO marks (id, tally_id) VALUES (1, 1)", "INSERT INTO kept VALUES (1)")
		for range 2 {
			require.ErrorIs(t, model.Truncate[mark](e.Ctx, e.DB), model.ErrForeignKey)
			require.EqualValues(t, 1, e.Count(t, "marks"))
		}
		e.Exec(t, "DELETE FROM kept")
		require.NoError(t, model.Truncate[mark](e.Ctx, e.DB))
	})
}
