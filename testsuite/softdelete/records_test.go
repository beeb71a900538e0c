// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Delete marks the row with the time by one UPDATE between its hooks: the record is Trashed, not IsDeleted,
// and equals its row.
func TestDeleteMarksTheRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		f, err := flyers(e).Find(e.Ctx, 1)
		require.NoError(t, err)
		f.Series = "pending"
		ctx, moments := noting(e.Ctx, "")
		sent := e.Sends(t, 1, func() { require.NoError(t, f.Delete(ctx)) })
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		require.Equal(t, []hooks.Moment{hooks.Deleting, hooks.Deleted}, *moments)
		require.True(t, f.Trashed())
		require.False(t, f.IsDeleted())
		require.True(t, f.IsPersisted())
		require.True(t, e.Clock.Now().Equal(f.DeletedAt.Time))
		require.Equal(t, e.Clock.Now(), f.UpdatedAt)
		require.Equal(t, []string{"Series"}, names(f.Dirty()), "other changes stay pending")
		gone, all := trashedCopies(t, e)
		require.EqualValues(t, copiesTrashed+1, gone)
		require.EqualValues(t, copiesAlive+copiesTrashed, all)
		row, err := f.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "a", row.Series)
		require.True(t, row.DeletedAt.Valid)
		e.Clock.Add(time.Hour)
		e.Sends(t, 0, func() { require.NoError(t, f.Delete(ctx), "it is marked already") })
	})
}

// Restore takes the mark away by one UPDATE between its hooks, and sends nothing if there is none.
func TestRestoreUnmarksTheRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		f, err := flyers(e).WithTrashed().Find(e.Ctx, 2)
		require.NoError(t, err)
		ctx, moments := noting(e.Ctx, "")
		e.Sends(t, 1, func() { require.NoError(t, f.Restore(ctx)) })
		require.Equal(t, []hooks.Moment{hooks.Restoring, hooks.Restored}, *moments)
		require.False(t, f.Trashed())
		require.False(t, f.IsDirty())
		require.Equal(t, e.Clock.Now(), f.UpdatedAt)
		gone, _ := trashedCopies(t, e)
		require.EqualValues(t, 16, gone)
		found, err := flyers(e).Find(e.Ctx, 2)
		require.NoError(t, err)
		require.True(t, found.Equal(f))
		e.Sends(t, 0, func() { require.NoError(t, f.Restore(ctx)) })
		require.Len(t, *moments, 2)
	})
}

// ForceDelete removes the row, soft deleted or not, by one DELETE between the hooks of a delete; the record
// refuses writes then.
func TestForceDeleteRemovesTheRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for _, id := range []int64{1, 2} {
			f, err := flyers(e).WithTrashed().Find(e.Ctx, id)
			require.NoError(t, err)
			ctx, moments := noting(e.Ctx, "")
			sent := e.Sends(t, 1, func() { require.NoError(t, f.ForceDelete(ctx)) })
			require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
			require.Equal(t, []hooks.Moment{hooks.Deleting, hooks.Deleted}, *moments)
			require.True(t, f.IsDeleted())
			for name, write := range map[string]func(context.Context) error{
				"Save": f.Save, "Delete": f.Delete, "ForceDelete": f.ForceDelete, "Restore": f.Restore, "Touch": f.Touch, "Refresh": f.Refresh,
			} {
				e.Sends(t, 0, func() { require.ErrorIs(t, write(e.Ctx), model.ErrDeleted, name) })
			}
		}
		_, all := trashedCopies(t, e)
		require.EqualValues(t, 31-1-8, all)
	})
}

// Save, Touch, Increment, Refresh, Fresh and WithLock of a trashed record find its row by the key, and
// leave the mark alone.
func TestTrashedRecordCanBeWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		f, err := flyers(e).WithTrashed().Find(e.Ctx, 2)
		require.NoError(t, err)
		was := f.DeletedAt
		f.Series = "saved"
		e.Sends(t, 1, func() { require.NoError(t, f.Save(e.Ctx)) })
		e.Sends(t, 1, func() { require.NoError(t, f.Touch(e.Ctx)) })
		e.Sends(t, 1, func() { require.NoError(t, f.Increment(e.Ctx, "copies", 1)) })
		e.Sends(t, 1, func() { require.NoError(t, f.Refresh(e.Ctx)) })
		require.Equal(t, "saved", f.Series)
		require.Equal(t, 9, f.Copies)
		require.True(t, f.Trashed())
		require.Equal(t, was, f.DeletedAt)
		fresh, err := f.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, fresh.Equal(f))
		require.True(t, fresh.Trashed())
		require.NoError(t, f.WithLock(e.Ctx, func(ctx context.Context, locked *flyer) error {
			locked.Copies = 10
			return locked.Save(ctx)
		}))
		gone, _ := trashedCopies(t, e)
		require.EqualValues(t, 10+16, gone)
	})
}

// A record whose row somebody else has soft deleted can still be saved and refreshed, which shows the mark.
func TestRowTrashedElsewhereCanBeSaved(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		f, err := flyers(e).Find(e.Ctx, 1)
		require.NoError(t, err)
		_, err = flyers(e).Use(func(q *relation.Query) { q.WhereKey(1) }).Delete(e.Ctx)
		require.NoError(t, err)
		require.False(t, f.Trashed(), "it was not looked again")
		f.Series = "saved"
		require.NoError(t, f.Save(e.Ctx))
		require.NoError(t, f.Refresh(e.Ctx))
		require.True(t, f.Trashed())
		require.Equal(t, "saved", f.Series)
		require.NoError(t, f.Restore(e.Ctx))
		gone, _ := trashedCopies(t, e)
		require.EqualValues(t, copiesTrashed, gone)
	})
}

// An error of a hook around a soft delete or a restore undoes it, in the database and in the record.
func TestFailingHookUndoesDeleteAndRestore(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for _, c := range []struct {
			at    hooks.Moment
			id    int64
			write func(f *flyer) func(context.Context) error
		}{
			{hooks.Deleting, 1, func(f *flyer) func(context.Context) error { return f.Delete }},
			{hooks.Deleted, 1, func(f *flyer) func(context.Context) error { return f.Delete }},
			{hooks.Deleted, 1, func(f *flyer) func(context.Context) error { return f.ForceDelete }},
			{hooks.Deleted, 2, func(f *flyer) func(context.Context) error { return f.ForceDelete }},
			{hooks.Restoring, 2, func(f *flyer) func(context.Context) error { return f.Restore }},
			{hooks.Restored, 2, func(f *flyer) func(context.Context) error { return f.Restore }},
		} {
			f, err := flyers(e).WithTrashed().Find(e.Ctx, c.id)
			require.NoError(t, err)
			before := f.Attributes()
			ctx, _ := noting(e.Ctx, c.at)
			require.ErrorIs(t, c.write(f)(ctx), errReaction, c.at)
			require.Equal(t, before, f.Attributes(), c.at)
			require.Equal(t, c.id == 2, f.Trashed(), c.at)
			require.False(t, f.IsDeleted(), c.at)
			require.False(t, f.IsDirty(), c.at)
			gone, all := trashedCopies(t, e)
			require.EqualValues(t, copiesTrashed, gone, c.at)
			require.EqualValues(t, copiesAlive+copiesTrashed, all, c.at)
		}
		f, err := flyers(e).Find(e.Ctx, 1)
		require.NoError(t, err)
		ctx, moments := noting(e.Ctx, hooks.Deleting)
		require.NoError(t, model.DeleteQuietly(ctx, nil, f))
		require.Empty(t, *moments)
		require.True(t, f.Trashed())
	})
}

// Delete, ForceDelete and Restore of a row that is gone, or whose version has changed, are ErrStale, and
// change no record.
func TestDeleteOfAVanishedRowIsErrStale(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		list := make([]*note, 4)
		for i := range list {
			list[i] = &note{Title: "x"}
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.NoError(t, list[3].Delete(e.Ctx))
		require.NoError(t, e.Gorm.Exec("UPDATE notes SET version = 9 WHERE id = ?", list[0].ID).Error)
		require.NoError(t, e.Gorm.Exec("DELETE FROM notes WHERE id <> ?", list[0].ID).Error)
		for name, write := range map[string]func() error{
			"version, Delete":      func() error { return list[0].Delete(e.Ctx) },
			"version, ForceDelete": func() error { return list[0].ForceDelete(e.Ctx) },
			"gone, Delete":         func() error { return list[1].Delete(e.Ctx) },
			"gone, ForceDelete":    func() error { return list[2].ForceDelete(e.Ctx) },
			"gone, Restore":        func() error { return list[3].Restore(e.Ctx) },
		} {
			require.ErrorIs(t, write(), model.ErrStale, name)
		}
		for i, n := range list {
			require.Equal(t, i == 3, n.Trashed())
			require.False(t, n.IsDeleted())
		}
		require.EqualValues(t, 1, e.Count(t, "notes"))
	})
}

// A soft deleted row keeps its unique value: a new row with it is ErrDuplicate until the old one is gone
// for good.
func TestSoftDeletedRowKeepsItsUniqueValue(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &leaflet{})
		old := &leaflet{Slug: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, old))
		require.NoError(t, old.Delete(e.Ctx))
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &leaflet{Slug: "a"}), model.ErrDuplicate)
		require.NoError(t, old.ForceDelete(e.Ctx))
		require.NoError(t, model.Create(e.Ctx, e.DB, &leaflet{Slug: "a"}))
		require.EqualValues(t, 1, e.Count(t, "leaflets"))
	})
}

// FirstOrNew, FirstOrCreate and FetchOrNewUpMany do not find soft deleted rows; without a unique index they
// make new ones.
func TestFindersDoNotFindSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		f, err := model.FirstOrNew[flyer](e.Ctx, e.DB, model.Attrs{"copies": 8}, nil)
		require.NoError(t, err)
		require.True(t, f.IsNew())
		list, err := model.FetchOrNewUpMany[flyer](e.Ctx, e.DB, []string{"copies"}, []model.Attrs{{"copies": 16}, {"copies": 1}})
		require.NoError(t, err)
		require.True(t, list[0].IsNew())
		require.False(t, list[1].IsNew())
		e.Sends(t, 2, func() {
			f, err := model.FirstOrCreate[flyer](e.Ctx, e.DB, model.Attrs{"copies": 8}, nil)
			require.NoError(t, err)
			require.True(t, model.IsLocal(f))
		})
		gone, all := trashedCopies(t, e)
		require.EqualValues(t, copiesTrashed, gone)
		require.EqualValues(t, copiesAlive+copiesTrashed+8, all)
	})
}
