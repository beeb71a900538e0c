// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// fetchManyPromises are about FetchOrNewUpMany and FetchOrCreateMany.
func fetchManyPromises() []promise {
	return []promise{
		{
			name: "A8/FetchOrNewUpMany",
			says: "FetchOrNewUpMany returns a record per row in the order of the rows, those that exist as they are, with one statement",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				e.sends(t, 1, func() {
					list, err := model.FetchOrNewUpMany[member](e.ctx, e.db, []string{"email"}, []model.Attrs{
						{"email": "c@x", "name": "C"}, {"Email": "b@x", "name": "other"}, {"email": "d@x"}, {"email": "a@x", "points": 9},
					})
					require.NoError(t, err)
					require.Equal(t, []string{"c@x new", "b@x", "d@x new", "a@x"}, newness(see(e, "list", list)))
					require.Equal(t, "C", list[0].Name)
					require.Equal(t, "B", list[1].Name)
					require.Equal(t, 1, list[3].Points)
					require.True(t, model.IsLocal(list[0]))
					require.False(t, model.IsLocal(list[1]))
					require.False(t, list[3].IsDirty())
				})
				require.EqualValues(t, 2, e.count(t, "members"))
			},
			twin: func(e *env) {
				e.seen["list"] = func(v any) any {
					list, _ := v.([]*member)
					return []*member{list[1], list[3], list[0], list[2]} // found before new
				}
			},
		},
		{
			name: "A8/RowsCollapse",
			says: "rows with the same values in the key columns share one record: the first row's, and UpdateOrCreateMany writes the last one's",
			check: func(t testing.TB, e *env) {
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
				e.sends(t, 1, func() {
					list, err := model.FetchOrNewUpMany[member](e.ctx, e.db, []string{"email"}, rows)
					require.NoError(t, err)
					same(see(e, "list", list), "C1", "A")
				})
				e.sends(t, 2, func() {
					list, err := model.FetchOrCreateMany[member](e.ctx, e.db, []string{"email"}, rows)
					require.NoError(t, err)
					same(list, "C1", "A")
				})
				e.sends(t, 3, func() {
					list, err := model.UpdateOrCreateMany[member](e.ctx, e.db, []string{"email"}, rows)
					require.NoError(t, err)
					same(list, "C2", "A2")
				})
				require.EqualValues(t, 3, e.count(t, "members"))
				require.EqualValues(t, "C2", e.rows(t, "SELECT name FROM members WHERE email = 'c@x'")[0]["name"])
			},
			twin: func(e *env) {
				e.seen["list"] = func(v any) any {
					list, _ := v.([]*member)
					return append(list[:2:2], list[0].Replicate(), list[1].Replicate())
				}
			},
		},
		{
			name: "A8/NoRowsSendNothing",
			says: "calls with no rows send nothing and return no records",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				for _, rows := range [][]model.Attrs{nil, {}} {
					for name, call := range manies(e, []string{"email"}, rows) {
						e.sends(t, 0, func() { require.NoError(t, e.do("find", call), name) })
					}
				}
				e.sends(t, 0, func() { require.NoError(t, model.Upsert(e.ctx, e.db, []*member{}, []string{"email"})) })
			},
			twin: findsByText,
		},
		{
			name: "A8/FetchOrCreateMany",
			says: "FetchOrCreateMany inserts what is missing with a SELECT and an INSERT, leaves what exists alone, and keeps the order of the rows",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				rows := []model.Attrs{
					{"email": "d@x", "points": 4}, {"email": "b@x", "points": 9}, {"email": "c@x", "points": 3}, {"email": "a@x", "points": 9},
				}
				sent := e.sends(t, 2, func() {
					list, err := model.FetchOrCreateMany[member](ctx, e.db, []string{"email"}, rows)
					require.NoError(t, err)
					require.Equal(t, []string{"d@x", "b@x", "c@x", "a@x"}, newness(list))
					for i, m := range list {
						require.Equal(t, []int{4, 2, 3, 1}[i], m.Points)
						require.Equal(t, i%2 == 0, model.IsLocal(m))
						require.False(t, m.IsDirty())
						require.EqualValues(t, m.ID, e.rows(t, "SELECT id FROM members WHERE email = ?", m.Email)[0]["id"])
					}
				})
				require.True(t, strings.HasPrefix(sent[1], "INSERT "), sent[1])
				for _, moment := range []hooks.Moment{hooks.Creating, hooks.Created, hooks.Committed} {
					require.Equal(t, []string{"c@x", "d@x"}, diary.at(moment), moment)
				}
				require.Empty(t, diary.at(hooks.Updating))
				diary.taken()
				e.sends(t, 1, func() {
					_, err := model.FetchOrCreateMany[member](ctx, e.db, []string{"email"}, rows)
					require.NoError(t, err)
				})
				require.Empty(t, diary.taken())
				require.EqualValues(t, 2, e.rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"])
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "SELECT ") {
						return strings.Replace(sql, "`members`.`points`", "9 AS points", 1)
					}
					return sql
				}
			},
		},
		{
			name: "A8/RowsByAllKeys",
			says: "rows are recognised by all key columns together: one that is equal in only one of them is another row",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &posting{})
				pairs := []model.Attrs{{"team": "x", "person": 1}, {"team": "y", "person": 2}}
				_, err := model.FetchOrCreateMany[posting](e.ctx, e.db, []string{"Team", "person"}, pairs)
				require.NoError(t, err)
				e.sends(t, 2, func() {
					list, err := model.UpdateOrCreateMany[posting](e.ctx, e.db, []string{"Team", "Person"}, []model.Attrs{
						{"team": "x", "person": 2}, {"team": "x", "person": 1}, {"team": "y", "person": 1}, {"team": "y", "person": 2},
					})
					require.NoError(t, err)
					require.Equal(t, []bool{true, false, true, false}, locals(list))
					require.Equal(t, "junior", list[0].Grade, "the default of the database")
				})
				require.EqualValues(t, 4, e.count(t, "postings"))
				e.sends(t, 1, func() {
					list, err := model.FetchOrNewUpMany[posting](e.ctx, e.db, []string{"team", "person"}, []model.Attrs{
						{"team": "y", "person": "1"}, {"team": "z", "person": 1}, {"team": "x", "person": 3},
					})
					require.NoError(t, err)
					require.Equal(t, []bool{false, true, true}, locals(list))
				})
			},
			twin: func(e *env) { e.sql = bends("`postings`.`person`,", "1,") },
		},
		{
			name: "A8/RowsByMeaning",
			says: "rows are recognised by what their values mean: 1.50 is 1.5, a UUID has no case, and a time is its instant",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &parcel{})
				require.NoError(t, e.gorm.Exec("CREATE UNIQUE INDEX one_parcel ON parcels (price, owner, sent)").Error)
				sent := time.Date(2026, 1, 2, 3, 4, 5, 6789, time.FixedZone("", 3600))
				keys := []string{"price", "owner", "sent"}
				row := func(price, owner string, sent time.Time) model.Attrs {
					return model.Attrs{"price": price, "owner": owner, "sent": sent, "label": price}
				}
				const owner = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
				for i, same := range []model.Attrs{
					row("1.5", owner, sent), row("1.50", strings.ToUpper(owner), sent.UTC()), row("01.500", owner, sent.Add(time.Nanosecond)),
				} {
					list, err := model.FetchOrCreateMany[parcel](e.ctx, e.db, keys, []model.Attrs{same, row("1.51", owner, sent)})
					require.NoError(t, err)
					require.Equal(t, i == 0, model.IsLocal(list[0]))
					p := &parcel{Price: new(same["price"].(string)), Owner: new(same["owner"].(string)), Sent: new(same["sent"].(time.Time)), Label: "upserted"} //nolint:errcheck,forcetypeassert // as above.
					require.NoError(t, model.Upsert(e.ctx, e.db, []*parcel{p}, keys))
					require.Equal(t, list[0].ID, see(e, "id", p.ID))
				}
				require.EqualValues(t, 2, e.count(t, "parcels"))
			},
			twin: func(e *env) { e.seen["id"] = func(any) any { return int64(-1) } },
		},
		{
			name: "A8/ManyInTransaction",
			says: "what FetchOrCreateMany and UpdateOrCreateMany write in a transaction is gone after its rollback, in memory too",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				var made, updated []*member
				err := e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) (err error) {
					made, err = model.FetchOrCreateMany[member](ctx, e.db, []string{"email"}, []model.Attrs{{"email": "c@x"}, {"email": "a@x"}})
					require.NoError(t, err)
					updated, err = model.UpdateOrCreateMany[member](ctx, e.db, []string{"email"}, []model.Attrs{{"email": "d@x"}, {"email": "a@x", "points": 9}})
					require.NoError(t, err)
					return e.do("end", func() error { return errReaction })
				})
				require.ErrorIs(t, err, errReaction)
				require.EqualValues(t, 2, e.count(t, "members"))
				require.True(t, made[0].IsNew())
				require.Zero(t, made[0].ID)
				require.True(t, updated[0].IsNew())
				require.True(t, updated[1].IsPersisted())
				require.Equal(t, 1, updated[1].Original()["Points"])
			},
			twin: func(e *env) { e.op["end"] = func(func() error) error { return nil } },
		},
		{
			name: "A8/NothingHalfDone",
			says: "if one row of FetchOrCreateMany or UpdateOrCreateMany fails, no row is written and no records are returned",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				diary.react = func(_ context.Context, _ hooks.Moment, m *member) error {
					if m.Email == "d@x" {
						return errReaction
					}
					return nil
				}
				rows := []model.Attrs{{"email": "c@x"}, {"email": "a@x", "points": 9}, {"email": "d@x"}, {"email": "e@x"}}
				list, err := model.FetchOrCreateMany[member](ctx, e.db, []string{"email"}, rows)
				require.ErrorIs(t, err, errReaction)
				require.Nil(t, list)
				list, err = model.UpdateOrCreateMany[member](ctx, e.db, []string{"email"}, rows)
				require.ErrorIs(t, err, errReaction)
				require.Nil(t, list)
				diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
					if m.Email == "b@x" && moment == hooks.Saved {
						return errReaction
					}
					return nil
				}
				list, err = model.UpdateOrCreateMany[member](ctx, e.db, []string{"email"},
					[]model.Attrs{{"email": "a@x", "points": 9}, {"email": "c@x"}, {"email": "b@x", "points": 9}})
				require.ErrorIs(t, err, errReaction)
				require.Nil(t, list)
				require.EqualValues(t, 2, e.count(t, "members"))
				require.EqualValues(t, 1, see(e, "points", e.rows(t, "SELECT points FROM members ORDER BY email")[0]["points"]))
			},
			twin: func(e *env) { e.seen["points"] = func(any) any { return 9 } },
		},
	}
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
