// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type nation struct {
	model.BaseModel[nation]

	ID   int64
	Size int64

	People   []*citizen `relation:"hasMany"`
	Articles []*article `relation:"hasManyThrough;through:People;via:Articles"`
	Labels   []*label   `relation:"hasManyThrough;through:People.Articles;via:Labels"`
	Best     *article   `relation:"hasOneThrough;through:People;via:Articles"`
}

type citizen struct {
	model.BaseModel[citizen]

	ID       int64
	NationID *int64
	BossID   *int64
	Age      int64
	Score    *int64

	Nation   *nation    `relation:"belongsTo"`
	Boss     *citizen   `relation:"belongsTo"`
	Staff    []*citizen `relation:"hasMany;foreignKey:BossID"`
	Articles []*article `relation:"hasMany"`
	Top      *article   `relation:"hasOne"`
	Friends  []*citizen `relation:"manyToMany;pivotTable:friends;pivotRelatedForeignKey:friend_id"`
	Under    []*citizen `relation:"hasManyThrough;through:Staff;via:Staff"`
}

type article struct {
	model.BaseModel[article]

	ID        int64
	CitizenID int64
	Views     int64
	Stars     *int64

	Author *citizen `relation:"belongsTo;foreignKey:CitizenID"`
	Labels []*label `relation:"manyToMany;pivotTable:article_label"`
	Peers  []*label `relation:"hasManyThrough;through:Author.Articles;via:Labels"`
}

type label struct {
	model.BaseModel[label]

	ID     int64
	Weight int64

	Articles []*article `relation:"manyToMany;pivotTable:article_label"`
}

// row is a row as the model in memory has it. Columns hold an int64 or nil.
type row struct {
	kind    string
	id      int64
	columns map[string]any
}

// world is all rows of a random database.
type world struct {
	rows    map[string][]*row
	friends [][2]int64
	labels  [][2]int64 // of articles
}

// edge is a relation.
type edge struct {
	name, to string
	one      bool
	of       func(w *world, r *row) []*row // as often as there are ways
	key      string                        // the column that may be NULL, "" if there is none
}

// columnsOf are the columns of each kind for conditions; the first two are never NULL.
func columnsOf(kind string) []string {
	return map[string][]string{
		"nation": {"size", "id"}, "citizen": {"age", "id", "score", "boss_id", "nation_id"},
		"article": {"views", "id", "stars", "citizen_id"}, "label": {"weight", "id"},
	}[kind]
}

// pointing returns the rows whose column has a value.
func (w *world) pointing(kind, column string, to any) []*row {
	var out []*row
	for _, r := range w.rows[kind] {
		if to != nil && r.columns[column] == to {
			out = append(out, r)
		}
	}
	return out
}

// paired returns the rows that pairs connect with a key.
func (w *world) paired(kind string, pairs [][2]int64, side int, key int64) []*row {
	var out []*row
	for _, pair := range pairs {
		if pair[side] == key {
			out = append(out, w.pointing(kind, "id", pair[1-side])...)
		}
	}
	return out
}

// along follows one relation from all rows.
func (w *world) along(rows []*row, name string) []*row {
	var out []*row
	for _, r := range rows {
		out = append(out, edgeOf(r.kind, name).of(w, r)...)
	}
	return out
}

func through(names ...string) func(w *world, r *row) []*row {
	return func(w *world, r *row) []*row {
		rows := []*row{r}
		for _, name := range names {
			rows = w.along(rows, name)
		}
		return rows
	}
}

func owned(kind, column string) func(w *world, r *row) []*row {
	return func(w *world, r *row) []*row { return w.pointing(kind, column, r.id) }
}

func owner(kind, column string) func(w *world, r *row) []*row {
	return func(w *world, r *row) []*row { return w.pointing(kind, "id", r.columns[column]) }
}

func edgesOf(kind string) []edge {
	return map[string][]edge{
		"nation": {
			{"people", "citizen", false, owned("citizen", "nation_id"), ""},
			{"articles", "article", false, through("people", "articles"), ""},
			{"labels", "label", false, through("people", "articles", "labels"), ""},
			{"best", "article", true, through("people", "articles"), ""},
		},
		"citizen": {
			{"nation", "nation", true, owner("nation", "nation_id"), "nation_id"},
			{"boss", "citizen", true, owner("citizen", "boss_id"), "boss_id"},
			{"staff", "citizen", false, owned("citizen", "boss_id"), ""},
			{"articles", "article", false, owned("article", "citizen_id"), ""},
			{"top", "article", true, owned("article", "citizen_id"), ""},
			{"friends", "citizen", false, func(w *world, r *row) []*row { return w.paired("citizen", w.friends, 0, r.id) }, ""},
			{"under", "citizen", false, through("staff", "staff"), ""},
		},
		"article": {
			{"author", "citizen", true, owner("citizen", "citizen_id"), "citizen_id"},
			{"labels", "label", false, func(w *world, r *row) []*row { return w.paired("label", w.labels, 0, r.id) }, ""},
			{"peers", "label", false, through("author", "articles", "labels"), "citizen_id"},
		},
		"label": {
			{"articles", "article", false, func(w *world, r *row) []*row { return w.paired("article", w.labels, 1, r.id) }, ""},
		},
	}[kind]
}

func edgeOf(kind, name string) edge {
	list := edgesOf(kind)
	return list[slices.IndexFunc(list, func(e edge) bool { return e.name == name })]
}

func (w *world) add(kind string, columns map[string]any) {
	id := int64(len(w.rows[kind]) + 1)
	columns["id"] = id
	w.rows[kind] = append(w.rows[kind], &row{kind, id, columns})
}

func drawWorld(rt *rapid.T) *world {
	w := &world{rows: map[string][]*row{}}
	small := rapid.Int64Range(0, 3)
	orNull := func(g *rapid.Generator[int64], name string) any {
		if rapid.IntRange(0, 3).Draw(rt, name+" null") == 0 {
			return nil
		}
		return g.Draw(rt, name)
	}
	nations, citizens := rapid.IntRange(0, 3).Draw(rt, "nations"), rapid.IntRange(1, 6).Draw(rt, "citizens")
	articles, labels := rapid.IntRange(0, 9).Draw(rt, "articles"), rapid.IntRange(0, 4).Draw(rt, "labels")
	for range nations {
		w.add("nation", map[string]any{"size": small.Draw(rt, "size")})
	}
	for range citizens {
		columns := map[string]any{
			"age": small.Draw(rt, "age"), "score": orNull(small, "score"), "nation_id": nil,
			"boss_id": orNull(rapid.Int64Range(1, int64(citizens)), "boss"),
		}
		if nations > 0 {
			columns["nation_id"] = orNull(rapid.Int64Range(1, int64(nations)), "nation")
		}
		w.add("citizen", columns)
	}
	for range articles {
		w.add("article", map[string]any{
			"citizen_id": rapid.Int64Range(1, int64(citizens)).Draw(rt, "author"),
			"views":      small.Draw(rt, "views"), "stars": orNull(small, "stars"),
		})
	}
	for range labels {
		w.add("label", map[string]any{"weight": small.Draw(rt, "weight")})
	}
	w.friends = drawPairs(rt, "friends", citizens, citizens)
	w.labels = drawPairs(rt, "labels", articles, labels)
	return w
}

func drawPairs(rt *rapid.T, name string, a, b int) [][2]int64 {
	if a == 0 || b == 0 {
		return nil
	}
	pair := rapid.Custom(func(rt *rapid.T) [2]int64 {
		return [2]int64{rapid.Int64Range(1, int64(a)).Draw(rt, "a"), rapid.Int64Range(1, int64(b)).Draw(rt, "b")}
	})
	return rapid.SliceOfNDistinct(pair, 0, min(a*b, 8), rapid.ID).Draw(rt, name)
}

// store replaces what the database holds.
func (w *world) store(t require.TestingT, s *store) {
	for _, table := range []string{"friends", "article_label", "labels", "articles", "citizens", "nations"} {
		s.exec(t, "DELETE FROM "+table)
	}
	for _, kind := range []string{"nation", "citizen", "article", "label"} {
		columns := columnsOf(kind)
		var values [][]any
		for _, r := range w.rows[kind] {
			var list []any
			for _, name := range columns {
				list = append(list, r.columns[name])
			}
			values = append(values, list)
		}
		s.insert(t, kind+"s", columns, values)
	}
	for table, pairs := range map[string][][2]int64{"friends": w.friends, "article_label": w.labels} {
		var values [][]any
		for _, pair := range pairs {
			values = append(values, []any{pair[0], pair[1]})
		}
		columns := map[string][]string{"friends": {"citizen_id", "friend_id"}, "article_label": {"article_id", "label_id"}}[table]
		s.insert(t, table, columns, values)
	}
}

// insert inserts rows of numbers.
func (s *store) insert(t require.TestingT, table string, columns []string, rows [][]any) {
	if len(rows) == 0 {
		return
	}
	list := make([]string, len(rows))
	for i, values := range rows {
		texts := make([]string, len(values))
		for j, v := range values {
			texts[j] = "NULL"
			if v != nil {
				texts[j] = fmt.Sprint(v)
			}
		}
		list[i] = "(" + strings.Join(texts, ", ") + ")"
	}
	s.exec(t, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+strings.Join(list, ", "))
}

// columnsText is the columns of a row, in the form in which records are written too.
func (r *row) columnsText() string {
	columns := columnsOf(r.kind)
	slices.Sort(columns)
	text := r.kind
	for _, name := range columns {
		text += fmt.Sprintf(" %s=%v", name, r.columns[name])
	}
	return text
}

func worldModels() []any { return []any{&nation{}, &citizen{}, &article{}, &label{}} }

// find loads a stored row.
func (s *store) find(t require.TestingT, r *row) relation.Record {
	switch r.kind {
	case "nation":
		return findRow[nation](t, s, r.id)
	case "citizen":
		return findRow[citizen](t, s, r.id)
	case "article":
		return findRow[article](t, s, r.id)
	default:
		return findRow[label](t, s, r.id)
	}
}

func findRow[T any, P interface {
	model.Model[T]
	relation.Record
}](t require.TestingT, s *store, id int64) relation.Record {
	rec, err := model.Query[T, P](s.DB).Find(context.Background(), id)
	require.NoError(t, err)
	return P(rec)
}

// listOf returns a destination for records of a kind.
func listOf(kind string) any {
	switch kind {
	case "nation":
		return &[]*nation{}
	case "citizen":
		return &[]*citizen{}
	case "article":
		return &[]*article{}
	default:
		return &[]*label{}
	}
}

// query returns a query of all rows of a kind.
func (s *store) query(kind string) *relation.Query {
	switch kind {
	case "nation":
		return model.Query[nation](s.DB).Untyped()
	case "citizen":
		return model.Query[citizen](s.DB).Untyped()
	case "article":
		return model.Query[article](s.DB).Untyped()
	default:
		return model.Query[label](s.DB).Untyped()
	}
}
