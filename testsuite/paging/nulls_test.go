// SPDX-License-Identifier: MIT

package paging_test

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// price is a decimal number with a Scan and a Value of its own, which is never NULL.
type price struct{ text string }

func (p *price) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		p.text = "0"
	case []byte:
		p.text = string(v)
	default:
		p.text = fmt.Sprint(v)
	}
	return nil
}

func (p price) Value() (driver.Value, error) {
	if p.text == "" {
		return "0", nil
	}
	return p.text, nil
}

type offer struct {
	model.BaseModel[offer]
	ID     int64
	Price  price `gorm:"type:decimal(10,2)"`
	Rank   *int64
	Name   *string
	Score  sql.NullFloat64
	Active sql.NullBool
	Sold   sql.NullTime
	Due    *time.Time
	Raw    []byte
	Code   string `gorm:"not null"`
}

// setUp makes offers of which every third has values only, and every third NULLs only.
func setUp(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &offer{})
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC)
	var list []*offer
	for i := range 12 {
		o := &offer{Price: price{fmt.Sprintf("%d.5", 11-i/2)}, Code: string(rune('a' + i%5))}
		if i%3 != 0 {
			n, due := int64(i/2), at.Add(-time.Duration(i/2)*time.Hour)
			name := fmt.Sprint("n", i/2)
			o.Rank, o.Name, o.Due, o.Raw = &n, &name, &due, []byte{byte(i / 2), 0}
			o.Score = sql.NullFloat64{Float64: float64(i/2) + 0.1, Valid: true}
			o.Active, o.Sold = sql.NullBool{Bool: i%2 == 0, Valid: true}, sql.NullTime{Time: due, Valid: true}
		}
		list = append(list, o)
	}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
}

// orders are single and mixed orders over columns that may be NULL, and some that cannot.
func orders() []func(q *relation.Query) {
	var list []func(q *relation.Query)
	for _, dir := range []relation.Direction{relation.Asc, relation.Desc} {
		for _, column := range []string{"rank", "name", "score", "active", "sold", "due", "raw", "price", "code"} {
			list = append(list, func(q *relation.Query) { q.OrderBy(column, dir) })
		}
		list = append(list,
			func(q *relation.Query) { q.OrderBy("active", dir).OrderBy("rank").OrderBy("price", relation.Desc) },
			func(q *relation.Query) {
				q.OrderBy("code", dir).OrderBy("name", relation.Desc).OrderBy("id", relation.Desc)
			})
	}
	return list
}

func TestCursorPagesGiveNullsAPlace(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		for i, order := range orders() {
			whole, err := model.Query[offer](e.DB).Use(order).CursorPaginate(e.Ctx, "", 100)
			require.NoError(t, err, i)
			want := ids(whole.Data)
			require.Len(t, want, 12)
			require.Equal(t, want, walk(t, e, order), i)
			var chunked []int64
			for list, err := range model.Query[offer](e.DB).Use(order).Chunk(e.Ctx, 5) {
				require.NoError(t, err, i)
				chunked = append(chunked, ids(list)...)
			}
			require.Equal(t, want, chunked, i)
		}
	})
}

// walk goes forwards page by page and back again, and returns what it has seen on the way forwards.
func walk(t *testing.T, e *harness.Env, order func(*relation.Query)) []int64 {
	t.Helper()
	var there, back []int64
	cursor := ""
	for {
		page, err := model.Query[offer](e.DB).Use(order).CursorPaginate(e.Ctx, cursor, 5)
		require.NoError(t, err)
		there = append(there, ids(page.Data)...)
		if cursor = page.NextCursor; cursor != "" {
			continue
		}
		back = ids(page.Data)
		for cursor = page.PrevCursor; cursor != ""; cursor = page.PrevCursor {
			page, err = model.Query[offer](e.DB).Use(order).CursorPaginate(e.Ctx, cursor, 5)
			require.NoError(t, err)
			back = append(ids(page.Data), back...)
		}
		require.Equal(t, there, back)
		return there
	}
}

func ids(list []*offer) []int64 {
	out := make([]int64, len(list))
	for i, o := range list {
		out[i] = o.ID
	}
	return out
}

func TestNullIsTheGreatestValueOnEveryDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		up, err := model.Query[offer](e.DB).OrderBy("rank").OrderBy("id").CursorPaginate(e.Ctx, "", 12)
		require.NoError(t, err)
		require.Equal(t, []int64{2, 3, 5, 6, 8, 9, 11, 12, 1, 4, 7, 10}, ids(up.Data))
		down, err := model.Query[offer](e.DB).OrderBy("rank", relation.Desc).OrderBy("id", relation.Desc).CursorPaginate(e.Ctx, "", 12)
		require.NoError(t, err)
		slices.Reverse(down.Data)
		require.Equal(t, ids(up.Data), ids(down.Data))
	})
}
