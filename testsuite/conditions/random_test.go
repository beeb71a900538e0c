// SPDX-License-Identifier: MIT

package conditions_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
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

// condition is a condition of a random tree: how it is added to a builder, and what it is for a row.
type condition struct {
	or, not bool
	text    string
	add     func(q *relation.Query, or, not bool)
	holds   func(r *queryRow) truth
}

// queryRow is a row as the filter in memory sees it.
type queryRow struct {
	model.BaseModel[queryRow]

	ID    int64
	Age   int
	Limit *int
	Name  string
	Nick  *string
	Score float64
	Flag  bool
	At    *time.Time
}

// randomTree makes a list of conditions of at most some depth.
func randomTree(rt *rapid.T, depth int) []condition {
	n := rapid.IntRange(1, 4).Draw(rt, "length")
	list := make([]condition, n)
	for i := range list {
		c := randomLeaf(rt)
		if depth > 0 && rapid.IntRange(0, 3).Draw(rt, "nest") == 0 {
			c = nestedCondition(randomTree(rt, depth-1))
		}
		c.or, c.not = rapid.Bool().Draw(rt, "or"), rapid.IntRange(0, 3).Draw(rt, "not") == 0
		list[i] = c
	}
	return list
}

func nestedCondition(inner []condition) condition {
	return condition{
		text: "(" + describe(inner) + ")",
		add: func(q *relation.Query, or, not bool) {
			group := func(q *relation.Query) { addAll(q, inner) }
			addWhere(q, or, not, group)
		},
		holds: func(r *queryRow) truth { return evaluate(inner, r) },
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

func addAll(q *relation.Query, list []condition) {
	for _, c := range list {
		c.add(q, c.or, c.not)
	}
}

// evaluate is what SQL makes of a chain: NOT before AND before OR.
func evaluate(list []condition, r *queryRow) truth {
	result, run := no, yes
	for i, c := range list {
		v := c.holds(r)
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

func describe(list []condition) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, " %s%s%s", map[bool]string{true: "or "}[c.or], map[bool]string{true: "not "}[c.not], c.text)
	}
	return b.String()
}

// randomColumn is a column, a value of a row in it, which may be nil, and how values are ordered.
type randomColumn struct {
	name  string
	of    func(r *queryRow) any
	value *rapid.Generator[any]
}

func boxed[V any](g *rapid.Generator[V]) *rapid.Generator[any] {
	return rapid.Map(g, func(v V) any { return v })
}

func orNil[V any](p *V) any {
	if p == nil {
		return nil
	}
	return *p
}

var (
	randomNumber = rapid.IntRange(-3, 3)
	randomText   = rapid.StringMatching(`[ab]{0,3}`)
	randomFloat  = rapid.SampledFrom([]float64{-1.5, 0, 0.1, 0.2, 0.3, 1e-300, 1e17})
	randomTime   = rapid.Map(rapid.Int64Range(0, 5), func(n int64) time.Time {
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 250 * time.Millisecond)
	})
)

func randomColumns() []randomColumn {
	return []randomColumn{
		{"age", func(r *queryRow) any { return r.Age }, boxed(randomNumber)},
		{"limit", func(r *queryRow) any { return orNil(r.Limit) }, boxed(randomNumber)},
		{"name", func(r *queryRow) any { return r.Name }, boxed(randomText)},
		{"nick", func(r *queryRow) any { return orNil(r.Nick) }, boxed(randomText)},
		{"score", func(r *queryRow) any { return r.Score }, boxed(randomFloat)},
		{"flag", func(r *queryRow) any { return r.Flag }, boxed(rapid.Bool())},
		{"at", func(r *queryRow) any { return orNil(r.At) }, boxed(randomTime)},
	}
}

// compareAny orders two values of one type.
func compareAny(a, b any) int {
	switch a := a.(type) {
	case int:
		return a - b.(int) //nolint:errcheck,forcetypeassert // of one column.
	case float64:
		return truthSign(a - b.(float64)) //nolint:errcheck,forcetypeassert // of one column.
	case string:
		return strings.Compare(a, b.(string)) //nolint:errcheck,forcetypeassert // of one column.
	case time.Time:
		return a.Compare(b.(time.Time)) //nolint:errcheck,forcetypeassert // of one column.
	case bool:
		if a == b {
			return 0
		}
		return 1
	default:
		return 0
	}
}

func truthSign(f float64) int {
	switch {
	case f < 0:
		return -1
	case f > 0:
		return 1
	default:
		return 0
	}
}

var randomOperators = map[string]func(c int) bool{
	"=": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c != 0 }, "<": func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 }, ">": func(c int) bool { return c > 0 }, ">=": func(c int) bool { return c >= 0 },
}

// withNull is unknown if one of the values is NULL.
func withNull(fn func(values ...any) bool, values ...any) truth {
	if slices.Contains(values, nil) {
		return unknown
	}
	return truthOf(fn(values...))
}

func randomLeaf(rt *rapid.T) condition {
	columns := randomColumns()
	col := rapid.SampledFrom(columns).Draw(rt, "column")
	ordered := col.name != "flag"
	switch rapid.IntRange(0, 6).Draw(rt, "kind") {
	case 0:
		return condition{
			text: col.name + " null",
			add: func(q *relation.Query, or, not bool) {
				oneOfFour(or, not, func() { q.WhereNull(col.name) }, func() { q.OrWhereNull(col.name) },
					func() { q.WhereNotNull(col.name) }, func() { q.OrWhereNotNull(col.name) })
			},
			holds: func(r *queryRow) truth { return truthOf(col.of(r) == nil) },
		}
	case 1:
		list := rapid.SliceOfN(col.value, 0, 3).Draw(rt, "list")
		return randomIn(col, list)
	case 2:
		if ordered {
			from, to := col.value.Draw(rt, "from"), col.value.Draw(rt, "to")
			return condition{
				text: fmt.Sprintf("%s between %v and %v", col.name, from, to),
				add: func(q *relation.Query, or, not bool) {
					oneOfFour(or, not, func() { q.WhereBetween(col.name, from, to) }, func() { q.OrWhereBetween(col.name, from, to) },
						func() { q.WhereNotBetween(col.name, from, to) }, func() { q.OrWhereNotBetween(col.name, from, to) })
				},
				holds: func(r *queryRow) truth {
					return withNull(func(v ...any) bool { return compareAny(v[0], from) >= 0 && compareAny(v[0], to) <= 0 }, col.of(r))
				},
			}
		}
	case 3:
		return randomLike(rt, columns)
	case 4:
		if ordered {
			return randomPair(rt, columns)
		}
	default:
	}
	op := "="
	if ordered {
		op = rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(rt, "operator")
	}
	value := col.value.Draw(rt, "value")
	return condition{
		text: fmt.Sprintf("%s %s %v", col.name, op, value),
		add:  func(q *relation.Query, or, not bool) { addWhere(q, or, not, col.name, op, value) },
		holds: func(r *queryRow) truth {
			return withNull(func(v ...any) bool { return randomOperators[op](compareAny(v[0], value)) }, col.of(r))
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

func randomIn(col randomColumn, list []any) condition {
	return condition{
		text: fmt.Sprintf("%s in %v", col.name, list),
		add: func(q *relation.Query, or, not bool) {
			oneOfFour(or, not, func() { q.WhereIn(col.name, list) }, func() { q.OrWhereIn(col.name, list) },
				func() { q.WhereNotIn(col.name, list) }, func() { q.OrWhereNotIn(col.name, list) })
		},
		holds: func(r *queryRow) truth {
			if len(list) == 0 {
				return no // whatever the column is
			}
			return withNull(func(v ...any) bool {
				return slices.ContainsFunc(list, func(one any) bool { return compareAny(v[0], one) == 0 })
			}, col.of(r))
		},
	}
}

func randomLike(rt *rapid.T, columns []randomColumn) condition {
	col := columns[rapid.IntRange(2, 3).Draw(rt, "text column")]
	pattern := rapid.StringMatching(`[ab%_]{0,4}`).Draw(rt, "pattern")
	return condition{
		text: fmt.Sprintf("%s like %q", col.name, pattern),
		add:  func(q *relation.Query, or, not bool) { addWhere(q, or, not, col.name, "like", pattern) },
		holds: func(r *queryRow) truth {
			return withNull(func(v ...any) bool { return likes(fmt.Sprint(v[0]), pattern) }, col.of(r))
		},
	}
}

func randomPair(rt *rapid.T, columns []randomColumn) condition {
	pairs := [][2]randomColumn{{columns[0], columns[1]}, {columns[3], columns[2]}, {columns[1], columns[1]}}
	pair := rapid.SampledFrom(pairs).Draw(rt, "pair")
	op := rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(rt, "operator")
	return condition{
		text: pair[0].name + op + pair[1].name,
		add: func(q *relation.Query, or, not bool) {
			addWhere(q, or, not, func(q *relation.Query) { q.WhereColumn(pair[0].name, op, pair[1].name) })
		},
		holds: func(r *queryRow) truth {
			return withNull(func(v ...any) bool { return randomOperators[op](compareAny(v[0], v[1])) }, pair[0].of(r), pair[1].of(r))
		},
	}
}

// likes is LIKE.
func likes(s, pattern string) bool {
	if pattern == "" {
		return s == ""
	}
	switch pattern[0] {
	case '%':
		return likes(s, pattern[1:]) || s != "" && likes(s[1:], pattern)
	case '_':
		return s != "" && likes(s[1:], pattern[1:])
	default:
		return s != "" && s[0] == pattern[0] && likes(s[1:], pattern[1:])
	}
}

func randomRows() *rapid.Generator[[]*queryRow] {
	row := rapid.Custom(func(rt *rapid.T) *queryRow {
		r := &queryRow{Age: randomNumber.Draw(rt, "age"), Name: randomText.Draw(rt, "name"), Score: randomFloat.Draw(rt, "score"), Flag: rapid.Bool().Draw(rt, "flag")}
		if rapid.Bool().Draw(rt, "has limit") {
			r.Limit = new(randomNumber.Draw(rt, "limit"))
		}
		if rapid.Bool().Draw(rt, "has nick") {
			r.Nick = new(randomText.Draw(rt, "nick"))
		}
		if rapid.Bool().Draw(rt, "has at") {
			r.At = new(randomTime.Draw(rt, "at"))
		}
		return r
	})
	return rapid.SliceOfN(row, 60, 60)
}

// Any tree of conditions keeps the rows that three-valued logic keeps, on every database.
func TestRandomConditionsFollowThreeValuedLogic(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &queryRow{})
		rows := randomRows().Example(1)
		require.NoError(t, model.Insert(e.Ctx, e.DB, rows))
		trees := rapid.Custom(func(rt *rapid.T) []condition { return randomTree(rt, 3) })
		for seed := range 400 {
			tree := trees.Example(seed)
			q := model.Query[queryRow](e.DB)
			q.Where(func(q *relation.Query) { addAll(q, tree) })
			var want []int64
			for _, r := range rows {
				if evaluate(tree, r) == yes {
					want = append(want, r.ID)
				}
			}
			var got []int64
			require.NoError(t, q.OrderBy("id").Pluck(e.Ctx, "id", &got))
			require.Equal(t, append([]int64{}, want...), append([]int64{}, got...), "seed %d:%s", seed, describe(tree))
		}
	})
}

// Any float and any text finds the row that holds it, alone and in a list.
func TestRandomFloatsAndTextsAreFound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &queryRow{})
		floats := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) })
		texts := rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
		var rows []*queryRow
		for seed := range 300 {
			rows = append(rows, &queryRow{Score: floats.Example(seed), Name: texts.Example(seed), Age: seed})
		}
		require.NoError(t, model.Insert(e.Ctx, e.DB, rows))
		for i, r := range rows {
			for name, q := range map[string]*model.Builder[queryRow]{
				"float":         model.Query[queryRow](e.DB).Where("score", r.Score),
				"float in list": model.Query[queryRow](e.DB).WhereIn("score", []float64{r.Score}),
				"text":          model.Query[queryRow](e.DB).Where("name", r.Name),
				"text in list":  model.Query[queryRow](e.DB).WhereIn("name", []string{"x\x01", r.Name}),
				"raw":           model.Query[queryRow](e.DB).WhereRaw("score = ? AND name IN (?)", r.Score, []string{r.Name}),
			} {
				ok, err := q.Where("age", i).Exists(e.Ctx)
				require.NoError(t, err, name)
				require.True(t, ok, "%s: %v %q", name, r.Score, r.Name)
			}
			one, err := model.Query[queryRow](e.DB).Find(e.Ctx, r.ID)
			require.NoError(t, err)
			require.Equal(t, r.Score, one.Score)
			require.Equal(t, r.Name, one.Name)
		}
	})
}
