// SPDX-License-Identifier: MIT

package query_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

var errNotSent = errors.New("this pool only keeps what it is given")

// pool keeps the statement that it is given. A statement that writes has found two rows.
type pool struct {
	sql  string
	args []any
}

func (p *pool) ExecContext(_ context.Context, sql string, args ...any) (sql.Result, error) {
	p.sql, p.args = sql, args
	return twoRows{}, nil
}

func (p *pool) QueryContext(_ context.Context, sql string, args ...any) (*sql.Rows, error) {
	p.sql, p.args = sql, args
	return nil, errNotSent
}

func (*pool) PrepareContext(context.Context, string) (*sql.Stmt, error) { return nil, errNotSent }
func (*pool) QueryRowContext(context.Context, string, ...any) *sql.Row  { return nil }

// twoRows is the result of a statement.
type twoRows struct{}

func (twoRows) LastInsertId() (int64, error) { return 0, nil }
func (twoRows) RowsAffected() (int64, error) { return 2, nil }

// sending is a case of a statement that query sends by itself.
type sending struct {
	name string
	send func(ctx context.Context, s stage, q *query.Spec) (int64, error)
}

// goldenSent is golden for statements that are sent.
func goldenSent(t *testing.T, topic string, cases []sending) {
	t.Helper()
	var b strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&b, "\n-- %s\n", c.name)
		for _, d := range dialects() {
			opened := dbtest.SQLite(t)
			all, err := opened.DB()
			require.NoError(t, err)
			t.Cleanup(func() { _ = all.Close() }) // nothing is left to lose.
			kept := &pool{}
			opened.ConnPool = kept
			s := stageOn(t, d, opened)
			n, err := c.send(t.Context(), s, query.New(s.Handle, s.author))
			if err != nil && !errors.Is(err, errNotSent) {
				fmt.Fprintf(&b, "%s refuses it: %v\n", d.Name, err)
				continue
			}
			require.NotEmpty(t, kept.sql, c.name)
			if err == nil {
				require.EqualValues(t, 2, n, "the number of rows is the database's")
			}
			write(&b, d, kept.sql, kept.args)
		}
	}
	harness.GoldenFile(t, topic, b.String())
}

func named(q *query.Spec) *query.Spec {
	q.Add(query.And, query.NewCompare("name", "=", "x"))
	return q
}

func TestUpdatesInSQL(t *testing.T) {
	t.Parallel()
	set := func(name string, change func(s stage, q *query.Spec), values map[string]any) sending {
		return sending{name, func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			change(s, q)
			return query.Update(ctx, s.Handle, q, values)
		}}
	}
	one := map[string]any{"score": 1.5}
	goldenSent(t, "updates", []sending{
		set("values are sorted by name", func(_ stage, q *query.Spec) { named(q) }, map[string]any{"name": "y", "Age": "7", "active": true}),
		set("nil is NULL", func(_ stage, q *query.Spec) { named(q) }, map[string]any{"age": nil}),
		set("of all rows", func(_ stage, q *query.Spec) { q.AllRows = true }, one),
		set("of deleted rows too", func(_ stage, q *query.Spec) { q.Trashed = query.WithTrashed; named(q) }, one),
		set("timestamp and version are written too", func(s stage, q *query.Spec) {
			q.Model = s.book
			q.Add(query.And, query.NewCompare("author_id", "in", []int{1, 2}))
		}, map[string]any{"title": "y"}),
		set("joins are in a sub-query", func(_ stage, q *query.Spec) {
			q.Joins = []query.Join{{Table: "books", First: "books.author_id", Op: "=", Other: "authors.id"}}
			named(q)
		}, one),
		set("a limit is in a sub-query", func(_ stage, q *query.Spec) {
			q.Limit, q.Orders = new(3), []query.Order{{Column: "score", Desc: true}}
			named(q)
		}, one),
		set("a condition on the table itself", func(s stage, q *query.Spec) {
			q.Add(query.And, query.Exists{Sub: q.Sub(s.author)})
		}, one),
		{"increment: NULL counts as 0", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			return query.Increment(ctx, s.Handle, named(q), "age", 2)
		}},
		{"decrement of what is not NULL", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			return query.Decrement(ctx, s.Handle, named(q), "Score", 2)
		}},
	})
}

func TestDeletesInSQL(t *testing.T) {
	t.Parallel()
	goldenSent(t, "deletes", []sending{
		{"delete marks rows", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			return query.Delete(ctx, s.Handle, named(q))
		}},
		{"force delete", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			return query.ForceDelete(ctx, s.Handle, named(q))
		}},
		{"force delete of deleted rows", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			q.Trashed = query.OnlyTrashed
			return query.ForceDelete(ctx, s.Handle, named(q))
		}},
		{"restore", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			return query.Restore(ctx, s.Handle, named(q))
		}},
		{"restore of all that is found", func(ctx context.Context, s stage, q *query.Spec) (int64, error) {
			q.Trashed = query.WithTrashed
			return query.Restore(ctx, s.Handle, named(q))
		}},
		{"delete of a model without soft deletes", func(ctx context.Context, s stage, _ *query.Spec) (int64, error) {
			q := query.New(s.Handle, s.book)
			q.Add(query.And, query.NewCompare("title", "=", "x"))
			return query.Delete(ctx, s.Handle, q)
		}},
		{"delete with a limit", func(ctx context.Context, s stage, _ *query.Spec) (int64, error) {
			q := query.New(s.Handle, s.book)
			q.Limit = new(1)
			return query.Delete(ctx, s.Handle, q)
		}},
	})
}

// TestRelatedRowsInSQL has the rows of several parents in one statement: limits count per parent.
func TestRelatedRowsInSQL(t *testing.T) {
	t.Parallel()
	books := func(name string, change func(s stage, q *query.Spec)) sending {
		return sending{name, func(ctx context.Context, s stage, _ *query.Spec) (int64, error) {
			q := query.New(s.Handle, s.book)
			column, _ := s.book.Column("author_id")
			q.Parents = &query.Parents{
				Match: query.Match{Place: query.Place{Table: "books", Column: column}, Keys: []any{int64(1), int64(2)}},
				Owner: &query.Place{Table: "authors", Column: s.author.Keys[0]},
			}
			change(s, q)
			_, err := query.SelectRelated(ctx, s.Handle, q)
			return 0, err
		}}
	}
	down := []query.Order{{Column: "title", Desc: true}}
	goldenSent(t, "related", []sending{
		books("all rows", func(stage, *query.Spec) {}),
		books("of one parent", func(_ stage, q *query.Spec) { q.Parents.Keys = q.Parents.Keys[:1] }),
		books("some columns: the key comes along", func(_ stage, q *query.Spec) { q.Columns = []query.Selection{{Column: "title"}} }),
		books("in an order", func(_ stage, q *query.Spec) { q.Orders = down }),
		books("the newest two of each", func(_ stage, q *query.Spec) { q.Limited = new(2) }),
		books("the first two of each", func(_ stage, q *query.Spec) { q.Limit, q.Orders = new(2), down }),
		books("the lesser limit counts", func(_ stage, q *query.Spec) { q.Limit, q.Limited = new(5), new(3) }),
		books("the second and third of each", func(_ stage, q *query.Spec) { q.Limit, q.Offset, q.Orders = new(2), new(1), down }),
		books("all but the first", func(_ stage, q *query.Spec) { q.Offset = new(1) }),
		books("picked in one order, sorted in another", func(_ stage, q *query.Spec) {
			q.Limited, q.Picked, q.Orders = new(2), []query.Order{{Column: "id"}}, down
		}),
		books("one of many", func(_ stage, q *query.Spec) { q.Limited, q.Picked, q.Orders = new(1), down, down }),
		books("with a join", func(s stage, q *query.Spec) {
			q.Limit = new(2)
			q.Joins = []query.Join{{Table: "authors", First: "authors.id", Op: "=", Other: "books.author_id"}}
		}),
	})
}
