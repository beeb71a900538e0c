// SPDX-License-Identifier: MIT

package selection_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A read that the database refuses is not reported as an upsert without an index: the words say what a Distinct query needs.
func TestADistinctOrderIsNotCalledAnUpsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Writer{}, &Novel{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Writer{{Name: "b"}, {Name: "a"}, {Name: "b"}}))
		var names []string
		if err := model.Query[Writer](e.DB).Distinct().OrderBy("id").Pluck(e.Ctx, "name", &names); err != nil {
			require.ErrorIs(t, err, model.ErrUnsupported)
			require.NotContains(t, err.Error(), "upsert")
			require.ErrorContains(t, err, "Distinct")
		}
	})
}

// A count by its alias can be plucked and sorted by, and a keyset over it says that it cannot be.
func TestCountsAreKnownByTheirAlias(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Writer{}, &Novel{})
		w := &Writer{Name: "w"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Writer{{Name: "v"}, w}))
		require.NoError(t, relation.HasMany(w, &w.Novels).CreateMany(e.Ctx, []*Novel{{Name: "n"}, {Name: "o"}}))
		counted := func() *model.Builder[Writer] { return model.Query[Writer](e.DB).WithCount("novels") }
		var names []string
		require.NoError(t, counted().OrderBy("novels_count", relation.Desc).Pluck(e.Ctx, "name", &names))
		require.Equal(t, []string{"w", "v"}, names)
		var counts []int64
		require.NoError(t, counted().OrderBy("id").Pluck(e.Ctx, "novels_count", &counts))
		require.Equal(t, []int64{0, 2}, counts)
		_, err := counted().OrderBy("novels_count").CursorPaginate(e.Ctx, "", 2)
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.NotContains(t, err.Error(), "no column \"novels_count\"")
	})
}

// A table may change while the program runs: columns are added, and types change, between two reads by the same statement.
func TestTablesChangeBetweenTwoReads(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Writer{}, &Novel{})
		read := func() {
			for range 3 {
				_, err := model.Query[Novel](e.DB).All(e.Ctx)
				require.NoError(t, err)
				_, err = model.Query[Novel](e.DB).Where("name", "n").First(e.Ctx)
				require.ErrorIs(t, err, model.ErrNotFound)
			}
		}
		read()
		e.Exec(t, "ALTER TABLE novels ADD COLUMN other text")
		read()
		e.Exec(t, "ALTER TABLE novels ALTER COLUMN writer_id TYPE int")
		read()
		e.Exec(t, "ALTER TABLE novels DROP COLUMN other")
		read()
	})
}
