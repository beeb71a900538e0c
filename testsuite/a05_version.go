// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// versionPromises are those of row A5 about optimistic locking.
func versionPromises() []promise {
	newNote := func(t testing.TB, e *env) (mine, theirs *note) {
		t.Helper()
		e.migrate(t, &note{})
		mine = &note{Title: "t"}
		require.NoError(t, model.Create(e.ctx, e.db, mine))
		theirs, err := mine.Fresh(e.ctx)
		require.NoError(t, err)
		return mine, theirs
	}
	return []promise{
		{
			name: "A5/VersionCountsWrites",
			says: "a version starts at one and every write of the record counts it up in the same statement",
			check: func(t testing.TB, e *env) {
				n, _ := newNote(t, e)
				require.EqualValues(t, 1, n.Version)
				for i, write := range []func() error{
					func() error { n.Title = "2"; return n.Save(e.ctx) },
					func() error { model.ForceUpdate(n); return n.Save(e.ctx) },
					func() error { return n.Touch(e.ctx) },
					func() error { return n.Delete(e.ctx) },
					func() error { return n.Restore(e.ctx) },
					func() error { n.Version = 77; n.Title = "7"; return n.Save(e.ctx) },
				} {
					e.sends(t, 1, func() { require.NoError(t, write()) })
					require.EqualValues(t, i+2, n.Version)
					require.EqualValues(t, i+2, e.row(t, "SELECT version FROM notes")["version"])
					require.Empty(t, n.Dirty())
				}
				e.sends(t, 0, func() { require.NoError(t, n.Save(e.ctx)) })
				require.EqualValues(t, 7, n.Version)
			},
			twin: bending("UPDATE", "`version` = ?", "`version` = ? + 1"),
		},
		{
			name: "A5/VersionFindsStaleRecords",
			says: "a write of a record whose row was changed since it was loaded is an ErrStale that changes neither row nor record",
			check: func(t testing.TB, e *env) {
				mine, theirs := newNote(t, e)
				theirs.Title = "theirs"
				require.NoError(t, theirs.Save(e.ctx))
				mine.Title = "mine"
				for name, write := range map[string]func() error{
					"Save":          func() error { return mine.Save(e.ctx) },
					"SaveQuietly":   func() error { return model.SaveQuietly(e.ctx, nil, mine) },
					"Touch":         func() error { return mine.Touch(e.ctx) },
					"Delete":        func() error { return mine.Delete(e.ctx) },
					"ForceDelete":   func() error { return mine.ForceDelete(e.ctx) },
					"in a rollback": func() error { return inTransaction(e, mine.Save) },
				} {
					require.ErrorIs(t, e.do("write", write), model.ErrStale, name)
					require.EqualValues(t, 1, mine.Version, name)
					require.Equal(t, model.Attrs{"Title": "mine"}, mine.Dirty(), name)
					require.Equal(t, flagsCreated, flagsOf(mine), name)
				}
				row := e.row(t, "SELECT title, version, deleted_at FROM notes")
				require.Equal(t, "theirs", row["title"])
				require.EqualValues(t, 2, row["version"])
				require.Nil(t, row["deleted_at"])
				require.NoError(t, mine.Refresh(e.ctx))
				mine.Title = "mine"
				require.NoError(t, mine.Save(e.ctx))
				require.ErrorIs(t, theirs.Delete(e.ctx), model.ErrStale)
			},
			twin: bending("UPDATE", " AND `version` = ?", " AND `version` >= ?"),
		},
		{
			name: "A5/VersionAndIncrement",
			says: "Increment counts whatever the version, counts the version up, and hides no change of others from the next save",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &versioned{})
				mine := &versioned{Title: "t"}
				require.NoError(t, model.Create(e.ctx, e.db, mine))
				theirs, err := mine.Fresh(e.ctx)
				require.NoError(t, err)
				require.NoError(t, mine.Increment(e.ctx, "count", 1))
				require.EqualValues(t, 2, mine.Lock)
				mine.Title = "mine"
				require.NoError(t, mine.Save(e.ctx), "nobody else has written")
				require.EqualValues(t, 3, mine.Lock)

				require.NoError(t, theirs.Increment(e.ctx, "count", 1), "an increment asks for no version")
				require.EqualValues(t, 2, theirs.Count)
				require.Equal(t, "t", theirs.Title)
				theirs.Title = "theirs"
				require.ErrorIs(t, theirs.Save(e.ctx), model.ErrStale, "the title was changed by somebody else")
				require.Equal(t, "mine", e.row(t, "SELECT title FROM versioneds")["title"])
				require.EqualValues(t, 4, e.row(t, "SELECT lock FROM versioneds")["lock"])
				require.ErrorIs(t, mine.Save(e.ctx), nil, "clean")
				mine.Title = "again"
				require.ErrorIs(t, mine.Save(e.ctx), model.ErrStale)
				require.NoError(t, theirs.Refresh(e.ctx))
				require.EqualValues(t, 4, theirs.Lock)
				theirs.Title = "theirs"
				require.NoError(t, theirs.Save(e.ctx))
			},
			twin: bending("UPDATE `versioneds` SET `count` = ", "`lock` = COALESCE(`lock`, 0) + ?", "`lock` = COALESCE(`lock`, 0) + 0 * ?"),
		},
		{
			name: "A5/NoLostUpdates",
			says: "with a version no update is lost: of writers that race, one wins and the others are told",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &versioned{})
				v := &versioned{}
				require.NoError(t, model.Create(e.ctx, e.db, v))
				const writers, rounds = 4, 5
				for range rounds {
					results := make(chan error, writers)
					loaded := make([]*versioned, writers)
					for i := range loaded {
						var err error
						loaded[i], err = v.Fresh(e.ctx)
						require.NoError(t, err)
					}
					for _, mine := range loaded {
						go func() {
							mine.Count++
							results <- mine.Save(e.ctx)
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
				row := e.row(t, "SELECT count, lock FROM versioneds")
				require.EqualValues(t, rounds, row["count"])
				require.EqualValues(t, rounds+1, row["lock"])
			},
			twin: bending("UPDATE", " AND `lock` = ?", " AND `lock` >= ? - 100"),
		},
		{
			name: "A5/VersionAfterRollback",
			says: "a rollback takes the version back, and the record can be saved again",
			check: func(t testing.TB, e *env) {
				n, _ := newNote(t, e)
				n.Title = "x"
				require.ErrorIs(t, e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, n.Save(ctx))
					require.NoError(t, n.Touch(ctx))
					require.EqualValues(t, 3, n.Version)
					return e.do("end", func() error { return errHook })
				}), errHook)
				require.EqualValues(t, 1, n.Version)
				require.NoError(t, n.Save(e.ctx))
				require.EqualValues(t, 2, e.row(t, "SELECT version FROM notes WHERE title = 'x'")["version"])
			},
			twin: without("end"),
		},
	}
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
func inTransaction(e *env, write func(context.Context) error) error {
	return e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error { return write(ctx) })
}
