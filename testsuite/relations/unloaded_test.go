// SPDX-License-Identifier: MIT

package relations_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type unloadedShelf struct {
	model.BaseModel[unloadedShelf]

	ID    int64
	Name  string
	Books []*unloadedBook `relation:"hasMany;foreignKey:ShelfID"`
}

type unloadedBook struct {
	model.BaseModel[unloadedBook]

	ID      int64
	ShelfID int64
	Title   string
	Shelf   *unloadedShelf `relation:"belongsTo"`
}

// unloadedShelves makes two shelves with two books each and an empty one.
func unloadedShelves(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &unloadedShelf{}, &unloadedBook{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*unloadedShelf{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*unloadedBook{
		{ShelfID: 1, Title: "1"}, {ShelfID: 1, Title: "2"}, {ShelfID: 2, Title: "3"}, {ShelfID: 2, Title: "4"},
	}))
}

// Get of a relation that is not loaded is an ErrNotLoaded that names it, and sends nothing.
func TestGetRefusesWhatIsNotLoaded(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		unloadedShelves(t, e)
		shelf, err := model.Query[unloadedShelf](e.DB).First(e.Ctx)
		require.NoError(t, err)
		e.Sends(t, 0, func() {
			err = func() error {
				_, err := relation.Get(e.Ctx, shelf, &shelf.Books)
				return err
			}()
		})
		require.ErrorIs(t, err, model.ErrNotLoaded)
		require.ErrorContains(t, err, "unloadedShelf.books")
		other := &unloadedShelf{}
		_, err = relation.Get(e.Ctx, shelf, &other.Books)
		require.ErrorIs(t, err, model.ErrUnknownRelation)
		require.NoError(t, shelf.Load(e.Ctx, "books"))
		books, err := relation.Get(e.Ctx, shelf, &shelf.Books)
		require.NoError(t, err)
		require.Len(t, books, 2)
	})
}

// With AutoLoad the first Get loads a relation for all records of the result by one statement, and so on
// further down.
func TestAutoLoadLoadsForAllRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		unloadedShelves(t, e)
		shelves, err := model.Query[unloadedShelf](e.DB).Use(func(q *relation.Query) { q.AutoLoad() }).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		counts := []int{}
		e.Sends(t, 2, func() {
			for _, shelf := range shelves {
				books, err := relation.Get(e.Ctx, shelf, &shelf.Books)
				require.NoError(t, err)
				counts = append(counts, len(books))
				for _, book := range books {
					back, err := relation.Get(e.Ctx, book, &book.Shelf)
					require.NoError(t, err)
					require.Equal(t, shelf.ID, back.ID)
				}
			}
		})
		require.Equal(t, []int{2, 2, 0}, counts)
	})
}

// With UnloadedIgnore and UnloadedWarn, Get of a relation that is not loaded returns nothing and no error;
// the latter says so in the log.
func TestUnloadedMayBeIgnoredOrWarned(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		unloadedShelves(t, e)
		for mode, warnings := range map[model.Unloaded]int{model.UnloadedIgnore: 0, model.UnloadedWarn: 1} {
			var log bytes.Buffer
			db, err := model.New(e.Gorm, model.Config{Unloaded: mode, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			require.NoError(t, err)
			shelf, err := model.Query[unloadedShelf](db).First(context.Background())
			require.NoError(t, err)
			books, err := relation.Get(e.Ctx, shelf, &shelf.Books)
			require.NoError(t, err)
			require.Nil(t, books)
			require.False(t, shelf.Related("books").Loaded())
			require.Equal(t, warnings, strings.Count(log.String(), "level=WARN"), log.String())
			require.Equal(t, warnings, strings.Count(log.String(), "unloadedShelf.books"), log.String())
		}
	})
}
