// SPDX-License-Identifier: MIT

package upsert_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// FirstOrNew returns the record that exists as it is, with one statement, and ignores the further values.
func TestFirstOrNewReturnsTheRecordAsItIs(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		e.Sends(t, 1, func() {
			m, err := model.FirstOrNew[member](e.Ctx, e.DB, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "other", "Points": 9})
			require.NoError(t, err)
			require.Equal(t, "A", m.Name)
			require.Equal(t, 1, m.Points)
			require.False(t, m.IsNew())
			require.False(t, model.IsLocal(m))
			require.False(t, m.IsDirty())
		})
	})
}

// FirstOrNew without a row returns a new record of both values, bound to the database, and writes nothing.
func TestFirstOrNewWritesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		var m *member
		e.Sends(t, 1, func() {
			require.NoError(t, func() (err error) {
				m, err = model.FirstOrNew[member](e.Ctx, e.DB, model.Attrs{"email": "c@x", "name": "C"}, model.Attrs{"Points": 9, "Name": "D"})
				return err
			}())
		})
		require.True(t, m.IsNew())
		require.True(t, model.IsLocal(m))
		require.Equal(t, model.Attrs{"Email": "c@x", "Name": "D", "Points": 9}, m.Dirty(), "the further values go before")
		require.EqualValues(t, 2, e.Count(t, "members"))
		e.Sends(t, 1, func() { require.NoError(t, m.Save(e.Ctx)) })
		require.EqualValues(t, 3, e.Count(t, "members"))
	})
}

// A record of FirstOrNew belongs to the transaction in which it was asked for.
func TestFirstOrNewRecordBelongsToItsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		m, err := model.FirstOrNew[member](e.Ctx, tx, model.Attrs{"email": "c@x"}, nil)
		require.NoError(t, err)
		require.NoError(t, m.Save(e.Ctx))
		require.NoError(t, tx.Rollback())
		require.EqualValues(t, 2, e.Count(t, "members"))
		require.True(t, m.IsNew())
	})
}

// FirstOrCreate returns the record that exists with one statement, writes nothing and runs no hook of a
// write.
func TestFirstOrCreateLeavesWhatExists(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		e.Sends(t, 1, func() {
			m, err := model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"Email": "a@x"}, model.Attrs{"Name": "other", "Points": 9})
			require.NoError(t, err)
			require.Equal(t, "A", m.Name)
			require.False(t, model.IsLocal(m))
			require.False(t, m.IsDirty())
		})
		require.Empty(t, diary.taken())
		require.EqualValues(t, "A", e.Rows(t, "SELECT name FROM members WHERE email = 'a@x'")[0]["name"])
	})
}

// FirstOrCreate without a row inserts one of both values with a SELECT and an INSERT, and with the hooks of
// a new record.
func TestFirstOrCreateInsertsWhatIsMissing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		sent := e.Sends(t, 2, func() {
			m, err := model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": "c@x", "name": "C"}, model.Attrs{"Points": 9, "Name": "D"})
			require.NoError(t, err)
			require.True(t, m.IsPersisted())
			require.True(t, model.IsLocal(m))
			require.False(t, m.IsDirty())
			require.NotZero(t, m.ID)
		})
		require.True(t, strings.HasPrefix(sent[0], "SELECT ") && strings.HasPrefix(sent[1], "INSERT "), sent)
		require.Equal(t, []string{"creating c@x", "saving c@x", "created c@x", "saved c@x", "committed c@x"}, diary.taken())
		row := e.Rows(t, "SELECT name, points FROM members WHERE email = 'c@x'")[0]
		require.EqualValues(t, "D", row["name"], "the further values go before")
		require.EqualValues(t, 9, row["points"])
	})
}

// A nil among the searched values looks for NULL, and a row that is made holds NULL.
func TestNilSearchesForNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		e.Sends(t, 1, func() {
			m, err := model.FirstOrCreate[member](e.Ctx, e.DB, model.Attrs{"number": nil, "name": "B"}, nil)
			require.NoError(t, err)
			require.Equal(t, "b@x", m.Email)
		})
		e.Sends(t, 2, func() {
			m, err := model.FirstOrCreate[member](e.Ctx, e.DB, model.Attrs{"number": nil, "name": "A"}, model.Attrs{"email": "c@x"})
			require.NoError(t, err, "the A that exists has a number")
			require.Equal(t, "c@x", m.Email)
			require.Nil(t, m.Number)
		})
		require.Nil(t, e.Rows(t, "SELECT number FROM members WHERE email = 'c@x'")[0]["number"])
		e.Sends(t, 0, func() {
			_, err := model.FirstOrCreate[member](e.Ctx, e.DB, model.Attrs{"name": nil}, nil)
			require.ErrorIs(t, err, model.ErrInvalidValue, "the column holds no NULL")
		})
	})
}

// The values given to finders come from code, so they may name keys, hidden and guarded columns.
func TestFinderValuesMayNameAnyColumn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		seen := e.Clock.Now().AddDate(-1, 0, 0)
		e.Sends(t, 2, func() {
			a, err := model.FirstOrCreate[account](e.Ctx, e.DB, model.Attrs{"ID": "77"},
				model.Attrs{"Email": "a@example.com", "password": "secret", "CreatedAt": seen})
			require.NoError(t, err)
			require.EqualValues(t, 77, a.ID)
			require.Equal(t, seen, a.CreatedAt)
		})
		row := e.Rows(t, "SELECT id, password FROM accounts")[0]
		require.EqualValues(t, 77, row["id"])
		require.EqualValues(t, "secret", row["password"])
	})
}

// What FirstOrCreate makes in a transaction is gone after its rollback, and so are its hooks after the
// commit.
func TestRollbackUndoesFirstOrCreate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		var m *member
		err := e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) (err error) {
			m, err = model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": "c@x"}, nil)
			require.NoError(t, err)
			again, err := model.FirstOrCreate[member](ctx, tx, model.Attrs{"email": "c@x"}, nil)
			require.NoError(t, err)
			require.Equal(t, m.ID, again.ID, "it was found in the same transaction")
			require.Equal(t, []string{"c@x"}, diary.at(hooks.Created))
			return errReaction
		})
		require.ErrorIs(t, err, errReaction)
		require.EqualValues(t, 2, e.Count(t, "members"))
		require.True(t, m.IsNew())
		require.Zero(t, m.ID)
		require.Empty(t, diary.at(hooks.Committed))
	})
}
