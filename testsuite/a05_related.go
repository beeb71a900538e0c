// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// lsShelf has boxes that may be soft deleted, in a list, through another list, and by a pivot table.
type lsShelf struct {
	model.BaseModel[lsShelf]

	ID    int64
	Name  string
	Boxes []*lsBox  `relation:"hasMany;foreignKey:ShelfID"`
	Top   *lsBox    `relation:"hasOne;foreignKey:ShelfID"`
	Items []*lsItem `relation:"hasManyThrough;through:Boxes;via:Items"`
	Marks []*lsMark `relation:"manyToMany;pivotTable:ls_marked;pivotForeignKey:shelf_id;pivotRelatedForeignKey:mark_id"`
}

// lsBox has soft deletes and hooks of queries.
type lsBox struct {
	model.BaseModel[lsBox]

	ID        int64
	Name      string
	ShelfID   int64
	Items     []*lsItem `relation:"hasMany;foreignKey:BoxID"`
	Shelf     *lsShelf  `relation:"belongsTo"`
	DeletedAt gorm.DeletedAt
}

// lsItem lies in a box.
type lsItem struct {
	model.BaseModel[lsItem]

	ID    int64
	Name  string
	BoxID int64
	Box   *lsBox `relation:"belongsTo"`
}

// lsMark has soft deletes.
type lsMark struct {
	model.BaseModel[lsMark]

	ID        int64
	Name      string
	DeletedAt gorm.DeletedAt
}

// Define is read by Register.
func (*lsBox) Define(d *model.Definition[lsBox]) {
	d.OnQuery(hooks.Fetching, func(ctx context.Context, q *relation.Query) error {
		if ctx.Value(lsFilterKey{}) != nil {
			q.Where("name", "!=", "b")
		}
		return wrHappened(ctx, hooks.Fetching, "boxes")
	})
	d.OnMany(hooks.Fetched, func(ctx context.Context, list []*lsBox) error {
		for _, b := range list {
			if err := wrHappened(ctx, hooks.Fetched, b.Name); err != nil {
				return err
			}
		}
		return nil
	})
	d.On(hooks.Found, func(ctx context.Context, b *lsBox) error { return wrHappened(ctx, hooks.Found, b.Name) })
}

type lsFilterKey struct{}

// lsSeed makes a shelf with the boxes a, b and c, of which c is deleted, with an item each, and two marks of which one
// is deleted.
func lsSeed(t testing.TB, e *env) *lsShelf {
	t.Helper()
	e.migrate(t, &lsShelf{}, &lsBox{}, &lsItem{}, &lsMark{})
	shelf := &lsShelf{Name: "s"}
	require.NoError(t, model.Create(e.ctx, e.db, shelf))
	boxes := []*lsBox{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	require.NoError(t, shelf.Related("boxes").CreateMany(e.ctx, boxes))
	for _, b := range boxes {
		require.NoError(t, b.Related("items").Create(e.ctx, &lsItem{Name: "in " + b.Name}))
	}
	marks := []*lsMark{{Name: "x"}, {Name: "y"}}
	require.NoError(t, shelf.Related("marks").CreateMany(e.ctx, marks))
	require.NoError(t, boxes[2].Delete(e.ctx))
	require.NoError(t, marks[1].Delete(e.ctx))
	e.sent.Reset()
	return shelf
}

// loadedRecordPromises are about refreshing, soft deletes and hooks of related records.
func loadedRecordPromises() []promise {
	return []promise{
		{
			name: "A5/RefreshReloadsRelations",
			says: "Refresh loads the relations that are loaded once more, one statement each, and leaves the others unloaded",
			check: func(t testing.TB, e *env) {
				shelf := lsSeed(t, e)
				e.sends(t, 1, func() { require.NoError(t, shelf.Refresh(e.ctx)) })
				require.NoError(t, shelf.Load(e.ctx, "boxes"))
				require.NoError(t, shelf.Load(e.ctx, "marks"))
				require.Len(t, shelf.Boxes, 2)
				e.exec(t, "INSERT INTO ls_boxes (name, shelf_id) VALUES ('new', 1)")
				e.exec(t, "DELETE FROM ls_marked")
				e.exec(t, "UPDATE ls_shelves SET name = 'renamed'")
				e.sends(t, 3, func() { require.NoError(t, e.do("refresh", func() error { return shelf.Refresh(e.ctx) })) })
				require.Equal(t, "renamed", shelf.Name)
				require.Len(t, shelf.Boxes, 3)
				require.Empty(t, shelf.Marks)
				require.True(t, shelf.Related("marks").Loaded())
				require.False(t, shelf.Related("items").Loaded())
				box := shelf.Boxes[0]
				require.NoError(t, box.Load(e.ctx, "shelf"))
				e.exec(t, "UPDATE ls_boxes SET shelf_id = 77 WHERE id = 1")
				require.NoError(t, box.Refresh(e.ctx))
				require.Nil(t, box.Shelf, "it belongs to nothing that exists")
				require.True(t, box.Related("shelf").Loaded())
			},
			twin: without("refresh"),
		},
		{
			name: "A13/Related",
			says: "soft deleted related rows, and those behind soft deleted ones, are not seen by any read or write through a relation",
			check: func(t testing.TB, e *env) {
				shelf := lsSeed(t, e)
				require.NoError(t, shelf.Load(e.ctx, "boxes"))
				require.NoError(t, shelf.Load(e.ctx, "items"))
				require.NoError(t, shelf.Load(e.ctx, "marks"))
				require.Len(t, shelf.Boxes, 2)
				require.Len(t, shelf.Items, 2)
				require.Len(t, shelf.Marks, 1)
				boxes := relation.HasMany(shelf, &shelf.Boxes)
				n, err := boxes.Query().Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				list, err := boxes.Query().WithTrashed().All(e.ctx)
				require.NoError(t, err)
				require.Len(t, list, 3)
				c, err := boxes.FirstOrNew(e.ctx, model.Attrs{"name": "c"}, nil)
				require.NoError(t, err)
				require.True(t, c.IsNew())
				c, err = boxes.FindOrNew(e.ctx, 3)
				require.NoError(t, err)
				require.True(t, c.IsNew())
				q := model.Query[lsShelf](e.db)
				none, err := q.WhereHas("boxes", func(q *relation.Query) { q.Where("name", "c") }).Count(e.ctx)
				require.NoError(t, err)
				require.Zero(t, none)
				with, err := model.Query[lsShelf](e.db).WithCount("boxes").WithCount("items").WithCount("marks").First(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, with.Extras().Int64("boxes_count"))
				require.EqualValues(t, 2, with.Extras().Int64("items_count"))
				require.EqualValues(t, 1, with.Extras().Int64("marks_count"))
				all, err := model.Query[lsShelf](e.db).Preload("boxes", func(q *relation.Query) { q.OnlyTrashed() }).First(e.ctx)
				require.NoError(t, err)
				require.Len(t, all.Boxes, 1)
				require.Equal(t, "c", all.Boxes[0].Name)
				deleted, err := boxes.Query().AllRows().Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, deleted)
				require.EqualValues(t, 3, e.count(t, "ls_boxes"))
				item, err := model.Query[lsItem](e.db).Preload("box").First(e.ctx)
				require.NoError(t, err)
				require.Nil(t, item.Box)
			},
			twin: wrBends("SELECT ", "`ls_boxes`.`deleted_at` IS NULL", "1 = 1"),
		},
		{
			name: "A13/PivotRowsStay",
			says: "Sync, Detach and Attach see the pivot rows of soft deleted related records: these keep their pair until it is detached",
			check: func(t testing.TB, e *env) {
				shelf := lsSeed(t, e)
				marks := relation.ManyToMany(shelf, &shelf.Marks)
				require.ErrorIs(t, marks.Attach(e.ctx, 2), model.ErrDuplicate)
				done, err := marks.Sync(e.ctx, 1, 2)
				require.NoError(t, err)
				require.Equal(t, relation.Changes{}, done)
				n, err := marks.Detach(e.ctx, 2)
				require.NoError(t, err)
				require.EqualValues(t, 1, see(e, "n", n))
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return int64(0) } },
		},
		{
			name: "E2/PreloadsRunHooks",
			says: "a preload runs the related model's Fetching, which may filter, and Fetched and Found with all records; an error is the query's",
			check: func(t testing.TB, e *env) {
				shelf := lsSeed(t, e)
				ctx, j := wrJournaled(e.ctx)
				loaded, err := model.Query[lsShelf](e.db).Preload("boxes").First(ctx)
				require.NoError(t, err)
				require.Len(t, loaded.Boxes, 2)
				events := see(e, "events", j.take())
				require.Equal(t, "fetching boxes", events[0])
				require.Subset(t, events, []string{"fetched a", "fetched b"})
				filtered := context.WithValue(ctx, lsFilterKey{}, true)
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
					_, err := model.Query[lsShelf](e.db).Preload("boxes").All(ctx)
					require.ErrorIs(t, err, errWrHook, event)
				}
				require.ErrorIs(t, shelf.Load(ctx, "boxes"), errWrHook)
				require.Len(t, shelf.Boxes, 2, "what was loaded stays")
			},
			twin: func(e *env) { e.seen["events"] = func(any) any { return []string{"", ""} } },
		},
	}
}
