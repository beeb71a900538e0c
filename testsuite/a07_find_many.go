// SPDX-License-Identifier: MIT

package testsuite

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// findManyPromises are about FindMany.
func findManyPromises() []promise {
	return []promise{
		{
			name: "A7/FindManyKeepsOrder",
			says: "FindMany returns the records in the order of the keys with one statement, whatever the order of the query",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 5)
				for _, order := range [][]int{{4, 0, 2, 1, 3}, {0, 1, 2, 3, 4}, {3, 1}} {
					var ids []any
					for _, i := range order {
						ids = append(ids, list[i].ID)
					}
					e.sends(t, 1, func() {
						found, err := model.Query[account](e.db).OrderBy("id").FindMany(e.ctx, ids...)
						require.NoError(t, err)
						found = see(e, "found", found)
						require.Len(t, found, len(order))
						for i, a := range found {
							require.Equal(t, ids[i], a.ID)
							require.Equal(t, list[order[i]].Email, a.Email)
						}
					})
				}
			},
			twin: func(e *env) {
				e.seen["found"] = func(any) any {
					list, _ := model.Query[account](e.db).OrderBy("id").All(e.ctx)
					return list
				}
			},
		},
		{
			name: "A7/FindManyDropsDuplicates",
			says: "FindMany returns every record once, however often and in whatever form its key is given",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 2)
				a, b := list[0].ID, list[1].ID
				e.sends(t, 1, func() {
					found, err := model.Query[account](e.db).FindMany(e.ctx, b, a, b, strconv.FormatInt(a, 10), int32(b), &a) //nolint:gosec // small.
					require.NoError(t, err)
					found = see(e, "found", found)
					require.Len(t, found, 2)
					require.Equal(t, b, found[0].ID)
					require.Equal(t, a, found[1].ID)
				})
			},
			twin: func(e *env) {
				e.seen["found"] = func(v any) any {
					list, _ := v.([]*account)
					return append(list, list...)
				}
			},
		},
		{
			name: "A7/FindManyLeavesOutMissing",
			says: "FindMany leaves out keys without a row, and is no error",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 2)
				e.sends(t, 1, func() {
					found, err := model.Query[account](e.db).FindMany(e.ctx, -1, list[1].ID, 0, 1<<40, list[0].ID)
					require.NoError(t, err)
					require.Len(t, found, 2)
					require.Equal(t, list[1].ID, found[0].ID)
				})
				e.sends(t, 1, func() {
					found, err := model.Query[account](e.db).FindMany(e.ctx, -1)
					require.NoError(t, err)
					require.Empty(t, found)
				})
			},
			twin: func(e *env) { e.sql = bends(" WHERE ", " WHERE 1 = 0 AND ") },
		},
		{
			name: "A7/FindManyOfNothing",
			says: "FindMany without keys, or with empty lists of keys, sends nothing and returns no records",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				someAccounts(t, e, 1)
				for _, ids := range [][]any{nil, {}, {[]int64{}}, {[]int{}, []string{}}, {[]any(nil)}} {
					e.sends(t, 0, func() {
						require.NoError(t, e.do("find", func() error {
							found, err := model.Query[account](e.db).FindMany(e.ctx, ids...)
							require.Empty(t, found)
							return err
						}))
					})
				}
			},
			twin: findsByText,
		},
		{
			name: "A7/FindManyTakesLists",
			says: "FindMany takes lists of keys apart, of any type that a key can have",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &badge{})
				list := someAccounts(t, e, 3)
				ids := []int64{list[2].ID, list[0].ID}
				for _, given := range [][]any{
					{ids},
					{[]any{ids[0], ids[1]}},
					{[]int64{ids[0]}, ids[1]},
					{[]string{strconv.FormatInt(ids[0], 10), strconv.FormatInt(ids[1], 10)}},
					{[]*int64{&ids[0], &ids[1]}},
				} {
					e.sends(t, 1, func() {
						found, err := model.Query[account](e.db).FindMany(e.ctx, given...)
						require.NoError(t, err)
						require.Len(t, found, 2, "%T", given[0])
						require.Equal(t, ids[0], found[0].ID)
						require.Equal(t, ids[1], found[1].ID)
					})
				}
				for _, code := range []string{"x", `"`, `{`, `\`, ",", "NULL"} {
					require.NoError(t, model.Create(e.ctx, e.db, &badge{Code: code}))
				}
				e.sends(t, 1, func() {
					found, err := model.Query[badge](e.db).FindMany(e.ctx, []string{"NULL", `\`, "{", `"`, ",", "x", `x"`})
					require.NoError(t, err)
					var codes []string
					for _, b := range found {
						codes = append(codes, b.Code)
					}
					require.Equal(t, []string{"NULL", `\`, "{", `"`, ",", "x"}, codes)
				})
			},
			twin: func(e *env) { e.sql = bends(" WHERE ", " WHERE 1 = 0 AND ") },
		},
		{
			name: "A7/FindManyOfSelected",
			says: "FindMany of a query that selects columns returns the records all the same: the key is selected too",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := someAccounts(t, e, 3)
				e.sends(t, 1, func() {
					found, err := model.Query[account](e.db).Select("Email").FindMany(e.ctx, list[2].ID, list[0].ID)
					require.NoError(t, err)
					require.Len(t, found, 2)
					require.Equal(t, list[2].Email, found[0].Email)
					require.Equal(t, list[0].Email, found[1].Email)
					require.Empty(t, found[0].Name)
				})
			},
			twin: func(e *env) { e.sql = bends("`accounts`.`email`,", "'',") },
		},
		{
			name: "A7/FindManyOfCompositeKeys",
			says: "FindMany of a model with a composite key is ErrUnsupported, and sends nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &seat{})
				e.sends(t, 0, func() {
					require.ErrorIs(t, e.do("find", func() error {
						_, err := model.Query[seat](e.db).FindMany(e.ctx, 1, 2)
						return err
					}), model.ErrUnsupported)
				})
			},
			twin: findsByText,
		},
	}
}
