// SPDX-License-Identifier: MIT

package aggregate_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/aggregate"
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// author has a field for the number of books, which only aggregates set.
type author struct {
	model.BaseModel[author]

	ID    int64
	Books []*book `relation:"hasMany"`
	Tags  []*tag  `relation:"manyToMany"`
	Total int64   `gorm:"-"`
}

type book struct {
	model.BaseModel[book]

	ID       int64
	AuthorID int64
	Pages    int
}

type tag struct {
	model.BaseModel[tag]

	ID int64
}

// newWorld has the authors 1, with books of 10 and 30 pages and two tags, and 2, who has nothing.
func newWorld(t *testing.T, e *harness.Env) *tx.Handle {
	t.Helper()
	e.Migrate(t, &author{}, &book{}, &tag{})
	e.Exec(t,
		"INSERT INTO authors (id) VALUES (1), (2)", "INSERT INTO books (id, author_id, pages) VALUES (1, 1, 10), (2, 1, 30)",
		"INSERT INTO tags (id) VALUES (1), (2)", "INSERT INTO author_tag (author_id, tag_id) VALUES (1, 1), (1, 2)",
	)
	return tx.From(model.WithDB(e.Ctx, e.DB))
}

func authors(t *testing.T, h *tx.Handle) *query.Spec {
	t.Helper()
	m, err := h.Database().Models.Model(reflect.TypeFor[author]())
	require.NoError(t, err)
	spec := query.New(h, m)
	spec.Orders = []query.Order{{Column: "id"}}
	return spec
}

func many(q *query.Spec) { q.Add(query.And, query.NewCompare("pages", ">", 15)) }

// TestAggregatesInSQL has the sub-query of each, the name of its value, and the value for author 1 and author 2.
func TestAggregatesInSQL(t *testing.T) {
	harness.Golden(t, "aggregates", func(t *testing.T, e *harness.Env) []harness.Step {
		h := newWorld(t, e)
		selects := func(step, name string, one, two any, a aggregate.Aggregate) harness.Step {
			return harness.NewStep(step, func() {
				spec := authors(t, h)
				aggregate.Select(spec, a)
				require.NoError(t, spec.Err)
				list, err := query.Select(e.Ctx, h, spec)
				require.NoError(t, err)
				for i, want := range []any{one, two} {
					require.EqualValues(t, want, record.Of(spec.Model, list[i]).Extras()[name], step)
				}
			})
		}
		chosen := func(q *query.Spec) { chain.Aggregate(q, "max", "pages") }
		named := func(q *query.Spec) { chain.Aggregate(q, "max", "pages"); chain.As(q, "longest") }
		return []harness.Step{
			selects("count", "books_count", 2, 0, aggregate.Aggregate{Path: "books", Func: aggregate.Count}),
			selects("count of some", "books_count", 1, 0, aggregate.Aggregate{Path: "books", Func: aggregate.Count, Refine: []func(*query.Spec){many}}),
			selects("count with another name", "n", 2, 0, aggregate.Aggregate{Path: "books as n", Func: aggregate.Count}),
			selects("count of pivot rows", "tags_count", 2, 0, aggregate.Aggregate{Path: "Tags", Func: aggregate.Count}),
			selects("exists", "books_exists", true, false, aggregate.Aggregate{Path: "books", Func: aggregate.Exists}),
			selects("sum", "books_sum_pages", 40, nil, aggregate.Aggregate{Path: "books", Func: "sum", Column: "Pages"}),
			selects("min", "least", 10, nil, aggregate.Aggregate{Path: "books AS least", Func: "min", Column: "pages"}),
			selects("chosen", "books_max_pages", 30, nil, aggregate.Aggregate{Path: "books", Refine: []func(*query.Spec){chosen}}),
			selects("chosen and named", "longest", 30, nil, aggregate.Aggregate{Path: "books", Refine: []func(*query.Spec){named}}),
		}
	})
}

func TestMistakesAreKeptInTheQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		h := newWorld(t, e)
		for _, row := range []struct {
			a    aggregate.Aggregate
			is   error
			says string
		}{
			{aggregate.Aggregate{Path: "boks", Func: aggregate.Count}, errs.ErrUnknownRelation, `"books"`},
			{aggregate.Aggregate{Path: "books.tags", Func: aggregate.Count}, errs.ErrUnsupported, "it is of one relation"},
			{aggregate.Aggregate{Path: "books as id", Func: aggregate.Count}, errs.ErrUnknownColumn, `"id" is a column of author`},
			{aggregate.Aggregate{Path: "books as twice", Func: aggregate.Count}, errs.ErrUnknownColumn, `"twice" is given twice`},
			{aggregate.Aggregate{Path: "books"}, errs.ErrUnsupported, "names no aggregate"},
			{aggregate.Aggregate{Path: "books", Func: "sum", Column: "page"}, errs.ErrUnknownColumn, `"pages"`},
		} {
			spec := authors(t, h)
			aggregate.Select(spec, aggregate.Aggregate{Path: "tags as twice", Func: aggregate.Count})
			aggregate.Select(spec, row.a)
			err := spec.Err
			if err == nil { // the column is looked up where the statement is made
				_, err = query.Compile(h, spec)
			}
			require.ErrorIs(t, err, row.is, row.a)
			require.ErrorContains(t, err, row.says)
		}
	})
}

// TestLoadGivesRecordsTheirValues: by one statement, to two records of one row too, and to those of no related rows.
func TestLoadGivesRecordsTheirValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		newWorld(t, e)
		list, err := model.Query[author](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		again, err := model.Query[author](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		states, err := record.List(append(list, again))
		require.NoError(t, err)
		e.Sends(t, 1, func() {
			require.NoError(t, aggregate.Load(e.Ctx, states, aggregate.Aggregate{Path: "books", Func: "sum", Column: "pages"}))
		})
		for i, want := range []any{40, nil, 40} {
			require.EqualValues(t, want, states[i].Extras()["books_sum_pages"])
			require.False(t, states[i].IsDirty())
		}
		require.NoError(t, aggregate.Load(e.Ctx, states, aggregate.Aggregate{Path: "books as total", Func: aggregate.Count}))
		require.Equal(t, []int64{2, 0, 2}, []int64{list[0].Total, list[1].Total, again.Total})
		require.NotContains(t, states[0].Extras(), "total", "a field of that name gets it")
		e.Sends(t, 0, func() {
			require.NoError(t, aggregate.Load(e.Ctx, nil, aggregate.Aggregate{}))
			require.ErrorIs(t, aggregate.Load(e.Ctx, states, aggregate.Aggregate{Path: "boks"}), errs.ErrUnknownRelation)
		})
		e.Exec(t, "DELETE FROM authors WHERE id = 2")
		require.ErrorIs(t, aggregate.Load(e.Ctx, states, aggregate.Aggregate{Path: "books", Func: aggregate.Count}), errs.ErrNotFound)
	})
}
