// SPDX-License-Identifier: MIT

package query_test

import (
	"testing"
	"time"

	"github.com/kindred-orm/kindred/internal/query"
)

// where returns a case with one condition.
func where(name string, n query.Node) goldenCase {
	return goldenCase{name, func(_ stage, q *query.Spec) { q.Add(query.And, n) }}
}

func TestConditionsInSQL(t *testing.T) {
	t.Parallel()
	golden(t, "conditions", []goldenCase{
		where("equal", query.NewCompare("name", "=", "x")),
		where("by the name of the field", query.NewCompare("CreatedAt", ">", time.Unix(1e9, 0).UTC())),
		where("with the table in front", query.NewCompare("authors.id", "!=", 7)),
		where("an integer in a text", query.NewCompare("id", "<=", "7")),
		where("a list", query.NewCompare("id", "in", []int{1, 2})),
		where("not in a list", query.NewCompare("name", "not in", []string{`a"b`, `c\d`})),
		where("an empty list has nothing", query.In{Column: "id", Values: []int64{}}),
		where("everything is outside of an empty list", query.In{Column: "id", Not: true, Values: []int64{}}),
		where("null", query.Null{Column: "age"}),
		where("not null", query.Null{Column: "age", Not: true}),
		where("between", query.Between{Column: "age", From: 1, To: 9}),
		where("not between", query.Between{Column: "score", Not: true, From: 0.5, To: 1}),
		where("like", query.NewCompare("name", "LIKE", "a%")),
		where("not like", query.NewCompare("name", "not like", "a%")),
		where("ilike", query.NewCompare("name", "ilike", "a%")),
		where("not ilike", query.NewCompare("name", "not ilike", "A%")),
		where("two columns", query.Columns{Left: "id", Op: "<>", Right: "age"}),
		where("raw", query.Raw{SQL: "name = ? AND '??' <> ?", Args: []any{"x", 1}}),
		where("two question marks are one", query.Raw{SQL: "name ?? 'x' OR id = ?", Args: []any{1}}),
		where("keys", query.Keys{IDs: []any{1, "2"}}),
		where("not the keys", query.Keys{Not: true, IDs: []any{3}}),
	})
}

func TestLogicInSQL(t *testing.T) {
	t.Parallel()
	a, b, c := query.Compare{Column: "id", Op: "=", Value: 1}, query.Null{Column: "age"}, query.Compare{Column: "active", Op: "=", Value: true}
	golden(t, "logic", []goldenCase{
		{"and", func(_ stage, q *query.Spec) { q.Add(query.And, a); q.Add(query.And, b) }},
		{"or stays inside of the caller's conditions", func(_ stage, q *query.Spec) { q.Add(query.And, a); q.Add(query.Or, b) }},
		{"not", func(_ stage, q *query.Spec) { q.Add(query.AndNot, a); q.Add(query.OrNot, c) }},
		{"a group", func(_ stage, q *query.Spec) {
			q.Add(query.And, a)
			q.Add(query.And, query.Nested{Group: query.Group{{Node: b}, {Logic: query.Or, Node: c}}})
		}},
		{"what is required cannot be escaped by or", func(_ stage, q *query.Spec) {
			q.Require(a)
			q.Add(query.And, b)
			q.Add(query.Or, c)
		}},
		{"narrowed", func(_ stage, q *query.Spec) {
			q.Narrow(func(q *query.Spec) { q.Add(query.And, a); q.Add(query.Or, b) })
			q.Add(query.Or, c)
		}},
		{"a scope is kept apart", func(_ stage, q *query.Spec) {
			q.Scoped = append(q.Scoped, a)
			q.Add(query.And, b)
			q.Add(query.Or, c)
		}},
		{"with deleted rows", func(_ stage, q *query.Spec) { q.Trashed = query.WithTrashed }},
		{"only deleted rows", func(_ stage, q *query.Spec) { q.Trashed = query.OnlyTrashed; q.Add(query.And, a) }},
	})
}

func TestClausesInSQL(t *testing.T) {
	t.Parallel()
	golden(t, "clauses", []goldenCase{
		{"all columns", func(_ stage, q *query.Spec) { q.Columns = nil }},
		{"some columns, one of another name", func(_ stage, q *query.Spec) {
			q.Columns = []query.Selection{{Column: "id"}, {Column: "name AS label"}}
		}},
		{"raw columns", func(_ stage, q *query.Spec) {
			q.Columns = []query.Selection{{Column: "id"}, {Raw: &query.Raw{SQL: "score * ? AS twice", Args: []any{2}}}}
		}},
		{"distinct", func(_ stage, q *query.Spec) { q.Distinct, q.Columns = true, []query.Selection{{Column: "name"}} }},
		{"order", func(_ stage, q *query.Spec) {
			q.Orders = []query.Order{{Column: "age", Desc: true, NullsLast: true}, {Column: "id"}, {Raw: &query.Raw{SQL: "score + ?", Args: []any{1}}}}
		}},
		{"limit and offset", func(_ stage, q *query.Spec) { q.Limit, q.Offset = new(3), new(6) }},
		{"offset alone", func(_ stage, q *query.Spec) { q.Offset = new(6) }},
		{"limit of nothing", func(_ stage, q *query.Spec) { q.Limit = new(0) }},
		{"join", func(_ stage, q *query.Spec) {
			q.Joins = []query.Join{{Table: "books", First: "books.author_id", Op: "=", Other: "authors.id"}}
			q.Add(query.And, query.Compare{Column: "books.title", Op: "=", Value: "x"})
		}},
		{"left join", func(_ stage, q *query.Spec) {
			q.Joins = []query.Join{{Left: true, Table: "books", First: "books.AuthorID", Op: "=", Other: "id"}}
		}},
		{"groups", func(_ stage, q *query.Spec) {
			q.Groups = []string{"name"}
			q.Columns = []query.Selection{{Column: "name"}}
			q.Aggregates = []query.Aggregate{{Func: "count", Column: "*", As: "n", Named: true}}
			q.Having = query.Group{{Node: query.Compare{Column: "n", Op: ">", Value: 1}}}
			q.Orders = []query.Order{{Column: "n", Desc: true}}
		}},
		{"an alias of the table", func(_ stage, q *query.Spec) {
			q.Alias = "a"
			q.Add(query.And, query.Compare{Column: "a.id", Op: "=", Value: 1})
		}},
	})
}

func TestLocksInSQL(t *testing.T) {
	t.Parallel()
	lock := func(mode, wait string) func(stage, *query.Spec) {
		return func(_ stage, q *query.Spec) { q.Lock = query.Lock{Mode: mode, Wait: wait} }
	}
	golden(t, "locks", []goldenCase{
		{"for update", lock(query.ForUpdate, "")},
		{"for share, leaving out what is locked", lock(query.ForShare, query.SkipLocked)},
		{"for no key update, or an error", lock(query.ForNoKeyUpdate, query.NoWait)},
	})
}

func TestSubQueriesInSQL(t *testing.T) {
	t.Parallel()
	books := func(s stage, q *query.Spec) *query.Spec {
		sub := q.Sub(s.book)
		sub.Add(query.And, query.Columns{Left: "books.author_id", Op: "=", Right: "authors.id"})
		return sub
	}
	golden(t, "subqueries", []goldenCase{
		{"exists", func(s stage, q *query.Spec) { q.Add(query.And, query.Exists{Sub: books(s, q)}) }},
		{"not exists", func(s stage, q *query.Spec) { q.Add(query.And, query.Exists{Not: true, Sub: books(s, q)}) }},
		{"in", func(s stage, q *query.Spec) {
			sub := books(s, q)
			sub.Columns = []query.Selection{{Column: "AuthorID"}}
			q.Add(query.And, query.In{Column: "id", Values: sub})
		}},
		{"the number of rows", func(s stage, q *query.Spec) { q.Add(query.And, query.Amount{Sub: books(s, q), Op: ">=", N: 2}) }},
		{"a table inside of itself has another name", func(s stage, q *query.Spec) {
			sub := q.Sub(s.author)
			sub.Add(query.And, query.Columns{Left: sub.Alias + ".age", Op: "=", Right: "authors.age"})
			q.Add(query.And, query.Exists{Sub: sub})
		}},
	})
}
