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
	"github.com/kindred-orm/kindred/relation"
)

// trashedRecordPromises are about soft deletes of one record.
func trashedRecordPromises() []promise {
	return []promise{
		{
			name: "A13/RecordDelete",
			says: "Delete marks the row with the time by one UPDATE between its hooks: the record is Trashed, not IsDeleted, and equals its row",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				f, err := flyers(e).Find(e.ctx, 1)
				require.NoError(t, err)
				f.Series = "pending"
				ctx, moments := noting(e.ctx, "")
				sent := e.sends(t, 1, func() { require.NoError(t, f.Delete(ctx)) })
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				require.Equal(t, []hooks.Moment{hooks.Deleting, hooks.Deleted}, *moments)
				require.True(t, f.Trashed())
				require.False(t, f.IsDeleted())
				require.True(t, f.IsPersisted())
				require.True(t, e.clock.now.Equal(f.DeletedAt.Time))
				require.Equal(t, e.clock.now, f.UpdatedAt)
				require.Equal(t, []string{"Series"}, names(f.Dirty()), "other changes stay pending")
				gone, all := trashedCopies(t, e)
				require.EqualValues(t, trashed+1, gone)
				require.EqualValues(t, alive+trashed, all)
				row, err := f.Fresh(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "a", row.Series)
				require.True(t, row.DeletedAt.Valid)
				e.clock.add(time.Hour)
				e.sends(t, 0, func() { require.NoError(t, f.Delete(ctx), "it is marked already") })
			},
			twin: func(e *env) {
				e.sql = bends("UPDATE `flyers` SET `deleted_at` = ?", "UPDATE `flyers` SET `deleted_at` = NULL AND ?")
			},
		},
		{
			name: "A13/RecordRestore",
			says: "Restore takes the mark away by one UPDATE between its hooks, and sends nothing if there is none",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				f, err := flyers(e).WithTrashed().Find(e.ctx, 2)
				require.NoError(t, err)
				ctx, moments := noting(e.ctx, "")
				e.sends(t, 1, func() { require.NoError(t, f.Restore(ctx)) })
				require.Equal(t, []hooks.Moment{hooks.Restoring, hooks.Restored}, *moments)
				require.False(t, f.Trashed())
				require.False(t, f.IsDirty())
				require.Equal(t, e.clock.now, f.UpdatedAt)
				gone, _ := trashedCopies(t, e)
				require.EqualValues(t, 16, gone)
				found, err := flyers(e).Find(e.ctx, 2)
				require.NoError(t, err)
				require.True(t, found.Equal(f))
				e.sends(t, 0, func() { require.NoError(t, f.Restore(ctx)) })
				require.Len(t, *moments, 2)
			},
			twin: func(e *env) {
				e.sql = bends("UPDATE `flyers` SET `deleted_at` = ?", "UPDATE `flyers` SET `deleted_at` = coalesce(?, deleted_at)")
			},
		},
		{
			name: "A13/RecordForceDelete",
			says: "ForceDelete removes the row, soft deleted or not, by one DELETE between the hooks of a delete; the record refuses writes then",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				for _, id := range []int64{1, 2} {
					f, err := flyers(e).WithTrashed().Find(e.ctx, id)
					require.NoError(t, err)
					ctx, moments := noting(e.ctx, "")
					sent := e.sends(t, 1, func() { require.NoError(t, f.ForceDelete(ctx)) })
					require.True(t, strings.HasPrefix(sent[0], "DELETE "), sent[0])
					require.Equal(t, []hooks.Moment{hooks.Deleting, hooks.Deleted}, *moments)
					require.True(t, f.IsDeleted())
					for name, write := range map[string]func(context.Context) error{
						"Save": f.Save, "Delete": f.Delete, "ForceDelete": f.ForceDelete, "Restore": f.Restore, "Touch": f.Touch, "Refresh": f.Refresh,
					} {
						e.sends(t, 0, func() { require.ErrorIs(t, write(e.ctx), model.ErrDeleted, name) })
					}
				}
				_, all := trashedCopies(t, e)
				require.EqualValues(t, 31-1-8, all)
			},
			twin: func(e *env) {
				e.sql = bends("DELETE FROM `flyers` WHERE", "DELETE FROM `flyers` WHERE deleted_at IS NULL AND")
			},
		},
		{
			name: "A13/WritesOfTrashed",
			says: "Save, Touch, Increment, Refresh, Fresh and WithLock of a trashed record find its row by the key, and leave the mark alone",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				f, err := flyers(e).WithTrashed().Find(e.ctx, 2)
				require.NoError(t, err)
				was := f.DeletedAt
				f.Series = "saved"
				e.sends(t, 1, func() { require.NoError(t, f.Save(e.ctx)) })
				e.sends(t, 1, func() { require.NoError(t, f.Touch(e.ctx)) })
				e.sends(t, 1, func() { require.NoError(t, f.Increment(e.ctx, "copies", 1)) })
				e.sends(t, 1, func() { require.NoError(t, f.Refresh(e.ctx)) })
				require.Equal(t, "saved", f.Series)
				require.Equal(t, 9, f.Copies)
				require.True(t, f.Trashed())
				require.Equal(t, was, f.DeletedAt)
				fresh, err := f.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, fresh.Equal(f))
				require.True(t, fresh.Trashed())
				require.NoError(t, model.WithLock(e.ctx, nil, f, func(ctx context.Context, locked *flyer) error {
					locked.Copies = 10
					return locked.Save(ctx)
				}))
				gone, _ := trashedCopies(t, e)
				require.EqualValues(t, 10+16, gone)
			},
			twin: func(e *env) { e.sql = bends("`series` = ?", "`deleted_at` = NULL, `series` = ?") },
		},
		{
			name: "A13/TrashedElsewhere",
			says: "a record whose row somebody else has soft deleted can still be saved and refreshed, which shows the mark",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				f, err := flyers(e).Find(e.ctx, 1)
				require.NoError(t, err)
				_, err = flyers(e).Use(func(q *relation.Query) { q.WhereKey(1) }).Delete(e.ctx)
				require.NoError(t, err)
				require.False(t, f.Trashed(), "it was not looked again")
				f.Series = "saved"
				require.NoError(t, f.Save(e.ctx))
				require.NoError(t, f.Refresh(e.ctx))
				require.True(t, f.Trashed())
				require.Equal(t, "saved", f.Series)
				require.NoError(t, f.Restore(e.ctx))
				gone, _ := trashedCopies(t, e)
				require.EqualValues(t, trashed, gone)
			},
			twin: func(e *env) { e.sql = bends("`series` = ?", "`deleted_at` = NULL, `series` = ?") },
		},
		{
			name: "A13/FailingHooks",
			says: "an error of a hook around a soft delete or a restore undoes it, in the database and in the record",
			check: func(t testing.TB, e *env) {
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
					f, err := flyers(e).WithTrashed().Find(e.ctx, c.id)
					require.NoError(t, err)
					before := f.Attributes()
					ctx, _ := noting(e.ctx, c.at)
					require.ErrorIs(t, e.do("write", func() error { return c.write(f)(ctx) }), errReaction, c.at)
					require.Equal(t, before, f.Attributes(), c.at)
					require.Equal(t, c.id == 2, f.Trashed(), c.at)
					require.False(t, f.IsDeleted(), c.at)
					require.False(t, f.IsDirty(), c.at)
					gone, all := trashedCopies(t, e)
					require.EqualValues(t, trashed, gone, c.at)
					require.EqualValues(t, alive+trashed, all, c.at)
				}
				f, err := flyers(e).Find(e.ctx, 1)
				require.NoError(t, err)
				ctx, moments := noting(e.ctx, hooks.Deleting)
				require.NoError(t, model.DeleteQuietly(ctx, nil, f))
				require.Empty(t, *moments)
				require.True(t, f.Trashed())
			},
			twin: func(e *env) {
				e.op["write"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE flyers SET deleted_at = NULL").Error
					return err
				}
			},
		},
		{
			name: "A13/VanishedRows",
			says: "Delete, ForceDelete and Restore of a row that is gone, or whose version has changed, are ErrStale, and change no record",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &note{})
				list := make([]*note, 4)
				for i := range list {
					list[i] = &note{Title: "x"}
				}
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.NoError(t, list[3].Delete(e.ctx))
				require.NoError(t, e.gorm.Exec("UPDATE notes SET version = 9 WHERE id = ?", list[0].ID).Error)
				require.NoError(t, e.gorm.Exec("DELETE FROM notes WHERE id <> ?", list[0].ID).Error)
				for name, write := range map[string]func() error{
					"version, Delete":      func() error { return list[0].Delete(e.ctx) },
					"version, ForceDelete": func() error { return list[0].ForceDelete(e.ctx) },
					"gone, Delete":         func() error { return list[1].Delete(e.ctx) },
					"gone, ForceDelete":    func() error { return list[2].ForceDelete(e.ctx) },
					"gone, Restore":        func() error { return list[3].Restore(e.ctx) },
				} {
					require.ErrorIs(t, e.do("write", write), model.ErrStale, name)
				}
				for i, n := range list {
					require.Equal(t, i == 3, n.Trashed())
					require.False(t, n.IsDeleted())
				}
				require.EqualValues(t, 1, e.count(t, "notes"))
			},
			twin: func(e *env) { e.op["write"] = func(func() error) error { return nil } },
		},
	}
}

// trashedMakerPromises are about making rows next to soft deleted ones.
func trashedMakerPromises() []promise {
	return []promise{
		{
			name: "A13/UniqueValues",
			says: "a soft deleted row keeps its unique value: a new row with it is ErrDuplicate until the old one is gone for good",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &leaflet{})
				old := &leaflet{Slug: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, old))
				require.NoError(t, old.Delete(e.ctx))
				require.ErrorIs(t, e.do("create", func() error { return model.Create(e.ctx, e.db, &leaflet{Slug: "a"}) }), model.ErrDuplicate)
				require.NoError(t, old.ForceDelete(e.ctx))
				require.NoError(t, model.Create(e.ctx, e.db, &leaflet{Slug: "a"}))
				require.EqualValues(t, 1, e.count(t, "leaflets"))
			},
			twin: func(e *env) { e.op["create"] = func(func() error) error { return nil } },
		},
		{
			name: "A13/MakersDoNotSee",
			says: "FirstOrNew, FirstOrCreate and FetchOrNewUpMany do not find soft deleted rows; without a unique index they make new ones",
			check: func(t testing.TB, e *env) {
				seedFlyers(t, e)
				f, err := model.FirstOrNew[flyer](e.ctx, e.db, model.Attrs{"copies": 8}, nil)
				require.NoError(t, err)
				require.True(t, f.IsNew())
				list, err := model.FetchOrNewUpMany[flyer](e.ctx, e.db, []string{"copies"}, []model.Attrs{{"copies": 16}, {"copies": 1}})
				require.NoError(t, err)
				require.True(t, list[0].IsNew())
				require.False(t, list[1].IsNew())
				e.sends(t, 2, func() {
					f, err := model.FirstOrCreate[flyer](e.ctx, e.db, model.Attrs{"copies": 8}, nil)
					require.NoError(t, err)
					require.True(t, model.IsLocal(f))
				})
				gone, all := trashedCopies(t, e)
				require.EqualValues(t, trashed, gone)
				require.EqualValues(t, alive+trashed+8, all)
			},
			twin: func(e *env) { e.sql = seesAll },
		},
		{
			name: "A13/UpsertOfTrashed",
			says: "Upsert addresses rows by their unique values: a soft deleted one is updated and stays deleted, and its record says so",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &leaflet{})
				require.NoError(t, e.gorm.Exec("INSERT INTO leaflets (slug, title, deleted_at) VALUES ('a', 'A', '2026-01-01 00:00:00')").Error)
				a := &leaflet{Slug: "a", Title: "B"}
				e.sends(t, 1, func() { require.NoError(t, model.Upsert(e.ctx, e.db, []*leaflet{a}, []string{"slug"}, "title")) })
				require.True(t, a.Trashed())
				require.EqualValues(t, 1, a.ID)
				require.EqualValues(t, 1, e.count(t, "leaflets"))
				require.EqualValues(t, "B", e.rows(t, "SELECT title FROM leaflets")[0]["title"])
				require.NoError(t, a.Restore(e.ctx))
				e.sends(t, 1, func() {
					found, err := model.Query[leaflet](e.db).FindBy(e.ctx, "slug", "a")
					require.NoError(t, err)
					require.True(t, found.Equal(a))
				})
			},
			twin: func(e *env) { e.sql = bendsInsert("`excluded`.`title`", "'C'") },
		},
	}
}
