// SPDX-License-Identifier: MIT

package preload_test

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A library is shared by its books. It has a field of every way to keep one: compared in memory, behind a pointer, by what is stored.
type (
	Library struct {
		model.BaseModel[Library]

		ID       int64
		Name     string
		Motto    *string
		Opening  *time.Time
		Tags     []string `gorm:"serializer:json"`
		Code     sql.NullString
		Settings map[string]any `gorm:"serializer:json"`

		Books   []*Book   `relation:"hasMany"`
		Readers []*Reader `relation:"manyToMany;pivotColumns:since"`
	}
	Book struct {
		model.BaseModel[Book]

		ID, LibraryID int64
		Title         string
		Library       *Library `relation:"belongsTo"`
	}
	Reader struct {
		model.BaseModel[Reader]

		ID   int64
		Name string
	}
)

// Define adds a value to JSON.
func (*Library) Define(d *model.Definition[Library]) {
	d.Computed("label", func(l *Library) any { return fmt.Sprint(l.Name, l.Extras().Int64("n")) })
}

// looks is everything that only reads a record.
func looks(ctx context.Context, l *Library) map[string]func() any {
	return map[string]func() any{
		"Extras":      func() any { return fmt.Sprint(l.Extras(), l.Extras().Int64("n")) },
		"ToObject":    func() any { return fmt.Sprint(l.ToObject()["extras"]) },
		"JSON":        func() any { return text(serialize.JSON(l, serialize.Options{Extras: true})) },
		"Map":         func() any { return text(serialize.Map(l, serialize.Options{Extras: true})) },
		"MarshalJSON": func() any { return text(l.MarshalJSON()) },
		"Freeze":      func() any { return text(serialize.Freeze(l)) },
		"Attributes":  func() any { return fmt.Sprint(l.Attributes()["Tags"]) },
		"Original":    func() any { return fmt.Sprint(l.Original()["Tags"], l.Original()["Name"]) },
		"Dirty":       func() any { return fmt.Sprint(l.Dirty(), l.IsDirty(), l.IsDirty("Tags")) },
		"Changes":     func() any { return fmt.Sprint(l.Changes(), l.Previous(), l.WasChanged(), l.WasChanged("name")) },
		"State": func() any {
			return fmt.Sprint(l.IsNew(), l.IsPersisted(), l.IsDeleted(), l.Trashed(), model.IsLocal(l))
		},
		"Sideloaded": func() any { return fmt.Sprint(model.Sideloaded(l), model.DBOf(l) == nil) },
		"Replicate":  func() any { return l.Replicate().Tags },
		"Equal":      func() any { return l.Equal(l.Replicate()) },
		"Format":     func() any { return fmt.Sprint(l, l.LogValue()) },
		"Related":    func() any { return l.Related("books").Loaded() },
		"Fresh": func() any {
			fresh, err := l.Fresh(ctx)
			if err != nil {
				return err
			}
			return fresh.Tags
		},
		"Count": func() any {
			n, err := l.Related("books").Query().Count(ctx)
			return fmt.Sprint(n, err)
		},
		"Readers": func() any {
			list, err := relation.ManyToMany(l, &l.Readers).Query().All(ctx)
			if err != nil {
				return err
			}
			return fmt.Sprint(list, list[0].Extras())
		},
	}
}

func text(v any, err error) string {
	if data, ok := v.([]byte); ok {
		v = string(data)
	}
	return fmt.Sprint(v, err)
}

// Preload gives the books of one library one record. Goroutines that only look at it need no lock: each sees the same, whoever comes
// first. The race detector watches.
func TestSharedRecordsAreReadWithoutLocks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Library{}, &Book{}, &Reader{})
		motto, opening := "read", made
		l := &Library{
			Name: "north", Motto: &motto, Opening: &opening, Tags: []string{"a"}, Code: sql.NullString{String: "n", Valid: true},
			Settings: map[string]any{"a": 1},
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, l))
		require.NoError(t, relation.HasMany(l, &l.Books).CreateMany(e.Ctx, []*Book{{}, {}, {}, {}}))
		require.NoError(t, relation.ManyToMany(l, &l.Readers).Create(e.Ctx, &Reader{Name: "r"}))
		for name, with := range map[string]func(q *relation.Query){
			"Extras": func(q *relation.Query) {
				q.Select("*").SelectRaw("name || '!' AS loud").WithCount("books as n")
			},
			"Plain":  func(*relation.Query) {},
			"Loaded": func(q *relation.Query) { q.Preload("books").Preload("readers") },
		} {
			books, err := model.Query[Book](e.DB).Preload("library", with).All(e.Ctx)
			require.NoError(t, err)
			require.Same(t, books[0].Library, books[3].Library)
			seen := make([]map[string]any, len(books))
			var all sync.WaitGroup
			for i, b := range books {
				all.Go(func() {
					seen[i] = map[string]any{}
					for name, look := range looks(e.Ctx, b.Library) {
						seen[i][name] = look()
					}
				})
			}
			all.Wait()
			for _, other := range seen[1:] {
				require.Equal(t, seen[0], other, name)
			}
			require.NotContains(t, fmt.Sprint(seen[0]), "no such", name)
		}
	})
}

// A literal has no state before its first use, and that may be a look of several goroutines.
func TestLiteralsAndCopiesAreReadWithoutLocks(t *testing.T) {
	t.Parallel()
	look := func(l *Library) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				_ = l.IsNew()
				l.Extras()
				_ = l.ToObject()
				_ = l.Dirty()
			})
		}
		all.Wait()
	}
	l := &Library{Name: "north"}
	look(l)
	l.Extras()["n"] = int64(1)
	var copied Library
	reflect.ValueOf(&copied).Elem().Set(reflect.ValueOf(l).Elem()) // as an assignment, which go vet reports
	look(&copied)
	copied.Extras()["n"] = int64(2)
	require.Equal(t, int64(1), l.Extras()["n"], "a copy has extras of its own")
}
