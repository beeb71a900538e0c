// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/existence"
	"github.com/kindred-orm/kindred/internal/query"
)

// What a user writes is a func(*Query), a *Query or a builder; what the packages below know is the *query.Spec inside. The
// functions of this file turn one into the other.

// queryOf returns the query that adds to a description.
func queryOf(spec *query.Spec) *Query { return (*Query)(chain.Of(spec)) }

// refine turns a function on queries into one on descriptions; nil stays nil.
func refine(fn func(*Query)) func(*query.Spec) {
	if fn == nil {
		return nil
	}
	return func(spec *query.Spec) { fn(queryOf(spec)) }
}

func refineAll(fns []func(*Query)) []func(*query.Spec) {
	if len(fns) == 0 {
		return nil
	}
	out := make([]func(*query.Spec), len(fns))
	for i, fn := range fns {
		out[i] = refine(fn)
	}
	return out
}

// condition returns a function that adds a condition on a column.
func condition(column string, args []any) func(*query.Spec) {
	return func(spec *query.Spec) { where(spec, chain.Where, query.And, column, args) }
}

// where adds what Where and Having take to a clause: a condition on a column, or a group of conditions.
func where(spec *query.Spec, clause chain.Clause, how query.Logic, column any, args []any) {
	switch column := column.(type) {
	case string:
		chain.Condition(spec, clause, how, column, values(args))
	case func(*Query):
		if len(args) > 0 {
			chain.GroupWithArguments(spec)
			return
		}
		chain.Group(spec, clause, how, refine(column))
	default:
		chain.WrongCondition(spec, column)
	}
}

// untyped is implemented by every builder.
type untyped interface{ Untyped() *Query }

// value returns the description of a query that stands for a value, and any other value as it is.
func value(v any) any {
	switch q := v.(type) {
	case *Query:
		if q != nil {
			return q.spec()
		}
	case untyped:
		return q.Untyped().spec()
	}
	return v
}

func values(args []any) []any {
	out := make([]any, len(args))
	for i, v := range args {
		out[i] = value(v)
	}
	return out
}

// specOrNil returns the description of a query, nil for a nil query.
func specOrNil(q *Query) *query.Spec {
	if q == nil {
		return nil
	}
	return q.spec()
}

func counts(list []CountCond) []existence.Count {
	out := make([]existence.Count, len(list))
	for i, n := range list {
		out[i] = existence.Count(n)
	}
	return out
}

func directions(list []Direction) []string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = string(d)
	}
	return out
}
