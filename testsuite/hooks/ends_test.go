// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// ends counts the moments of a transaction's end.
func ends(events []string) (committed, rolledBack int) {
	for _, event := range events {
		switch event {
		case string(hooks.Committed):
			committed++
		case string(hooks.RolledBack):
			rolledBack++
		}
	}
	return committed, rolledBack
}

func assertEnds(t testing.TB, j *journal, committed, rolledBack int, name string) {
	t.Helper()
	c, r := ends(j.take())
	require.Equal(t, []int{committed, rolledBack}, []int{c, r}, "%s: committed, rolledBack", name)
}

// Committed runs once per record, after the commit of the outermost transaction, however often the record
// was written.
func TestCommittedRunsOncePerRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		iterateAlone(t, e)
		h := &hooked{Name: "a"}
		j.on["committed"] = func(ctx context.Context, r *hooked) error {
			require.Same(t, h, r)
			require.False(t, r.IsDirty())
			require.EqualValues(t, 1, e.Count(t, "hookeds"), "the connection is free and the row is there")
			n, err := model.Query[hooked](e.DB).Count(ctx)
			require.NoError(t, err, "the context carries no finished transaction")
			require.EqualValues(t, 1, n)
			return nil
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, h))
			require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
				h.Kind = "x"
				require.NoError(t, h.Save(ctx))
				return h.Increment(ctx, "visits", 1)
			}))
			assertEnds(t, j, 0, 0, "before the commit")
			return nil
		}))
		assertEnds(t, j, 1, 0, "after the commit")
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, h.Touch(model.WithDB(e.Ctx, tx)))
		assertEnds(t, j, 0, 0, "before Commit")
		require.NoError(t, tx.Commit())
		assertEnds(t, j, 1, 0, "after Commit")
		require.NoError(t, h.Touch(e.Ctx))
		assertEnds(t, j, 1, 0, "without a transaction of the caller")
		list := []*hooked{{Name: "b"}, {Name: "c"}}
		j.on["committed"] = nil
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		assertEnds(t, j, 2, 0, "one per record")
	})
}

// RolledBack runs once per record after a rollback, when database and record are as before.
func TestRolledBackRunsOncePerRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "old")
		iterateAlone(t, e)
		old := hookedByName(t, e, "old")
		h := &hooked{Name: "a"}
		j.on["rolledBack"] = func(ctx context.Context, r *hooked) error {
			require.Equal(t, r == h, r.IsNew(), "the record is as before")
			require.Equal(t, int64(0), h.ID)
			n, err := model.Query[hooked](e.DB).Count(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
			return nil
		}
		write := func(ctx context.Context) {
			require.NoError(t, model.Create(ctx, e.DB, h))
			old.Visits = 5
			require.NoError(t, old.Save(ctx))
			require.NoError(t, old.Touch(ctx))
		}
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error { write(ctx); return errBack }), errBack)
		assertEnds(t, j, 0, 2, "error")
		require.Panics(t, func() {
			_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error { write(ctx); panic("x") })
		})
		assertEnds(t, j, 0, 2, "panic")
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		write(model.WithDB(e.Ctx, tx))
		require.NoError(t, tx.Rollback())
		assertEnds(t, j, 0, 2, "Rollback")
		require.Equal(t, 5, old.Visits, "what the caller assigned stays")
		require.Equal(t, 0, hookedByName(t, e, "old").Visits)
	})
}

// A savepoint that is rolled back runs RolledBack for what it wrote, and only what is left is committed
// later.
func TestSavepointRunsRolledBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "both")
		both := hookedByName(t, e, "both")
		outer, inner := &hooked{Name: "outer"}, &hooked{Name: "inner"}
		var who []string
		for _, moment := range []hooks.Moment{hooks.Committed, hooks.RolledBack} {
			j.on[string(moment)] = func(_ context.Context, h *hooked) error {
				who = append(who, string(moment)+" "+h.Name)
				return nil
			}
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, outer))
			require.NoError(t, both.Increment(ctx, "visits", 1))
			require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, model.Create(ctx, tx, inner))
				require.NoError(t, both.Increment(ctx, "visits", 10))
				return errBack
			}), errBack)
			require.ElementsMatch(t, []string{"rolledBack inner", "rolledBack both"}, who, "at once")
			who = nil
			return nil
		}))
		require.ElementsMatch(t, []string{"committed outer", "committed both"}, who)
		require.True(t, inner.IsNew())
		require.Equal(t, 1, both.Visits)
		require.Equal(t, 1, hookedByName(t, e, "both").Visits)

		who = nil
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return model.Create(ctx, tx, inner) }))
			require.Empty(t, who, "a released savepoint is no end")
			return errBack
		}), errBack)
		require.Equal(t, []string{"rolledBack inner"}, who)
		require.True(t, inner.IsNew())
	})
}

// A write that fails in a transaction that goes on is no reason for Committed.
func TestFailedWriteIsNotCommitted(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		h := &hooked{Name: "a"}
		fine := &hooked{Name: "b"}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.ErrorIs(t, model.Create(ctx, tx, h), model.ErrDuplicate)
			return model.Create(ctx, tx, fine)
		}))
		committed, _ := ends(j.take())
		require.Equal(t, 1, committed)
		require.True(t, h.IsNew())
	})
}

// An error or panic after the commit is returned under ErrAfterCommit, the data stays, and all other work
// runs.
func TestErrorAfterTheCommitKeepsTheData(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		iterateAlone(t, e)
		cause := errors.New("no")
		j.on["committed"] = func(_ context.Context, h *hooked) error {
			switch h.Name {
			case "a":
				return cause
			case "b":
				panic("b")
			default:
				return nil
			}
		}
		a, b, c := &hooked{Name: "a"}, &hooked{Name: "b"}, &hooked{Name: "c"}
		after := false
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.CreateMany(ctx, tx, []*hooked{a, b, c}))
			return tx.AfterCommit(ctx, func(context.Context) { after = true })
		})
		require.ErrorIs(t, err, model.ErrAfterCommit)
		require.ErrorIs(t, err, cause)
		require.ErrorContains(t, err, "panic: b")
		require.True(t, after)
		committed, rolledBack := ends(j.take())
		require.Equal(t, []int{3, 0}, []int{committed, rolledBack})
		require.EqualValues(t, 3, e.Count(t, "hookeds"))
		require.True(t, a.IsPersisted())
		require.False(t, a.IsDirty())
		a.Kind = "again"
		err = a.Save(e.Ctx)
		require.ErrorIs(t, err, model.ErrAfterCommit, "a save of its own transaction")
		require.Equal(t, "again", hookedByName(t, e, "a").Kind)
		require.False(t, a.IsDirty(), "the record equals the row")
		e.RequireIdle(t)
	})
}

// Committed and RolledBack hooks may write, in transactions of their own.
func TestHooksAfterTheEndMayWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		e.Migrate(t, &tally{})
		iterateAlone(t, e)
		write := func(kind string) func(context.Context, *hooked) error {
			return func(ctx context.Context, _ *hooked) error {
				return model.Create(ctx, e.DB, &tally{Kind: kind})
			}
		}
		j.on["committed"], j.on["rolledBack"] = write("c"), write("r")
		require.NoError(t, model.Create(e.Ctx, e.DB, &hooked{Name: "a"}))
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &hooked{Name: "b"}))
			return errBack
		}), errBack)
		require.Len(t, e.Rows(t, "SELECT id FROM tallies WHERE kind = 'c'"), 1)
		require.Len(t, e.Rows(t, "SELECT id FROM tallies WHERE kind = 'r'"), 1)
	})
}
