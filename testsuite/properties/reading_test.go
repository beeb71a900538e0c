// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// aggregate is WithCount and its kin.
type aggregate struct {
	edge   edge
	fn     string
	column string
	as     string
	where  []cond
}

// wanted is a query, or a relation to preload.
type wanted struct {
	edge       edge
	kind       string
	where      []cond
	sorted     []sorting // nil is any order
	picked     []sorting // GroupOrderBy
	limit      *int
	offset     int
	group      bool // the limit is a GroupLimit
	aggregates []aggregate
	preloads   []*wanted
}

func (q *wanted) String() string {
	text := fmt.Sprintf("%s{where%s sorted %v picked %v", q.edge.name+":"+q.kind, textOf(q.where), q.sorted, q.picked)
	if q.limit != nil {
		text += fmt.Sprint(" limit ", *q.limit, " offset ", q.offset, " group ", q.group)
	}
	for _, a := range q.aggregates {
		text += fmt.Sprint(" ", a.fn, " ", a.edge.name, ".", a.column, " {", textOf(a.where), "}")
	}
	for _, p := range q.preloads {
		text += " " + p.String()
	}
	return text + "}"
}

func drawWanted(rt *rapid.T, kind string, depth int) *wanted {
	q := &wanted{kind: kind, where: drawConds(rt, kind, 2, 3)}
	if rapid.Bool().Draw(rt, "sorted") {
		q.sorted = drawSortings(rt, kind)
	}
	for i := range rapid.IntRange(0, 2).Draw(rt, "aggregates") {
		q.aggregates = append(q.aggregates, drawAggregate(rt, kind, fmt.Sprint("agg", i)))
	}
	if depth == 0 {
		return q
	}
	known := map[string]bool{}
	for range rapid.IntRange(0, 2).Draw(rt, "preloads") {
		e := rapid.SampledFrom(edgesOf(kind)).Draw(rt, "preload")
		if known[e.name] {
			continue
		}
		known[e.name] = true
		p := drawWanted(rt, e.to, depth-1)
		p.edge = e
		p.drawLimits(rt)
		q.preloads = append(q.preloads, p)
	}
	return q
}

func (q *wanted) drawLimits(rt *rapid.T) {
	if q.edge.one {
		q.sorted = drawSortings(rt, q.kind)
		return
	}
	if rapid.Bool().Draw(rt, "limited") {
		q.limit, q.group = new(rapid.IntRange(0, 3).Draw(rt, "limit")), rapid.Bool().Draw(rt, "group limit")
		if rapid.IntRange(0, 3).Draw(rt, "skips") == 0 {
			q.offset = rapid.IntRange(0, 2).Draw(rt, "offset")
		}
		if rapid.IntRange(0, 2).Draw(rt, "picks") == 0 {
			q.picked = drawSortings(rt, q.kind)
		}
	}
}

// ofOne makes it a query of one record's relation, whose limit is a plain one.
func (q *wanted) ofOne(rt *rapid.T) {
	switch {
	case q.picked != nil:
		q.sorted = q.picked
	case q.limit != nil && q.sorted == nil:
		q.sorted = drawSortings(rt, q.kind)
	}
}

func drawAggregate(rt *rapid.T, kind, as string) aggregate {
	a := aggregate{edge: rapid.SampledFrom(edgesOf(kind)).Draw(rt, "aggregate of"), as: as}
	a.fn = rapid.SampledFrom([]string{"count", "exists", "sum", "min", "max", "avg"}).Draw(rt, "function")
	a.column = rapid.SampledFrom(columnsOf(a.edge.to)).Draw(rt, "aggregate column")
	a.where = drawConds(rt, a.edge.to, 1, 2)
	return a
}

func (a aggregate) add(q *relation.Query) {
	path, fn := a.edge.name+" as "+a.as, func(q *relation.Query) { addAll(q, a.where) }
	switch a.fn {
	case "count":
		q.WithCount(path, fn)
	case "exists":
		q.WithExists(path, fn)
	case "sum":
		q.WithSum(path, a.column, fn)
	case "min":
		q.WithMin(path, a.column, fn)
	case "max":
		q.WithMax(path, a.column, fn)
	default:
		q.WithAvg(path, a.column, fn)
	}
}

// value is what the aggregate is for a row.
func (a aggregate) value(w *world, r *row) any {
	var n int64
	var values []int64
	for _, one := range a.edge.of(w, r) {
		if holds(a.where, w, one) != yes {
			continue
		}
		n++
		if v, ok := one.columns[a.column].(int64); ok {
			values = append(values, v)
		}
	}
	switch {
	case a.fn == "count":
		return n
	case a.fn == "exists":
		return n > 0
	case len(values) == 0:
		return nil
	case a.fn == "min":
		return slices.Min(values)
	case a.fn == "max":
		return slices.Max(values)
	}
	var sum int64
	for _, v := range values {
		sum += v
	}
	if a.fn == "avg" {
		return float64(sum) / float64(len(values))
	}
	return sum
}

// apply asks for it.
func (q *wanted) apply(to *relation.Query) {
	addAll(to, q.where)
	for _, o := range q.sorted {
		to.OrderBy(o.column, o.direction())
	}
	for _, o := range q.picked {
		to.GroupOrderBy(o.column, o.direction())
	}
	if q.limit != nil {
		if q.group {
			to.GroupLimit(*q.limit)
		} else {
			to.Limit(*q.limit)
		}
		if q.offset > 0 {
			to.Offset(q.offset)
		}
	}
	for _, a := range q.aggregates {
		a.add(to)
	}
	for _, p := range q.preloads {
		to.Preload(p.edge.name, p.apply)
	}
}

// choose returns the rows of one parent.
func (q *wanted) choose(w *world, rows []*row) []*row {
	var out []*row
	for _, r := range rows {
		if holds(q.where, w, r) == yes {
			out = append(out, r)
		}
	}
	if q.limit != nil {
		picks := q.picked
		switch {
		case picks == nil && q.sorted != nil:
			picks = q.sorted
		case picks == nil:
			picks = []sorting{{"id", true}}
		}
		sortRows(out, picks)
		out = out[min(len(out), q.offset):]
		out = out[:min(len(out), *q.limit)]
	}
	if q.sorted != nil {
		sortRows(out, q.sorted)
	}
	return out
}

// texts returns what the query is for all parents at once, and counts the statements of its preloads.
func (q *wanted) texts(w *world, groups [][]*row, statements *int) [][]string {
	var all []*row
	for _, rows := range groups {
		all = append(all, rows...)
	}
	texts := map[*row]string{}
	for _, r := range all {
		text := r.columnsText()
		for _, a := range q.aggregates {
			text += fmt.Sprintf(" %s=%s", a.as, number(a.value(w, r)))
		}
		texts[r] = text + " {"
	}
	distinct := slices.Clone(all)
	slices.SortFunc(distinct, func(a, b *row) int { return int(a.id - b.id) })
	distinct = slices.Compact(distinct)
	inOrder := slices.Clone(q.preloads)
	slices.SortFunc(inOrder, func(a, b *wanted) int { return fieldIndex(q.kind, a.edge.name) - fieldIndex(q.kind, b.edge.name) })
	for _, p := range inOrder {
		keys := false
		groups := make([][]*row, len(distinct))
		for i, r := range distinct {
			keys = keys || p.edge.key == "" || r.columns[p.edge.key] != nil
			groups[i] = p.choose(w, p.edge.of(w, r))
			if p.edge.one {
				groups[i] = groups[i][:min(1, len(groups[i]))]
			}
		}
		if keys {
			*statements++
		}
		for i, list := range p.texts(w, groups, statements) {
			texts[distinct[i]] += p.edge.name + ":[" + p.join(list) + "] "
		}
	}
	out := make([][]string, len(groups))
	for i, rows := range groups {
		for _, r := range rows {
			out[i] = append(out[i], texts[r]+"}")
		}
	}
	return out
}

// ordered reports whether the order of the rows is known.
func (q *wanted) ordered() bool { return q.sorted != nil || q.limit != nil }

func (q *wanted) join(list []string) string {
	if !q.ordered() {
		slices.Sort(list)
	}
	return strings.Join(list, "; ")
}

func number(v any) string {
	if f, ok := v.(float64); ok {
		return fmt.Sprintf("%.6f", f)
	}
	return fmt.Sprintf("%T %v", v, v)
}

// shown is what every record shows of itself.
type shown interface {
	Attributes() model.Attrs
	Extras() model.Extras
	Related(name string) *relation.Client
}

// kindOf returns the kind of a record.
func kindOf(rec reflect.Value) string { return rec.Elem().Type().Name() }

func fieldIndex(kind, name string) int {
	return slices.IndexFunc(edgesOf(kind), func(e edge) bool { return e.name == name })
}

// loaded returns the texts of records as they were loaded.
func (q *wanted) loaded(rt *rapid.T, list reflect.Value) []string {
	var out []string
	for i := range list.Len() {
		rec := list.Index(i)
		text := loadedColumns(rec)
		extras := rec.Interface().(shown).Extras()
		for _, a := range q.aggregates {
			v, ok := extras[a.as]
			require.True(rt, ok, "no %s in %v", a.as, extras)
			text += fmt.Sprintf(" %s=%s", a.as, number(v))
		}
		text += " {"
		for _, e := range edgesOf(q.kind) {
			at := slices.IndexFunc(q.preloads, func(p *wanted) bool { return p.edge.name == e.name })
			require.Equal(rt, at >= 0, rec.Interface().(shown).Related(e.name).Loaded(), "%s is loaded", e.name)
			if at < 0 {
				continue
			}
			field := rec.Elem().FieldByName(strings.ToUpper(e.name[:1]) + e.name[1:])
			if e.one {
				one := reflect.MakeSlice(reflect.SliceOf(field.Type()), 0, 1)
				if !field.IsNil() {
					one = reflect.Append(one, field)
				}
				field = one
			} else {
				require.False(rt, field.IsNil(), "a loaded list is nil")
			}
			text += e.name + ":[" + q.preloads[at].join(q.preloads[at].loaded(rt, field)) + "] "
		}
		out = append(out, text+"}")
	}
	return out
}

func loadedColumns(rec reflect.Value) string {
	columns := map[string]any{}
	for name, v := range rec.Interface().(shown).Attributes() {
		if p, ok := v.(*int64); ok {
			v = nil
			if p != nil {
				v = *p
			}
		}
		columns[snake(name)] = v
	}
	return (&row{kind: kindOf(rec), columns: columns}).columnsText()
}

func snake(name string) string {
	if id, ok := strings.CutSuffix(name, "ID"); ok {
		return strings.TrimPrefix(strings.ToLower(id)+"_id", "_")
	}
	return strings.ToLower(name)
}

func TestReadingEqualsTheModel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, worldModels()...)
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			w := drawWorld(rt)
			w.store(rt, s)
			for range 6 {
				kind := rapid.SampledFrom([]string{"nation", "citizen", "article", "label"}).Draw(rt, "kind")
				q := drawWanted(rt, kind, 2)
				query, rows := s.query(kind), w.rows[kind]
				if len(rows) > 0 && rapid.IntRange(0, 2).Draw(rt, "of a record") == 0 {
					parent := rapid.SampledFrom(rows).Draw(rt, "parent")
					e := rapid.SampledFrom(edgesOf(kind)).Draw(rt, "relation")
					q = drawWanted(rt, e.to, 1)
					q.edge = e
					q.drawLimits(rt)
					q.ofOne(rt)
					query, rows = relation.Of(s.find(rt, parent), e.name).Query(), e.of(w, parent)
				}
				rt.Log(q)
				q.apply(query)
				count := 1
				rows = q.choose(w, rows)
				if q.edge.one {
					rows = rows[:min(1, len(rows))]
				}
				want := q.texts(w, [][]*row{rows}, &count)[0]
				list := reflect.ValueOf(listOf(q.kind))
				s.sent.take()
				require.NoError(rt, query.All(ctx, list.Interface()))
				statements, _ := s.sent.take()
				got := q.loaded(rt, list.Elem())
				require.Equal(rt, q.join(want), q.join(got), "%s", strings.Join(statements, "\n"))
				require.Len(rt, statements, count, "%s", strings.Join(statements, "\n"))
			}
		})
	})
}
