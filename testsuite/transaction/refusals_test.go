// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A write that the database refuses does not end the transaction: what was and what is written else is
// committed.
func TestRefusedWriteLeavesTheTransactionUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		refusals := foldersOf(t, e)
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &folder{Code: "before", Title: new("")}))
			for name, r := range refusals {
				for range 2 {
					require.ErrorIs(t, r.write(ctx), r.want, name)
				}
				require.NoError(t, model.Create(ctx, tx, &folder{Code: "after " + name, Title: new("")}), name)
			}
			return nil
		}))
		require.EqualValues(t, 3+1+len(refusals), e.Count(t, "folders"))
		require.Len(t, e.Rows(t, "SELECT code FROM folders WHERE depth > 0 OR title = 'changed'"), 0)
	})
}

// The same refusals outside of a transaction are the same errors, and change nothing.
func TestRefusalsOutsideAreTheSameErrors(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		refusals := foldersOf(t, e)
		for name, r := range refusals {
			err := r.write(e.Ctx)
			require.ErrorIs(t, err, r.want, name)
			var constraint *model.ConstraintError
			require.ErrorAs(t, err, &constraint, name)
			require.NotEmpty(t, constraint.Kind, name)
			require.Error(t, constraint.Err, name)
		}
		require.EqualValues(t, 3, e.Count(t, "folders"))
		require.Len(t, e.Rows(t, "SELECT code FROM folders WHERE depth > 0 OR title = 'changed'"), 0)
	})
}

// A transaction survives hundreds of refused writes among hundreds of good ones.
func TestTransactionSurvivesManyRefusals(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for i := range 300 {
				email := string(rune('a' + i%3))
				err := model.Create(ctx, tx, &account{Email: email})
				if i < 3 {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, model.ErrDuplicate)
				}
			}
			return nil
		}))
		require.Equal(t, []string{"a", "b", "c"}, emails(t, e))
	})
}

// refusal is a write that the database refuses.
type refusal struct {
	write func(ctx context.Context) error
	want  error
}

// foldersOf makes three folders, and returns writes of every kind that their constraints refuse.
func foldersOf(t testing.TB, e *harness.Env) map[string]refusal {
	t.Helper()
	require.NoError(t, e.Gorm.Exec(createFolders).Error)
	require.NoError(t, e.DB.Register(&folder{}))
	title := new("")
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*folder{{Code: "root", Title: title}, {Code: "child", Parent: new("root"), Title: title}, {Code: "leaf", Title: title}}))
	find := func(ctx context.Context, code string) *folder {
		f, err := model.Query[folder](e.DB).Find(ctx, code)
		require.NoError(t, err)
		return f
	}
	change := func(ctx context.Context, with func(f *folder)) error {
		f := find(ctx, "leaf")
		with(f)
		before := f.Dirty()
		err := f.Save(ctx)
		require.Equal(t, before, f.Dirty())
		return err
	}
	bulk := func(ctx context.Context, values model.Attrs) error {
		_, err := model.Query[folder](e.DB).Where("code", "leaf").Update(ctx, values)
		return err
	}
	return map[string]refusal{
		"Create: unique": {func(ctx context.Context) error { return model.Create(ctx, e.DB, &folder{Code: "root", Title: title}) }, model.ErrDuplicate},
		"Create: foreign key": {func(ctx context.Context) error {
			return model.Create(ctx, e.DB, &folder{Code: "x", Parent: new("no"), Title: title})
		}, model.ErrForeignKey},
		"Create: not null": {func(ctx context.Context) error { return model.Create(ctx, e.DB, &folder{Code: "x"}) }, model.ErrInvalidValue},
		"Create: check": {func(ctx context.Context) error {
			return model.Create(ctx, e.DB, &folder{Code: "x", Depth: 11, Title: title})
		}, model.ErrInvalidValue},
		"CreateMany": {func(ctx context.Context) error {
			return model.CreateMany(ctx, e.DB, []*folder{{Code: "x", Title: title}, {Code: "y", Depth: 11, Title: title}})
		}, model.ErrInvalidValue},
		"Insert": {func(ctx context.Context) error {
			return model.Insert(ctx, e.DB, []*folder{{Code: "x", Title: title}, {Code: "root", Title: title}})
		}, model.ErrDuplicate},
		"Upsert": {func(ctx context.Context) error {
			return model.Upsert(ctx, e.DB, []*folder{{Code: "root", Title: new("changed")}, {Code: "x", Parent: new("no"), Title: title}}, nil)
		}, model.ErrForeignKey},
		"FirstOrCreate": {func(ctx context.Context) error {
			_, err := model.FirstOrCreate[folder](ctx, e.DB, model.Attrs{"code": "x"}, model.Attrs{"title": "", "parent": "no"})
			return err
		}, model.ErrForeignKey},
		"UpdateOrCreate": {func(ctx context.Context) error {
			_, err := model.UpdateOrCreate[folder](ctx, e.DB, model.Attrs{"code": "leaf"}, model.Attrs{"depth": 11})
			return err
		}, model.ErrInvalidValue},
		"FetchOrCreateMany": {func(ctx context.Context) error {
			_, err := model.FetchOrCreateMany[folder](ctx, e.DB, []string{"code"}, []model.Attrs{{"code": "x", "title": ""}, {"code": "y"}})
			return err
		}, model.ErrInvalidValue},
		"Save: unique":      {func(ctx context.Context) error { return change(ctx, func(f *folder) { f.Code = "root" }) }, model.ErrDuplicate},
		"Save: foreign key": {func(ctx context.Context) error { return change(ctx, func(f *folder) { f.Parent = new("no") }) }, model.ErrForeignKey},
		"Save: not null":    {func(ctx context.Context) error { return change(ctx, func(f *folder) { f.Title = nil }) }, model.ErrInvalidValue},
		"Save: check":       {func(ctx context.Context) error { return change(ctx, func(f *folder) { f.Depth = 10 }) }, model.ErrInvalidValue},
		"Increment":         {func(ctx context.Context) error { return find(ctx, "leaf").Increment(ctx, "depth", 10) }, model.ErrInvalidValue},
		"Delete": {func(ctx context.Context) error {
			f := find(ctx, "root")
			err := f.Delete(ctx)
			require.False(t, f.IsDeleted())
			return err
		}, model.ErrForeignKey},
		"bulk Update: unique":      {func(ctx context.Context) error { return bulk(ctx, model.Attrs{"code": "root"}) }, model.ErrDuplicate},
		"bulk Update: foreign key": {func(ctx context.Context) error { return bulk(ctx, model.Attrs{"parent": "no"}) }, model.ErrForeignKey},
		"bulk Update: check":       {func(ctx context.Context) error { return bulk(ctx, model.Attrs{"depth": 10}) }, model.ErrInvalidValue},
		"bulk Increment": {func(ctx context.Context) error {
			_, err := model.Query[folder](e.DB).Where("code", "leaf").Increment(ctx, "depth", 10)
			return err
		}, model.ErrInvalidValue},
		"bulk Delete": {func(ctx context.Context) error {
			_, err := model.Query[folder](e.DB).Where("code", "root").Delete(ctx)
			return err
		}, model.ErrForeignKey},
	}
}
