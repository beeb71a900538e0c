// SPDX-License-Identifier: MIT

package paging_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// tally is a model with little JSON.
type tally struct {
	model.BaseModel[tally]

	ID    int64
	Kind  string
	Score int
	Mark  *int `json:"-"`
}

// seedTallies makes 23 rows with the keys 1 to 23 and three kinds.
func seedTallies(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &tally{})
	list := make([]*tally, 23)
	for i := range list {
		list[i] = &tally{Kind: string(rune('a' + i%3)), Score: i / 4}
	}
	require.NoError(t, model.Insert(e.Ctx, e.DB, list))
	e.Sent.Reset()
}

// keysBetween returns the numbers from first to last.
func keysBetween(first, last int64) []int64 {
	keys := []int64{}
	for k := first; k <= last; k++ {
		keys = append(keys, k)
	}
	return keys
}

// Paginate tells the total, the pages and the links as Lucid does, with two statements.
func TestPaginateTellsTotalsAndLinks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("id") }
		for _, c := range []struct {
			page, per, current, last int
			keys                     []int64
			next, previous           *string
		}{
			{1, 10, 1, 3, keysBetween(1, 10), new("/?page=2"), nil},
			{2, 10, 2, 3, keysBetween(11, 20), new("/?page=3"), new("/?page=1")},
			{3, 10, 3, 3, keysBetween(21, 23), nil, new("/?page=2")},
			{1, 23, 1, 1, keysBetween(1, 23), nil, nil},
			{1, 100, 1, 1, keysBetween(1, 23), nil, nil},
			{23, 1, 23, 23, []int64{23}, nil, new("/?page=22")},
		} {
			var page *model.Page[tally]
			e.Sends(t, 2, func() {
				var err error
				page, err = q().Paginate(e.Ctx, c.page, c.per)
				require.NoError(t, err)
			})
			require.Equal(t, c.keys, recordKeys(t, page.Data), "page %d", c.page)
			m := page.Meta
			require.EqualValues(t, 23, m.Total)
			require.Equal(t, []int{c.per, c.current, 1, c.last}, []int{m.PerPage, m.CurrentPage, m.FirstPage, m.LastPage})
			require.Equal(t, "/?page=1", *m.FirstPageURL)
			require.Equal(t, c.next, m.NextPageURL)
			require.Equal(t, c.previous, m.PreviousPageURL)
			require.Equal(t, c.current < c.last, page.HasMorePages())
		}
	})
}

// A page is written as meta and data, with Lucid's names of the facts in snake case and in Lucid's order.
func TestPageIsWrittenAsMetaAndData(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		page, err := model.Query[tally](e.DB).OrderBy("id").Paginate(e.Ctx, 2, 2)
		require.NoError(t, err)
		want := `{"meta":{"total":23,"per_page":2,"current_page":2,"last_page":12,"first_page":1,` +
			`"first_page_url":"/?page=1","last_page_url":"/?page=12","next_page_url":"/?page=3","previous_page_url":"/?page=1"},` +
			`"data":[{"id":3,"kind":"c","score":0},{"id":4,"kind":"a","score":0}]}`
		data, err := json.Marshal(page)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
		data, err = serialize.JSON(page)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
		data, err = json.Marshal(map[string]any{"page": page})
		require.NoError(t, err)
		require.JSONEq(t, `{"page":`+want+`}`, string(data))
		empty, err := model.Query[tally](e.DB).Where("id", 0).Paginate(e.Ctx, 1, 2)
		require.NoError(t, err)
		data, err = json.Marshal(empty)
		require.NoError(t, err)
		require.Equal(t, `{"meta":{"total":0,"per_page":2,"current_page":1,"last_page":1,"first_page":1,`+
			`"first_page_url":"/?page=1","last_page_url":"/?page=1","next_page_url":null,"previous_page_url":null},"data":[]}`, string(data))
	})
}

// BaseURL and QueryString shape the links: parameters are escaped and sorted, and page comes last, once.
func TestPageLinksAreEscapedAndSorted(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		page, err := model.Query[tally](e.DB).Paginate(e.Ctx, 2, 5)
		require.NoError(t, err)
		page.BaseURL("/tallies")
		require.Equal(t, "/tallies?page=3", *page.Meta.NextPageURL)
		page.QueryString(model.Attrs{"sort": "-score", "q": "a&b=c ü", "n": 5})
		require.Equal(t, "/tallies?n=5&q=a%26b%3Dc+%C3%BC&sort=-score&page=1", *page.Meta.PreviousPageURL)
		require.Equal(t, "/tallies?n=5&q=a%26b%3Dc+%C3%BC&sort=-score&page=5", *page.Meta.LastPageURL)
		page.QueryString(model.Attrs{"page": 9, "tag": []string{"x", "y"}})
		require.Equal(t, "/tallies?tag=x&tag=y&page=1", *page.Meta.FirstPageURL)
		page.QueryString(nil).BaseURL("/")
		require.Equal(t, "/?page=3", *page.Meta.NextPageURL)
	})
}

// A page below 1 is the first, one behind the end is empty, an impossible one is refused.
func TestPageOutsideIsFirstEmptyOrRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("id") }
		for _, n := range []int{0, -1, math.MinInt} {
			page, err := q().Paginate(e.Ctx, n, 4)
			require.NoError(t, err)
			require.Equal(t, 1, page.Meta.CurrentPage)
			require.Equal(t, keysBetween(1, 4), recordKeys(t, page.Data))
		}
		behind, err := q().Paginate(e.Ctx, 99, 10)
		require.NoError(t, err)
		require.NotNil(t, behind.Data)
		require.Empty(t, behind.Data)
		require.Equal(t, 99, behind.Meta.CurrentPage)
		require.Equal(t, 3, behind.Meta.LastPage)
		require.Nil(t, behind.Meta.NextPageURL)
		require.Equal(t, "/?page=3", *behind.Meta.PreviousPageURL, "the way back leads to rows")
		require.False(t, behind.HasMorePages())
		refuses(t, e, []refused{
			{"no rows", func() error { _, err := q().Paginate(e.Ctx, 1, 0); return err }, model.ErrInvalidValue, "0 rows"},
			{"negative rows", func() error { _, err := q().Paginate(e.Ctx, 1, -5); return err }, model.ErrInvalidValue, "-5 rows"},
			{"overflow", func() error { _, err := q().Paginate(e.Ctx, math.MaxInt, 2); return err }, model.ErrInvalidValue, "beyond"},
			{"overflow of rows", func() error { _, err := q().Paginate(e.Ctx, 3, math.MaxInt); return err }, model.ErrInvalidValue, "beyond"},
		})
		wide, err := q().Paginate(e.Ctx, 1, math.MaxInt)
		require.NoError(t, err)
		require.Len(t, wide.Data, 23)
		require.Equal(t, 1, wide.Meta.LastPage)
	})
}

// A page of no rows takes the counting statement only.
func TestPageWithoutRowsOnlyCounts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		var page *model.Page[tally]
		e.Sends(t, 1, func() {
			require.NoError(t, func() (err error) {
				page, err = model.Query[tally](e.DB).Where("kind", "x").OrderBy("id").Paginate(e.Ctx, 3, 10)
				return err
			}())
		})
		require.Zero(t, page.Meta.Total)
		require.Equal(t, 1, page.Meta.LastPage)
		require.Equal(t, 3, page.Meta.CurrentPage)
		require.Equal(t, "/?page=1", *page.Meta.PreviousPageURL)
		require.NotNil(t, page.Data)
	})
}

// The total counts distinct rows and groups as such, also with a Having and a join.
func TestTotalCountsDistinctAndGroupedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		of := func(q *model.Builder[tally]) (int64, int) {
			page, err := q.Paginate(e.Ctx, 1, 2)
			require.NoError(t, err)
			return page.Meta.Total, len(page.Data)
		}
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		total, n := of(q().Select("kind").Distinct().OrderBy("kind"))
		require.EqualValues(t, 3, total)
		require.Equal(t, 2, n)
		total, _ = of(q().Select("kind", "score").Distinct().OrderBy("kind"))
		require.EqualValues(t, 18, total)
		total, n = of(q().GroupBy("score").Aggregate("count", "*").As("n").OrderBy("score"))
		require.EqualValues(t, 6, total)
		require.Equal(t, 2, n)
		total, n = of(q().GroupBy("score").Aggregate("count", "*").As("n").Having("n", "<", 4))
		require.EqualValues(t, 1, total)
		require.Equal(t, 1, n)
		total, _ = of(q().Limit(3).Offset(2))
		require.EqualValues(t, 23, total, "a page has its own limit")
	})
}

// Soft deletes, scopes and groups of conditions hold for the total and for the rows.
func TestTotalObeysScopesAndSoftDeletes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		seedPages(t, e)
		posts, err := model.Query[queryPost](e.DB).Where("words", ">", 30).OrWhere("words", 10).OrderBy("id").Paginate(e.Ctx, 1, 10)
		require.NoError(t, err)
		require.EqualValues(t, 3, posts.Meta.Total)
		require.Equal(t, []int64{1, 4, 5}, recordKeys(t, posts.Data))
		posts, err = model.Query[queryPost](e.DB).WithTrashed().OrderBy("id").Paginate(e.Ctx, 2, 4)
		require.NoError(t, err)
		require.EqualValues(t, 6, posts.Meta.Total)
		require.Equal(t, []int64{5, 6}, recordKeys(t, posts.Data))
		pages, err := model.Query[scopedPage](e.DB).OrderBy("id", relation.Desc).Paginate(e.Ctx, 1, 3)
		require.NoError(t, err)
		require.EqualValues(t, 4, pages.Meta.Total)
		require.Equal(t, []int64{6, 3, 2}, recordKeys(t, pages.Data))
	})
}

// The untyped query fills a page into a slice and returns its facts.
func TestUntypedQueryFillsAPage(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		var list []*tally
		var facts relation.Meta
		e.Sends(t, 2, func() {
			var err error
			facts, err = model.Query[tally](e.DB).OrderBy("id").Untyped().Paginate(e.Ctx, &list, 2, 10)
			require.NoError(t, err)
		})
		require.EqualValues(t, 23, facts.Total)
		require.Equal(t, 3, facts.LastPage)
		require.Equal(t, keysBetween(11, 20), recordKeys(t, list))
		var wrong []tally
		refuses(t, e, []refused{{"destination", func() error {
			_, err := model.Query[tally](e.DB).Untyped().Paginate(e.Ctx, &wrong, 1, 1)
			return err
		}, model.ErrInvalidValue, "destination"}})
	})
}
