// SPDX-License-Identifier: MIT

package paging_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/paging"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// post is what pages show. Rank and Due may be NULL.
type post struct {
	model.BaseModel[post]

	ID    int64
	Title string
	Score float64
	Rank  *int
	Due   sql.NullTime
	Data  []byte `gorm:"not null"`
	At    time.Time
	Grade grade
}

// grade is a type with a Value of its own, which is never NULL.
type grade string

func (g grade) Value() (driver.Value, error) { return "grade " + string(g), nil }

func (g *grade) Scan(v any) error {
	*g = grade(strings.TrimPrefix(harness.Text(v), "grade "))
	return nil
}

var start = time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)

// seed makes seven posts: scores are 0, 1, 2, 0, 1, 2, 0, and the ranks of 1 and 4 and 7 are NULL.
func seed(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &post{})
	list := make([]*post, 7)
	for i := range list {
		list[i] = &post{
			Title: string(rune('a' + i)), Score: float64(i % 3), Data: []byte{0, byte(i / 2)}, At: start.Add(time.Duration(i) * time.Microsecond),
			Grade: grade(rune('z' - i)),
		}
		if i%3 > 0 {
			list[i].Rank, list[i].Due = new(i), sql.NullTime{Time: start, Valid: true}
		}
	}
	require.NoError(t, model.Insert(e.Ctx, e.DB, list))
}

func each(t *testing.T, check func(t *testing.T, e *harness.Env)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		check(t, e)
	})
}

// posts returns a query of all posts, in an order.
func posts(t *testing.T, e *harness.Env, orders ...query.Order) *query.Spec {
	t.Helper()
	h := tx.From(model.WithDB(e.Ctx, e.DB))
	m, err := h.Database().Models.Model(reflect.TypeFor[post]())
	require.NoError(t, err)
	spec := query.New(h, m)
	spec.Orders = orders
	return spec
}

func idsOf(records []memory.Ptr) []int64 {
	ids := []int64{}
	for _, p := range records {
		ids = append(ids, (*memory.At[post](p)).ID)
	}
	return ids
}

func TestAPageByNumberKnowsTheTotal(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		for _, row := range []struct {
			number, perPage int
			want            []int64
			page            paging.Page
			sends           int
		}{
			{1, 3, []int64{1, 2, 3}, paging.Page{Total: 7, Number: 1, Last: 3}, 2},
			{3, 3, []int64{7}, paging.Page{Total: 7, Number: 3, Last: 3}, 2},
			{4, 3, []int64{}, paging.Page{Total: 7, Number: 4, Last: 3}, 2},
			{0, 7, []int64{1, 2, 3, 4, 5, 6, 7}, paging.Page{Total: 7, Number: 1, Last: 1}, 2},
			{-2, 6, []int64{1, 2, 3, 4, 5, 6}, paging.Page{Total: 7, Number: 1, Last: 2}, 2},
		} {
			e.Sends(t, row.sends, func() {
				page, err := paging.Number(e.Ctx, posts(t, e, query.Order{Column: "id"}), row.number, row.perPage)
				require.NoError(t, err)
				require.Equal(t, row.want, idsOf(page.Records))
				page.Records = nil
				require.Equal(t, row.page, page)
			})
		}
		none := posts(t, e)
		none.Add(query.And, query.NewCompare("title", "=", "z"))
		e.Sends(t, 1, func() {
			page, err := paging.Number(e.Ctx, none, 2, 5)
			require.NoError(t, err)
			require.Equal(t, paging.Page{Number: 2, Last: 1}, page, "no row, no SELECT of rows")
		})
		e.Sends(t, 0, func() {
			_, err := paging.Number(e.Ctx, posts(t, e), 1, 0)
			require.ErrorIs(t, err, errs.ErrInvalidValue)
		})
	})
}

// TestAPageOfOneRowPerParentHasOne: a query that is limited for each parent counts no more rows than it has.
func TestAPageOfOneRowPerParentHasOne(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		limited := func() *query.Spec {
			spec := posts(t, e, query.Order{Column: "id"})
			spec.Limited = new(3)
			return spec
		}
		for number, want := range map[int][]int64{1: {1, 2}, 2: {3}, 3: {}} {
			page, err := paging.Number(e.Ctx, limited(), number, 2)
			require.NoError(t, err)
			require.Equal(t, want, idsOf(page.Records))
			require.Equal(t, []int64{3, 2}, []int64{page.Total, int64(page.Last)})
		}
	})
}

// TestCursorsLeadForwardAndBack walks through all pages of an order and back again, for orders by every kind of column.
func TestCursorsLeadForwardAndBack(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		for _, row := range []struct {
			orders []query.Order
			want   []int64
		}{
			{nil, []int64{1, 2, 3, 4, 5, 6, 7}},
			{[]query.Order{{Column: "id", Desc: true}}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{[]query.Order{{Column: "score"}}, []int64{1, 4, 7, 2, 5, 3, 6}},
			{[]query.Order{{Column: "score", Desc: true}}, []int64{6, 3, 5, 2, 7, 4, 1}},
			{[]query.Order{{Column: "score", Desc: true}, {Column: "posts.title"}}, []int64{3, 6, 2, 5, 1, 4, 7}},
			{[]query.Order{{Column: "rank"}}, []int64{2, 3, 5, 6, 1, 4, 7}},
			{[]query.Order{{Column: "rank", Desc: true}, {Column: "ID"}}, []int64{1, 4, 7, 6, 5, 3, 2}},
			{[]query.Order{{Column: "due"}, {Column: "score"}}, []int64{2, 5, 3, 6, 1, 4, 7}},
			{[]query.Order{{Column: "grade"}}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{[]query.Order{{Column: "data"}}, []int64{1, 2, 3, 4, 5, 6, 7}},
			{[]query.Order{{Column: "at", Desc: true}}, []int64{7, 6, 5, 4, 3, 2, 1}},
		} {
			for _, perPage := range []int{1, 2, 3, 7, 8} {
				there, back := walk(t, e, perPage, row.orders)
				require.Equal(t, row.want, there, "%v, %d per page", row.orders, perPage)
				require.Equal(t, row.want, back, "%v, %d per page, from the end", row.orders, perPage)
			}
		}
	})
}

// walk returns the posts as the pages from the first to the last show them, and as those from the last to the first do.
func walk(t *testing.T, e *harness.Env, perPage int, orders []query.Order) (there, back []int64) {
	t.Helper()
	page, err := paging.Cursor(e.Ctx, posts(t, e, orders...), "", perPage)
	require.NoError(t, err)
	require.Empty(t, page.Previous)
	there = idsOf(page.Records)
	for n := 0; page.Next != "" && n < 9; n++ {
		e.Sends(t, 1, func() { page, err = paging.Cursor(e.Ctx, posts(t, e, orders...), page.Next, perPage) })
		require.NoError(t, err)
		require.NotEmpty(t, page.Previous)
		there = append(there, idsOf(page.Records)...)
	}
	back = idsOf(page.Records)
	for n := 0; page.Previous != "" && n < 9; n++ {
		page, err = paging.Cursor(e.Ctx, posts(t, e, orders...), page.Previous, perPage)
		require.NoError(t, err)
		require.NotEmpty(t, page.Next)
		back = append(idsOf(page.Records), back...)
	}
	return there, back
}

func TestACursorOfAnotherOrderIsRefused(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		byScore := query.Order{Column: "score"}
		page, err := paging.Cursor(e.Ctx, posts(t, e, byScore), "", 2)
		require.NoError(t, err)
		e.Sends(t, 0, func() {
			for _, orders := range [][]query.Order{nil, {{Column: "score", Desc: true}}, {{Column: "title"}}, {byScore, {Column: "title"}}} {
				_, err = paging.Cursor(e.Ctx, posts(t, e, orders...), page.Next, 2)
				require.ErrorIs(t, err, errs.ErrInvalidCursor)
			}
			for _, text := range []string{"x", page.Next + "A", page.Next[1:], "e30"} {
				_, err = paging.Cursor(e.Ctx, posts(t, e, byScore), text, 2)
				require.ErrorIs(t, err, errs.ErrInvalidCursor)
			}
			_, err = paging.Cursor(e.Ctx, posts(t, e), "", 0)
			require.ErrorIs(t, err, errs.ErrInvalidValue)
		})
	})
}

// TestAKeysetNeedsAPlaceForEveryRow has the queries that Cursor and Chunk refuse before anything is sent.
func TestAKeysetNeedsAPlaceForEveryRow(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		for _, row := range []struct {
			change func(q *query.Spec)
			is     error
			says   string
		}{
			{func(q *query.Spec) { q.Groups = []string{"title"} }, errs.ErrUnsupported, "groups"},
			{func(q *query.Spec) { q.Distinct = true }, errs.ErrUnsupported, "duplicates"},
			{func(q *query.Spec) { q.Aggregates = []query.Aggregate{{Func: "count", Column: "*"}} }, errs.ErrUnsupported, "groups"},
			{func(q *query.Spec) { q.Joins = []query.Join{{Table: "x"}} }, errs.ErrUnsupported, "joins"},
			{func(q *query.Spec) { q.Orders = []query.Order{{Raw: &query.Raw{SQL: "1"}}} }, errs.ErrUnsupported, "raw SQL"},
			{func(q *query.Spec) { q.Orders = []query.Order{{Column: "titel"}} }, errs.ErrUnknownColumn, `"title"`},
			{func(q *query.Spec) {
				q.Outputs, q.Orders = []query.Output{{As: "n"}}, []query.Order{{Column: "n"}}
			}, errs.ErrUnsupported, "counted of related rows"},
			{func(q *query.Spec) { q.Columns = []query.Selection{{Column: "title"}} }, errs.ErrUnsupported, "post.ID, which is not selected"},
		} {
			q := posts(t, e)
			row.change(q)
			e.Sends(t, 0, func() {
				_, err := paging.Cursor(e.Ctx, q, "", 2)
				require.ErrorIs(t, err, row.is)
				require.ErrorContains(t, err, row.says)
				for _, err := range paging.Chunk(e.Ctx, q, 2) {
					require.ErrorIs(t, err, row.is)
				}
			})
		}
		for _, columns := range [][]query.Selection{{{Column: "*"}}, {{Column: "title"}, {Column: "posts.id"}}} {
			q := posts(t, e)
			q.Columns = columns
			_, err := paging.Cursor(e.Ctx, q, "", 2)
			require.NoError(t, err)
		}
	})
}

func TestChunkReadsListsBehindEachOther(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		for _, row := range []struct {
			n, sends      int
			limit, offset *int
			want          [][]int64
		}{
			{3, 3, nil, nil, [][]int64{{1, 2, 3}, {4, 5, 6}, {7}}},
			{7, 2, nil, nil, [][]int64{{1, 2, 3, 4, 5, 6, 7}}},
			{8, 1, nil, nil, [][]int64{{1, 2, 3, 4, 5, 6, 7}}},
			{2, 2, new(4), nil, [][]int64{{1, 2}, {3, 4}}},
			{2, 2, new(3), new(1), [][]int64{{2, 3}, {4}}},
			{3, 1, nil, new(6), [][]int64{{7}}},
			{3, 0, new(0), nil, nil},
		} {
			q := posts(t, e)
			q.Limit, q.Offset = row.limit, row.offset
			e.Sends(t, row.sends, func() {
				var got [][]int64
				for list, err := range paging.Chunk(e.Ctx, q, row.n) {
					require.NoError(t, err)
					got = append(got, idsOf(list))
				}
				require.Equal(t, row.want, got)
			})
		}
		e.Sends(t, 1, func() {
			for list, err := range paging.Chunk(e.Ctx, posts(t, e), 2) {
				require.NoError(t, err)
				require.Len(t, list, 2)
				break
			}
		})
		for _, err := range paging.Chunk(e.Ctx, posts(t, e), 0) {
			require.ErrorIs(t, err, errs.ErrInvalidValue)
		}
	})
}

// TestEachReadsAnyOrder: by keyset where the order has one that fits the database's, through a cursor in a transaction where there
// are any, else by one statement.
func TestEachReadsAnyOrder(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		for _, row := range []struct {
			order query.Order
			want  []int64
		}{
			{query.Order{Column: "title", Desc: true}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{query.Order{Raw: &query.Raw{SQL: "score, id"}}, []int64{1, 4, 7, 2, 5, 3, 6}},
			{query.Order{Column: "rank", Desc: true, NullsLast: true}, nil},
		} {
			e.Sends(t, 1, func() { requireEach(e.Ctx, t, posts(t, e, row.order), row.want) })
			q := posts(t, e, row.order)
			require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
				q.Handle = tx.From(ctx)
				requireEach(ctx, t, q, row.want)
				return nil
			}))
		}
	})
}

// requireEach reads all posts of a query. Where want is nil, their order among equals is the database's.
func requireEach(ctx context.Context, t *testing.T, q *query.Spec, want []int64) {
	t.Helper()
	var got []memory.Ptr
	for p, err := range paging.Each(ctx, q) {
		require.NoError(t, err)
		got = append(got, p)
	}
	if want != nil {
		require.Equal(t, want, idsOf(got))
		return
	}
	require.Equal(t, []int64{6, 5, 3, 2}, idsOf(got)[:4])
	require.ElementsMatch(t, []int64{1, 4, 7}, idsOf(got)[4:])
}

// TestPagesInSQL has the condition of a page: the rows behind, or before, the one that a cursor names.
func TestPagesInSQL(t *testing.T) {
	harness.Golden(t, "pages", func(t *testing.T, e *harness.Env) []harness.Step {
		seed(t, e)
		cursor := func(name string, back bool, orders ...query.Order) harness.Step {
			columns := []query.Selection{{Column: "id"}, {Column: "score"}, {Column: "rank"}, {Column: "grade"}}
			first := posts(t, e, orders...)
			first.Columns = columns
			page, err := paging.Cursor(e.Ctx, first, "", 2)
			require.NoError(t, err)
			if back {
				page, err = paging.Cursor(e.Ctx, posts(t, e, orders...), page.Next, 2)
				require.NoError(t, err)
				page.Next = page.Previous
			}
			return harness.NewStep(name, func() {
				q := posts(t, e, orders...)
				q.Columns = columns
				_, err := paging.Cursor(e.Ctx, q, page.Next, 2)
				require.NoError(t, err)
			})
		}
		return []harness.Step{
			cursor("the key completes an order", false, query.Order{Column: "score"}),
			cursor("the page before is read backwards", true, query.Order{Column: "score"}),
			cursor("each column has its direction", false, query.Order{Column: "score", Desc: true}, query.Order{Column: "id"}),
			cursor("NULL is the greatest value", false, query.Order{Column: "rank"}),
			cursor("a type of the program that is never NULL", false, query.Order{Column: "grade"}),
			cursor("behind NULL are all values", false, query.Order{Column: "rank", Desc: true}),
			harness.NewStep("a page by number", func() {
				q := posts(t, e, query.Order{Column: "id"})
				q.Columns = []query.Selection{{Column: "id"}}
				_, err := paging.Number(e.Ctx, q, 2, 3)
				require.NoError(t, err)
			}),
			harness.NewStep("lists of four", func() {
				q := posts(t, e, query.Order{Column: "id"})
				q.Columns = []query.Selection{{Column: "id"}}
				for _, err := range paging.Chunk(e.Ctx, q, 4) {
					require.NoError(t, err)
				}
			}),
		}
	})
}
