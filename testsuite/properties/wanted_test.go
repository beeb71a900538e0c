// SPDX-License-Identifier: MIT

package properties_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/relation"
)

// truth is a value of three-valued logic.
type truth int8

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// compares are the operators, for the sign of a comparison.
var compares = map[string]func(c int64) bool{
	"=": func(c int64) bool { return c == 0 }, "!=": func(c int64) bool { return c != 0 }, "<": func(c int64) bool { return c < 0 },
	"<=": func(c int64) bool { return c <= 0 }, ">": func(c int64) bool { return c > 0 }, ">=": func(c int64) bool { return c >= 0 },
}

// cond is a condition: how it is added to a query, and what it is for a row.
type cond struct {
	or, not bool
	text    string
	add     func(q *relation.Query, or, not bool)
	holds   func(w *world, r *row) truth
}

func textOf(list []cond) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, " %s%s%s", map[bool]string{true: "or "}[c.or], map[bool]string{true: "not "}[c.not], c.text)
	}
	return b.String()
}

func addAll(q *relation.Query, list []cond) {
	for _, c := range list {
		c.add(q, c.or, c.not)
	}
}

// holds is what SQL makes of a chain: NOT before AND before OR.
func holds(list []cond, w *world, r *row) truth {
	if len(list) == 0 {
		return yes
	}
	result, run := no, yes
	for i, c := range list {
		v := c.holds(w, r)
		if c.not {
			v = -v
		}
		if c.or && i > 0 {
			result, run = max(result, run), v
			continue
		}
		run = min(run, v)
	}
	return max(result, run)
}

// drawConds makes conditions of rows of a kind.
func drawConds(rt *rapid.T, kind string, depth, most int) []cond {
	list := make([]cond, rapid.IntRange(0, most).Draw(rt, "conditions"))
	for i := range list {
		switch what := rapid.IntRange(0, 5).Draw(rt, "condition"); {
		case what == 0 && depth > 0:
			list[i] = grouped(drawConds(rt, kind, depth-1, 3))
		case what <= 2 && depth > 0:
			list[i] = drawHas(rt, kind, depth-1)
		default:
			list[i] = drawCompare(rt, kind)
		}
		list[i].or, list[i].not = rapid.Bool().Draw(rt, "or"), rapid.IntRange(0, 3).Draw(rt, "not") == 0
	}
	return list
}

func grouped(inner []cond) cond {
	if len(inner) == 0 {
		inner = []cond{{
			text: "id null", add: func(q *relation.Query, _, _ bool) { q.WhereNull("id") },
			holds: func(*world, *row) truth { return no },
		}}
	}
	return cond{
		text: "(" + textOf(inner) + ")",
		add: func(q *relation.Query, or, not bool) {
			addWhere(q, or, not, func(q *relation.Query) { addAll(q, inner) })
		},
		holds: func(w *world, r *row) truth { return holds(inner, w, r) },
	}
}

func addWhere(q *relation.Query, or, not bool, column any, args ...any) {
	switch {
	case or && not:
		q.OrWhereNot(column, args...)
	case or:
		q.OrWhere(column, args...)
	case not:
		q.WhereNot(column, args...)
	default:
		q.Where(column, args...)
	}
}

func drawOperator(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(rt, "operator")
}

func drawCompare(rt *rapid.T, kind string) cond {
	column := rapid.SampledFrom(columnsOf(kind)).Draw(rt, "column")
	if rapid.IntRange(0, 4).Draw(rt, "null") == 0 {
		return cond{
			text: column + " null",
			add: func(q *relation.Query, or, not bool) {
				oneOfFour(or, not, func() { q.WhereNull(column) }, func() { q.OrWhereNull(column) },
					func() { q.WhereNotNull(column) }, func() { q.OrWhereNotNull(column) })
			},
			holds: func(_ *world, r *row) truth { return truthOf(r.columns[column] == nil) },
		}
	}
	op, value := drawOperator(rt), rapid.Int64Range(0, 3).Draw(rt, "value")
	return cond{
		text: fmt.Sprint(column, " ", op, " ", value),
		add:  func(q *relation.Query, or, not bool) { addWhere(q, or, not, column, op, value) },
		holds: func(_ *world, r *row) truth {
			if v, ok := r.columns[column].(int64); ok {
				return truthOf(compares[op](v - value))
			}
			return unknown
		},
	}
}

// oneOfFour adds a condition by the method for it, of the four that each kind of condition has.
func oneOfFour(or, not bool, plain, orPlain, negated, orNegated func()) {
	switch {
	case or && not:
		orNegated()
	case or:
		orPlain()
	case not:
		negated()
	default:
		plain()
	}
}

// drawHas makes a condition on related rows, over one or two relations.
func drawHas(rt *rapid.T, kind string, depth int) cond {
	first := rapid.SampledFrom(edgesOf(kind)).Draw(rt, "relation")
	path, last := first.name, first
	nested := rapid.IntRange(0, 3).Draw(rt, "nested") == 0
	if nested {
		last = rapid.SampledFrom(edgesOf(first.to)).Draw(rt, "nested relation")
		path += "." + last.name
	}
	inner := drawConds(rt, last.to, depth, 2)
	text := fmt.Sprintf("has %s {%s}", path, textOf(inner))
	enough, counts := func(n int64) bool { return n > 0 }, []relation.CountCond(nil)
	if rapid.Bool().Draw(rt, "count") {
		op, n := drawOperator(rt), rapid.Int64Range(0, 3).Draw(rt, "n")
		counts = append(counts, relation.Count(op, int(n)))
		enough = func(m int64) bool { return compares[op](m - n) }
		text += fmt.Sprint(" ", op, " ", n)
	}
	among := func(w *world, r *row) bool {
		var n int64
		for _, one := range last.of(w, r) {
			if holds(inner, w, one) == yes {
				n++
			}
		}
		return enough(n)
	}
	c := cond{text: text, add: func(q *relation.Query, or, not bool) { addHas(q, or, not, path, inner, counts) }}
	c.holds = func(w *world, r *row) truth {
		if !nested {
			return truthOf(among(w, r))
		}
		return truthOf(slices.ContainsFunc(first.of(w, r), func(r *row) bool { return among(w, r) }))
	}
	return c
}

func addHas(q *relation.Query, or, not bool, path string, inner []cond, counts []relation.CountCond) {
	fn := func(q *relation.Query) { addAll(q, inner) }
	switch {
	case not && len(counts) > 0: // there is no method for it
		addWhere(q, or, true, func(q *relation.Query) { q.WhereHas(path, fn, counts...) })
	case len(inner) == 0:
		oneOfFour(or, not, func() { q.Has(path, counts...) }, func() { q.OrHas(path, counts...) },
			func() { q.DoesntHave(path) }, func() { q.OrDoesntHave(path) })
	default:
		oneOfFour(or, not, func() { q.WhereHas(path, fn, counts...) }, func() { q.OrWhereHas(path, fn, counts...) },
			func() { q.WhereDoesntHave(path, fn) }, func() { q.OrWhereDoesntHave(path, fn) })
	}
}

// sorting is an order: of a column, or by the alias of an aggregate.
type sorting struct {
	column string
	desc   bool
}

func (o sorting) direction() relation.Direction {
	if o.desc {
		return relation.Desc
	}
	return relation.Asc
}

// drawSortings makes an order that leaves no two rows equal.
func drawSortings(rt *rapid.T, kind string) []sorting {
	var list []sorting
	if rapid.Bool().Draw(rt, "sorted by a column") {
		list = append(list, sorting{columnsOf(kind)[0], rapid.Bool().Draw(rt, "descending")})
	}
	return append(list, sorting{"id", rapid.Bool().Draw(rt, "key descending")})
}

func sortRows(rows []*row, by []sorting) {
	slices.SortStableFunc(rows, func(a, b *row) int {
		for _, o := range by {
			x, y := a.columns[o.column].(int64), b.columns[o.column].(int64)
			if c := int(x - y); c != 0 {
				if o.desc {
					return -c
				}
				return c
			}
		}
		return 0
	})
}
