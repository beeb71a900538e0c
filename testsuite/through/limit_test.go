// SPDX-License-Identifier: MIT

package through_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Author struct {
	model.BaseModel[Author]

	ID    int64
	Books []*Book `relation:"hasMany"`
}

type Book struct {
	model.BaseModel[Book]

	ID       int64
	AuthorID int64 `gorm:"index"`
	Rank     int64
}

// fill makes authors with 20 books each, and one who has as many as all others together.
func fill(t *testing.T, e *harness.Env, authors string) {
	t.Helper()
	e.Migrate(t, &Author{}, &Book{})
	e.Exec(t,
		"insert into authors (id) select n from generate_series(1, "+authors+") n",
		"insert into books (id, author_id, rank) select n, 2 + n % ("+authors+" - 1), n % 7 from generate_series(1, "+authors+" * 20) n",
		"insert into books (id, author_id, rank) select "+authors+" * 20 + n, 1, 0 from generate_series(1, "+authors+" * 20) n")
}

func newest(q *relation.Query) { q.GroupLimit(3) }

// Without statistics PostgreSQL would read the primary key backwards for every author, as the order asks for it.
func TestALimitPerRecordReadsTheIndexOfTheForeignKey(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		fill(t, e, "1000")
		for _, statistics := range []string{"", "analyze books"} {
			if statistics != "" {
				e.Exec(t, statistics)
			}
			var all []*Author
			begin := time.Now()
			sent := e.Sends(t, 2, func() {
				var err error
				all, err = model.Query[Author](e.DB).Preload("books", newest).All(e.Ctx)
				require.NoError(t, err)
			})
			require.Less(t, time.Since(begin), 30*time.Second)
			for _, a := range all {
				require.Len(t, a.Books, 3)
				require.Greater(t, a.Books[0].ID, a.Books[1].ID)
			}
			require.NotContains(t, plan(t, e, sent[1], all), "books_pkey")
		}
	})
}

// plan returns how the database runs a preload of the books of all authors.
func plan(t *testing.T, e *harness.Env, sql string, authors []*Author) string {
	t.Helper()
	ids := make([]string, 0, len(authors))
	for range authors {
		ids = append(ids, "1")
	}
	sql = strings.Replace(sql, "$1", "'{"+strings.Join(ids, ",")+"}'::bigint[]", 1)
	sql = strings.Replace(sql, "$2", "3", 1)
	var b strings.Builder
	for _, row := range e.Rows(t, "explain "+sql) {
		for _, line := range row {
			b.WriteString(line.(string) + "\n") //nolint:errcheck,forcetypeassert // EXPLAIN gives text.
		}
	}
	return b.String()
}
