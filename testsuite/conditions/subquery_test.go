// SPDX-License-Identifier: MIT

package conditions_test

import (
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// WhereExists and its kin ask for rows of another query, which may name columns of the query around it.
func TestWhereExistsMayNameTheOuterQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		posts := func() *relation.Query {
			return model.Query[queryPost](e.DB).Untyped().WhereColumn("account_id", "=", "accounts.id")
		}
		answers(t, e, []asked[account]{
			{"exists", q().Use(func(q *relation.Query) { q.WhereExists(posts()) }), []int64{1, 2, 3}},
			{"condition", q().Use(func(q *relation.Query) { q.WhereExists(posts().Where("words", ">", 20)) }), []int64{2, 3}},
			{"or inside", q().Use(func(q *relation.Query) {
				q.WhereExists(posts().Where(func(q *relation.Query) {
					q.Where("words", 10).OrWhere("words", 40)
				}))
			}), []int64{1, 3}},
			{"not", q().Use(func(q *relation.Query) { q.WhereNotExists(posts()) }), []int64{4, 5}},
			{"or", q().Where("name", "eve").Use(func(q *relation.Query) { q.OrWhereExists(posts().Where("words", 30)) }), []int64{2, 5}},
			{"or not", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereNotExists(posts()) }), []int64{1, 4, 5}},
			{"independent", q().Use(func(q *relation.Query) { q.WhereExists(model.Query[queryPost](e.DB).Where("words", 50).Untyped()) }), []int64{1, 2, 3, 4, 5}},
			{"outer attribute", q().Use(func(q *relation.Query) {
				q.WhereExists(model.Query[queryPost](e.DB).
					Use(func(q *relation.Query) {
						q.WhereColumn("query_posts.Words", "<", "accounts.Age").WhereColumn("account_id", "=", "accounts.ID")
					}).Untyped())
			}), []int64{1, 2}},
			{"values on both sides", q().Where("age", 30).Use(func(q *relation.Query) { q.WhereExists(posts().Where("words", ">", 5)) }).Where("name", "<", "cyd"), []int64{1}},
		})
	})
}

// A query two levels down may name the columns of every query around it.
func TestInnerSubqueryMayNameEveryOuterQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		e.Migrate(t, &note{})
		notes := []*note{{Title: "one"}, {Title: "four"}, {Title: "ann"}}
		if err := model.Insert(e.Ctx, e.DB, notes); err != nil {
			t.Fatal(err)
		}
		inner := model.Query[note](e.DB).Untyped().WhereColumn("title", "=", "query_posts.title").WhereColumn("notes.id", "<", "accounts.age")
		middle := model.Query[queryPost](e.DB).Untyped().WhereColumn("account_id", "=", "accounts.id").WhereExists(inner)
		answers(t, e, []asked[account]{
			{"both", model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereExists(middle) }), []int64{1, 3}},
			{"own table hides the outer one", model.Query[account](e.DB).WhereIn("id",
				model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereColumn("accounts.nick", "=", "accounts.name") })), []int64{4}},
		})
	})
}

// A name of the outer table is only known with the table in front, and unknown names are refused inside
// too.
func TestOuterNamesNeedTheirTable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func(sub func(*relation.Query)) *model.Builder[account] {
			inner := model.Query[queryPost](e.DB).Untyped()
			sub(inner)
			return model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereExists(inner) })
		}
		refuses(t, e, []refused{
			{"bare", all(e, q(func(q *relation.Query) { q.Where("email", "x") })), model.ErrUnknownColumn, "queryPost has no column"},
			{"column", all(e, q(func(q *relation.Query) { q.WhereColumn("accounts.emial", "=", "title") })), model.ErrUnknownColumn, "did you mean"},
			{"table", all(e, q(func(q *relation.Query) { q.WhereColumn("users.id", "=", "title") })), model.ErrUnknownColumn, `"accounts"`},
			{"nil", all(e, model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereExists(nil) })), model.ErrInvalidValue, "nil query"},
		})
	})
}

// Soft deleted rows are invisible in sub-queries until the sub-query asks for them.
func TestSubqueryHidesSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		posts := func() *model.Builder[queryPost] {
			return model.Query[queryPost](e.DB).WhereNotNull("account_id").Select("account_id")
		}
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		of := func(b *model.Builder[queryPost]) *relation.Query {
			return b.Use(func(q *relation.Query) { q.WhereColumn("account_id", "=", "accounts.id") }).Untyped()
		}
		answers(t, e, []asked[account]{
			{"in", q().WhereIn("id", posts()), []int64{1, 2, 3}},
			{"in, with", q().WhereIn("id", posts().WithTrashed()), []int64{1, 2, 3, 4}},
			{"in, only", q().WhereIn("id", posts().OnlyTrashed()), []int64{4}},
			{"not in", q().WhereNotIn("id", posts()), []int64{4, 5}},
			{"exists", q().Use(func(q *relation.Query) { q.WhereExists(of(posts())) }), []int64{1, 2, 3}},
			{"exists, or inside", q().Use(func(q *relation.Query) {
				q.WhereExists(model.Query[queryPost](e.DB).Where("words", 0).
					Use(func(q *relation.Query) { q.OrWhereColumn("account_id", "=", "accounts.id") }).Untyped())
			}), []int64{1, 2, 3}},
			{"exists, only", q().Use(func(q *relation.Query) { q.WhereExists(of(posts().OnlyTrashed())) }), []int64{4}},
			{"raw", q().WhereRaw("id IN ?", posts()), []int64{1, 2, 3}},
		})
	})
}

// Global scopes of the inner model hold in sub-queries, unless the sub-query removes them.
func TestSubqueryAppliesGlobalScopes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		seedPages(t, e)
		pages := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB).Select("id") }
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"in", q().WhereIn("id", pages()), []int64{1, 2, 3}},
			{"without one", q().WhereIn("id", pages().WithoutScope("live")), []int64{1, 2, 3, 4}},
			{"without all", q().WhereIn("id", pages().WithoutScope()), []int64{1, 2, 3, 4, 5}},
			{"exists", q().Use(func(q *relation.Query) {
				q.WhereExists(pages().Where("title", "x").Use(func(q *relation.Query) { q.OrWhereColumn("scoped_pages.id", "=", "accounts.id") }).Untyped())
			}), []int64{1, 2, 3}},
			{"raw", q().WhereRaw("id IN ?", pages()), []int64{1, 2, 3}},
		})
	})
}

// A query that was used inside another one can be changed without changing it.
func TestSubqueryIsACopy(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		inner := model.Query[queryPost](e.DB).Where("words", "<", 30).Select("account_id")
		q := model.Query[account](e.DB).WhereIn("id", inner)
		sub := model.Query[queryPost](e.DB).Untyped().WhereColumn("account_id", "=", "accounts.id")
		exists := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereExists(sub) })
		inner.Where("words", 1)
		sub.Where("words", 1)
		answers(t, e, []asked[account]{{"in", q, []int64{1}}, {"exists", exists, []int64{1, 2, 3}}})
	})
}
