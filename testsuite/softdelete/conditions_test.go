// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// No OR of a query lets soft deleted rows through, nor OnlyTrashed the others: in readers, updates and
// deletes.
func TestOrCannotLeakSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for name, widen := range map[string]func(q *model.Builder[flyer]){
			"OrWhere":       func(q *model.Builder[flyer]) { q.Where("copies", 0).OrWhere("copies", ">", 0) },
			"OrWhere first": func(q *model.Builder[flyer]) { q.OrWhere("copies", ">", 0).OrWhere("copies", ">", 1) },
			"OrWhereNot": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereNot("copies", 0) })
			},
			"WhereNot": func(q *model.Builder[flyer]) {
				q.WhereNot(func(q *relation.Query) { q.Where("copies", 0).OrWhere("id", 0) })
			},
			"group": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).OrWhere(func(q *relation.Query) { q.Where("copies", ">", 0).OrWhere("series", "a") })
			},
			"OrWhereIn": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereIn("copies", []int{1, 2, 4, 8, 16}) })
			},
			"OrWhereNotIn": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereNotIn("copies", []int{}) })
			},
			"OrWhereBetween": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereBetween("copies", 0, 99) })
			},
			"OrWhereNull": func(q *model.Builder[flyer]) {
				q.Use(func(q *relation.Query) { q.OrWhereNull("deleted_at").OrWhereNotNull("deleted_at") })
			},
			"OrWhereExists": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereExists(flyers(e).Untyped()) })
			},
			"OrWhereColumn": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereColumn("id", "=", "id") })
			},
			"WhereRaw": func(q *model.Builder[flyer]) { q.WhereRaw("1 = 0 OR 1 = 1") },
			"OrWhereRaw": func(q *model.Builder[flyer]) {
				q.Where("copies", 0).Use(func(q *relation.Query) { q.OrWhereRaw("1 = ? OR 2 = 2", 1) })
			},
			"Apply": func(q *model.Builder[flyer]) {
				q.Apply(func(g *gorm.DB) *gorm.DB { return g.Where("copies = 0").Or("copies > ?", 0) })
			},
		} {
			for want, q := range map[int64]*model.Builder[flyer]{copiesAlive: flyers(e), copiesTrashed: flyers(e).OnlyTrashed()} {
				widen(q)
				var sum int64
				e.Sends(t, 1, func() { require.NoError(t, q.Sum(e.Ctx, "copies", &sum), name) })
				require.Equal(t, want, sum, name)
				n, err := q.Update(e.Ctx, model.Attrs{"series": "c"})
				require.NoError(t, err, name)
				require.EqualValues(t, map[int64]int64{copiesAlive: 3, copiesTrashed: 2}[want], n, name)
			}
			require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				q := model.Query[flyer](tx)
				widen(q)
				n, err := q.Delete(ctx)
				require.NoError(t, err, name)
				require.EqualValues(t, 3, n, name)
				return errReaction
			}), errReaction)
		}
	})
}

// A group cannot ask for trashed rows, and Apply cannot remove the condition: both are ErrUnsupported, and
// nothing is sent.
func TestGroupsAndApplyCannotShowTrashedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		for name, q := range map[string]*model.Builder[flyer]{
			"group":    flyers(e).Where(func(q *relation.Query) { q.Where("copies", 1).WithTrashed() }),
			"Unscoped": flyers(e).Apply(func(g *gorm.DB) *gorm.DB { return g.Unscoped() }),
		} {
			e.Sends(t, 0, func() {
				require.ErrorIs(t, harness.Err(q.All(e.Ctx)), model.ErrUnsupported, name)
			})
		}
	})
}

// Conditions may name the mark of deletion, and orders too.
func TestConditionsMayNameTheMark(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedFlyers(t, e)
		var sum int64
		e.Sends(t, 1, func() {
			require.NoError(t, flyers(e).WithTrashed().WhereNotNull("DeletedAt").Sum(e.Ctx, "copies", &sum))
			require.EqualValues(t, copiesTrashed, sum)
		})
		require.NoError(t, flyers(e).WhereNotNull("deleted_at").Sum(e.Ctx, "copies", &sum))
		require.Zero(t, sum)
		n, err := flyers(e).WithTrashed().Where("deleted_at", "<", e.Clock.Now()).OrderBy("deleted_at").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
	})
}
