// SPDX-License-Identifier: MIT

package existence_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/existence"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// author has books, which may be soft deleted, tags, whose rows the pivot rows tell, and a house.
type author struct {
	model.BaseModel[author]

	ID      int64
	HouseID *int64
	House   *house  `relation:"belongsTo"`
	Second  *house  `relation:"belongsTo;foreignKey:HouseID"`
	Books   []*book `relation:"hasMany"`
	Latest  *book   `relation:"hasOne"`
	Tags    []*tag  `relation:"manyToMany"`
}

func (a *author) Define(d *model.Definition[author]) { d.Relation(&a.Latest).LatestOfMany("id") }

type house struct {
	model.BaseModel[house]

	ID      int64
	Authors []*author `relation:"hasMany"`
}

type book struct {
	model.BaseModel[book]

	ID        int64
	AuthorID  int64
	Title     string
	Author    *author `relation:"belongsTo"`
	DeletedAt gorm.DeletedAt
}

type tag struct {
	model.BaseModel[tag]

	ID      int64
	Authors []*author `relation:"manyToMany"`
}

// world has the authors 1 to 3. Author 1 has two books and a deleted one, 2 has one, 3 none; 1 and 2 are of the house 1; 1 has two tags.
type world struct {
	*harness.Env

	h *tx.Handle
}

func newWorld(t *testing.T, e *harness.Env) *world {
	t.Helper()
	e.Migrate(t, &house{}, &author{}, &book{}, &tag{})
	e.Exec(t,
		"INSERT INTO houses (id) VALUES (1), (2)",
		"INSERT INTO authors (id, house_id) VALUES (1, 1), (2, 1), (3, NULL)",
		"INSERT INTO books (id, author_id, title) VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'a')",
		"INSERT INTO books (id, author_id, title, deleted_at) VALUES (4, 1, 'c', '2026-01-01 00:00:00')",
		"INSERT INTO tags (id) VALUES (1), (2)",
		"INSERT INTO author_tag (author_id, tag_id) VALUES (1, 1), (1, 2)",
	)
	return &world{e, tx.From(model.WithDB(e.Ctx, e.DB))}
}

// of returns a query of all rows of a model, by key.
func of[T any](t *testing.T, w *world) *query.Spec {
	t.Helper()
	m, err := w.h.Database().Models.Model(reflect.TypeFor[T]())
	require.NoError(t, err)
	spec := query.New(w.h, m)
	spec.Columns, spec.Orders = []query.Selection{{Column: "id"}}, []query.Order{{Column: "id"}}
	return spec
}

func (w *world) ids(t *testing.T, spec *query.Spec) []int64 {
	t.Helper()
	list, err := query.Select(w.Ctx, w.h, spec)
	require.NoError(t, err)
	c := spec.Model.Keys[0]
	ids := []int64{}
	for _, p := range list {
		ids = append(ids, *memory.At[int64](c.At(p)))
	}
	return ids
}

func titled(title string) func(*query.Spec) {
	return func(q *query.Spec) { q.Add(query.And, query.NewCompare("title", "=", title)) }
}

// TestConditionsOnRelatedRowsInSQL has the sub-query of each form, and the authors that it finds.
func TestConditionsOnRelatedRowsInSQL(t *testing.T) {
	harness.Golden(t, "has", func(t *testing.T, e *harness.Env) []harness.Step {
		w := newWorld(t, e)
		has := func(name string, want []int64, how query.Logic, has existence.Has) harness.Step {
			return harness.NewStep(name, func() {
				spec := of[author](t, w)
				existence.Add(spec, how, has)
				require.Equal(t, want, w.ids(t, spec), name)
			})
		}
		count := func(op string, n int) []existence.Count { return []existence.Count{{Op: op, N: n}} }
		return []harness.Step{
			has("books", []int64{1, 2}, query.And, existence.Has{Path: "books"}),
			has("no books", []int64{3}, query.AndNot, existence.Has{Path: "books"}),
			has("books of a title", []int64{1}, query.And, existence.Has{Path: "books", Refine: titled("b")}),
			has("two books", []int64{1}, query.And, existence.Has{Path: "books", Counts: count("=", 2)}),
			has("not two books", []int64{2, 3}, query.AndNot, existence.Has{Path: "books", Counts: count("=", 2)}),
			has("at least one is any", []int64{1, 2}, query.And, existence.Has{Path: "books", Counts: count(">=", 1)}),
			has("less than one is none", []int64{3}, query.And, existence.Has{Path: "books", Counts: count("<", 1)}),
			has("not none is any", []int64{1, 2}, query.AndNot, existence.Has{Path: "books", Counts: count("=", 0)}),
			has("tags: the pivot rows tell", []int64{1}, query.And, existence.Has{Path: "tags"}),
			has("belongsTo", []int64{1, 2}, query.And, existence.Has{Path: "house"}),
			has("nested", []int64{1, 2}, query.And, existence.Has{Path: "house.authors.books", Refine: titled("b")}),
			has("nested: the count is of the last", []int64{1, 2}, query.And, existence.Has{Path: "house.authors", Counts: count(">", 1)}),
			has("the latest alone is judged", []int64{2}, query.And, existence.Has{Path: "latest", Refine: titled("a")}),
		}
	})
}

func TestEveryCountThatAsksForAnyIsExists(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		w := newWorld(t, e)
		for _, row := range []struct {
			count  existence.Count
			counts bool
			want   []int64
		}{
			{existence.Count{Op: ">=", N: 1}, false, []int64{1, 2}},
			{existence.Count{Op: ">", N: 0}, false, []int64{1, 2}},
			{existence.Count{Op: "<", N: 1}, false, []int64{3}},
			{existence.Count{Op: "<=", N: 0}, false, []int64{3}},
			{existence.Count{Op: "=", N: 0}, false, []int64{3}},
			{existence.Count{Op: "=", N: 1}, true, []int64{2}},
			{existence.Count{Op: "<=", N: 1}, true, []int64{2, 3}},
			{existence.Count{Op: "!=", N: 0}, true, []int64{1, 2}},
		} {
			spec := of[author](t, w)
			existence.Add(spec, query.And, existence.Has{Path: "books", Counts: []existence.Count{row.count}})
			sent := w.Sends(t, 1, func() { require.Equal(t, row.want, w.ids(t, spec), row.count) })
			require.Equal(t, row.counts, !strings.Contains(sent[0], "EXISTS"), sent[0])
		}
	})
}

// TestRowsOfARecordInSQL has the conditions that a row belongs to a record, or is attached to one.
func TestRowsOfARecordInSQL(t *testing.T) {
	harness.Golden(t, "records", func(t *testing.T, e *harness.Env) []harness.Step {
		w := newWorld(t, e)
		authors, err := model.Query[author](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		tags, err := model.Query[tag](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		return []harness.Step{
			harness.NewStep("belongs to one", func() {
				spec := of[book](t, w)
				existence.BelongsTo(spec, authors[0], nil)
				require.Equal(t, []int64{1, 2}, w.ids(t, spec))
			}),
			harness.NewStep("belongs to one of several", func() {
				spec := of[book](t, w)
				existence.BelongsTo(spec, authors, []string{"author"})
				require.Equal(t, []int64{1, 2, 3}, w.ids(t, spec))
			}),
			harness.NewStep("attached to one", func() {
				spec := of[author](t, w)
				existence.AttachedTo(spec, tags[1], []string{"Tags"})
				require.Equal(t, []int64{1}, w.ids(t, spec))
			}),
		}
	})
}

// TestMistakesAreKeptInTheQuery has one mistake per row.
func TestMistakesAreKeptInTheQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		w := newWorld(t, e)
		has := func(has existence.Has) func(*query.Spec) {
			return func(q *query.Spec) { existence.Add(q, query.And, has) }
		}
		saved := &house{ID: 9}
		require.NoError(t, model.Create(e.Ctx, e.DB, saved))
		belongs := func(parent any, names ...string) func(*query.Spec) {
			return func(q *query.Spec) { existence.BelongsTo(q, parent, names) }
		}
		for _, row := range []struct {
			add  func(*query.Spec)
			is   error
			says string
		}{
			{has(existence.Has{Path: "boks"}), errs.ErrUnknownRelation, `"books"`},
			{has(existence.Has{Path: "house.author"}), errs.ErrUnknownRelation, `"authors"`},
			{has(existence.Has{Path: "books", Counts: make([]existence.Count, 2)}), errs.ErrInvalidValue, "2 counts"},
			{has(existence.Has{Path: "books", Refine: func(q *query.Spec) { q.Fail(errs.ErrGuarded) }}), errs.ErrGuarded, "books"},
			{belongs([]*house{}), errs.ErrInvalidValue, "WhereBelongsTo of no record"},
			{belongs(saved), errs.ErrUnknownRelation, "author.house and author.second both are belongsTo to house; name one"},
			{belongs(saved, "house", "second"), errs.ErrInvalidValue, "2 relations"},
			{belongs(saved, "hous"), errs.ErrUnknownRelation, `"house"`},
			{belongs(saved, "books"), errs.ErrUnsupported, "author.books is no belongsTo to house"},
			{belongs(&tag{}), errs.ErrUnknownRelation, "author has no belongsTo relation to tag"},
			{belongs(&house{}, "house"), errs.ErrNotPersisted, "house"},
			{belongs(7, "house"), errs.ErrUnsupported, "a int is no model"},
			{func(q *query.Spec) { existence.AttachedTo(q, saved, nil) }, errs.ErrUnknownRelation, "no manyToMany relation to house"},
		} {
			spec := of[author](t, w)
			row.add(spec)
			require.ErrorIs(t, spec.Err, row.is)
			require.ErrorContains(t, spec.Err, row.says)
			require.Empty(t, spec.Where)
		}
	})
}
