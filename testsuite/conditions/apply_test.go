// SPDX-License-Identifier: MIT

package conditions_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Apply takes over conditions, joins, orders, limits and offsets that a function sets with gorm.
func TestApplyTakesOverGormsClauses(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func(fn func(*gorm.DB) *gorm.DB) *model.Builder[account] { return model.Query[account](e.DB).Apply(fn) }
		answers(t, e, []asked[account]{
			{"text", q(func(db *gorm.DB) *gorm.DB { return db.Where("age > ?", 30) }), []int64{2, 4}},
			{"two", q(func(db *gorm.DB) *gorm.DB { return db.Where("age > ?", 20).Where("name < ?", "dan") }), []int64{1, 2, 3}},
			{"or", q(func(db *gorm.DB) *gorm.DB { return db.Where("age = ?", 20).Or("age = ?", 50) }), []int64{4, 5}},
			{"not", q(func(db *gorm.DB) *gorm.DB { return db.Not("age = ?", 30) }), []int64{2, 4, 5}},
			{"list", q(func(db *gorm.DB) *gorm.DB { return db.Where("age IN ?", []int{20, 50}) }), []int64{4, 5}},
			{"map", q(func(db *gorm.DB) *gorm.DB { return db.Where(map[string]any{"age": 30}) }), []int64{1, 3}},
			{"clause", q(func(db *gorm.DB) *gorm.DB { return db.Clauses(clause.Eq{Column: "age", Value: 40}) }), []int64{2}},
			{"named", q(func(db *gorm.DB) *gorm.DB {
				return db.Where("age = @age OR visits = @age", map[string]any{"age": 50})
			}), []int64{4}},
			{"join", q(func(db *gorm.DB) *gorm.DB {
				return db.Joins("JOIN query_posts p ON p.account_id = accounts.id AND p.words > ?", 20).Where("p.title <> ?", "gone")
			}), []int64{2, 3}},
			{"named join", q(func(db *gorm.DB) *gorm.DB {
				return db.Joins("JOIN query_posts p ON p.account_id = accounts.id AND p.words = @n", map[string]any{"n": 30})
			}), []int64{2}},
			{"limit and offset", q(func(db *gorm.DB) *gorm.DB { return db.Order("id").Limit(2).Offset(1) }), []int64{2, 3}},
			{"nothing", q(func(db *gorm.DB) *gorm.DB { return db }), []int64{1, 2, 3, 4, 5}},
			{"twice", q(func(db *gorm.DB) *gorm.DB { return db.Where("age = ?", 30) }).
				Apply(func(db *gorm.DB) *gorm.DB { return db.Where("name = ?", "cyd") }), []int64{3}},
		})
		inOrder(t, e, "order", q(func(db *gorm.DB) *gorm.DB { return db.Order("age DESC").Order("name DESC") }), 4, 2, 3, 1, 5)
		inOrder(t, e, "behind the query's own order", model.Query[account](e.DB).OrderBy("age").
			Apply(func(db *gorm.DB) *gorm.DB { return db.Order("name DESC") }), 5, 3, 1, 2, 4)
	})
}

// What Apply takes over stands in parentheses, so that it escapes neither soft deletes nor other
// conditions.
func TestApplyIsParenthesised(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		or := func(db *gorm.DB) *gorm.DB { return db.Where("words = ?", 10).Or("words = ?", 60) }
		answers(t, e, []asked[queryPost]{
			{"deletes", model.Query[queryPost](e.DB).Apply(or), []int64{1}},
			{"condition before", model.Query[queryPost](e.DB).Where("title", "two").Apply(or), nil},
			{"condition behind", model.Query[queryPost](e.DB).Apply(or).Where("title", "two"), nil},
			{"or before", model.Query[queryPost](e.DB).Where("title", "two").OrWhere("title", "one").Apply(or), []int64{1}},
			{"raw text with or", model.Query[queryPost](e.DB).
				Apply(func(db *gorm.DB) *gorm.DB { return db.Where("words = 10 OR words = 60") }), []int64{1}},
		})
		_, err := model.Query[queryPost](e.DB).Apply(or).Find(e.Ctx, 2)
		require.ErrorIs(t, err, model.ErrNotFound, "the key of Find")
	})
}

// Placeholders keep counting through what Apply takes over, in terminals of every kind.
func TestApplyKeepsCountingPlaceholders(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] {
			return model.Query[account](e.DB).Where("age", ">", 20).
				Apply(func(db *gorm.DB) *gorm.DB { return db.Where("age < ?", 50).Where("visits <> ?", 4) }).Where("name", "ann")
		}
		answers(t, e, []asked[account]{
			{"all", q(), []int64{1}},
			{"in a sub-query", model.Query[account](e.DB).Where("age", 30).WhereIn("id", q()).Where("visits", 30), []int64{1}},
		})
		page, err := q().Paginate(e.Ctx, 1, 10)
		require.NoError(t, err)
		require.EqualValues(t, 1, page.Meta.Total)
		var sum int
		require.NoError(t, q().Sum(e.Ctx, "visits", &sum))
		require.Equal(t, 30, sum)
		n, err := q().Update(e.Ctx, model.Attrs{"score": 9})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, e.Rows(t, "SELECT id FROM accounts WHERE score = 9 AND id = 1"), 1)
		require.Len(t, e.Rows(t, "SELECT id FROM accounts WHERE score = 9"), 1)
	})
}

// Apply takes over locking clauses that the query's own methods have too.
func TestApplyTakesOverLocks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		lock := func(l clause.Locking) func() error {
			return func() error {
				return e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
					list, err := model.Query[account](tx).Apply(func(db *gorm.DB) *gorm.DB { return db.Clauses(l) }).All(ctx)
					if err == nil {
						require.Len(t, list, 5)
					}
					return err
				})
			}
		}
		require.NoError(t, lock(clause.Locking{Strength: "UPDATE"})())
		require.NoError(t, lock(clause.Locking{Strength: "SHARE"})())
		refuses(t, e, []refused{
			{"strength", lock(clause.Locking{Strength: "UPDATE; DROP TABLE accounts"}), model.ErrUnsupported, "lock"},
			{"option", lock(clause.Locking{Strength: "UPDATE", Options: "OF x"}), model.ErrUnsupported, "lock"},
		})
	})
}

// Anything else that a function sets with gorm is refused before anything is sent.
func TestApplyRefusesEverythingElse(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func(fn func(*gorm.DB) *gorm.DB) func() error { return all(e, model.Query[account](e.DB).Apply(fn)) }
		refuses(t, e, []refused{
			{"select", q(func(db *gorm.DB) *gorm.DB { return db.Select("id") }), model.ErrUnsupported, "nothing else"},
			{"omit", q(func(db *gorm.DB) *gorm.DB { return db.Omit("id") }), model.ErrUnsupported, "nothing else"},
			{"distinct", q(func(db *gorm.DB) *gorm.DB { return db.Distinct("name") }), model.ErrUnsupported, "nothing else"},
			{"group", q(func(db *gorm.DB) *gorm.DB { return db.Group("age") }), model.ErrUnsupported, "GROUP BY"},
			{"having", q(func(db *gorm.DB) *gorm.DB { return db.Having("age > 1") }), model.ErrUnsupported, "GROUP BY"},
			{"table", q(func(db *gorm.DB) *gorm.DB { return db.Table("query_posts") }), model.ErrUnsupported, "nothing else"},
			{"preload", q(func(db *gorm.DB) *gorm.DB { return db.Preload("Posts") }), model.ErrUnsupported, "nothing else"},
			{"unscoped", q(func(db *gorm.DB) *gorm.DB { return db.Unscoped() }), model.ErrUnsupported, "nothing else"},
			{"scopes", q(func(db *gorm.DB) *gorm.DB {
				return db.Scopes(func(db *gorm.DB) *gorm.DB { return db.Where("1 = 0") })
			}), model.ErrUnsupported, "nothing else"},
			{"returning", q(func(db *gorm.DB) *gorm.DB { return db.Clauses(clause.Returning{}) }), model.ErrUnsupported, "RETURNING"},
			{"inner join of a relation", q(func(db *gorm.DB) *gorm.DB { return db.InnerJoins("Posts") }), model.ErrUnsupported, "JOIN"},
			{"join of a relation", q(func(db *gorm.DB) *gorm.DB { return db.Joins("Posts") }), model.ErrUnsupported, "JOIN"},
			{"raw", q(func(db *gorm.DB) *gorm.DB { return db.Raw("SELECT 1") }), model.ErrUnsupported, ""},
			{"nil result", q(func(*gorm.DB) *gorm.DB { return nil }), model.ErrUnsupported, "no *gorm.DB"},
			{"nil function", q(nil), model.ErrInvalidValue, "nil function"},
			{"error", q(func(db *gorm.DB) *gorm.DB { _ = db.AddError(gorm.ErrInvalidValue); return db }), gorm.ErrInvalidValue, ""},
			{"in a group", all(e, model.Query[account](e.DB).Where(func(q *relation.Query) {
				q.Where("age", 1).Apply(func(db *gorm.DB) *gorm.DB { return db.Where("1 = 1") })
			})), model.ErrUnsupported, "conditions only"},
		})
	})
}

// A bulk write whose Apply adds no condition is refused like one without a condition.
func TestApplyWithoutAConditionIsNone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func(fn func(*gorm.DB) *gorm.DB) *model.Builder[account] { return model.Query[account](e.DB).Apply(fn) }
		same := func(db *gorm.DB) *gorm.DB { return db }
		sorted := func(db *gorm.DB) *gorm.DB { return db.Order("id") }
		refuses(t, e, []refused{
			{"delete", func() error { _, err := q(same).Delete(e.Ctx); return err }, model.ErrMissingWhere, "AllRows"},
			{"delete in order", func() error { _, err := q(sorted).Delete(e.Ctx); return err }, model.ErrMissingWhere, "AllRows"},
			{"update", func() error { _, err := q(same).Update(e.Ctx, model.Attrs{"age": 1}); return err }, model.ErrMissingWhere, ""},
			{"increment", func() error { _, err := q(sorted).Increment(e.Ctx, "age", 1); return err }, model.ErrMissingWhere, ""},
		})
		n, err := q(func(db *gorm.DB) *gorm.DB { return db.Where("age = ?", 30) }).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		n, err = q(func(db *gorm.DB) *gorm.DB { return db.Order("id").Limit(1) }).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.EqualValues(t, 2, e.Count(t, "accounts"))
		n, err = q(sorted).AllRows().Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
	})
}
