// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func names(list []*hooked) []string {
	out := []string{}
	for _, h := range list {
		out = append(out, h.Name)
	}
	return out
}

// Queries run the hooks of the query before they are sent, and of the records after.
func TestQueryHooksRunInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b", "c")
		q := func() *model.Builder[hooked] { return model.Query[hooked](e.DB).OrderBy("id") }
		run := func(name string, want []string, fn func() error) {
			require.NoError(t, fn(), name)
			require.Equal(t, want, j.take(), name)
		}
		one, many, page := []string{"finding", "found"}, []string{"fetching", "fetched"}, []string{"paginating", "fetching", "paginated", "fetched"}
		run("first", one, func() error { _, err := q().First(e.Ctx); return err })
		run("sole", one, func() error { _, err := q().Where("id", 1).Sole(e.Ctx); return err })
		run("find", one, func() error { _, err := q().Find(e.Ctx, 1); return err })
		run("find by", one, func() error { _, err := q().FindBy(e.Ctx, "name", "a"); return err })
		run("find within a condition", one, func() error { _, err := q().Where("visits", 0).Find(e.Ctx, 1); return err })
		run("find many", many, func() error { _, err := q().FindMany(e.Ctx, 1, 2); return err })
		run("all", many, func() error { _, err := q().All(e.Ctx); return err })
		run("all of none", many, func() error { _, err := q().Where("id", 0).All(e.Ctx); return err })
		run("each", many, func() error { return eachError(q().Each(e.Ctx)) })
		run("chunk", []string{"fetching", "fetched", "fetched"}, func() error { return eachError(q().Chunk(e.Ctx, 2)) })
		run("paginate", page, func() error { _, err := q().Paginate(e.Ctx, 1, 2); return err })
		run("paginate none", page, func() error { _, err := q().Where("id", 0).Paginate(e.Ctx, 1, 2); return err })
		run("cursor", page, func() error { _, err := q().CursorPaginate(e.Ctx, "", 2); return err })
		run("find no keys", []string{}, func() error { _, err := q().FindMany(e.Ctx); return err })
		run("untyped", one, func() error { return q().Untyped().First(e.Ctx, &hooked{}) })
		_, err := q().Find(e.Ctx, 99)
		require.ErrorIs(t, err, model.ErrNotFound)
		require.Equal(t, []string{"finding"}, j.take(), "nothing was found")
		h := hookedByName(t, e, "a")
		run("refresh", []string{"found"}, func() error { return h.Refresh(e.Ctx) })
		run("fresh", []string{"found"}, func() error { _, err := h.Fresh(e.Ctx); return err })
		run("count", []string{}, func() error { _, err := q().Count(e.Ctx); return err })
	})
}

// Conditions that a hook adds hold for its kind of call, next to those of the query, and not for the
// builder itself.
func TestConditionsOfQueryHooksHold(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b", "c", "d")
		filter := func(_ context.Context, q *relation.Query) error {
			q.Where("name", "!=", "a")
			return nil
		}
		j.query["finding"] = filter
		q := model.Query[hooked](e.DB).OrderBy("id")
		require.NoError(t, func() error {
			h, err := q.First(e.Ctx)
			require.Equal(t, "b", h.Name)
			return err
		}())
		_, err := q.Find(e.Ctx, 1)
		require.ErrorIs(t, err, model.ErrNotFound)
		h, err := q.Clone().Where("name", "a").OrWhere("name", "c").First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "c", h.Name, "an OR does not escape the hook")
		list, err := q.All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b", "c", "d"}, names(list), "the hook is for single records")
		j.query["fetching"] = filter
		list, err = q.All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"b", "c", "d"}, names(list))
		list, err = q.FindMany(e.Ctx, 3, 1, 2)
		require.NoError(t, err)
		require.Equal(t, []string{"c", "b"}, names(list))
		for chunk, err := range q.Chunk(e.Ctx, 10) {
			require.NoError(t, err)
			require.Equal(t, []string{"b", "c", "d"}, names(chunk))
		}
		sql, _, err := q.ToSQL()
		require.NoError(t, err)
		require.NotContains(t, sql, "name` <>", "running it left the builder alone")
		require.NotContains(t, sql, `name" <>`, "running it left the builder alone")
	})
}

// Conditions of Paginating and Fetching hooks hold for the total and for the rows of a page.
func TestConditionsOfPageHooksHoldForTheTotal(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b", "c", "d", "e")
		drop := func(name string) func(context.Context, *relation.Query) error {
			return func(_ context.Context, q *relation.Query) error {
				q.Where("name", "!=", name)
				return nil
			}
		}
		page := func() *model.Page[hooked] {
			var p *model.Page[hooked]
			require.NoError(t, func() (err error) {
				p, err = model.Query[hooked](e.DB).OrderBy("id").Paginate(e.Ctx, 1, 2)
				return err
			}())
			return p
		}
		j.query["fetching"] = drop("a")
		require.EqualValues(t, 4, page().Meta.Total)
		require.Equal(t, []string{"b", "c"}, names(page().Data))
		j.query["paginating"] = drop("b")
		require.EqualValues(t, 3, page().Meta.Total)
		require.Equal(t, []string{"c", "d"}, names(page().Data))
		cursor, err := model.Query[hooked](e.DB).CursorPaginate(e.Ctx, "", 2)
		require.NoError(t, err)
		require.Equal(t, []string{"c", "d"}, names(cursor.Data))
		list, err := model.Query[hooked](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"b", "c", "d", "e"}, names(list), "the hook of pages is for pages")
	})
}

// Found gets the record, Fetched and Paginated all records of the result, and what they set is in the
// result.
func TestRecordHooksGetTheResult(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b", "c")
		j.on["found"] = func(_ context.Context, h *hooked) error {
			require.True(t, h.IsPersisted())
			h.Extras()["found"] = h.Name
			return nil
		}
		h, err := model.Query[hooked](e.DB).Find(e.Ctx, 2)
		require.NoError(t, err)
		require.Equal(t, "b", h.Extras()["found"])
		sizes := []int{}
		j.many["fetched"] = func(_ context.Context, list []*hooked) error {
			sizes = append(sizes, len(list))
			for _, h := range list {
				h.Extras()["fetched"] = true
			}
			return nil
		}
		j.many["paginated"] = func(_ context.Context, list []*hooked) error {
			sizes = append(sizes, 10*len(list))
			return nil
		}
		list, err := model.Query[hooked](e.DB).All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, true, list[2].Extras()["fetched"])
		page, err := model.Query[hooked](e.DB).Paginate(e.Ctx, 1, 2)
		require.NoError(t, err)
		require.Equal(t, true, page.Data[1].Extras()["fetched"])
		_, err = model.Query[hooked](e.DB).Where("id", 0).All(e.Ctx)
		require.NoError(t, err)
		for chunk, err := range model.Query[hooked](e.DB).Chunk(e.Ctx, 2) {
			require.NoError(t, err)
			require.Equal(t, true, chunk[0].Extras()["fetched"])
		}
		require.Equal(t, []int{3, 20, 2, 0, 2, 1}, sizes)
	})
}

// An error of a hook before the query is returned and nothing is sent; one after it is returned in place of
// the result.
func TestErrorOfAQueryHookIsReturned(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b")
		iterateAlone(t, e)
		cause := errors.New("no")
		q := func() *model.Builder[hooked] { return model.Query[hooked](e.DB) }
		calls := map[string]map[string]func() error{
			"finding": {
				"first": func() error { _, err := q().First(e.Ctx); return err },
				"find":  func() error { _, err := q().Find(e.Ctx, 1); return err },
				"sole":  func() error { _, err := q().Where("id", 1).Sole(e.Ctx); return err },
			},
			"fetching": {
				"all":   all(e, q()),
				"many":  func() error { _, err := q().FindMany(e.Ctx, 1); return err },
				"each":  func() error { return eachError(q().Each(e.Ctx)) },
				"chunk": func() error { return eachError(q().Chunk(e.Ctx, 1)) },
				"page":  func() error { _, err := q().Paginate(e.Ctx, 1, 1); return err },
			},
			"paginating": {
				"page":   func() error { _, err := q().Paginate(e.Ctx, 1, 1); return err },
				"cursor": func() error { _, err := q().CursorPaginate(e.Ctx, "", 1); return err },
			},
		}
		for moment, list := range calls {
			j.query[moment] = func(context.Context, *relation.Query) error { return cause }
			for name, run := range list {
				refuses(t, e, []refused{{moment + ", " + name, run, cause, "hooked"}})
			}
			j.query[moment] = func(_ context.Context, q *relation.Query) error { q.Where("nmae", "x"); return nil }
			for name, run := range list {
				refuses(t, e, []refused{{moment + ", mistake, " + name, run, model.ErrUnknownColumn, "did you mean"}})
			}
			j.query[moment] = func(context.Context, *relation.Query) error { panic(moment) }
			for name, run := range list {
				require.PanicsWithValue(t, moment, func() { _ = run() }, name)
				e.RequireIdle(t)
			}
			delete(j.query, moment)
		}
		j.on["found"] = func(context.Context, *hooked) error { return cause }
		j.many["fetched"] = func(context.Context, []*hooked) error { return cause }
		for _, moment := range []string{"finding", "fetching"} {
			for name, run := range calls[moment] {
				require.ErrorIs(t, run(), cause, name)
			}
		}
		h := hookedByName(t, e, "a")
		require.ErrorIs(t, h.Refresh(e.Ctx), cause)
		delete(j.many, "fetched")
		j.many["paginated"] = func(context.Context, []*hooked) error { panic("paginated") }
		require.PanicsWithValue(t, "paginated", func() { _, _ = q().Paginate(e.Ctx, 1, 1) })
		e.RequireIdle(t)
	})
}

// Hooks of queries may query and write themselves, with a single connection and in the transaction of the
// call.
func TestHooksMayQueryAndWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b")
		iterateAlone(t, e)
		j.many["fetched"] = func(ctx context.Context, list []*hooked) error {
			for _, h := range list {
				if err := h.Increment(hooks.Without(ctx), "visits", 1); err != nil {
					return err
				}
			}
			return nil
		}
		j.query["fetching"] = func(ctx context.Context, q *relation.Query) error {
			n, err := model.Query[hooked](e.DB).Count(ctx)
			q.Where("visits", "<", n*100)
			return err
		}
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			for _, err := range model.Query[hooked](e.DB).Each(ctx) {
				require.NoError(t, err)
			}
			require.Equal(t, 1, hookedByName(t, &harness.Env{Ctx: ctx, DB: e.DB}, "a").Visits)
			return errBack
		}), errBack)
		require.Equal(t, 0, hookedByName(t, e, "a").Visits)
		_, err := model.Query[hooked](e.DB).All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, 1, hookedByName(t, e, "a").Visits)
	})
}
