// SPDX-License-Identifier: MIT

package testsuite

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// firstPromises are about First, Sole, Exists and Count.
func firstPromises() []promise {
	return []promise{
		{
			name: "A7/FirstInOrder",
			says: "First returns the first record in the order of the query, and reads one row with one statement",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 3)
				sent := e.sends(t, 1, func() {
					first, err := model.Query[account](e.db).OrderBy("id", "desc").First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, list[2].ID, first.ID)
				})
				require.Contains(t, sent[0], " LIMIT ")
				e.sends(t, 1, func() {
					first, err := model.Query[account](e.db).OrderBy("id").Limit(5).Offset(1).First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, list[1].ID, first.ID)
				})
			},
			twin: func(e *env) { e.sql = bends(" DESC", "") },
		},
		{
			name: "A7/BuilderStays",
			says: "First, Sole, FindBy, Find, FindMany, Exists and Count do not change the builder that they are called on",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 3)
				q := model.Query[account](e.db).OrderBy("id")
				_, err := q.First(e.ctx)
				require.NoError(t, err)
				_, err = q.Sole(e.ctx)
				require.ErrorIs(t, err, model.ErrNotUnique)
				_, err = q.FindBy(e.ctx, "email", list[1].Email)
				require.NoError(t, err)
				_, err = q.Find(e.ctx, list[1].ID)
				require.NoError(t, err)
				_, err = q.FindMany(e.ctx, list[1].ID)
				require.NoError(t, err)
				_, err = q.Exists(e.ctx)
				require.NoError(t, err)
				_, err = q.Count(e.ctx)
				require.NoError(t, err)
				e.sends(t, 1, func() {
					all, err := see(e, "builder", q).All(e.ctx)
					require.NoError(t, err)
					require.Len(t, all, 3)
					require.Equal(t, list[0].ID, all[0].ID)
				})
			},
			twin: func(e *env) {
				e.seen["builder"] = func(v any) any {
					q, _ := v.(*model.Builder[account])
					return q.Limit(1)
				}
			},
		},
		{
			name: "A7/Sole",
			says: "Sole returns the only record, is ErrNotFound without one and ErrNotUnique with several, with one statement",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 3)
				sole := func(q *model.Builder[account]) (found *account, err error) {
					e.sends(t, 1, func() { found, err = q.Sole(e.ctx) })
					return found, err
				}
				found, err := sole(model.Query[account](e.db).Where("name", list[1].Name))
				require.NoError(t, err)
				require.Equal(t, list[1].ID, found.ID)
				_, err = sole(model.Query[account](e.db).Where("name", "nobody"))
				require.ErrorIs(t, err, model.ErrNotFound)
				none, err := sole(model.Query[account](e.db).Where("active", true))
				require.ErrorIs(t, err, model.ErrNotUnique)
				require.Nil(t, none)
				_, err = sole(model.Query[account](e.db).Where("active", true).Limit(10))
				require.ErrorIs(t, err, model.ErrNotUnique, "the query has a higher limit")
				found, err = sole(model.Query[account](e.db).Where("active", true).OrderBy("id").Limit(1))
				require.NoError(t, err, "the query has one row")
				require.Equal(t, list[0].ID, found.ID)
			},
			twin: func(e *env) { e.sql = bends(" LIMIT ?", " LIMIT min(1, ?)") },
		},
		{
			name: "A7/Exists",
			says: "Exists tells whether the query has a row, with one statement that reads one row at most",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 3)
				exists := func(q *model.Builder[account]) bool {
					var ok bool
					sent := e.sends(t, 1, func() {
						var err error
						ok, err = q.Exists(e.ctx)
						require.NoError(t, err)
					})
					require.Contains(t, sent[0], " LIMIT ")
					return ok
				}
				require.True(t, exists(model.Query[account](e.db)))
				require.True(t, exists(model.Query[account](e.db).Where("name", list[1].Name).OrderBy("email")))
				require.False(t, exists(model.Query[account](e.db).Where("name", "nobody")))
				require.False(t, exists(model.Query[account](e.db).WhereIn("id", []int{})))
				require.True(t, exists(model.Query[account](e.db).Offset(2)))
				require.False(t, exists(model.Query[account](e.db).Offset(3)))
			},
			twin: func(e *env) { e.sql = bends(" WHERE ", " WHERE 1 = 1 OR ") },
		},
		{
			name: "A7/Count",
			says: "Count returns the number of rows with one statement that is not sorted, within limit and offset of the query",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 5)
				count := func(q *model.Builder[account]) int64 {
					var n int64
					sent := e.sends(t, 1, func() {
						var err error
						n, err = q.Count(e.ctx)
						require.NoError(t, err)
					})
					require.NotContains(t, strings.ToUpper(sent[0]), "ORDER BY")
					return n
				}
				require.EqualValues(t, 5, count(model.Query[account](e.db)))
				require.EqualValues(t, 1, count(model.Query[account](e.db).Where("name", list[3].Name).OrderBy("name")))
				require.EqualValues(t, 0, count(model.Query[account](e.db).Where("name", "nobody")))
				require.EqualValues(t, 0, count(model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKey() })))
				require.EqualValues(t, 5, count(model.Query[account](e.db).Use(func(q *relation.Query) { q.WhereKeyNot() })))
				require.EqualValues(t, 2, count(model.Query[account](e.db).OrderBy("id").Limit(2)))
				require.EqualValues(t, 1, count(model.Query[account](e.db).OrderBy("id").Limit(3).Offset(4)))
				require.EqualValues(t, 1, count(model.Query[account](e.db).Select("active").Distinct()))
			},
			twin: func(e *env) { e.sql = bends("count(*)", "count(nick)") },
		},
	}
}
