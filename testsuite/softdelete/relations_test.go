// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Shelf has boxes that may be soft deleted, in a list, through another list, and by a pivot table.
type Shelf struct {
	model.BaseModel[Shelf]

	ID    int64
	Name  string
	Boxes []*Box  `relation:"hasMany;foreignKey:ShelfID"`
	Top   *Box    `relation:"hasOne;foreignKey:ShelfID"`
	Items []*Item `relation:"hasManyThrough;through:Boxes;via:Items"`
	Marks []*Mark `relation:"manyToMany;pivotTable:marked;pivotForeignKey:shelf_id;pivotRelatedForeignKey:mark_id"`
}

// Box has soft deletes and hooks of queries.
type Box struct {
	model.BaseModel[Box]

	ID        int64
	Name      string
	ShelfID   int64
	Items     []*Item `relation:"hasMany;foreignKey:BoxID"`
	Shelf     *Shelf  `relation:"belongsTo"`
	DeletedAt gorm.DeletedAt
}

// Item lies in a box.
type Item struct {
	model.BaseModel[Item]

	ID    int64
	Name  string
	BoxID int64
	Box   *Box `relation:"belongsTo"`
}

// Mark has soft deletes.
type Mark struct {
	model.BaseModel[Mark]

	ID        int64
	Name      string
	DeletedAt gorm.DeletedAt
}

// Define is read by Register.
func (*Box) Define(d *model.Definition[Box]) {
	d.OnQuery(hooks.Fetching, func(ctx context.Context, q *relation.Query) error {
		if ctx.Value(filterKey{}) != nil {
			q.Where("name", "!=", "b")
		}
		return happened(ctx, hooks.Fetching, "boxes")
	})
	d.OnMany(hooks.Fetched, func(ctx context.Context, list []*Box) error {
		for _, b := range list {
			if err := happened(ctx, hooks.Fetched, b.Name); err != nil {
				return err
			}
		}
		return nil
	})
	d.On(hooks.Found, func(ctx context.Context, b *Box) error { return happened(ctx, hooks.Found, b.Name) })
}

type filterKey struct{}

// seed makes a shelf with the boxes a, b and c, of which c is deleted, with an item each, and two marks of which one
// is deleted.
func seed(t testing.TB, e *harness.Env) *Shelf {
	t.Helper()
	e.Migrate(t, &Shelf{}, &Box{}, &Item{}, &Mark{})
	shelf := &Shelf{Name: "s"}
	require.NoError(t, model.Create(e.Ctx, e.DB, shelf))
	boxes := []*Box{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	require.NoError(t, shelf.Related("boxes").CreateMany(e.Ctx, boxes))
	for _, b := range boxes {
		require.NoError(t, b.Related("items").Create(e.Ctx, &Item{Name: "in " + b.Name}))
	}
	marks := []*Mark{{Name: "x"}, {Name: "y"}}
	require.NoError(t, shelf.Related("marks").CreateMany(e.Ctx, marks))
	require.NoError(t, boxes[2].Delete(e.Ctx))
	require.NoError(t, marks[1].Delete(e.Ctx))
	e.Sent.Reset()
	return shelf
}

// Soft deleted related rows, and those behind soft deleted ones, are not seen by any read or write through
// a relation.
func TestRelationsDoNotSeeSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		shelf := seed(t, e)
		require.NoError(t, shelf.Load(e.Ctx, "boxes"))
		require.NoError(t, shelf.Load(e.Ctx, "items"))
		require.NoError(t, shelf.Load(e.Ctx, "marks"))
		require.Len(t, shelf.Boxes, 2)
		require.Len(t, shelf.Items, 2)
		require.Len(t, shelf.Marks, 1)
		boxes := relation.HasMany(shelf, &shelf.Boxes)
		n, err := boxes.Query().Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		list, err := boxes.Query().WithTrashed().All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 3)
		c, err := boxes.FirstOrNew(e.Ctx, model.Attrs{"name": "c"}, nil)
		require.NoError(t, err)
		require.True(t, c.IsNew())
		c, err = boxes.FindOrNew(e.Ctx, 3)
		require.NoError(t, err)
		require.True(t, c.IsNew())
		q := model.Query[Shelf](e.DB)
		none, err := q.WhereHas("boxes", func(q *relation.Query) { q.Where("name", "c") }).Count(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, none)
		with, err := model.Query[Shelf](e.DB).WithCount("boxes").WithCount("items").WithCount("marks").First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, with.Extras().Int64("boxes_count"))
		require.EqualValues(t, 2, with.Extras().Int64("items_count"))
		require.EqualValues(t, 1, with.Extras().Int64("marks_count"))
		all, err := model.Query[Shelf](e.DB).Preload("boxes", func(q *relation.Query) { q.OnlyTrashed() }).First(e.Ctx)
		require.NoError(t, err)
		require.Len(t, all.Boxes, 1)
		require.Equal(t, "c", all.Boxes[0].Name)
		deleted, err := boxes.Query().AllRows().Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, deleted)
		require.EqualValues(t, 3, e.Count(t, "boxes"))
		item, err := model.Query[Item](e.DB).Preload("box").First(e.Ctx)
		require.NoError(t, err)
		require.Nil(t, item.Box)
	})
}

// Sync, Detach and Attach see the pivot rows of soft deleted related records: these keep their pair until
// it is detached.
func TestPivotRowsOfSoftDeletedRecordsStay(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		shelf := seed(t, e)
		marks := relation.ManyToMany(shelf, &shelf.Marks)
		require.ErrorIs(t, marks.Attach(e.Ctx, 2), model.ErrDuplicate)
		done, err := marks.Sync(e.Ctx, 1, 2)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{}, done)
		n, err := marks.Detach(e.Ctx, 2)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	})
}

// A preload runs the related model's Fetching, which may filter, and Fetched and Found with all records; an
// error is the query's.
func TestPreloadRunsTheRelatedModelsHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		shelf := seed(t, e)
		ctx, j := journaled(e.Ctx)
		loaded, err := model.Query[Shelf](e.DB).Preload("boxes").First(ctx)
		require.NoError(t, err)
		require.Len(t, loaded.Boxes, 2)
		events := j.take()
		require.Equal(t, "fetching boxes", events[0])
		require.Subset(t, events, []string{"fetched a", "fetched b"})
		filtered := context.WithValue(ctx, filterKey{}, true)
		require.NoError(t, shelf.Load(filtered, "boxes"))
		require.Len(t, shelf.Boxes, 1)
		list, err := relation.HasMany(shelf, &shelf.Boxes).Query().All(filtered)
		require.NoError(t, err)
		require.Len(t, list, 1)
		j.take()
		require.NoError(t, shelf.Load(hooks.Without(filtered), "boxes"))
		require.Len(t, shelf.Boxes, 2)
		require.Empty(t, j.take())
		for _, event := range []string{"fetching boxes", "fetched b"} {
			j.fail = event
			_, err := model.Query[Shelf](e.DB).Preload("boxes").All(ctx)
			require.ErrorIs(t, err, errHook, event)
		}
		require.ErrorIs(t, shelf.Load(ctx, "boxes"), errHook)
		require.Len(t, shelf.Boxes, 2, "what was loaded stays")
	})
}
