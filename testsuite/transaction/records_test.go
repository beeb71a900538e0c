// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A rollback undoes in a record all that Kindred wrote to it: key, flags, timestamps, version and what the
// row looked like.
func TestRollbackRestoresTheRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		for name, write := range writes() {
			saved := &note{Title: "saved"}
			require.NoError(t, model.Create(e.Ctx, e.DB, saved))
			if name == "Restore" {
				require.NoError(t, saved.Delete(e.Ctx))
			}
			fresh := &note{Title: "fresh"}
			before, newBefore := pictureOf(saved), pictureOf(fresh)
			e.Clock.Add(time.Hour)
			require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				if err := write(ctx, tx, saved, fresh); err != nil {
					return err
				}
				return errReaction
			}), errReaction, name)
			require.Equal(t, before, pictureOf(saved), name)
			require.Equal(t, newBefore, pictureOf(fresh), name)
			equalsItsNote(t, e, saved)
			require.NoError(t, fresh.Save(model.WithDB(e.Ctx, e.DB)), name)
			require.NoError(t, saved.Touch(e.Ctx), "%s: the version is the row's", name)
		}
	})
}

// A rollback leaves alone what the caller has assigned to a record, before or after it was saved.
func TestRollbackKeepsWhatWasAssigned(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved, fresh := someAccounts(t, e, 1)[0], &account{Email: "fresh"}
		was := saved.UpdatedAt
		e.Clock.Add(time.Hour)
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			saved.Name, fresh.Name = "before", "before"
			require.NoError(t, saved.Save(ctx))
			require.NoError(t, model.Create(ctx, tx, fresh))
			saved.Nick, saved.Age = new("after"), 99
			fresh.ID, fresh.CreatedAt = 4711, time.Time{}.AddDate(2000, 0, 0)
			saved.Extras()["mine"], fresh.Extras()["mine"] = 1, 1
			return errReaction
		}), errReaction)
		require.Equal(t, "before", saved.Name)
		require.Equal(t, "after", *saved.Nick)
		require.Equal(t, 99, saved.Age)
		require.Equal(t, was, saved.UpdatedAt)
		require.Equal(t, map[string]any{"mine": 1}, map[string]any(saved.Extras()))
		require.Equal(t, []string{"Age", "Name", "Nick"}, names(saved.Dirty()))
		require.EqualValues(t, 4711, fresh.ID)
		require.Equal(t, 2001, fresh.CreatedAt.Year())
		require.True(t, fresh.UpdatedAt.IsZero())
		require.Equal(t, map[string]any{"mine": 1}, map[string]any(fresh.Extras()))
		require.True(t, fresh.IsNew())
		e.Sends(t, 2, func() {
			require.NoError(t, saved.Save(e.Ctx))
			require.NoError(t, fresh.Save(model.WithDB(e.Ctx, e.DB)))
		})
		equalsItsRow(t, e, saved, saved.ID)
		equalsItsRow(t, e, fresh, 4711)
	})
}

// A rollback undoes several saves of one record back to the start, with what was assigned in between.
func TestRollbackUndoesSeveralSaves(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, a))
			for i := range 3 {
				e.Clock.Add(time.Hour)
				a.Age = i + 1
				require.NoError(t, a.Save(ctx))
				require.NoError(t, a.Increment(ctx, "visits", 2))
			}
			require.EqualValues(t, 6, a.Visits)
			require.NoError(t, a.Delete(ctx))
			return errReaction
		}), errReaction)
		require.True(t, a.IsNew())
		require.False(t, a.IsDeleted())
		require.Equal(t, model.Attrs{"Email": "a", "Age": 3}, a.Dirty())
		require.Empty(t, a.Changes())
	})
}

// A rollback undoes what hooks have changed in a record.
func TestRollbackUndoesWhatHooksChanged(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			if moment == hooks.Saving {
				m.Name = "hooked"
				m.Points++
			}
			return nil
		}
		m := &member{Email: "a", Points: 5}
		require.ErrorIs(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, m))
			require.NoError(t, m.Save(ctx))
			require.Equal(t, 7, m.Points)
			return errReaction
		}), errReaction)
		require.Empty(t, m.Name)
		require.Equal(t, 5, m.Points)
	})
}

// The rollback of a savepoint restores records as they were at its begin, and the transaction goes on with
// them.
func TestSavepointRestoresRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		a := &note{Title: "a"}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, a))
			a.Title = "b"
			require.NoError(t, a.Save(ctx))
			before := pictureOf(a)
			for name, write := range writes() {
				require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					e.Clock.Add(time.Hour)
					if err := write(ctx, tx, a, &note{}); err != nil {
						return err
					}
					return errReaction
				}), errReaction, name)
				require.Equal(t, before, pictureOf(a), name)
			}
			a.Title = "c"
			require.NoError(t, a.Save(ctx))
			return nil
		}))
		require.EqualValues(t, 3, a.Version)
		equalsItsNote(t, e, a)
	})
}

// A rollback also undoes what savepoints that were kept have written, and those that were undone stay
// undone.
func TestRollbackUndoesKeptSavepoints(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		kept, undone := &note{Title: "kept"}, &note{Title: "undone"}
		require.NoError(t, model.Create(e.Ctx, e.DB, kept))
		before := pictureOf(kept)
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for i := range 3 {
				require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return kept.Touch(ctx) }))
				require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, kept.Touch(ctx))
					require.NoError(t, model.Create(ctx, tx, undone))
					return errReaction
				}), errReaction)
				require.EqualValues(t, i+2, kept.Version)
				require.True(t, undone.IsNew())
			}
			return errReaction
		}), errReaction)
		require.Equal(t, before, pictureOf(kept))
		require.NoError(t, kept.Touch(e.Ctx))
	})
}

// A transaction that failed can simply be run again with the same records.
func TestFailedTransactionCanBeRunAgain(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{}, &note{})
		ctx, diary := diaried(e.Ctx)
		saved := &note{Title: "saved"}
		require.NoError(t, model.Create(e.Ctx, e.DB, saved))
		m, list := &member{Email: "m"}, members("a", "b")
		for attempt := range 3 {
			err := e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, m))
				require.NoError(t, model.CreateMany(ctx, tx, list))
				m.Points++
				require.NoError(t, m.Save(ctx))
				saved.Title += "!"
				require.NoError(t, saved.Save(ctx))
				if attempt < 2 {
					return errReaction
				}
				return nil
			})
			require.Equal(t, attempt < 2, err != nil, "%v", err)
		}
		require.EqualValues(t, 3, e.Count(t, "members"))
		require.Equal(t, 3, m.Points, "the caller's own additions stay")
		require.EqualValues(t, 2, saved.Version)
		require.Equal(t, []string{"a", "b", "m"}, diary.at(hooks.Committed))
		equalsItsNote(t, e, saved)
	})
}

// A save that failed leaves the record as it was, so that it can be changed and saved again, in a
// transaction and outside.
func TestFailedSaveCanBeTriedAgain(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		taken := someAccounts(t, e, 2)
		for _, db := range []string{"database", "transaction"} {
			run := func(ctx context.Context) {
				a := &account{Email: taken[0].Email, Name: "A"}
				require.ErrorIs(t, model.Create(ctx, e.DB, a), model.ErrDuplicate)
				require.Equal(t, model.Attrs{"Email": taken[0].Email, "Name": "A"}, a.Dirty())
				require.True(t, a.CreatedAt.IsZero())
				a.Email = "free in the " + db
				require.NoError(t, a.Save(ctx))
				b := taken[1]
				b.Email, b.Age = taken[0].Email, b.Age+50
				require.ErrorIs(t, b.Save(ctx), model.ErrDuplicate)
				require.Equal(t, []string{"Age", "Email"}, names(b.Dirty()))
				b.Email = "changed in the " + db
				require.NoError(t, b.Save(ctx))
				require.False(t, b.IsDirty())
			}
			if db == "transaction" {
				require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
					run(ctx)
					return nil
				}))
			} else {
				run(model.WithDB(e.Ctx, e.DB))
			}
		}
		require.Equal(t, []string{"0@example.com", "changed in the transaction", "free in the database", "free in the transaction"}, emails(t, e))
	})
}

// A save that failed inside a transaction has nothing left for the rollback to undo.
func TestRollbackAfterAFailedSaveUndoesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		taken := someAccounts(t, e, 1)
		a := &account{Email: taken[0].Email}
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.ErrorIs(t, model.Create(ctx, tx, a), model.ErrDuplicate)
			a.Email, a.ID = "free", 77
			require.NoError(t, a.Save(ctx))
			a.Age = 9
			return errReaction
		}), errReaction)
		require.True(t, a.IsNew())
		require.Equal(t, model.Attrs{"ID": int64(77), "Email": "free", "Age": 9}, a.Dirty())
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}

// picture is all that can be seen of a note.
type picture struct {
	Attributes, Original, Changes model.Attrs
	Flags                         [5]bool
}

func pictureOf(n *note) picture {
	return picture{n.Attributes(), n.Original(), n.Changes(), [5]bool{n.IsNew(), model.IsLocal(n), n.IsDeleted(), n.Trashed(), n.IsDirty()}}
}

func equalsItsNote(t testing.TB, e *harness.Env, n *note) {
	t.Helper()
	row, err := model.Query[note](e.DB).WithTrashed().Find(e.Ctx, n.ID)
	require.NoError(t, err)
	require.True(t, n.Equal(row), "%v is not %v", n.Attributes(), row.Attributes())
}

// writes are all calls that write a saved note, or create a new one.
func writes() map[string]func(ctx context.Context, tx *model.DB, saved, fresh *note) error {
	type write = func(ctx context.Context, tx *model.DB, saved, fresh *note) error
	return map[string]write{
		"Create": func(ctx context.Context, tx *model.DB, _, fresh *note) error { return model.Create(ctx, tx, fresh) },
		"CreateMany": func(ctx context.Context, tx *model.DB, _, fresh *note) error {
			return model.CreateMany(ctx, tx, []*note{fresh, {}})
		},
		"Insert": func(ctx context.Context, tx *model.DB, _, fresh *note) error {
			return model.Insert(ctx, tx, []*note{fresh})
		},
		"Force": func(ctx context.Context, _ *model.DB, saved, _ *note) error {
			model.ForceUpdate(saved)
			return saved.Save(ctx)
		},
		"Touch":       func(ctx context.Context, _ *model.DB, saved, _ *note) error { return saved.Touch(ctx) },
		"Delete":      func(ctx context.Context, _ *model.DB, saved, _ *note) error { return saved.Delete(ctx) },
		"ForceDelete": func(ctx context.Context, _ *model.DB, saved, _ *note) error { return saved.ForceDelete(ctx) },
		"Restore": func(ctx context.Context, _ *model.DB, saved, _ *note) error {
			if !saved.Trashed() {
				if err := saved.Delete(ctx); err != nil {
					return err
				}
			}
			return saved.Restore(ctx)
		},
		"All": func(ctx context.Context, tx *model.DB, saved, fresh *note) error {
			if err := model.Create(ctx, tx, fresh); err != nil {
				return err
			}
			if err := fresh.Delete(ctx); err != nil {
				return err
			}
			if err := saved.Touch(ctx); err != nil {
				return err
			}
			return saved.Delete(ctx)
		},
	}
}

// names returns the sorted names of attributes.
func names(attrs model.Attrs) []string { return slices.Sorted(maps.Keys(attrs)) }
