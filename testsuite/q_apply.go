// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// applyQuery are the promises about the way out to gorm.
func applyQuery() []promise {
	return []promise{
		{
			name: "Query/ApplyTakesOver",
			says: "Apply takes over conditions, joins, orders, limits and offsets that a function sets with gorm",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				q := func(fn func(*gorm.DB) *gorm.DB) *model.Builder[account] { return model.Query[account](e.db).Apply(fn) }
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
				inOrder(t, e, "behind the query's own order", model.Query[account](e.db).OrderBy("age").
					Apply(func(db *gorm.DB) *gorm.DB { return db.Order("name DESC") }), 5, 3, 1, 2, 4)
			},
			twin: bent("SELECT", "(age > ?)", "(age < ?)"),
		},
		{
			name: "Query/ApplyIsParenthesised",
			says: "What Apply takes over stands in parentheses, so that it escapes neither soft deletes nor other conditions",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				or := func(db *gorm.DB) *gorm.DB { return db.Where("words = ?", 10).Or("words = ?", 60) }
				answers(t, e, []asked[queryPost]{
					{"deletes", model.Query[queryPost](e.db).Apply(or), []int64{1}},
					{"condition before", model.Query[queryPost](e.db).Where("title", "two").Apply(or), nil},
					{"condition behind", model.Query[queryPost](e.db).Apply(or).Where("title", "two"), nil},
					{"or before", model.Query[queryPost](e.db).Where("title", "two").OrWhere("title", "one").Apply(or), []int64{1}},
					{"raw text with or", model.Query[queryPost](e.db).
						Apply(func(db *gorm.DB) *gorm.DB { return db.Where("words = 10 OR words = 60") }), []int64{1}},
				})
				_, err := model.Query[queryPost](e.db).Apply(or).Find(e.ctx, 2)
				require.ErrorIs(t, err, model.ErrNotFound, "the key of Find")
			},
			twin: unparenthesised,
		},
		{
			name: "Query/ApplyCountsOn",
			says: "Placeholders keep counting through what Apply takes over, in terminals of every kind",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				q := func() *model.Builder[account] {
					return model.Query[account](e.db).Where("age", ">", 20).
						Apply(func(db *gorm.DB) *gorm.DB { return db.Where("age < ?", 50).Where("visits <> ?", 4) }).Where("name", "ann")
				}
				answers(t, e, []asked[account]{
					{"all", q(), []int64{1}},
					{"in a sub-query", model.Query[account](e.db).Where("age", 30).WhereIn("id", q()).Where("visits", 30), []int64{1}},
				})
				page, err := q().Paginate(e.ctx, 1, 10)
				require.NoError(t, err)
				require.EqualValues(t, 1, page.Meta.Total)
				var sum int
				require.NoError(t, q().Sum(e.ctx, "visits", &sum))
				require.Equal(t, 30, sum)
				n, err := q().Update(e.ctx, model.Attrs{"score": 9})
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.Len(t, e.rows(t, "SELECT id FROM accounts WHERE score = 9 AND id = 1"), 1)
				require.Len(t, e.rows(t, "SELECT id FROM accounts WHERE score = 9"), 1)
			},
			twin: bent("SELECT", "visits <> ?", "visits = ?"),
		},
		{
			name: "Query/ApplyLocks",
			says: "Apply takes over locking clauses that the query's own methods have too",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				lock := func(l clause.Locking) func() error {
					return func() error {
						return e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
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
			},
			twin: chatty("refused"),
		},
		{
			name: "Query/ApplyRefuses",
			says: "Anything else that a function sets with gorm is refused before anything is sent",
			check: func(t testing.TB, e *env) {
				seedPosts(t, e)
				q := func(fn func(*gorm.DB) *gorm.DB) func() error { return all(e, model.Query[account](e.db).Apply(fn)) }
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
					{"in a group", all(e, model.Query[account](e.db).Where(func(q *relation.Query) {
						q.Where("age", 1).Apply(func(db *gorm.DB) *gorm.DB { return db.Where("1 = 1") })
					})), model.ErrUnsupported, "conditions only"},
				})
			},
			twin: chatty("refused"),
		},
		{
			name: "Query/ApplyIsNoCondition",
			says: "A bulk write whose Apply adds no condition is refused like one without a condition",
			check: func(t testing.TB, e *env) {
				seedPeople(t, e)
				q := func(fn func(*gorm.DB) *gorm.DB) *model.Builder[account] { return model.Query[account](e.db).Apply(fn) }
				same := func(db *gorm.DB) *gorm.DB { return db }
				sorted := func(db *gorm.DB) *gorm.DB { return db.Order("id") }
				refuses(t, e, []refused{
					{"delete", func() error { _, err := q(same).Delete(e.ctx); return err }, model.ErrMissingWhere, "AllRows"},
					{"delete in order", func() error { _, err := q(sorted).Delete(e.ctx); return err }, model.ErrMissingWhere, "AllRows"},
					{"update", func() error { _, err := q(same).Update(e.ctx, model.Attrs{"age": 1}); return err }, model.ErrMissingWhere, ""},
					{"increment", func() error { _, err := q(sorted).Increment(e.ctx, "age", 1); return err }, model.ErrMissingWhere, ""},
				})
				n, err := q(func(db *gorm.DB) *gorm.DB { return db.Where("age = ?", 30) }).Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				n, err = q(func(db *gorm.DB) *gorm.DB { return db.Order("id").Limit(1) }).Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.EqualValues(t, 2, e.count(t, "accounts"))
				n, err = q(sorted).AllRows().Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
			},
			twin: lenient("refused"),
		},
	}
}
