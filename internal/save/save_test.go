// SPDX-License-Identifier: MIT

package save_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/save"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// author has a relation of every kind that can be written through.
type author struct {
	model.BaseModel[author]

	ID      int64
	Name    string
	HouseID *int64
	House   *house  `relation:"belongsTo"`
	Card    *card   `relation:"hasOne"`
	Books   []*book `relation:"hasMany"`
	Tags    []*tag  `relation:"manyToMany;pivotColumns:level"`
}

type house struct {
	model.BaseModel[house]

	ID      int64
	Name    string
	Authors []*author `relation:"hasMany"`
}

type card struct {
	model.BaseModel[card]

	ID       int64
	AuthorID int64
}

type book struct {
	model.BaseModel[book]

	ID       int64
	AuthorID int64
	Title    string
	Author   *author `relation:"belongsTo"`
}

var errHook = errors.New("the hook refuses")

func (b *book) Saved(context.Context) error {
	if b.Title == "refused" {
		return errHook
	}
	return nil
}

type tag struct {
	model.BaseModel[tag]

	ID      int64
	Name    string
	Authors []*author `relation:"manyToMany;pivotColumns:level"`
}

func newAuthor(t *testing.T, e *harness.Env) *author {
	t.Helper()
	e.Migrate(t, &house{}, &author{}, &card{}, &book{}, &tag{})
	a := &author{Name: "a"}
	require.NoError(t, model.Create(e.Ctx, e.DB, a))
	e.Sent.Reset()
	return a
}

func each(t *testing.T, check func(t *testing.T, e *harness.Env, a *author)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) { check(t, e, newAuthor(t, e)) })
}

func of(rec any, name string) related.Owner { return related.OwnerOf(rec, name) }

// bound makes a new record one of the database.
func bound[T any](t *testing.T, e *harness.Env, rec *T) *T {
	t.Helper()
	s, err := record.From(rec)
	require.NoError(t, err)
	s.Handle = tx.From(model.WithDB(e.Ctx, e.DB))
	return rec
}

func push(t *testing.T, e *harness.Env, rec any) error {
	t.Helper()
	s, err := record.From(rec)
	require.NoError(t, err)
	return save.Push(e.Ctx, tx.From(model.WithDB(e.Ctx, e.DB)), s)
}

// TestWritesThroughRelationsInSQL has what is sent for new records and for saved ones.
func TestWritesThroughRelationsInSQL(t *testing.T) {
	harness.Golden(t, "relations", func(t *testing.T, e *harness.Env) []harness.Step {
		a := newAuthor(t, e)
		kept, shared := &book{Title: "kept"}, &tag{Name: "shared"}
		one := func(name string, owner related.Owner, rec any, call save.Call) harness.Step {
			return harness.NewStep(name, func() { require.NoError(t, save.One(e.Ctx, owner, rec, call)) })
		}
		many := func(name string, owner related.Owner, list any) harness.Step {
			return harness.NewStep(name, func() { require.NoError(t, save.Many(e.Ctx, owner, list, save.Call{})) })
		}
		return []harness.Step{
			one("hasOne", of(a, "card"), &card{}, save.Call{}),
			one("hasMany", of(a, "books"), kept, save.Call{}),
			one("hasMany, nothing to write", of(a, "books"), kept, save.Call{}),
			many("hasMany, two new and one that is kept", of(a, "books"), []*book{{Title: "x"}, kept, {Title: "y"}}),
			one("manyToMany", of(a, "tags"), shared, save.Call{New: true}),
			one("manyToMany, attached already", of(a, "tags"), shared, save.Call{}),
			one("manyToMany, with another value", of(a, "tags"), shared, save.Call{Pivots: []map[string]any{{"level": "high"}}}),
			many("manyToMany, two new", of(a, "tags"), []*tag{{Name: "p"}, {Name: "q"}}),
			one("of an owner that is new", of(bound(t, e, &author{Name: "n"}), "books"), &book{Title: "z"}, save.Call{}),
			harness.NewStep("associate", func() { require.NoError(t, save.Associate(e.Ctx, of(a, "house"), &house{Name: "h"})) }),
			harness.NewStep("dissociate", func() { require.NoError(t, save.Dissociate(e.Ctx, of(a, "house"))) }),
			harness.NewStep("push", func() {
				graph := &author{
					Name: "g", House: &house{Name: "i"}, Card: &card{}, Books: []*book{{Title: "g"}}, Tags: []*tag{shared, {Name: "new"}},
				}
				require.NoError(t, push(t, e, graph))
			}),
		}
	})
}

func TestSavedRecordsPointToTheirOwner(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		b := &book{Title: "x", AuthorID: 77}
		require.NoError(t, save.One(e.Ctx, of(a, "books"), b, save.Call{New: true}))
		require.Equal(t, a.ID, b.AuthorID)
		err := save.One(e.Ctx, of(a, "books"), b, save.Call{Op: "create", New: true})
		require.ErrorIs(t, err, errs.ErrUnsupported)
		require.ErrorContains(t, err, "relation author.books: create: ")

		fresh := bound(t, e, &author{Name: "n"})
		require.NoError(t, save.One(e.Ctx, of(fresh, "books"), b, save.Call{}))
		require.NotZero(t, fresh.ID, "the owner is saved first")
		require.EqualValues(t, fresh.ID, e.Row(t, "SELECT author_id FROM books")["author_id"])

		p := &tag{Name: "p"}
		require.NoError(t, save.One(e.Ctx, of(a, "tags"), p, save.Call{Pivots: []map[string]any{{"level": "low"}}}))
		s, err := record.From(p)
		require.NoError(t, err)
		require.Equal(t, "low", s.Extras()["pivot_level"])
		require.NoError(t, save.One(e.Ctx, of(a, "tags"), p, save.Call{}))
		require.EqualValues(t, 1, e.Count(t, "author_tag"))
		require.ErrorIs(t, save.One(e.Ctx, of(a, "tags"), p, save.Call{Duplicate: true}), errs.ErrDuplicate, "the pair is unique here")
	})
}

func TestAFailureUndoesRowsAndRecords(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		list := []*book{{Title: "x"}, {Title: "refused"}}
		require.ErrorIs(t, save.Many(e.Ctx, of(a, "books"), list, save.Call{}), errHook)
		require.EqualValues(t, 0, e.Count(t, "books"))
		require.Equal(t, []int64{0, 0, 0, 0}, []int64{list[0].ID, list[0].AuthorID, list[1].ID, list[1].AuthorID})

		fresh := bound(t, e, &author{Name: "n"})
		require.ErrorIs(t, save.One(e.Ctx, of(fresh, "books"), &book{Title: "refused"}, save.Call{}), errHook)
		require.Zero(t, fresh.ID)
		require.EqualValues(t, 1, e.Count(t, "authors"))

		graph := &author{Name: "g", House: &house{Name: "i"}, Books: []*book{{Title: "x"}, {Title: "refused"}}}
		require.ErrorIs(t, push(t, e, graph), errHook)
		require.Zero(t, graph.ID)
		require.Nil(t, graph.HouseID)
		require.EqualValues(t, 0, e.Count(t, "houses"))
	})
}

// TestMistakesWriteNothing has one mistake per row.
func TestMistakesWriteNothing(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		kept, gone := &book{Title: "kept"}, &book{Title: "gone"}
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*book{kept, gone}))
		twin, err := model.Query[book](e.DB).Find(e.Ctx, kept.ID)
		require.NoError(t, err)
		dead := &author{Name: "dead"}
		require.NoError(t, model.Create(e.Ctx, e.DB, dead))
		require.NoError(t, model.Delete(e.Ctx, e.DB, dead))
		one := func(owner related.Owner, rec any, call save.Call) error { return save.One(e.Ctx, owner, rec, call) }
		many := func(owner related.Owner, list any, call save.Call) error { return save.Many(e.Ctx, owner, list, call) }
		levels := func(list ...any) save.Call {
			call := save.Call{}
			for _, v := range list {
				call.Pivots = append(call.Pivots, map[string]any{"level": v})
			}
			return call
		}
		for _, row := range []struct {
			err  func() error
			is   error
			says string
		}{
			{func() error { return one(of(a, "house"), &house{}, save.Call{Op: "Save"}) }, errs.ErrUnsupported, "not for belongsTo"},
			{func() error { return many(of(a, "card"), []*card{{}}, save.Call{Op: "SaveMany"}) }, errs.ErrUnsupported, "not for hasOne"},
			{func() error { return one(of(a, "books"), &card{}, save.Call{}) }, errs.ErrInvalidValue, "a record of card"},
			{func() error { return many(of(a, "books"), []*book{kept, kept}, save.Call{}) }, errs.ErrInvalidValue, "in the list twice"},
			{func() error { return many(of(a, "books"), []*book{kept, twin}, save.Call{}) }, errs.ErrInvalidValue, "in the list twice"},
			{func() error { return one(of(a, "books"), kept, levels("x")) }, errs.ErrUnsupported, "pivot attributes"},
			{func() error { return one(of(a, "books"), kept, save.Call{Duplicate: true}) }, errs.ErrUnsupported, "SaveDuplicate"},
			{func() error { return many(of(a, "tags"), []*tag{{}, {}}, levels("x")) }, errs.ErrInvalidValue, "1 sets of pivot attributes for 2 records"},
			{func() error {
				return one(of(a, "tags"), &tag{}, save.Call{Pivots: []map[string]any{{"tag_id": 1}}})
			}, errs.ErrGuarded, "tag_id"},
			{func() error { return one(of(dead, "books"), kept, save.Call{}) }, errs.ErrDeleted, "author"},
			{func() error { return save.Associate(e.Ctx, of(a, "books"), kept) }, errs.ErrUnsupported, "not for hasMany"},
			{func() error { return save.Dissociate(e.Ctx, of(kept, "author")) }, errs.ErrUnsupported, "book.AuthorID cannot be NULL"},
			{func() error { return save.Associate(e.Ctx, of(kept, "author"), dead) }, errs.ErrDeleted, "author"},
			{func() error { return save.Set(of(a, "house"), &house{}) }, errs.ErrNotPersisted, "Associate saves it"},
			{func() error { _, _, err := save.Rows(e.Ctx, of(a, "house"), "FirstOrNew"); return err }, errs.ErrUnsupported, "FirstOrNew"},
		} {
			e.Sends(t, 0, func() {
				err := row.err()
				require.ErrorIs(t, err, row.is)
				require.ErrorContains(t, err, row.says)
			})
		}
		e.Sends(t, 0, func() { require.NoError(t, many(of(a, "books"), []*book{}, save.Call{})) })
	})
}

func TestARecordBelongsToAnotherInMemory(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		h := &house{Name: "h"}
		require.NoError(t, model.Create(e.Ctx, e.DB, h))
		e.Sends(t, 0, func() { require.NoError(t, save.Set(of(a, "house"), h)) })
		require.Equal(t, h.ID, *a.HouseID)
		require.Same(t, h, a.House)
		e.Sends(t, 0, func() { require.NoError(t, save.Unset(of(a, "house"))) })
		require.Nil(t, a.HouseID)
		require.Nil(t, a.House)
	})
}

func TestARollbackTakesBackWhatARecordBelongsTo(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		before, after := &house{Name: "before"}, &house{Name: "after"}
		require.NoError(t, save.Associate(e.Ctx, of(a, "house"), before))
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, save.Associate(ctx, of(a, "house"), after))
			require.Same(t, after, a.House)
			return errHook
		})
		require.ErrorIs(t, err, errHook)
		require.Same(t, before, a.House)
		require.Equal(t, before.ID, *a.HouseID)
		require.Zero(t, after.ID)
	})
}

// TestPushSavesAGraphOnce has records that lead back to each other, and one that two records share.
func TestPushSavesAGraphOnce(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, _ *author) {
		shared, h := &tag{Name: "shared"}, &house{Name: "h"}
		one, two := &author{Name: "one", House: h, Tags: []*tag{shared}}, &author{Name: "two", House: h, Tags: []*tag{shared}}
		h.Authors, shared.Authors = []*author{one, two}, []*author{one, two}
		b := &book{Title: "b", Author: one}
		one.Books = []*book{b}
		require.NoError(t, push(t, e, b))
		require.Equal(t, []int64{1, 3, 1, 1, 2}, []int64{
			e.Count(t, "houses"), e.Count(t, "authors"), e.Count(t, "books"), e.Count(t, "tags"), e.Count(t, "author_tag"),
		})
		require.Equal(t, []int64{one.ID, h.ID, h.ID}, []int64{b.AuthorID, *one.HouseID, *two.HouseID})
		e.Sends(t, 0, func() { require.NoError(t, push(t, e, b), "nothing has changed") })
		shared.Name = "other"
		e.Sends(t, 1, func() { require.NoError(t, push(t, e, b)) })
	})
}

func TestRowsOfARelationAdoptNewRecords(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, a *author) {
		for _, name := range []string{"books", "tags"} {
			ctx, rows, err := save.Rows(e.Ctx, of(a, name), "FirstOrCreate")
			require.NoError(t, err)
			column := map[string]string{"books": "title", "tags": "name"}[name]
			for range 2 {
				l, err := find.NewLookup(rows, map[string]any{column: "x"}, nil)
				require.NoError(t, err)
				require.NoError(t, harness.Err(l.OrCreate(ctx)))
			}
			require.EqualValues(t, 1, e.Count(t, name), "the second call finds it")
		}
		require.EqualValues(t, a.ID, e.Row(t, "SELECT author_id FROM books")["author_id"])
		require.EqualValues(t, a.ID, e.Row(t, "SELECT author_id FROM author_tag")["author_id"])
	})
}
