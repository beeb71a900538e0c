// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func newNote(t testing.TB, e *harness.Env) (mine, theirs *note) {
	t.Helper()
	e.Migrate(t, &note{})
	mine = &note{Title: "t"}
	require.NoError(t, model.Create(e.Ctx, e.DB, mine))
	theirs, err := mine.Fresh(e.Ctx)
	require.NoError(t, err)
	return mine, theirs
}

// A version starts at one and every write of the record counts it up in the same statement.
func TestVersionCountsEveryWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		n, _ := newNote(t, e)
		require.EqualValues(t, 1, n.Version)
		for i, write := range []func() error{
			func() error { n.Title = "2"; return n.Save(e.Ctx) },
			func() error { model.ForceUpdate(n); return n.Save(e.Ctx) },
			func() error { return n.Touch(e.Ctx) },
			func() error { return n.Delete(e.Ctx) },
			func() error { return n.Restore(e.Ctx) },
			func() error { n.Version = 77; n.Title = "7"; return n.Save(e.Ctx) },
		} {
			e.Sends(t, 1, func() { require.NoError(t, write()) })
			require.EqualValues(t, i+2, n.Version)
			require.EqualValues(t, i+2, e.Row(t, "SELECT version FROM notes")["version"])
			require.Empty(t, n.Dirty())
		}
		e.Sends(t, 0, func() { require.NoError(t, n.Save(e.Ctx)) })
		require.EqualValues(t, 7, n.Version)
	})
}

// A write of a record whose row was changed since it was loaded is an ErrStale that changes neither row nor
// record.
func TestVersionRefusesStaleRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		mine, theirs := newNote(t, e)
		theirs.Title = "theirs"
		require.NoError(t, theirs.Save(e.Ctx))
		mine.Title = "mine"
		for name, write := range map[string]func() error{
			"Save":          func() error { return mine.Save(e.Ctx) },
			"SaveQuietly":   func() error { return model.SaveQuietly(e.Ctx, nil, mine) },
			"Touch":         func() error { return mine.Touch(e.Ctx) },
			"Delete":        func() error { return mine.Delete(e.Ctx) },
			"ForceDelete":   func() error { return mine.ForceDelete(e.Ctx) },
			"in a rollback": func() error { return inTransaction(e, mine.Save) },
		} {
			require.ErrorIs(t, write(), model.ErrStale, name)
			require.EqualValues(t, 1, mine.Version, name)
			require.Equal(t, model.Attrs{"Title": "mine"}, mine.Dirty(), name)
			require.Equal(t, flagsCreated, flagsOf(mine), name)
		}
		row := e.Row(t, "SELECT title, version, deleted_at FROM notes")
		require.Equal(t, "theirs", row["title"])
		require.EqualValues(t, 2, row["version"])
		require.Nil(t, row["deleted_at"])
		require.NoError(t, mine.Refresh(e.Ctx))
		mine.Title = "mine"
		require.NoError(t, mine.Save(e.Ctx))
		require.ErrorIs(t, theirs.Delete(e.Ctx), model.ErrStale)
	})
}

// Increment counts whatever the version, counts the version up, and hides no change of others from the next
// save.
func TestIncrementCountsTheVersionUp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &versioned{})
		mine := &versioned{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, mine))
		theirs, err := mine.Fresh(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, mine.Increment(e.Ctx, "count", 1))
		require.EqualValues(t, 2, mine.Lock)
		mine.Title = "mine"
		require.NoError(t, mine.Save(e.Ctx), "nobody else has written")
		require.EqualValues(t, 3, mine.Lock)

		require.NoError(t, theirs.Increment(e.Ctx, "count", 1), "an increment asks for no version")
		require.EqualValues(t, 2, theirs.Count)
		require.Equal(t, "t", theirs.Title)
		theirs.Title = "theirs"
		require.ErrorIs(t, theirs.Save(e.Ctx), model.ErrStale, "the title was changed by somebody else")
		require.Equal(t, "mine", e.Row(t, "SELECT title FROM versioneds")["title"])
		require.EqualValues(t, 4, e.Row(t, "SELECT "+e.Database.Quote("lock")+" FROM versioneds")["lock"])
		require.ErrorIs(t, mine.Save(e.Ctx), nil, "clean")
		mine.Title = "again"
		require.ErrorIs(t, mine.Save(e.Ctx), model.ErrStale)
		require.NoError(t, theirs.Refresh(e.Ctx))
		require.EqualValues(t, 4, theirs.Lock)
		theirs.Title = "theirs"
		require.NoError(t, theirs.Save(e.Ctx))
	})
}

// With a version no update is lost: of writers that race, one wins and the others are told.
func TestVersionLosesNoUpdate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &versioned{})
		v := &versioned{}
		require.NoError(t, model.Create(e.Ctx, e.DB, v))
		const writers, rounds = 4, 5
		for range rounds {
			results := make(chan error, writers)
			loaded := make([]*versioned, writers)
			for i := range loaded {
				var err error
				loaded[i], err = v.Fresh(e.Ctx)
				require.NoError(t, err)
			}
			for _, mine := range loaded {
				go func() {
					mine.Count++
					results <- mine.Save(e.Ctx)
				}()
			}
			won := 0
			for range writers {
				if err := <-results; err == nil {
					won++
				} else {
					require.ErrorIs(t, err, model.ErrStale)
				}
			}
			require.Equal(t, 1, won, "writers that were told they had won")
		}
		row := e.Row(t, "SELECT count, "+e.Database.Quote("lock")+" FROM versioneds")
		require.EqualValues(t, rounds, row["count"])
		require.EqualValues(t, rounds+1, row["lock"])
	})
}

// A rollback takes the version back, and the record can be saved again.
func TestRollbackTakesTheVersionBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		n, _ := newNote(t, e)
		n.Title = "x"
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, n.Save(ctx))
			require.NoError(t, n.Touch(ctx))
			require.EqualValues(t, 3, n.Version)
			return errHook
		}), errHook)
		require.EqualValues(t, 1, n.Version)
		require.NoError(t, n.Save(e.Ctx))
		require.EqualValues(t, 2, e.Row(t, "SELECT version FROM notes WHERE title = 'x'")["version"])
	})
}

// versioned has a version of another name and type.
type versioned struct {
	model.BaseModel[versioned]

	ID    int64
	Title string
	Count int
	Lock  uint32 `model:"version"`
}

// inTransaction runs a write in a transaction of its own.
func inTransaction(e *harness.Env, write func(context.Context) error) error {
	return e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error { return write(ctx) })
}
