// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Delete of a query marks the rows that are not deleted with the time, with one UPDATE, and leaves older
// marks alone.
func TestBulkDeleteMarksRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		sent := e.Sends(t, 1, func() {
			n, err := flyers(e).Where("series", "a").Delete(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		gone, all := trashedCopies(t, e)
		require.EqualValues(t, copiesTrashed+1+4, gone)
		require.EqualValues(t, copiesAlive+copiesTrashed, all)
		list, err := flyers(e).OnlyTrashed().OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i, want := range []time.Time{e.Clock.Now(), old, old, e.Clock.Now()} {
			require.True(t, want.Equal(list[i].DeletedAt.Time), "%d: %v", i, list[i].DeletedAt.Time)
			require.True(t, want.Equal(list[i].UpdatedAt), "%d: %v", i, list[i].UpdatedAt)
		}
		n, err := flyers(e).Where("series", "a").Delete(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

// ForceDelete of a query removes rows for good: those that are not deleted, all, or only the trashed ones,
// as the query says.
func TestBulkForceDeleteRemovesRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
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
			sent := e.Sends(t, 1, func() {
				n, err := c.q.ForceDelete(e.Ctx)
				require.NoError(t, err)
				require.Equal(t, c.n, n)
			})
			require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
			_, all := trashedCopies(t, e)
			require.Equal(t, c.left, all)
		}
	})
}

// Restore of a query takes the mark from the trashed rows among its rows with one UPDATE, and leaves the
// others alone.
func TestBulkRestoreUnmarksTrashedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		e.Sends(t, 1, func() {
			n, err := flyers(e).Where("series", "a").Restore(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
		gone, _ := trashedCopies(t, e)
		require.EqualValues(t, 16, gone)
		list, err := flyers(e).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i, want := range []time.Time{old, e.Clock.Now(), old, old} {
			require.True(t, want.Equal(list[i].UpdatedAt), "%d: %v", i, list[i].UpdatedAt)
		}
		n, err := flyers(e).OnlyTrashed().AllRows().Restore(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		gone, _ = trashedCopies(t, e)
		require.Zero(t, gone)
	})
}

// Update, Increment and Decrement of a query leave soft deleted rows alone, unless it asks for them.
func TestBulkWritesLeaveSoftDeletedRowsAlone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		n, err := flyers(e).AllRows().Update(e.Ctx, model.Attrs{"series": "c"})
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		n, err = flyers(e).Where("copies", ">", 0).Increment(e.Ctx, "copies", 100)
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		n, err = flyers(e).OnlyTrashed().AllRows().Increment(e.Ctx, "copies", 1000)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		n, err = flyers(e).WithTrashed().AllRows().Untyped().Decrement(e.Ctx, "copies", 1)
		require.NoError(t, err)
		require.EqualValues(t, 5, n)
		gone, all := trashedCopies(t, e)
		require.EqualValues(t, copiesTrashed+2000-2, gone)
		require.EqualValues(t, copiesAlive+copiesTrashed+2000+300-5, all)
		require.Len(t, e.Rows(t, "SELECT id FROM flyers WHERE series = 'c'"), 3)
	})
}

// Delete, ForceDelete and Restore of a query without a condition are ErrMissingWhere: asking for trashed
// rows is none.
func TestBulkDeleteNeedsACondition(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for _, q := range []*model.Builder[flyer]{flyers(e), flyers(e).WithTrashed(), flyers(e).OnlyTrashed()} {
			e.Sends(t, 0, func() {
				require.ErrorIs(t, harness.Err(q.Delete(e.Ctx)), model.ErrMissingWhere)
				require.ErrorIs(t, harness.Err(q.ForceDelete(e.Ctx)), model.ErrMissingWhere)
				require.ErrorIs(t, harness.Err(q.Restore(e.Ctx)), model.ErrMissingWhere)
			})
		}
	})
}

// Truncate removes all rows, soft deleted or not.
func TestTruncateRemovesAllRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		e.Sends(t, 1, func() { require.NoError(t, model.Truncate[flyer](e.Ctx, e.DB)) })
		require.Zero(t, e.Count(t, "flyers"))
	})
}
