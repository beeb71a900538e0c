// SPDX-License-Identifier: MIT

package upsert_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// UpdateOrCreateMany sends a SELECT, one INSERT and one minimal UPDATE per record that changes, and keeps
// the order of the rows.
func TestUpdateOrCreateManyWritesMinimalUpdates(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		rows := []model.Attrs{
			{"email": "d@x", "points": 4}, {"email": "b@x", "points": 2}, {"email": "c@x", "points": 3}, {"email": "a@x", "points": 9},
		}
		sent := e.Sends(t, 3, func() {
			list, err := model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
			require.Equal(t, []string{"d@x", "b@x", "c@x", "a@x"}, newness(list))
			for i, m := range list {
				require.Equal(t, []int{4, 2, 3, 9}[i], m.Points)
				require.Equal(t, i%2 == 0, model.IsLocal(m))
				require.False(t, m.IsDirty())
			}
		})
		require.True(t, strings.HasPrefix(sent[1], "INSERT ") && strings.HasPrefix(sent[2], "UPDATE "), sent)
		require.NotContains(t, sent[2], "name", "it has not changed")
		require.Equal(t, []string{"c@x", "d@x"}, diary.at(hooks.Created))
		require.Equal(t, []string{"a@x"}, diary.at(hooks.Updated))
		require.Equal(t, []string{"a@x", "b@x"}, diary.at(hooks.Updating), "as in Save")
		got := e.Rows(t, "SELECT points FROM members ORDER BY email")
		require.Len(t, got, 4)
		require.EqualValues(t, 9, got[0]["points"])
		require.EqualValues(t, 2, got[1]["points"])
		e.Sends(t, 1, func() {
			_, err := model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
		})
	})
}

// UpdateOrCreateMany counts the version of the records that it updates.
func TestUpdateOrCreateManyCountsVersions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &posting{})
		for i := range 3 {
			list, err := model.UpdateOrCreateMany[posting](e.Ctx, e.DB, []string{"team", "person"},
				[]model.Attrs{{"team": "x", "person": 1, "grade": strings.Repeat("a", i+1)}})
			require.NoError(t, err)
			require.EqualValues(t, i+1, list[0].Version)
		}
		require.EqualValues(t, 3, e.Rows(t, "SELECT version FROM postings")[0]["version"])
	})
}

// Upsert inserts rows, and updates those that exist, with one statement and without hooks, and every record
// equals its row.
func TestUpsertInsertsAndUpdatesWithOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		old := someAccounts(t, e, 2)
		e.Clock.Add(time.Hour)
		list := []*account{
			{Email: "new@example.com", Name: "new", Age: 1},
			{Email: old[1].Email, Name: "changed", Age: 2},
		}
		e.Sends(t, 1, func() { require.NoError(t, model.Upsert(e.Ctx, e.DB, list, []string{"email"})) })
		require.EqualValues(t, 3, e.Count(t, "accounts"))
		require.Equal(t, old[1].ID, list[1].ID)
		require.Equal(t, old[1].CreatedAt, list[1].CreatedAt, "the row is as old as it was")
		require.Equal(t, e.Clock.Now(), list[1].UpdatedAt)
		require.Equal(t, e.Clock.Now(), list[0].CreatedAt)
		for _, a := range list {
			require.False(t, a.IsDirty())
			require.True(t, a.IsPersisted())
			row, err := model.Query[account](e.DB).Find(e.Ctx, a.ID)
			require.NoError(t, err)
			require.True(t, row.Equal(a), "%v is not %v", a.Attributes(), row.Attributes())
		}
		require.Equal(t, "changed", e.Rows(t, "SELECT name FROM accounts WHERE age = 2")[0]["name"])
		list[1].Name = "again"
		e.Sends(t, 1, func() { require.NoError(t, list[1].Save(e.Ctx)) })
	})
}

// Upsert runs no hooks.
func TestUpsertRunsNoHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		require.NoError(t, model.Upsert(ctx, e.DB, []*member{{Email: "a@x", Points: 7}, {Email: "c@x"}}, []string{"email"}))
		require.Empty(t, diary.taken())
		require.EqualValues(t, 3, e.Count(t, "members"))
	})
}

// Upsert overwrites only the named columns of a row that exists, and its record has what the row has.
func TestUpsertOverwritesOnlyNamedColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		m := &member{Email: "a@x", Name: "other", Points: 9}
		e.Sends(t, 1, func() { require.NoError(t, model.Upsert(e.Ctx, e.DB, []*member{m}, []string{"Email"}, "Points")) })
		require.Equal(t, "A", m.Name)
		require.Equal(t, 9, m.Points)
		require.Equal(t, "n1", *m.Number)
		row := e.Rows(t, "SELECT name, points, number FROM members WHERE email = 'a@x'")[0]
		require.EqualValues(t, "A", row["name"])
		require.EqualValues(t, 9, row["points"])
		require.EqualValues(t, "n1", row["number"])
	})
}

// Upsert counts the version of rows that exist, and new rows have the first one and the defaults of the
// database.
func TestUpsertCountsVersions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &posting{})
		for i := range 3 {
			p := &posting{Team: "x", Person: 1}
			other := &posting{Team: "y", Person: int64(i), Grade: "senior"}
			e.Sends(t, 2, func() { // with and without the column that has a default
				require.NoError(t, model.Upsert(e.Ctx, e.DB, []*posting{p, other}, []string{"team", "person"}))
			})
			require.EqualValues(t, i+1, p.Version)
			require.Equal(t, "junior", p.Grade)
			require.EqualValues(t, 1, other.Version)
		}
		require.EqualValues(t, 4, e.Count(t, "postings"))
	})
}

// Records of one Upsert that are equal in the unique columns are one row with the values of the last, and
// all equal it.
func TestEqualRecordsOfAnUpsertAreOneRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		list := []*member{{Email: "c@x", Name: "C1"}, {Email: "a@x", Name: "A1"}, {Email: "c@x", Name: "C2"}, {Email: "a@x", Name: "A2"}}
		e.Sends(t, 1, func() { require.NoError(t, model.Upsert(e.Ctx, e.DB, list, []string{"email"})) })
		require.EqualValues(t, 3, e.Count(t, "members"))
		for i, m := range list {
			require.Equal(t, list[(i+2)%4].ID, m.ID)
			require.Equal(t, []string{"C2", "A2"}[i%2], m.Name)
		}
	})
}

// Upsert without unique columns goes by the primary key, composite ones included.
func TestUpsertGoesByThePrimaryKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &seat{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*seat{{Line: 1, Letter: "A"}, {Line: 1, Letter: "B"}}))
		e.Sends(t, 1, func() {
			require.NoError(t, model.Upsert(e.Ctx, e.DB, []*seat{{Line: 1, Letter: "B", Taken: true}, {Line: 2, Letter: "B"}}, nil))
		})
		got := e.Rows(t, "SELECT line, letter FROM seats WHERE taken")
		require.Len(t, got, 1)
		require.EqualValues(t, "B", got[0]["letter"])
		require.EqualValues(t, 3, e.Count(t, "seats"))
	})
}

// Upsert refuses unknown columns, and nil or an empty automatic key in a unique column, and sends nothing.
func TestUpsertRefusesUnknownColumnsAndNil(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for _, bad := range []struct {
			by, update []string
			want       error
		}{
			{[]string{"emial"}, nil, model.ErrUnknownColumn},
			{[]string{"email"}, []string{"nmae"}, model.ErrUnknownColumn},
			{[]string{"email) DO NOTHING --"}, nil, model.ErrUnknownColumn},
			{[]string{"number"}, nil, model.ErrInvalidValue},
			{nil, nil, model.ErrMissingKey},
			{[]string{"email", "id"}, nil, model.ErrMissingKey},
		} {
			e.Sends(t, 0, func() {
				require.ErrorIs(t, model.Upsert(e.Ctx, e.DB, []*member{{Email: "c@x"}}, bad.by, bad.update...), bad.want)
			})
		}
	})
}

// If one record of an Upsert is refused, no row is written and all records are as before, ready to be tried
// again.
func TestUpsertWritesAllOrNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &posting{})
		require.NoError(t, e.Gorm.Exec("CREATE UNIQUE INDEX one_role ON postings (role)").Error)
		role := "lead"
		list := []*posting{{Team: "x", Person: 1}, {Team: "x", Person: 2, Grade: "senior", Role: &role}, {Team: "x", Person: 3, Grade: "a", Role: &role}}
		err := model.Upsert(e.Ctx, e.DB, list, []string{"team", "person"})
		require.ErrorIs(t, err, model.ErrDuplicate)
		require.Zero(t, e.Count(t, "postings"))
		for _, p := range list {
			require.True(t, p.IsNew())
			require.Zero(t, p.ID)
			require.Zero(t, p.Version)
		}
		list[2].Role = nil
		require.NoError(t, model.Upsert(e.Ctx, e.DB, list, []string{"team", "person"}))
		require.EqualValues(t, 3, e.Count(t, "postings"))
	})
}

// After the rollback of a transaction around an Upsert, rows and records are as before.
func TestRollbackUndoesAnUpsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		a, c := &member{Email: "a@x", Name: "other", Points: 9}, &member{Email: "c@x"}
		require.NoError(t, model.Upsert(e.Ctx, tx, []*member{a, c}, []string{"email"}, "points"))
		require.Equal(t, "A", a.Name)
		require.NoError(t, tx.Rollback())
		require.EqualValues(t, 2, e.Count(t, "members"))
		require.Equal(t, "other", a.Name)
		require.True(t, a.IsNew())
		require.Zero(t, a.ID)
		require.Zero(t, c.ID)
	})
}
