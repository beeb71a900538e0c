// SPDX-License-Identifier: MIT

package testsuite

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// trashedBulkPromises are about writes by query.
func trashedBulkPromises() []promise {
	return []promise{
		{
			name: "A13/BulkDelete",
			says: "Delete of a query marks the rows that are not deleted with the time, with one UPDATE, and leaves older marks alone",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				sent := e.sends(t, 1, func() {
					n, err := flyers(e).Where("series", "a").Delete(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				gone, all := trashedCopies(t, e)
				require.EqualValues(t, trashed+1+4, gone)
				require.EqualValues(t, alive+trashed, all)
				list, err := flyers(e).OnlyTrashed().OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
				for i, want := range []time.Time{e.clock.now, old, old, e.clock.now} {
					require.True(t, want.Equal(list[i].DeletedAt.Time), "%d: %v", i, list[i].DeletedAt.Time)
					require.True(t, want.Equal(list[i].UpdatedAt), "%d: %v", i, list[i].UpdatedAt)
				}
				n, err := flyers(e).Where("series", "a").Delete(e.ctx)
				require.NoError(t, err)
				require.Zero(t, n)
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NULL", "1 = 1") },
		},
		{
			name: "A13/BulkForceDelete",
			says: "ForceDelete of a query removes rows for good: those that are not deleted, all, or only the trashed ones, as the query says",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				for _, c := range []struct {
					q       *model.Builder[flyer]
					n, left int64
				}{
					{flyers(e).Where("series", "a").Where("copies", ">", 1), 1, 31 - 4},
					{flyers(e).OnlyTrashed().Where("copies", "<", 10), 1, 31 - 4 - 8},
					{flyers(e).WithTrashed().Where("series", "b"), 2, 1},
					{flyers(e).OnlyTrashed().AllRows(), 0, 1},
					{flyers(e).AllRows(), 1, 0},
				} {
					sent := e.sends(t, 1, func() {
						n, err := c.q.ForceDelete(e.ctx)
						require.NoError(t, err)
						require.Equal(t, c.n, n)
					})
					require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
					_, all := trashedCopies(t, e)
					require.Equal(t, c.left, all)
				}
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NULL", "1 = 1") },
		},
		{
			name: "A13/BulkRestore",
			says: "Restore of a query takes the mark from the trashed rows among its rows with one UPDATE, and leaves the others alone",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				e.sends(t, 1, func() {
					n, err := flyers(e).Where("series", "a").Restore(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 1, n)
				})
				gone, _ := trashedCopies(t, e)
				require.EqualValues(t, 16, gone)
				list, err := flyers(e).OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
				for i, want := range []time.Time{old, e.clock.now, old, old} {
					require.True(t, want.Equal(list[i].UpdatedAt), "%d: %v", i, list[i].UpdatedAt)
				}
				n, err := flyers(e).OnlyTrashed().AllRows().Restore(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				gone, _ = trashedCopies(t, e)
				require.Zero(t, gone)
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NOT NULL", "1 = 1") },
		},
		{
			name: "A13/BulkUpdate",
			says: "Update, Increment and Decrement of a query leave soft deleted rows alone, unless it asks for them",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				n, err := flyers(e).AllRows().Update(e.ctx, model.Attrs{"series": "c"})
				require.NoError(t, err)
				require.EqualValues(t, 3, n)
				n, err = flyers(e).Where("copies", ">", 0).Increment(e.ctx, "copies", 100)
				require.NoError(t, err)
				require.EqualValues(t, 3, n)
				n, err = flyers(e).OnlyTrashed().AllRows().Increment(e.ctx, "copies", 1000)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				n, err = flyers(e).WithTrashed().AllRows().Untyped().Decrement(e.ctx, "copies", 1)
				require.NoError(t, err)
				require.EqualValues(t, 5, n)
				gone, all := trashedCopies(t, e)
				require.EqualValues(t, trashed+2000-2, gone)
				require.EqualValues(t, alive+trashed+2000+300-5, all)
				require.Len(t, e.rows(t, "SELECT id FROM flyers WHERE series = 'c'"), 3)
			},
			twin: func(e *env) { e.sql = bends("`flyers`.`deleted_at` IS NULL", "1 = 1") },
		},
		{
			name: "A13/BulkNeedsACondition",
			says: "Delete, ForceDelete and Restore of a query without a condition are ErrMissingWhere: asking for trashed rows is none",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				for _, q := range []*model.Builder[flyer]{flyers(e), flyers(e).WithTrashed(), flyers(e).OnlyTrashed()} {
					e.sends(t, 0, func() {
						require.ErrorIs(t, e.do("find", func() error { return second(q.Delete(e.ctx)) }), model.ErrMissingWhere)
						require.ErrorIs(t, second(q.ForceDelete(e.ctx)), model.ErrMissingWhere)
						require.ErrorIs(t, second(q.Restore(e.ctx)), model.ErrMissingWhere)
					})
				}
			},
			twin: findsByText,
		},
		{
			name: "A13/Truncate",
			says: "Truncate removes all rows, soft deleted or not",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				e.sends(t, 1, func() { require.NoError(t, model.Truncate[flyer](e.ctx, e.db)) })
				require.Zero(t, e.count(t, "flyers"))
			},
			twin: func(e *env) { e.sql = bends("DELETE FROM `flyers`", "DELETE FROM `flyers` WHERE deleted_at IS NULL") },
		},
	}
}
