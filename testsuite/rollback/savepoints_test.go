// SPDX-License-Identifier: MIT

package rollback_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type article struct {
	model.BaseModel[article]

	ID    int64
	Title string

	Tags []*tag `relation:"manyToMany;pivotTable:article_tag"`
}

type tag struct {
	model.BaseModel[tag]

	ID   int64
	Name string `gorm:"unique"`
}

func (*tag) Define(d *model.Definition[tag]) {
	d.On(hooks.Saving, func(context.Context, *tag) error { return nil })
}

// TestSavepointsAreOnlySentWhereNeeded: one per call that writes in a transaction, none inside a call, and none for a call that
// writes nothing.
func TestSavepointsAreOnlySentWhereNeeded(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &article{}, &tag{})
		known := &tag{Name: "known"}
		require.NoError(t, model.Create(e.Ctx, e.DB, known))
		news := func() *article { return &article{Title: "a", Tags: []*tag{{Name: "x"}, {Name: "y"}}} }
		pushed, pushedInside := news(), news()
		statements := e.Sends(t, 5, func() { require.NoError(t, pushed.Push(model.WithDB(e.Ctx, e.DB))) })
		require.LessOrEqual(t, len(statements)+2, 8, "with BEGIN and COMMIT")
		require.Zero(t, e.Sent.Savepoints())
		inside := func(statements, savepoints int, run func(ctx context.Context) error) {
			t.Helper()
			require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
				e.Sends(t, statements, func() { require.NoError(t, run(ctx)) })
				require.Equal(t, savepoints, e.Sent.Savepoints())
				return nil
			}))
		}
		for _, tg := range pushedInside.Tags {
			tg.Name += "2"
		}
		inside(5, 2, pushedInside.Push)
		inside(0, 0, known.Save)
		looks := 1
		if !e.Database.Has(harness.LocksOfRows) { // the first without a lock
			looks = 2
		}
		inside(looks, 0, func(ctx context.Context) error {
			_, err := model.UpdateOrCreate[tag](ctx, e.DB, model.Attrs{"name": "known"}, nil)
			return err
		})
		inside(1, 0, func(ctx context.Context) error {
			_, err := model.FetchOrCreateMany[tag](ctx, e.DB, []string{"name"}, []model.Attrs{{"name": "known"}})
			return err
		})
		inside(2, 2, func(ctx context.Context) error {
			_, err := model.FirstOrCreate[tag](ctx, e.DB, model.Attrs{"name": "other"}, nil)
			return err
		})
		tags := relation.ManyToMany(pushed, &pushed.Tags)
		inside(2, 2, func(ctx context.Context) error { return tags.CreateMany(ctx, []*tag{{Name: "p"}, {Name: "q"}}) })
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			e.Sent.Reset()
			_, err := tags.SyncWithoutDetaching(ctx, pushed.Tags[0])
			require.Zero(t, e.Sent.Savepoints())
			return err
		}))
	})
}
