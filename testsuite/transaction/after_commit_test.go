// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Work given to AfterCommit runs in its order, once, after the outermost commit, and not for savepoints
// that were undone.
func TestAfterCommitRunsOnceAfterTheOutermostCommit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		var notes []string
		later := func(ctx context.Context, db *model.DB, note string) {
			require.NoError(t, db.AfterCommit(ctx, func(context.Context) {
				notes = append(notes, note)
				require.EqualValues(t, 1, e.Count(t, "accounts"), "the data is there")
			}))
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			later(ctx, tx, "1")
			require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				later(ctx, tx, "2")
				return tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
					later(ctx, e.DB, "3")
					return nil
				})
			}))
			require.Error(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				later(ctx, tx, "undone")
				require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					later(ctx, tx, "undone with it")
					return nil
				}))
				return errReaction
			}))
			later(ctx, tx, "4")
			require.Empty(t, notes)
			return nil
		}))
		require.Equal(t, []string{"1", "2", "3", "4"}, notes)
	})
}

// Work given to AfterCommit never runs if the transaction is rolled back, and at once if there is none.
func TestAfterCommitNeverRunsAfterARollback(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ran := 0
		note := func(context.Context) { ran++ }
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, tx.AfterCommit(ctx, note))
			return errReaction
		}), errReaction)
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, tx.AfterCommit(e.Ctx, note))
		require.NoError(t, tx.Rollback())
		require.Zero(t, ran)
		require.NoError(t, e.DB.AfterCommit(e.Ctx, note))
		require.Equal(t, 1, ran)
	})
}

// Work given to AfterCommit may use the database with its context, and open transactions, with the
// connection free again.
func TestAfterCommitMayUseTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		pool, err := e.Gorm.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		a := &account{Email: "a"}
		var failed error
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, a))
			return tx.Transaction(ctx, func(ctx context.Context, inner *model.DB) error {
				return inner.AfterCommit(ctx, func(ctx context.Context) {
					a.Name = "after"
					failed = errors.Join(
						a.Save(ctx),
						model.Create(ctx, e.DB, &account{Email: "b"}),
						e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return a.Touch(ctx) }),
						save(model.WithDB(ctx, e.DB), &account{Email: "c"}),
					)
				})
			})
		}))
		require.NoError(t, failed)
		require.Equal(t, []string{"a", "b", "c"}, emails(t, e))
		equalsItsRow(t, e, a, a.ID)
	})
}

// Work given to AfterCommit gets a context that has not ended, with the values of the one it was given
// with.
func TestAfterCommitOutlivesTheContext(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		type key struct{}
		ctx, cancel := context.WithCancel(context.WithValue(e.Ctx, key{}, "value"))
		var got any
		var ended error
		require.NoError(t, e.DB.Transaction(e.Ctx, func(_ context.Context, tx *model.DB) error {
			err := tx.AfterCommit(ctx, func(ctx context.Context) { got, ended = ctx.Value(key{}), ctx.Err() })
			cancel()
			return err
		}))
		require.Equal(t, "value", got)
		require.NoError(t, ended)
	})
}

// A panic of work after the commit is returned under ErrAfterCommit, the data stays, and all other work
// runs.
func TestPanicAfterTheCommitKeepsTheData(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		ran := 0
		a := &account{Email: "a"}
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for _, work := range []func(context.Context){
				func(context.Context) { ran++ }, func(context.Context) { panic("mine") },
				func(context.Context) { ran++ }, func(context.Context) { panic(errReaction) }, func(context.Context) { ran++ },
			} {
				require.NoError(t, tx.AfterCommit(ctx, work))
			}
			return model.Create(ctx, tx, a)
		})
		require.ErrorIs(t, err, model.ErrAfterCommit)
		require.ErrorIs(t, err, errReaction)
		require.ErrorContains(t, err, "mine")
		require.Equal(t, 3, ran)
		require.True(t, a.IsPersisted())
		equalsItsRow(t, e, a, a.ID)
	})
}

// Committed runs once per record after the outermost commit, with the context of Begin, however often the
// record was written.
func TestCommittedRunsOncePerRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		a, b := &member{Email: "a"}, &member{Email: "b"}
		require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			inner, other := diaried(ctx)
			require.NoError(t, model.Create(inner, tx, b))
			require.NoError(t, model.Create(inner, tx, a))
			for i := range 3 {
				a.Points = i + 1
				require.NoError(t, tx.Transaction(inner, func(ctx context.Context, _ *model.DB) error { return a.Save(ctx) }))
			}
			require.NoError(t, b.Delete(inner))
			require.Empty(t, other.at(hooks.Committed))
			return nil
		}))
		require.Equal(t, []string{"committed b", "committed a"}, diary.taken())
		require.NoError(t, a.Save(ctx))
		require.Empty(t, diary.at(hooks.Committed), "nothing has changed, so nothing was written")
	})
}

// RolledBack runs once per record after a rollback, and Committed does not run for what a savepoint has
// undone.
func TestRolledBackRunsOncePerRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		kept, undone := &member{Email: "kept"}, &member{Email: "undone"}
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			if moment == hooks.RolledBack && !m.IsNew() {
				return errors.New("the record is not restored yet")
			}
			return nil
		}
		require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, kept))
			require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, undone))
				undone.Points++
				require.NoError(t, undone.Save(ctx))
				return errReaction
			}), errReaction)
			require.Equal(t, []string{"undone"}, diary.at(hooks.RolledBack))
			return nil
		}))
		require.Equal(t, []string{"kept"}, diary.at(hooks.Committed))
		diary.taken()
		gone := &member{Email: "gone"}
		require.ErrorIs(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, gone))
			gone.Points++
			require.NoError(t, gone.Save(ctx))
			return errReaction
		}), errReaction)
		require.Equal(t, []string{"gone"}, diary.at(hooks.RolledBack))
		require.Empty(t, diary.at(hooks.Committed))
	})
}

// An error or panic of Committed is returned under ErrAfterCommit, data and records stay written, and all
// other work runs.
func TestFailingCommittedKeepsTheData(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			switch {
			case moment == hooks.Committed && m.Email == "a":
				return errReaction
			case moment == hooks.Committed && m.Email == "b":
				panic(model.ErrTxDone)
			}
			return nil
		}
		list, more := members("a", "b", "c"), members("a1", "b1", "c1")
		ran := false
		calls := []struct {
			name string
			run  func() error
		}{
			{"CreateMany", func() error { return model.CreateMany(ctx, e.DB, list) }},
			{"Save", func() error {
				list[0].Points++
				return list[0].Save(ctx)
			}},
			{"a panic with ErrTxDone", func() error {
				list[1].Points++
				return list[1].Save(ctx)
			}},
			{"FirstOrCreate", func() error {
				diary.react = func(_ context.Context, moment hooks.Moment, _ *member) error {
					if moment == hooks.Committed {
						return errReaction
					}
					return nil
				}
				m, err := model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": "d"}, nil)
				require.NotNil(t, m, "it is there")
				return err
			}},
			{"Transaction", func() error {
				return e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, tx.AfterCommit(ctx, func(context.Context) { ran = true }))
					return model.CreateMany(ctx, tx, more)
				})
			}},
		}
		for _, call := range calls {
			require.ErrorIs(t, call.run(), model.ErrAfterCommit, call.name)
		}
		require.True(t, ran)
		require.EqualValues(t, 7, e.Count(t, "members"))
		for _, m := range append(list, more...) {
			require.False(t, m.IsDirty())
			equalsItsRow(t, e, m, m.ID)
		}
	})
}

// An error of RolledBack comes with the error that caused the rollback, and is no ErrAfterCommit: nothing
// was committed.
func TestFailingRolledBackJoinsTheCause(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		mine := errors.New("of RolledBack")
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			switch moment {
			case hooks.Saving:
				m.Name = "hooked"
			case hooks.Saved:
				return errReaction
			case hooks.RolledBack:
				return mine
			default:
			}
			return nil
		}
		list := members("a", "b")
		for name, call := range map[string]func() error{
			"Create":     func() error { return model.Create(ctx, e.DB, list[0]) },
			"CreateMany": func() error { return model.CreateMany(ctx, e.DB, list) },
			"Transaction": func() error {
				return e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, list[1]) })
			},
		} {
			err := call()
			require.ErrorIs(t, err, errReaction, name)
			require.ErrorIs(t, err, mine, name)
			require.NotErrorIs(t, err, model.ErrAfterCommit, name)
			for _, m := range list {
				require.True(t, m.IsNew(), name)
				require.Empty(t, m.Name, name)
			}
		}
		diary.react = nil
		tx, err := e.DB.Begin(ctx)
		require.NoError(t, err)
		require.NoError(t, model.Create(ctx, tx, list[0]))
		diary.react = func(context.Context, hooks.Moment, *member) error { return mine }
		err = tx.Rollback()
		require.ErrorIs(t, err, mine)
		require.NotErrorIs(t, err, model.ErrAfterCommit)
		require.Zero(t, e.Count(t, "members"))
		require.True(t, list[0].IsNew())
	})
}
