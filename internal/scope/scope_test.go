// SPDX-License-Identifier: MIT

package scope_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// page has named and global scopes, and a hook that adds to its queries.
type page struct {
	model.BaseModel[page]

	ID     int64
	State  string
	Views  int
	BookID int64
}

func (*page) Define(d *model.Definition[page]) {
	d.GlobalScope("live", func(q *relation.Query) { q.Where("state", "live").OrWhere("state", "new") })
	d.GlobalScope("seen", func(q *relation.Query) { q.Where("views", ">", 0) })
	d.Scope("atLeast", func(q *relation.Query, args ...any) { q.Where("views", ">=", args[0]).OrWhereNull("views") })
	d.OnQuery(hooks.Fetching, func(ctx context.Context, q *relation.Query) error {
		if ctx.Value(refuses{}) != nil {
			return errHook
		}
		q.Where("id", ">", 0)
		return nil
	})
}

var errHook = errors.New("the hook refuses")

// refuses is the key of a context in which the hook fails.
type refuses struct{}

// book has a global scope that queries of shelves pass.
type book struct {
	model.BaseModel[book]

	ID      int64
	ShelfID int64
	Open    bool
	Pages   []*page `relation:"hasMany"`
}

func (*book) Define(d *model.Definition[book]) {
	d.GlobalScope("open", func(q *relation.Query) { q.Where("open", true) })
}

type shelf struct {
	model.BaseModel[shelf]

	ID    int64
	Books []*book `relation:"hasMany"`
	Pages []*page `relation:"hasManyThrough;through:Books"`
}

func newWorld(t *testing.T, e *harness.Env) *tx.Handle {
	t.Helper()
	e.Migrate(t, &shelf{}, &book{}, &page{})
	return tx.From(model.WithDB(e.Ctx, e.DB))
}

func pages(t *testing.T, h *tx.Handle) *query.Spec {
	t.Helper()
	m, err := h.Database().Models.Model(reflect.TypeFor[page]())
	require.NoError(t, err)
	spec := query.New(h, m)
	spec.Columns = []query.Selection{{Column: "id"}}
	return spec
}

// TestScopesInSQL has the conditions of each scope, which an OR of the caller leaves as they are.
func TestScopesInSQL(t *testing.T) {
	harness.Golden(t, "scopes", func(t *testing.T, e *harness.Env) []harness.Step {
		h := newWorld(t, e)
		run := func(name string, change func(q *query.Spec), moments ...meta.Moment) harness.Step {
			return harness.NewStep(name, func() {
				spec := pages(t, h)
				change(spec)
				ctx, run, err := scope.Prepare(e.Ctx, spec, moments...)
				require.NoError(t, err)
				_, err = query.Select(ctx, run.Handle, run.Spec)
				require.NoError(t, err)
				require.Empty(t, spec.Scoped, "the query itself stays")
			})
		}
		return []harness.Step{
			run("global scopes", func(*query.Spec) {}),
			run("beside the caller's OR", func(q *query.Spec) {
				q.Add(query.And, query.Null{Column: "views"})
				q.Add(query.Or, query.NewCompare("id", "=", 1))
			}),
			run("one is left out", func(q *query.Spec) { scope.Remove(q, []string{"live"}) }),
			run("all are left out", func(q *query.Spec) { scope.Remove(q, nil) }),
			run("a named scope is a group", func(q *query.Spec) { scope.Add(q, "atLeast", []any{3}); scope.Remove(q, nil) }),
			run("a hook adds a group", func(q *query.Spec) { scope.Remove(q, nil) }, meta.Fetching),
			harness.NewStep("of the models on the way", func() {
				rec := &shelf{}
				require.NoError(t, model.Create(e.Ctx, e.DB, rec))
				owner := related.OwnerOf(rec, "pages")
				spec := owner.Query()
				spec.Columns = []query.Selection{{Column: "id"}}
				scope.Remove(spec, []string{"live", "seen"})
				ctx, run, err := scope.Prepare(e.Ctx, spec)
				require.NoError(t, err)
				_, err = query.Select(ctx, run.Handle, run.Spec)
				require.NoError(t, err)
			}),
		}
	})
}

func TestAQueryInsideOfAnotherHasItsScopes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		spec := pages(t, newWorld(t, e))
		sub := scope.InSubquery(spec)
		require.Len(t, sub.Scoped, 2)
		require.Empty(t, spec.Scoped)
	})
}

func TestMistakesOfScopes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		h := newWorld(t, e)
		spec := pages(t, h)
		scope.Add(spec, "atleast", nil)
		require.ErrorIs(t, spec.Err, errs.ErrUnknownScope)
		require.ErrorContains(t, spec.Err, `"atLeast"`)
		spec = pages(t, h)
		scope.Remove(spec, []string{"open"})
		require.ErrorIs(t, spec.Err, errs.ErrUnknownScope)
		_, _, err := scope.Prepare(e.Ctx, spec)
		require.Equal(t, spec.Err, err, "a query with a mistake does not run")

		ctx := context.WithValue(e.Ctx, refuses{}, true)
		_, _, err = scope.Prepare(ctx, pages(t, h), meta.Fetching)
		require.ErrorIs(t, err, errHook)
		_, _, err = scope.Prepare(ctx, pages(t, h), meta.Finding)
		require.NoError(t, err)
		_, _, err = scope.Prepare(meta.Quiet(ctx), pages(t, h), meta.Fetching)
		require.NoError(t, err, "no hook runs in a quiet context")
		free := pages(t, h)
		free.Handle = nil
		_, _, err = scope.Prepare(e.Ctx, free)
		require.ErrorIs(t, err, errs.ErrUnbound)
		_, run, err := scope.Prepare(tx.With(e.Ctx, h), free)
		require.NoError(t, err)
		require.Same(t, h, run.Handle, "the context names the database")
	})
}
