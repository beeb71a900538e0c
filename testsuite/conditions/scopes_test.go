// SPDX-License-Identifier: MIT

package conditions_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A named scope adds its conditions, takes arguments, and may set order and limit.
func TestNamedScopeAddsItsConditions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB).WithoutScope() }
		answers(t, e, []asked[scopedPage]{
			{"default argument", q().Scope("seen"), []int64{2, 3, 4, 5, 6}},
			{"argument", q().Scope("seen", 300), []int64{4, 5, 6}},
			{"arguments", q().Scope("either", "a", "g"), []int64{1, 7}},
			{"two", q().Scope("seen").Scope("either", "a", "b"), []int64{2}},
			{"order and limit", q().Scope("byViews"), []int64{5, 6}},
			{"no conditions", q().Scope("nothing").Where("title", "a"), []int64{1}},
			{"with a condition", q().Where("state", "draft").Scope("seen"), []int64{4}},
		})
	})
}

// An OR inside a scope does not widen the query around it, whatever comes before and behind.
func TestOrStaysInsideItsScope(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB).WithoutScope() }
		answers(t, e, []asked[scopedPage]{
			{"before", q().Where("views", 50).Scope("either", "a", "b"), []int64{1}},
			{"behind", q().Scope("either", "a", "b").Where("views", 50), []int64{1}},
			{"or behind", q().Scope("either", "a", "b").Where("views", 50).OrWhere("title", "g"), []int64{1, 7}},
			{"or before", q().Where("title", "g").OrWhere("title", "f").Scope("either", "a", "f"), []int64{6, 7}},
			{"scope in a scope", q().Scope("seenEither", "a").Where("state", "live"), []int64{1, 2, 3, 5, 6}},
		})
	})
}

// Scopes can be used in groups of conditions and in sub-queries.
func TestScopesWorkInGroupsAndSubqueries(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB).WithoutScope() }
		answers(t, e, []asked[scopedPage]{
			{"group", q().Where(func(q *relation.Query) { q.Scope("either", "a", "b").OrWhere("title", "g") }), []int64{1, 2, 7}},
			{"or group", q().Where("title", "g").OrWhere(func(q *relation.Query) {
				q.Scope("either", "a", "b").Scope("seen")
			}), []int64{2, 7}},
			{"not", q().WhereNot(func(q *relation.Query) { q.Scope("seen") }), []int64{1, 7}},
		})
		answers(t, e, []asked[account]{
			{"in", model.Query[account](e.DB).WhereIn("id", model.Query[scopedPage](e.DB).Scope("seen").Select("id")), []int64{2, 3}},
			{"exists", model.Query[account](e.DB).Use(func(q *relation.Query) {
				q.WhereExists(model.Query[scopedPage](e.DB).Untyped().
					Scope("either", "a", "c").WhereColumn("scoped_pages.id", "=", "accounts.id"))
			}), []int64{1, 3}},
		})
	})
}

// An unknown scope is refused with a suggestion, and a mistake inside a scope is reported, before anything
// is sent.
func TestUnknownScopeIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB) }
		refuses(t, e, []refused{
			{"typo", all(e, q().Scope("sen")), model.ErrUnknownScope, `did you mean "seen"`},
			{"empty", all(e, q().Scope("")), model.ErrUnknownScope, "no scope"},
			{"other model", all(e, model.Query[account](e.DB).Scope("seen")), model.ErrUnknownScope, "account has no scope"},
			{"global by Scope", all(e, q().Scope("live")), model.ErrUnknownScope, "no scope"},
			{"global typo", all(e, q().WithoutScope("lives")), model.ErrUnknownScope, "no global scope"},
			{"named by WithoutScope", all(e, q().WithoutScope("seen")), model.ErrUnknownScope, "no global scope"},
			{"mistake inside", all(e, q().Scope("mistaken")), model.ErrUnknownColumn, "did you mean"},
			{"argument", all(e, q().Scope("seen", "many")), model.ErrInvalidValue, "Views"},
			{"in a group", all(e, q().Where(func(q *relation.Query) { q.Scope("sen") })), model.ErrUnknownScope, "did you mean"},
		})
	})
}

// Global scopes hold for every query of the model, in every terminal, and an OR of the query does not
// escape them.
func TestGlobalScopesHoldForEveryQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB) }
		answers(t, e, []asked[scopedPage]{
			{"all", q(), []int64{1, 2, 3, 6}},
			{"or", q().Where("title", "a").OrWhere("title", "d").OrWhere("title", "e"), []int64{1}},
			{"raw or", q().WhereRaw("title = 'a' OR title = 'd'"), []int64{1}},
			{"not", q().WhereNot("title", "a"), []int64{2, 3, 6}},
		})
		_, err := q().Find(e.Ctx, 4)
		require.ErrorIs(t, err, model.ErrNotFound)
		_, err = q().FindBy(e.Ctx, "title", "e")
		require.ErrorIs(t, err, model.ErrNotFound)
		many, err := q().FindMany(e.Ctx, 7, 2, 4, 1)
		require.NoError(t, err)
		require.Equal(t, []int64{2, 1}, recordKeys(t, many))
		page, err := q().Paginate(e.Ctx, 1, 3)
		require.NoError(t, err)
		require.EqualValues(t, 4, page.Meta.Total)
		var sum int
		require.NoError(t, q().Sum(e.Ctx, "views", &sum))
		require.Equal(t, 5450, sum)
		var titles []string
		require.NoError(t, q().OrderBy("id").Pluck(e.Ctx, "title", &titles))
		require.Equal(t, "abcf", strings.Join(titles, ""))
		seen := 0
		for _, err := range q().Each(e.Ctx) {
			require.NoError(t, err)
			seen++
		}
		require.Equal(t, 4, seen)
	})
}

// WithoutScope removes global scopes by name, or all of them, also from inside a group or a scope.
func TestWithoutScopeRemovesGlobalScopes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB) }
		answers(t, e, []asked[scopedPage]{
			{"one", q().WithoutScope("live"), []int64{1, 2, 3, 4, 6}},
			{"other", q().WithoutScope("owned"), []int64{1, 2, 3, 5, 6}},
			{"both", q().WithoutScope("live", "owned"), []int64{1, 2, 3, 4, 5, 6, 7}},
			{"all", q().WithoutScope(), []int64{1, 2, 3, 4, 5, 6, 7}},
			{"in a group", q().Where(func(q *relation.Query) { q.WithoutScope("live").Where("views", ">", 200) }), []int64{3, 4, 6}},
			{"in a scope", q().Scope("drafts"), []int64{4}},
			{"the builder stays", q(), []int64{1, 2, 3, 6}},
		})
		base := q()
		other := base.Clone().WithoutScope()
		answers(t, e, []asked[scopedPage]{{"clone", other, []int64{1, 2, 3, 4, 5, 6, 7}}, {"base", base, []int64{1, 2, 3, 6}}})
	})
}

// Global scopes limit bulk writes, but are no condition that allows one.
func TestGlobalScopesLimitBulkWrites(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		q := func() *model.Builder[scopedPage] { return model.Query[scopedPage](e.DB) }
		refuses(t, e, []refused{
			{"delete", func() error { _, err := q().Delete(e.Ctx); return err }, model.ErrMissingWhere, "AllRows"},
			{"update", func() error { _, err := q().Update(e.Ctx, model.Attrs{"views": 0}); return err }, model.ErrMissingWhere, "AllRows"},
		})
		n, err := q().AllRows().Update(e.Ctx, model.Attrs{"views": 1})
		require.NoError(t, err)
		require.EqualValues(t, 4, n)
		n, err = q().Where("title", "d").OrWhere("title", "c").Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.EqualValues(t, 6, e.Count(t, "scoped_pages"))
		n, err = q().Scope("seen", 0).Delete(e.Ctx)
		require.NoError(t, err, "a named scope is a condition of the caller")
		require.EqualValues(t, 2, n, "the writes of the first statement took one page out of the scope")
	})
}

// Save, Delete, Refresh and Fresh address a record's row by its key, in the scope or not.
func TestGlobalScopesSpareTheRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPages(t, e)
		p, err := model.Query[scopedPage](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		p.State = "draft"
		require.NoError(t, p.Save(e.Ctx))
		p.Views = 77
		require.NoError(t, p.Save(e.Ctx), "out of the scope")
		require.NoError(t, p.Refresh(e.Ctx))
		require.Equal(t, 77, p.Views)
		fresh, err := p.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "draft", fresh.State)
		require.NoError(t, p.Increment(e.Ctx, "views", 1))
		require.NoError(t, p.Touch(e.Ctx))
		require.NoError(t, p.WithLock(e.Ctx, func(_ context.Context, locked *scopedPage) error {
			require.Equal(t, 78, locked.Views)
			return nil
		}))
		require.NoError(t, p.Delete(e.Ctx))
		require.EqualValues(t, 6, e.Count(t, "scoped_pages"))
	})
}

// A scope without a function or name, or declared twice, is an error of Register that names it.
func TestRegisterChecksScopes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&badScopes{})
		require.ErrorContains(t, err, `scope "none" has no function`)
		require.ErrorContains(t, err, `scope "twice" is declared twice`)
		require.ErrorContains(t, err, `global scope "twice" is declared twice`)
		require.ErrorContains(t, err, "a global scope needs a name")
		require.ErrorContains(t, err, "badScopes")
	})
}

// badScopes makes every mistake with scopes.
type badScopes struct {
	model.BaseModel[badScopes]

	ID int64
}

// Define is read by Register.
func (*badScopes) Define(d *model.Definition[badScopes]) {
	nothing := func(*relation.Query, ...any) {}
	global := func(*relation.Query) {}
	d.Scope("none", nil)
	d.Scope("twice", nothing)
	d.Scope("twice", nothing)
	d.GlobalScope("twice", global)
	d.GlobalScope("twice", global)
	d.GlobalScope("", global)
}
