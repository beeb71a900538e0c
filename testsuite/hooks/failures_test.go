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

// hookedWrite is a write of hooked and the moments at which its hooks run.
type hookedWrite struct {
	name    string
	moments []hooks.Moment
	make    func() []*hooked // the records that it works on
	run     func(ctx context.Context, list []*hooked) error
}

func hookedWrites(t testing.TB, e *harness.Env) []hookedWrite {
	t.Helper()
	creates := []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved}
	updates := []hooks.Moment{hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved}
	counts := []hooks.Moment{hooks.Updating, hooks.Updated}
	deletes := []hooks.Moment{hooks.Deleting, hooks.Deleted}
	load := func(name string, change func(h *hooked)) func() []*hooked {
		return func() []*hooked {
			h := hookedByName(t, e, name)
			change(h)
			return []*hooked{h}
		}
	}
	nothing := func(*hooked) {}
	return []hookedWrite{
		{
			"create", creates, func() []*hooked { return []*hooked{{Name: "new", Visits: 9}} },
			func(ctx context.Context, list []*hooked) error { return model.Create(ctx, e.DB, list[0]) },
		},
		{
			"create many", creates, func() []*hooked { return []*hooked{{Name: "n1"}, {Name: "n2", Visits: 2}} },
			func(ctx context.Context, list []*hooked) error { return model.CreateMany(ctx, e.DB, list) },
		},
		{
			"update", updates, load("a", func(h *hooked) { h.Name = "changed"; h.Visits = 5 }),
			func(ctx context.Context, list []*hooked) error { return list[0].Save(ctx) },
		},
		{
			"increment", counts, load("a", func(h *hooked) { h.Name = "pending" }),
			func(ctx context.Context, list []*hooked) error { return list[0].Increment(ctx, "visits", 3) },
		},
		{
			"touch", counts, load("a", nothing),
			func(ctx context.Context, list []*hooked) error { return list[0].Touch(ctx) },
		},
		{
			"delete", deletes, load("a", func(h *hooked) { h.Name = "pending" }),
			func(ctx context.Context, list []*hooked) error { return list[0].Delete(ctx) },
		},
		{
			"force delete", deletes, load("a", nothing),
			func(ctx context.Context, list []*hooked) error { return list[0].ForceDelete(ctx) },
		},
		{
			"restore",
			[]hooks.Moment{hooks.Restoring, hooks.Restored},
			load("gone", nothing),
			func(ctx context.Context, list []*hooked) error { return list[0].Restore(ctx) },
		},
	}
}

// stateOfHooked is all that a record tells about itself.
func stateOfHooked(h *hooked) []any {
	return []any{
		h.Attributes(), h.Original(), h.Dirty(), h.Changes(), map[string]any(h.Extras()),
		[]bool{h.IsNew(), h.IsPersisted(), model.IsLocal(h), h.IsDeleted(), h.Trashed(), h.IsDirty()},
	}
}

func statesOfHooked(list []*hooked) []any {
	var out []any
	for _, h := range list {
		out = append(out, stateOfHooked(h))
	}
	return out
}

// atEveryMoment lets a hook fail at every moment of every write, and asserts that nothing remains of it.
func atEveryMoment(t testing.TB, e *harness.Env, fail func(j *journal, event string), run func(name string, write func() error)) {
	t.Helper()
	j := seedHooked(t, e, "a", "b", "gone")
	_, err := model.Query[hooked](e.DB).Where("name", "gone").Delete(e.Ctx)
	require.NoError(t, err)
	iterateAlone(t, e)
	for _, w := range hookedWrites(t, e) {
		for _, moment := range w.moments {
			for _, by := range []string{"", ":on"} {
				event := string(moment) + by
				rows := hookedRows(t, e)
				list := w.make()
				before := statesOfHooked(list)
				clear(j.on)
				// Every hook changes the record, and the one that fails does so too.
				for _, m := range w.moments {
					j.on[string(m)] = func(_ context.Context, h *hooked) error { h.Kind = string(m); return nil }
				}
				fail(j, event)
				run(w.name+" at "+event, func() error { return w.run(e.Ctx, list) })
				e.RequireIdle(t)
				require.Equal(t, rows, hookedRows(t, e), "%s at %s: rows", w.name, event)
				require.Equal(t, before, statesOfHooked(list), "%s at %s: record", w.name, event)

				// The same write works now, and leaves no trace when it is rolled back.
				clear(j.on)
				require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, w.run(ctx, list), "%s again", w.name)
					return errBack
				}), errBack)
				require.Equal(t, before, statesOfHooked(list), "%s at %s, then rolled back: record", w.name, event)
				require.Equal(t, rows, hookedRows(t, e))
				j.take()
			}
		}
	}
}

// errBack rolls a transaction back.
var errBack = errors.New("back")

// An error of a hook at any moment of any write is returned, and database and record are as before.
func TestErrorAtAnyMomentRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		cause := errors.New("no")
		atEveryMoment(t, e, func(j *journal, event string) {
			j.on[event] = func(_ context.Context, h *hooked) error {
				h.Kind = "failing"
				return cause
			}
		}, func(name string, write func() error) {
			err := write()
			require.ErrorIs(t, err, cause, name)
			var typed *model.Error
			require.ErrorAs(t, err, &typed, name)
			require.Equal(t, "hooked", typed.Model, name)
		})
	})
}

// A panic of a hook at any moment of any write goes on, and database, record and connection are as before.
func TestPanicAtAnyMomentRollsBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		atEveryMoment(t, e, func(j *journal, event string) {
			j.on[event] = func(_ context.Context, h *hooked) error {
				h.Kind = "failing"
				panic("at " + event)
			}
		}, func(name string, write func() error) {
			require.Panics(t, func() { _ = write() }, name)
		})
	})
}

// After an error no further hook runs and no statement is sent.
func TestErrorStopsWhatFollows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		cause := errors.New("no")
		j.on["creating"] = func(context.Context, *hooked) error { return cause }
		e.Sends(t, 0, func() {
			require.ErrorIs(t, model.Create(e.Ctx, e.DB, &hooked{Name: "a"}), cause)
		})
		require.Equal(t, []string{"creating"}, j.take(), "there was no write that could have been rolled back")
		delete(j.on, "creating")
		j.on["created:on"] = func(context.Context, *hooked) error { return cause }
		e.Sends(t, 1, func() { require.ErrorIs(t, model.Create(e.Ctx, e.DB, &hooked{Name: "a"}), cause) })
		require.Equal(t, []string{"creating", "saving", "created", "rolledBack"}, j.take())
		require.Zero(t, e.Count(t, "hookeds"))
	})
}

// What a hook reads and writes with its context belongs to the transaction of the write.
func TestHooksJoinTheTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "log")
		e.Migrate(t, &tally{})
		iterateAlone(t, e)
		fail := false
		j.on["created"] = func(ctx context.Context, h *hooked) error {
			if h.Name != "a" {
				return nil
			}
			seen, err := model.Query[hooked](e.DB).Find(ctx, h.ID)
			require.NoError(t, err, "the hook sees the row")
			require.Equal(t, "a", seen.Name)
			require.NoError(t, model.Create(ctx, e.DB, &tally{Kind: "x"}))
			log := hookedByName(t, &harness.Env{Ctx: ctx, DB: e.DB}, "log")
			log.Visits++
			require.NoError(t, log.Save(ctx))
			if fail {
				return errBack
			}
			return nil
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, &hooked{Name: "a"}))
		require.EqualValues(t, 1, e.Count(t, "tallies"))
		require.Equal(t, 1, hookedByName(t, e, "log").Visits)
		fail = true
		require.NoError(t, e.Gorm.Exec("DELETE FROM hookeds WHERE name = 'a'").Error)
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &hooked{Name: "a"}), errBack)
		require.EqualValues(t, 1, e.Count(t, "tallies"))
		require.Equal(t, 1, hookedByName(t, e, "log").Visits)
	})
}

// Hooks that write records whose hooks write again end in an error that says how, and nothing is written.
func TestRecursionEndsInAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		depth := 0
		j.on["saving"] = func(ctx context.Context, h *hooked) error {
			depth++
			return h.Save(ctx)
		}
		h := hookedByName(t, e, "a")
		h.Visits = 7
		err := h.Save(e.Ctx)
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "SaveQuietly")
		require.Less(t, depth, 100)
		e.RequireIdle(t)
		require.EqualValues(t, 0, e.Rows(t, "SELECT visits FROM hookeds")[0]["visits"])
		require.Equal(t, model.Attrs{"Visits": 7}, h.Dirty())
		j.on["saving"] = nil
		j.on["saved"] = func(ctx context.Context, h *hooked) error {
			if h.Kind == "done" {
				return nil
			}
			h.Kind = "done"
			return h.Save(ctx)
		}
		require.NoError(t, h.Save(e.Ctx), "a recursion that ends by itself is fine")
		require.Equal(t, "done", hookedByName(t, e, "a").Kind)
		j.on["saved"] = func(ctx context.Context, h *hooked) error {
			h.Visits++
			return model.SaveQuietly(ctx, nil, h)
		}
		require.NoError(t, h.Save(e.Ctx))
		h.Kind = "more"
		require.NoError(t, h.Save(e.Ctx))
		require.False(t, h.IsDirty())
		require.Equal(t, h.Visits, hookedByName(t, e, "a").Visits)
	})
}

// A statement that the database refuses rolls back what hooks wrote before it, and the record stays as it
// was.
func TestRefusedStatementUndoesItsHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b")
		e.Migrate(t, &tally{})
		j.on["saving"] = func(ctx context.Context, h *hooked) error {
			h.Kind = "hook"
			return model.Create(ctx, e.DB, &tally{Kind: "x"})
		}
		h := hookedByName(t, e, "a")
		h.Name = "b"
		before, rows := stateOfHooked(h), hookedRows(t, e)
		require.ErrorIs(t, h.Save(e.Ctx), model.ErrDuplicate)
		require.Equal(t, before, stateOfHooked(h))
		require.Equal(t, rows, hookedRows(t, e))
		require.Zero(t, e.Count(t, "tallies"))
		fresh := &hooked{Name: "b"}
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, fresh), model.ErrDuplicate)
		require.True(t, fresh.IsNew())
		require.Zero(t, fresh.ID)
		require.Empty(t, fresh.Kind)
		fresh.Name = "c"
		require.NoError(t, model.Create(e.Ctx, e.DB, fresh), "a failed save can be retried")
		require.EqualValues(t, 1, e.Count(t, "tallies"))
	})
}
