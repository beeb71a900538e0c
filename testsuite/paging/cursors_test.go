// SPDX-License-Identifier: MIT

package paging_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Cursor pages forward and back see every row once, one statement per page, and end with empty cursors.
func TestCursorsWalkBothWays(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		for name, q := range map[string]func() *model.Builder[tally]{
			"by key":         q,
			"key down":       func() *model.Builder[tally] { return q().OrderBy("id", relation.Desc) },
			"ties":           func() *model.Builder[tally] { return q().OrderBy("kind") },
			"ties down":      func() *model.Builder[tally] { return q().OrderBy("kind", relation.Desc) },
			"mixed":          func() *model.Builder[tally] { return q().OrderBy("kind").OrderBy("score", relation.Desc) },
			"mixed with key": func() *model.Builder[tally] { return q().OrderBy("score", relation.Desc).OrderBy("id") },
			"with conditions": func() *model.Builder[tally] {
				return q().Where("kind", "a").OrWhere("kind", "b").OrderBy("kind", relation.Desc)
			},
			"named by a table": func() *model.Builder[tally] { return q().OrderBy("tallies.kind") },
		} {
			all := q()
			if !strings.Contains(name, "key") {
				all.OrderBy("id", map[bool]relation.Direction{true: relation.Desc, false: relation.Asc}[strings.Contains(name, "down") || name == "mixed" || name == "with conditions"])
			}
			want := keysOf(t, e, all)
			for _, per := range []int{1, 4, 23, 50} {
				walkCursors(t, e, name, q, want, per)
			}
		}
	})
}

// Rows that come and go between two pages are not the reason for one to be skipped or seen twice.
func TestCursorsSkipAndRepeatNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("score") }
		first, err := q().CursorPaginate(e.Ctx, "", 6)
		require.NoError(t, err)
		require.Equal(t, keysBetween(1, 6), recordKeys(t, first.Data))
		require.NoError(t, e.Gorm.Exec("DELETE FROM tallies WHERE id <= 6").Error)
		require.NoError(t, model.Create(e.Ctx, e.DB, &tally{Kind: "a", Score: -1}))
		second, err := q().CursorPaginate(e.Ctx, first.NextCursor, 6)
		require.NoError(t, err)
		require.Equal(t, keysBetween(7, 12), recordKeys(t, second.Data))
		back, err := q().CursorPaginate(e.Ctx, second.PrevCursor, 6)
		require.NoError(t, err)
		require.Equal(t, []int64{24}, recordKeys(t, back.Data))
		require.Empty(t, back.PrevCursor)
		require.NotEmpty(t, back.NextCursor)
	})
}

// Cursors carry times, floats, booleans, bytes and text of any content exactly.
func TestCursorsCarryValuesExactly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &cursorRow{})
		rows := make([]*cursorRow, 12)
		for i := range rows {
			rows[i] = &cursorRow{
				At: time.Date(2026, 1, 1, 0, 0, 0, (i%5)*1000, time.UTC), Ratio: float64(i%4) / 10, Flag: i%2 == 0,
				Text: []string{"", `"`, "ü\u2028", `\`}[i%4], Blob: []byte{byte(i % 3), 0xff, 0x00}, Big: int64(1)<<53 + int64(i%2),
			}
		}
		require.NoError(t, model.Insert(e.Ctx, e.DB, rows))
		for _, column := range []string{"at", "ratio", "flag", "text", "blob", "big"} {
			for _, dir := range []relation.Direction{relation.Asc, relation.Desc} {
				q := func() *model.Builder[cursorRow] { return model.Query[cursorRow](e.DB).OrderBy(column, dir) }
				want := keysOf(t, e, q().OrderBy("id", dir))
				walkCursors(t, e, column, q, want, 2)
			}
		}
	})
}

// A cursor that no page of this order has given is refused before anything is sent.
func TestGarbageCursorIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		page := func(q *model.Builder[tally], cursor string) func() error {
			return func() error { _, err := q.CursorPaginate(e.Ctx, cursor, 5); return err }
		}
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("score") }
		first, err := q().CursorPaginate(e.Ctx, "", 5)
		require.NoError(t, err)
		good := first.NextCursor
		require.NotEmpty(t, good)
		require.Equal(t, good, strings.Map(func(r rune) rune {
			if strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r) {
				return r
			}
			return -1
		}, good), "a cursor fits into a URL")
		data, err := base64.RawURLEncoding.DecodeString(good)
		require.NoError(t, err)
		forged := func(old, instead string) string {
			require.Contains(t, string(data), old)
			return base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(data), old, instead, 1)))
		}
		of := func(q *model.Builder[tally]) string {
			page, err := q.CursorPaginate(e.Ctx, "", 5)
			require.NoError(t, err)
			return page.NextCursor
		}
		other := model.Query[tally](e.DB)
		list := []refused{}
		for name, cursor := range map[string]string{
			"text": "abc", "no base64": "???", "spaces": " " + good, "cut": good[:len(good)-2], "more": good + "AA", "padding": good + "=",
			"null": base64.RawURLEncoding.EncodeToString([]byte("null")), "list": base64.RawURLEncoding.EncodeToString([]byte("[]")),
			"values":           forged(`"v":[`, `"v":["1",`),
			"type":             forged(`"v":["1"`, `"v":["1 OR 1=1"`),
			"other order":      of(model.Query[tally](e.DB).OrderBy("score", relation.Desc)),
			"other column":     of(model.Query[tally](e.DB).OrderBy("kind")),
			"fewer columns":    of(model.Query[tally](e.DB)),
			"more columns":     of(model.Query[tally](e.DB).OrderBy("score").OrderBy("kind")),
			"very long":        strings.Repeat("A", 100_000),
			"NUL":              "\x00",
			"number as number": forged(`"v":["1"`, `"v":[1`),
		} {
			list = append(list, refused{name, page(q(), cursor), model.ErrInvalidCursor, "cursor"})
		}
		list = append(list, refused{"of another table", page(other, cursorOfQueryPost(t, e)), model.ErrInvalidCursor, "cursor"})
		refuses(t, e, list)
	})
}

// Cursor pages refuse orders in which a row has no place: raw SQL, other tables, groups.
func TestCursorRefusesOrdersWithoutAPlace(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		seedPosts(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB) }
		page := func(q *model.Builder[tally]) func() error {
			return func() error { _, err := q.CursorPaginate(e.Ctx, "", 5); return err }
		}
		refuses(t, e, []refused{
			{"raw", page(q().OrderByRaw("score + 1")), model.ErrUnsupported, "raw SQL"},
			{"group", page(q().GroupBy("kind")), model.ErrUnsupported, "groups"},
			{"distinct", page(q().Select("kind").Distinct()), model.ErrUnsupported, "duplicates"},
			{"aggregate", page(q().Aggregate("count", "*").As("n")), model.ErrUnsupported, "keyset"},
			{"join", func() error {
				_, err := model.Query[account](e.DB).Join("query_posts", "query_posts.account_id", "=", "accounts.id").CursorPaginate(e.Ctx, "", 5)
				return err
			}, model.ErrUnsupported, "joins"},
			{"unknown", page(q().OrderBy("scroe")), model.ErrUnknownColumn, "did you mean"},
			{"not selected", page(q().Select("id", "kind").OrderBy("score")), model.ErrUnsupported, "selected"},
			{"key not selected", page(q().Select("score").OrderBy("score")), model.ErrUnsupported, "selected"},
			{"rows per page", func() error { _, err := q().CursorPaginate(e.Ctx, "", 0); return err }, model.ErrInvalidValue, "0 rows"},
		})
		some, err := q().Select("kind", "score", "id").OrderBy("score").CursorPaginate(e.Ctx, "", 5)
		require.NoError(t, err)
		require.Len(t, some.Data, 5)
	})
}

// A cursor page is written as meta and data, an empty cursor is null.
func TestCursorPageIsWrittenAsMetaAndData(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTallies(t, e)
		q := func() *model.Builder[tally] { return model.Query[tally](e.DB).OrderBy("id") }
		page, err := q().CursorPaginate(e.Ctx, "", 2)
		require.NoError(t, err)
		data, err := json.Marshal(page)
		require.NoError(t, err)
		require.Equal(t, `{"meta":{"per_page":2,"next_cursor":"`+page.NextCursor+`","prev_cursor":null},`+
			`"data":[{"id":1,"kind":"a","score":0},{"id":2,"kind":"b","score":0}]}`, string(data))
		empty, err := q().Where("id", 0).CursorPaginate(e.Ctx, "", 2)
		require.NoError(t, err)
		data, err = json.Marshal(empty)
		require.NoError(t, err)
		require.Equal(t, `{"meta":{"per_page":2,"next_cursor":null,"prev_cursor":null},"data":[]}`, string(data))
	})
}

// cursorRow has columns of the kinds that a cursor may carry.
type cursorRow struct {
	model.BaseModel[cursorRow]

	ID    int64
	At    time.Time
	Ratio float64
	Flag  bool
	Text  string
	Blob  []byte `gorm:"not null"`
	Big   int64
}

func cursorOfQueryPost(t testing.TB, e *harness.Env) string {
	t.Helper()
	e.Migrate(t, &cursorRow{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*cursorRow{{Blob: []byte{1}}, {Blob: []byte{2}}}))
	page, err := model.Query[cursorRow](e.DB).CursorPaginate(e.Ctx, "", 1)
	require.NoError(t, err)
	return page.NextCursor
}

// walkCursors goes through all pages forward and back again.
func walkCursors[T any](t testing.TB, e *harness.Env, name string, q func() *model.Builder[T], want []int64, per int) {
	t.Helper()
	var forward []int64
	var pages [][]int64
	cursor, last := "", ""
	for {
		var page *model.CursorPage[T]
		e.Sends(t, 1, func() {
			var err error
			page, err = q().CursorPaginate(e.Ctx, cursor, per)
			require.NoError(t, err, name)
		})
		keys := recordKeys(t, page.Data)
		require.LessOrEqual(t, len(keys), per, name)
		forward = append(forward, keys...)
		pages = append(pages, keys)
		require.Equal(t, cursor != "", page.PrevCursor != "", "%s: the first page has no page before it", name)
		require.LessOrEqual(t, len(forward), len(want), "%s: more rows than there are", name)
		last = page.PrevCursor
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	require.Equal(t, want, forward, "%s, %d per page", name, per)
	for i, cursor := len(pages)-2, last; i >= 0; i-- {
		page, err := q().CursorPaginate(e.Ctx, cursor, per)
		require.NoError(t, err, name)
		require.True(t, slices.Equal(pages[i], recordKeys(t, page.Data)), "%s, %d per page: back to page %d", name, per, i)
		require.NotEmpty(t, page.NextCursor, name)
		cursor = page.PrevCursor
		require.Equal(t, i > 0, cursor != "", "%s: only the first page has no page before it", name)
	}
}
