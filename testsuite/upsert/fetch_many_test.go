// SPDX-License-Identifier: MIT

package upsert_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// FetchOrNewUpMany returns a record per row in the order of the rows, those that exist as they are, with
// one statement.
func TestFetchOrNewUpManyReturnsARecordPerRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		e.Sends(t, 1, func() {
			list, err := model.FetchOrNewUpMany[member](e.Ctx, e.DB, []string{"email"}, []model.Attrs{
				{"email": "c@x", "name": "C"}, {"Email": "b@x", "name": "other"}, {"email": "d@x"}, {"email": "a@x", "points": 9},
			})
			require.NoError(t, err)
			require.Equal(t, []string{"c@x new", "b@x", "d@x new", "a@x"}, newness(list))
			require.Equal(t, "C", list[0].Name)
			require.Equal(t, "B", list[1].Name)
			require.Equal(t, 1, list[3].Points)
			require.True(t, model.IsLocal(list[0]))
			require.False(t, model.IsLocal(list[1]))
			require.False(t, list[3].IsDirty())
		})
		require.EqualValues(t, 2, e.Count(t, "members"))
	})
}

// Rows with the same values in the key columns share one record: the first row's, and UpdateOrCreateMany
// writes the last one's.
func TestRowsWithEqualKeysShareARecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		rows := []model.Attrs{
			{"email": "c@x", "name": "C1"}, {"email": "a@x", "name": "A1"}, {"Email": "c@x", "name": "C2"}, {"email": "a@x", "name": "A2"},
		}
		same := func(list []*member, names ...string) {
			require.Len(t, list, 4)
			require.Same(t, list[0], list[2])
			require.Same(t, list[1], list[3])
			require.Equal(t, names, []string{list[0].Name, list[1].Name})
		}
		e.Sends(t, 1, func() {
			list, err := model.FetchOrNewUpMany[member](e.Ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
			same(list, "C1", "A")
		})
		e.Sends(t, 2, func() {
			list, err := model.FetchOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
			same(list, "C1", "A")
		})
		e.Sends(t, 3, func() {
			list, err := model.UpdateOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
			same(list, "C2", "A2")
		})
		require.EqualValues(t, 3, e.Count(t, "members"))
		require.EqualValues(t, "C2", e.Rows(t, "SELECT name FROM members WHERE email = 'c@x'")[0]["name"])
	})
}

// Calls with no rows send nothing and return no records.
func TestNoRowsSendNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for _, rows := range [][]model.Attrs{nil, {}} {
			for name, call := range manies(e, []string{"email"}, rows) {
				e.Sends(t, 0, func() { require.NoError(t, call(), name) })
			}
		}
		e.Sends(t, 0, func() { require.NoError(t, model.Upsert(e.Ctx, e.DB, []*member{}, []string{"email"})) })
	})
}

// FetchOrCreateMany inserts what is missing with a SELECT and an INSERT, leaves what exists alone, and
// keeps the order of the rows.
func TestFetchOrCreateManyInsertsWhatIsMissing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		rows := []model.Attrs{
			{"email": "d@x", "points": 4}, {"email": "b@x", "points": 9}, {"email": "c@x", "points": 3}, {"email": "a@x", "points": 9},
		}
		sent := e.Sends(t, 2, func() {
			list, err := model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
			require.Equal(t, []string{"d@x", "b@x", "c@x", "a@x"}, newness(list))
			for i, m := range list {
				require.Equal(t, []int{4, 2, 3, 1}[i], m.Points)
				require.Equal(t, i%2 == 0, model.IsLocal(m))
				require.False(t, m.IsDirty())
				require.EqualValues(t, m.ID, e.Rows(t, "SELECT id FROM members WHERE email = ?", m.Email)[0]["id"])
			}
		})
		require.True(t, strings.HasPrefix(sent[1], "INSERT "), sent[1])
		for _, moment := range []hooks.Moment{hooks.Creating, hooks.Created, hooks.Committed} {
			require.Equal(t, []string{"c@x", "d@x"}, diary.at(moment), moment)
		}
		require.Empty(t, diary.at(hooks.Updating))
		diary.taken()
		e.Sends(t, 1, func() {
			_, err := model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
			require.NoError(t, err)
		})
		require.Empty(t, diary.taken())
		require.EqualValues(t, 2, e.Rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"])
	})
}

// Rows are recognised by all key columns together: one that is equal in only one of them is another row.
func TestRowsAreRecognisedByAllKeyColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &posting{})
		pairs := []model.Attrs{{"team": "x", "person": 1}, {"team": "y", "person": 2}}
		_, err := model.FetchOrCreateMany[posting](e.Ctx, e.DB, []string{"Team", "person"}, pairs)
		require.NoError(t, err)
		e.Sends(t, 2, func() {
			list, err := model.UpdateOrCreateMany[posting](e.Ctx, e.DB, []string{"Team", "Person"}, []model.Attrs{
				{"team": "x", "person": 2}, {"team": "x", "person": 1}, {"team": "y", "person": 1}, {"team": "y", "person": 2},
			})
			require.NoError(t, err)
			require.Equal(t, []bool{true, false, true, false}, locals(list))
			require.Equal(t, "junior", list[0].Grade, "the default of the database")
		})
		require.EqualValues(t, 4, e.Count(t, "postings"))
		e.Sends(t, 1, func() {
			list, err := model.FetchOrNewUpMany[posting](e.Ctx, e.DB, []string{"team", "person"}, []model.Attrs{
				{"team": "y", "person": "1"}, {"team": "z", "person": 1}, {"team": "x", "person": 3},
			})
			require.NoError(t, err)
			require.Equal(t, []bool{false, true, true}, locals(list))
		})
	})
}

// Rows are recognised by what their values mean: 1.50 is 1.5, a UUID has no case, and a time is its
// instant.
func TestRowsAreRecognisedByMeaning(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &parcel{})
		require.NoError(t, e.Gorm.Exec("CREATE UNIQUE INDEX one_parcel ON parcels (price, owner, sent)").Error)
		sent := time.Date(2026, 1, 2, 3, 4, 5, 6789, time.FixedZone("", 3600))
		keys := []string{"price", "owner", "sent"}
		row := func(price, owner string, sent time.Time) model.Attrs {
			return model.Attrs{"price": price, "owner": owner, "sent": sent, "label": price}
		}
		const owner = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
		for i, same := range []model.Attrs{
			row("1.5", owner, sent), row("1.50", strings.ToUpper(owner), sent.UTC()), row("01.500", owner, sent.Add(time.Nanosecond)),
		} {
			list, err := model.FetchOrCreateMany[parcel](e.Ctx, e.DB, keys, []model.Attrs{same, row("1.51", owner, sent)})
			require.NoError(t, err)
			require.Equal(t, i == 0, model.IsLocal(list[0]))
			p := &parcel{Price: new(same["price"].(string)), Owner: new(same["owner"].(string)), Sent: new(same["sent"].(time.Time)), Label: "upserted"} //nolint:errcheck,forcetypeassert // as above.
			require.NoError(t, model.Upsert(e.Ctx, e.DB, []*parcel{p}, keys))
			require.Equal(t, list[0].ID, p.ID)
		}
		require.EqualValues(t, 2, e.Count(t, "parcels"))
	})
}

// What FetchOrCreateMany and UpdateOrCreateMany write in a transaction is gone after its rollback, in
// memory too.
func TestRollbackUndoesManyRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		var made, updated []*member
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) (err error) {
			made, err = model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, []model.Attrs{{"email": "c@x"}, {"email": "a@x"}})
			require.NoError(t, err)
			updated, err = model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"}, []model.Attrs{{"email": "d@x"}, {"email": "a@x", "points": 9}})
			require.NoError(t, err)
			return errReaction
		})
		require.ErrorIs(t, err, errReaction)
		require.EqualValues(t, 2, e.Count(t, "members"))
		require.True(t, made[0].IsNew())
		require.Zero(t, made[0].ID)
		require.True(t, updated[0].IsNew())
		require.True(t, updated[1].IsPersisted())
		require.Equal(t, 1, updated[1].Original()["Points"])
	})
}

// If one row of FetchOrCreateMany or UpdateOrCreateMany fails, no row is written and no records are
// returned.
func TestOneFailingRowWritesNone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		diary.react = func(_ context.Context, _ hooks.Moment, m *member) error {
			if m.Email == "d@x" {
				return errReaction
			}
			return nil
		}
		rows := []model.Attrs{{"email": "c@x"}, {"email": "a@x", "points": 9}, {"email": "d@x"}, {"email": "e@x"}}
		list, err := model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
		require.ErrorIs(t, err, errReaction)
		require.Nil(t, list)
		list, err = model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
		require.ErrorIs(t, err, errReaction)
		require.Nil(t, list)
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			if m.Email == "b@x" && moment == hooks.Saved {
				return errReaction
			}
			return nil
		}
		list, err = model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"},
			[]model.Attrs{{"email": "a@x", "points": 9}, {"email": "c@x"}, {"email": "b@x", "points": 9}})
		require.ErrorIs(t, err, errReaction)
		require.Nil(t, list)
		require.EqualValues(t, 2, e.Count(t, "members"))
		require.EqualValues(t, 1, e.Rows(t, "SELECT points FROM members ORDER BY email")[0]["points"])
	})
}

// newness describes records by their email and whether they are new.
func newness(list []*member) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.Email
		if m.IsNew() {
			out[i] += " new"
		}
	}
	return out
}

func locals(list []*posting) []bool {
	out := make([]bool, len(list))
	for i, p := range list {
		out[i] = model.IsLocal(p)
	}
	return out
}
