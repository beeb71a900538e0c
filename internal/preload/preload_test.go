// SPDX-License-Identifier: MIT

package preload_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// author has a relation of every kind.
type author struct {
	model.BaseModel[author]

	ID        int64
	CountryID *int64
	Country   *country `relation:"belongsTo"`
	Bio       *bio     `relation:"hasOne"`
	Books     []*book  `relation:"hasMany"`
	Tags      []*tag   `relation:"manyToMany;pivotColumns:note"`
	Pages     []*page  `relation:"hasManyThrough;through:Books"`
}

func (a *author) Define(d *model.Definition[author]) {
	d.Relation(&a.Bio).WithDefault(model.Attrs{"Text": "none"})
	d.Relation(&a.Books).Inverse("author")
}

type country struct {
	model.BaseModel[country]

	ID      int64
	Name    string
	Authors []*author `relation:"hasMany"`
}

type bio struct {
	model.BaseModel[bio]

	ID       int64
	AuthorID int64
	Text     string
}

type book struct {
	model.BaseModel[book]

	ID       int64
	AuthorID int64
	Title    string
	Author   *author `relation:"belongsTo"`
	Pages    []*page `relation:"hasMany"`
}

type page struct {
	model.BaseModel[page]

	ID     int64
	BookID int64
}

type tag struct {
	model.BaseModel[tag]

	ID int64
}

// world has three authors: 1 and 2 live in country 1, 3 lives nowhere. Author 1 has books 1 and 3, author 2 has book 2.
type world struct {
	*harness.Env

	h *tx.Handle
}

func newWorld(t *testing.T, e *harness.Env) *world {
	t.Helper()
	e.Migrate(t, &country{}, &author{}, &bio{}, &book{}, &page{}, &tag{})
	e.Exec(t,
		"INSERT INTO countries (id, name) VALUES (1, 'x'), (2, 'y')",
		"INSERT INTO authors (id, country_id) VALUES (1, 1), (2, 1), (3, NULL)",
		"INSERT INTO bios (id, author_id, text) VALUES (1, 2, 'b')",
		"INSERT INTO books (id, author_id, title) VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 1, 'c')",
		"INSERT INTO pages (id, book_id) VALUES (1, 3), (2, 1), (3, 1)",
		"INSERT INTO tags (id) VALUES (1), (2)",
		"INSERT INTO author_tag (author_id, tag_id, note) VALUES (1, 2, 'n'), (2, 2, NULL), (1, 1, NULL)",
	)
	return &world{e, tx.From(model.WithDB(e.Ctx, e.DB))}
}

func each(t *testing.T, check func(t *testing.T, w *world)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) { check(t, newWorld(t, e)) })
}

// authors returns a query of all authors in the order of their keys.
func (w *world) authors(t *testing.T) *query.Spec {
	t.Helper()
	m, err := w.h.Database().Models.Model(reflect.TypeFor[author]())
	require.NoError(t, err)
	spec := query.New(w.h, m)
	spec.Orders = []query.Order{{Column: "id"}}
	return spec
}

// load runs a query of authors.
func (w *world) load(t *testing.T, spec *query.Spec) []*author {
	t.Helper()
	require.NoError(t, spec.Err)
	_, run, err := scope.Prepare(w.Ctx, spec)
	require.NoError(t, err)
	list, err := preload.Select(w.Ctx, run)
	require.NoError(t, err)
	out := make([]*author, len(list))
	for i, p := range list {
		out[i] = memory.At[author](p)
	}
	return out
}

// with loads all authors with the relations of paths.
func (w *world) with(t *testing.T, paths ...string) []*author {
	t.Helper()
	spec := w.authors(t)
	for _, path := range paths {
		preload.Add(spec, path)
	}
	return w.load(t, spec)
}

func states(t *testing.T, list []*author) []*record.State {
	t.Helper()
	out, err := record.List(list)
	require.NoError(t, err)
	return out
}

func bookIDs(list []*book) []int64 {
	ids := []int64{}
	for _, b := range list {
		ids = append(ids, b.ID)
	}
	return ids
}

// TestPreloadsInSQL has one statement per relation, whatever the number of records.
func TestPreloadsInSQL(t *testing.T) {
	harness.Golden(t, "preloads", func(t *testing.T, e *harness.Env) []harness.Step {
		w := newWorld(t, e)
		refined := func(name, path string, fn func(*query.Spec)) harness.Step {
			return harness.NewStep(name, func() {
				spec := w.authors(t)
				spec.Columns = []query.Selection{{Column: "id"}, {Column: "country_id"}}
				preload.Add(spec, path, fn)
				w.load(t, spec)
			})
		}
		path := func(path string) harness.Step { return refined(path, path, nil) }
		two := 2
		return []harness.Step{
			path("country"), path("bio"), path("books"), path("tags"), path("pages"),
			path("books.pages"), path("books:title"), path("books:title.pages:id"),
			refined("conditions are kept together", "books", func(q *query.Spec) {
				q.Add(query.And, query.NewCompare("title", "=", "a"))
				q.Add(query.Or, query.NewCompare("title", "=", "b"))
			}),
			refined("two of each", "books", func(q *query.Spec) { q.Limit = &two }),
			refined("two of each, in an order", "books", func(q *query.Spec) {
				q.Limit, q.Orders = &two, []query.Order{{Column: "title", Desc: true}}
			}),
		}
	})
}

func TestEveryRecordGetsWhatBelongsToIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var list []*author
		w.Sends(t, 6, func() { list = w.with(t, "country", "bio", "books", "tags", "pages") })
		require.Equal(t, "x", list[0].Country.Name)
		require.Same(t, list[0].Country, list[1].Country, "one row is one record")
		require.Nil(t, list[2].Country)
		require.Equal(t, []string{"none", "b", "none"}, []string{list[0].Bio.Text, list[1].Bio.Text, list[2].Bio.Text})
		require.EqualValues(t, 3, list[2].Bio.AuthorID, "a default belongs to its owner")
		require.Equal(t, [][]int64{{1, 3}, {2}, {}}, [][]int64{bookIDs(list[0].Books), bookIDs(list[1].Books), bookIDs(list[2].Books)})
		require.Same(t, list[0], list[0].Books[1].Author, "the inverse leads back")
		require.Len(t, list[0].Tags, 2)
		require.Len(t, list[1].Tags, 1)
		require.Len(t, list[0].Pages, 3)
		require.NotNil(t, list[2].Tags, "none is a list that is empty")
		for _, s := range states(t, list) {
			for _, r := range s.Model.Relations {
				require.True(t, s.Loaded(r), r.Name)
			}
			require.False(t, s.IsDirty())
		}
	})
}

func TestListsOfTwoRecordsShareNoMemory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := w.with(t, "books")
		list[0].Books = append(list[0].Books, &book{Title: "new"})
		require.Equal(t, []int64{2}, bookIDs(list[1].Books), "appending to one list leaves the next")

		twice := append(w.with(t), w.with(t)...) // two records of each row
		require.NoError(t, preload.Paths(w.Ctx, states(t, twice), []string{"books"}))
		twice[0].Books[0] = nil
		require.NotNil(t, twice[3].Books[0])
	})
}

func TestNoKeyNoStatement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nowhere := w.with(t)[2:]
		w.Sends(t, 0, func() {
			require.NoError(t, preload.Paths(w.Ctx, states(t, nowhere), []string{"country.authors"}))
			require.NoError(t, preload.Paths(w.Ctx, nil, []string{"country"}))
			require.NoError(t, preload.Paths(w.Ctx, states(t, nowhere), nil))
		})
		require.True(t, states(t, nowhere)[0].Loaded(w.relation(t, "country")))
	})
}

// TestPathsBecomeATree has paths that share relations: each relation is loaded once, with all that the paths ask for.
func TestPathsBecomeATree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Sends(t, 4, func() {
			list := w.with(t, "books", "books.pages", "Books.author", "books")
			require.Len(t, list[0].Books[0].Pages, 2)
			require.EqualValues(t, 1, list[0].Books[0].Author.ID)
		})
		w.Sends(t, 2, func() { require.Equal(t, "a", w.with(t, "books:id", "books:title")[0].Books[0].Title) })
		w.Sends(t, 2, func() { require.Equal(t, "a", w.with(t, "books:id", "books")[0].Books[0].Title, "all columns") })
		w.Sends(t, 2, func() { require.Equal(t, "a", w.with(t, "books", "books: id")[0].Books[0].Title, "they stay") })
		spec := w.authors(t)
		preload.Add(spec, "books", func(q *query.Spec) { q.Add(query.And, query.NewCompare("id", ">", 1)) })
		preload.AddOnce(spec, "books")
		preload.AddOnce(spec, "country.authors")
		preload.AddOnce(spec, "country")
		w.Sends(t, 4, func() {
			list := w.load(t, spec)
			require.Equal(t, []int64{3}, bookIDs(list[0].Books))
			require.Len(t, list[0].Country.Authors, 2)
		})
	})
}

func TestAddOnceAddsOnlyWhatIsNotAskedFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		spec := w.authors(t)
		preload.Add(spec, "books:id")
		for _, path := range []string{"Books", "books.pages", "books.pages", "country"} {
			preload.AddOnce(spec, path)
		}
		require.Len(t, spec.Preloads, 2)
		require.Equal(t, []string{"ID"}, spec.Preloads[0].Columns, "asking again would ask for all columns")
		require.Len(t, spec.Preloads[0].Children, 1)
	})
}

func TestWhatIsSaidOfRecordsHoldsForRelatedOnes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		spec := w.authors(t)
		spec.ReadOnly, spec.Sideload = true, map[string]any{"by": "me"}
		preload.Add(spec, "books")
		preload.Add(spec, "country", func(q *query.Spec) { q.Sideload = map[string]any{"by": "it"} })
		one := w.load(t, spec)[0]
		for rec, by := range map[any]string{one: "me", one.Books[0]: "me", one.Country: "it"} {
			s, err := record.From(rec)
			require.NoError(t, err)
			require.False(t, s.Tracked())
			require.Equal(t, by, s.Sideloaded()["by"])
		}
		require.True(t, states(t, w.with(t, "books"))[0].Tracked())
	})
}

// TestAFunctionMayAskForItsOwnRelation: as far as there are records.
func TestAFunctionMayAskForItsOwnRelation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		spec := w.authors(t)
		left := 2
		var again func(q *query.Spec)
		again = func(q *query.Spec) {
			if left > 0 {
				left--
				preload.Add(q, "author.books", again)
			}
		}
		preload.Add(spec, "books", again)
		w.Sends(t, 6, func() { require.Len(t, w.load(t, spec)[0].Books[0].Author.Books[0].Author.Books, 2) })
	})
}

func (w *world) relation(t *testing.T, name string) *meta.Relation {
	t.Helper()
	r, ok := w.authors(t).Model.Relation(name)
	require.True(t, ok)
	return r
}

// TestMistakesAreFoundBeforeAnythingIsSent has paths, columns and functions that are wrong.
func TestMistakesAreFoundBeforeAnythingIsSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wrong := func(q *query.Spec) { q.Add(query.And, query.NewCompare("titel", "=", "x")) }
		for _, row := range []struct {
			path    string
			refine  func(*query.Spec)
			columns []query.Selection
			is      error
			says    string
		}{
			{"boks", nil, nil, errs.ErrUnknownRelation, `"books"`},
			{"books.paes", nil, nil, errs.ErrUnknownRelation, `"pages"`},
			{"books:titel", nil, nil, errs.ErrUnknownColumn, `"title"`},
			{"books:id,", nil, nil, errs.ErrUnknownColumn, "empty name"},
			{"books", wrong, nil, errs.ErrUnknownColumn, `"title"`},
			{"books.pages", func(q *query.Spec) { q.Fail(errs.ErrGuarded) }, nil, errs.ErrGuarded, "pages"},
			{"country", nil, []query.Selection{{Column: "id"}}, errs.ErrMissingKey, "author was loaded without CountryID"},
		} {
			w.Sends(t, 0, func() {
				spec := w.authors(t)
				spec.Columns = row.columns
				preload.Add(spec, row.path, row.refine)
				err := spec.Err
				if err == nil {
					err = preload.Prepare(w.h, spec)
				}
				require.ErrorIs(t, err, row.is, row.path)
				require.ErrorContains(t, err, row.says)
			})
		}
	})
}

func TestMissingLoadsOnlyWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := w.with(t)
		require.NoError(t, preload.Paths(w.Ctx, states(t, list[:1]), []string{"books"}))
		kept := list[0].Books[0]
		sent := w.Sends(t, 1, func() { require.NoError(t, preload.Missing(w.Ctx, states(t, list), []string{"books"})) })
		require.Contains(t, sent[0], "books")
		require.Same(t, kept, list[0].Books[0])
		require.Equal(t, []int64{2}, bookIDs(list[1].Books))
		w.Sends(t, 0, func() { require.NoError(t, preload.Missing(w.Ctx, states(t, list), []string{"books"})) })
		w.Sends(t, 1, func() { require.NoError(t, preload.Missing(w.Ctx, states(t, list), []string{"books.pages"})) })
		require.Len(t, kept.Pages, 2)

		require.NoError(t, preload.Again(w.Ctx, w.h, states(t, list)[0]))
		require.NotSame(t, kept, list[0].Books[0], "Again reads what is loaded once more")
	})
}

func TestSiblingsAreLoadedTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		spec := w.authors(t)
		spec.AutoLoad = true
		list := w.load(t, spec)
		w.Sends(t, 1, func() { require.NoError(t, preload.Siblings(w.Ctx, states(t, list)[1], w.relation(t, "books"))) })
		require.Equal(t, []int64{1, 3}, bookIDs(list[0].Books))
		require.Equal(t, []int64{2}, bookIDs(list[1].Books))
	})
}

func TestANewRecordHasNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fresh := &author{}
		s := states(t, []*author{fresh})
		s[0].Handle = w.h
		w.Sends(t, 0, func() { require.NoError(t, preload.Paths(w.Ctx, s, []string{"books"})) })
		require.Empty(t, fresh.Books)
		require.True(t, s[0].Loaded(w.relation(t, "books")))
	})
}
