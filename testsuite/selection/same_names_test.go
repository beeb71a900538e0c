// SPDX-License-Identifier: MIT

package selection_test

import (
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Writer and Novel have columns of the same names.
type (
	Writer struct {
		model.BaseModel[Writer]
		ID     int64
		Name   string
		Novels []*Novel `relation:"hasMany"`
	}
	Novel struct {
		model.BaseModel[Novel]
		ID       int64
		WriterID int64
		Name     string
	}
)

// A result with two columns of one name is refused, wherever it is read: the later one would become the record's key.
func TestTwoResultColumnsOfOneNameAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Writer{}, &Novel{})
		w := &Writer{Name: "w"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Writer{{Name: "v"}, w}))
		require.NoError(t, relation.HasMany(w, &w.Novels).Create(e.Ctx, &Novel{Name: "n"}))
		joined := func() *model.Builder[Writer] {
			return model.Query[Writer](e.DB).Join("novels", "novels.writer_id", "=", "writers.id")
		}
		for sql, refused := range map[string]bool{
			"writers.*, novels.*": true, "writers.*, novels.id": true, "writers.id, novels.name, writers.name": true,
			"writers.*, novels.id AS novel_id": false, "writers.id, novels.name": false,
		} {
			for way, run := range map[string]func() error{
				"first": func() error { _, err := joined().SelectRaw(sql).First(e.Ctx); return err },
				"all":   func() error { _, err := joined().SelectRaw(sql).All(e.Ctx); return err },
				"page":  func() error { _, err := joined().SelectRaw(sql).Paginate(e.Ctx, 1, 5); return err },
				"each": func() error {
					for _, err := range joined().SelectRaw(sql).Each(e.Ctx) {
						return err
					}
					return nil
				},
			} {
				if err := run(); refused {
					require.Error(t, err, "%s by %s", sql, way)
				} else {
					require.NoError(t, err, "%s by %s", sql, way)
				}
			}
		}
		got, err := joined().SelectRaw("writers.*, novels.id AS novel_id").First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, w.ID, got.ID)
	})
}

// words is a slice that is one value.
type words []string

// Value is the words in one text.
func (w words) Value() (driver.Value, error) {
	if w == nil {
		return nil, nil
	}
	return strings.Join(w, " "), nil
}

// A slice with a Value of its own is one argument of raw SQL, wherever there is some, and its nil is NULL; any other slice is a list.
func TestSlicesWithAValueAreOneArgument(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Writer{}, &Novel{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Writer{{Name: "a b"}, {Name: "c"}}))
		count := func(q *model.Builder[Writer]) int64 {
			n, err := q.Count(e.Ctx)
			require.NoError(t, err)
			return n
		}
		query := func() *model.Builder[Writer] { return model.Query[Writer](e.DB) }
		require.EqualValues(t, 1, count(query().WhereRaw("name = ?", words{"a", "b"})))
		require.EqualValues(t, 2, count(query().WhereRaw("name = ? OR name IN (?)", words{"a", "b"}, []string{"c", "d"})))
		require.EqualValues(t, 0, count(query().WhereRaw("name = ?", words(nil))))
		require.EqualValues(t, 2, count(query().WhereRaw("COALESCE(?, name) = name", words(nil))))
		list, err := query().SelectRaw("writers.*, CASE WHEN name = ? THEN 1 ELSE 0 END AS hit", words{"a", "b"}).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, list[0].Extras().Int64("hit"))
		first, err := query().OrderByRaw("CASE WHEN name = ? THEN 1 ELSE 0 END", words{"a", "b"}).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "c", first.Name)
	})
}
