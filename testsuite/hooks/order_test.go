// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Every write runs its moments in the order of the contract, before and after its one statement.
func TestMomentsRunInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		h := &hooked{Name: "a"}
		run := func(name string, statements int, want []string, fn func() error) {
			e.Sends(t, statements, func() { require.NoError(t, fn(), name) })
			require.Equal(t, want, j.take(), name)
		}
		run("create", 1, []string{"creating", "saving", "created", "saved", "committed"}, func() error { return model.Create(e.Ctx, e.DB, h) })
		h.Kind = "x"
		run("update", 1, []string{"updating", "saving", "updated", "saved", "committed"}, func() error { return h.Save(e.Ctx) })
		run("increment", 1, []string{"updating", "updated", "committed"}, func() error { return h.Increment(e.Ctx, "visits", 1) })
		run("decrement", 1, []string{"updating", "updated", "committed"}, func() error { return h.Decrement(e.Ctx, "visits", 1) })
		run("touch", 1, []string{"updating", "updated", "committed"}, func() error { return h.Touch(e.Ctx) })
		run("soft delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return h.Delete(e.Ctx) })
		run("deleted already", 0, []string{}, func() error { return h.Delete(e.Ctx) })
		run("restore", 1, []string{"restoring", "restored", "committed"}, func() error { return h.Restore(e.Ctx) })
		run("nothing to restore", 0, []string{}, func() error { return h.Restore(e.Ctx) })
		run("force delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return h.ForceDelete(e.Ctx) })
		other := &hooked{Name: "b"}
		other.UseDB(e.DB)
		run("save of a new record", 1, []string{"creating", "saving", "created", "saved", "committed"}, func() error { return other.Save(e.Ctx) })
		other.Kind = "y"
		run("Save", 1, []string{"updating", "saving", "updated", "saved", "committed"}, func() error { return model.Save(e.Ctx, e.DB, other) })
		run("Delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return model.Delete(e.Ctx, e.DB, other) })
	})
}

// Hooks of one moment run in this order: the method, the functions of Define, the observers.
func TestHooksOfAMomentRunInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		j.plain = false
		h := &hooked{Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, h))
		require.Equal(t, []string{
			"creating", "creating:on", "saving", "saving:on", "saving:observer", "created", "created:on", "saved", "saved:on",
			"committed", "committed:on",
		}, j.take())
		require.NoError(t, h.Delete(e.Ctx))
		require.Equal(t, []string{
			"deleting", "deleting:on", "deleted", "deleted:on", "deleted:observer", "committed", "committed:on",
		}, j.take())
	})
}

// Hooks get the very record: new and dirty before the write, saved and clean after it.
func TestHooksGetTheVeryRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		h := &hooked{Name: "a", Kind: "k"}
		seen := 0
		look := func(moment hooks.Moment, fn func(r *hooked)) {
			j.on[string(moment)] = func(_ context.Context, r *hooked) error {
				seen++
				require.Same(t, h, r, moment)
				fn(r)
				return nil
			}
		}
		for _, moment := range []hooks.Moment{hooks.Creating, hooks.Saving} {
			look(moment, func(r *hooked) {
				require.True(t, r.IsNew())
				require.Zero(t, r.ID)
				require.Equal(t, model.Attrs{"Name": "a", "Kind": "k"}, r.Dirty())
			})
		}
		for _, moment := range []hooks.Moment{hooks.Created, hooks.Saved} {
			look(moment, func(r *hooked) {
				require.True(t, r.IsPersisted())
				require.True(t, model.IsLocal(r))
				require.NotZero(t, r.ID)
				require.False(t, r.IsDirty())
				require.Equal(t, e.Clock.Now(), r.CreatedAt)
			})
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, h))
		require.Equal(t, 4, seen)

		e.Clock.Add(time.Hour)
		h.Kind = "l"
		for _, moment := range []hooks.Moment{hooks.Updating, hooks.Saving} {
			look(moment, func(r *hooked) {
				require.Equal(t, model.Attrs{"Kind": "l"}, r.Dirty())
				require.Equal(t, "k", r.Original()["Kind"])
			})
		}
		for _, moment := range []hooks.Moment{hooks.Updated, hooks.Saved} {
			look(moment, func(r *hooked) {
				require.False(t, r.IsDirty())
				require.True(t, r.WasChanged("Kind"))
				require.Equal(t, model.Attrs{"Kind": "l", "UpdatedAt": e.Clock.Now()}, r.Changes())
			})
		}
		require.NoError(t, h.Save(e.Ctx))
		look(hooks.Deleting, func(r *hooked) { require.False(t, r.Trashed()) })
		look(hooks.Deleted, func(r *hooked) { require.True(t, r.Trashed()); require.False(t, r.IsDeleted()) })
		require.NoError(t, h.Delete(e.Ctx))
		look(hooks.Restoring, func(r *hooked) { require.True(t, r.Trashed()) })
		look(hooks.Restored, func(r *hooked) { require.False(t, r.Trashed()) })
		require.NoError(t, h.Restore(e.Ctx))
		look(hooks.Deleted, func(r *hooked) { require.True(t, r.IsDeleted()) })
		require.NoError(t, h.ForceDelete(e.Ctx))
		require.Equal(t, 14, seen)
	})
}

// What a hook before the write sets is saved by the same statement, what one after it sets stays pending.
func TestWhatAHookSetsIsSaved(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		set := func(change func(h *hooked)) func(context.Context, *hooked) error {
			return func(_ context.Context, h *hooked) error { change(h); return nil }
		}
		j.on["creating"] = set(func(h *hooked) { h.Kind += "c" })
		j.on["saving"] = set(func(h *hooked) { h.Kind += "s" })
		j.on["saving:observer"] = set(func(h *hooked) { h.Kind += "o" })
		j.on["updating"] = set(func(h *hooked) { h.Visits++ })
		h := &hooked{Name: "a"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, h)) })
		require.Equal(t, "cso", h.Kind)
		require.False(t, h.IsDirty())
		h.Name = "b"
		e.Sends(t, 1, func() { require.NoError(t, h.Save(e.Ctx)) })
		row := e.Rows(t, "SELECT name, kind, visits FROM hookeds")[0]
		require.EqualValues(t, "b", row["name"])
		require.EqualValues(t, "csoso", row["kind"])
		require.EqualValues(t, 1, row["visits"])

		delete(j.on, "saving")
		delete(j.on, "saving:observer")
		e.Sends(t, 1, func() { require.NoError(t, h.Save(e.Ctx)) })
		require.Equal(t, 2, h.Visits, "a hook made a clean record dirty, and it was saved")
		delete(j.on, "updating")
		j.on["saved"] = set(func(h *hooked) { h.Kind = "late" })
		h.Name = "c"
		require.NoError(t, h.Save(e.Ctx))
		require.Equal(t, model.Attrs{"Kind": "late"}, h.Dirty())
		require.NotEqualValues(t, "late", e.Rows(t, "SELECT kind FROM hookeds")[0]["kind"])
	})
}

// Saving a clean record runs Updating and Saving, sends nothing, and runs no hooks after.
func TestCleanSaveRunsNoHooksAfter(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		h := hookedByName(t, e, "a")
		j.take()
		e.Sends(t, 0, func() { require.NoError(t, h.Save(e.Ctx)) })
		require.Equal(t, []string{"updating", "saving"}, withoutEnd(j.take()))
		model.ForceUpdate(h)
		e.Sends(t, 1, func() { require.NoError(t, h.Save(e.Ctx)) })
		require.Equal(t, []string{"updating", "saving", "updated", "saved"}, withoutEnd(j.take()))
	})
}

// CreateMany runs all hooks before the INSERT, then the INSERT, then all hooks after it, per record in
// order.
func TestCreateManyRunsHooksAroundTheInsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		var order []string
		for _, moment := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
			j.on[string(moment)] = func(ctx context.Context, h *hooked) error {
				n, err := model.Query[hooked](e.DB).Count(hooks.Without(ctx))
				require.NoError(t, err)
				order = append(order, fmt.Sprintf("%s %s %d", moment, h.Name, n))
				h.Kind += "x"
				return nil
			}
		}
		list := []*hooked{{Name: "a"}, {Name: "b"}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.Equal(t, []string{
			"creating a 0", "saving a 0", "creating b 0", "saving b 0",
			"created a 2", "saved a 2", "created b 2", "saved b 2",
		}, order)
		require.Equal(t, "xx", hookedByName(t, e, "b").Kind)
		require.Equal(t, model.Attrs{"Kind": "xxxx"}, list[1].Dirty())
		j.take()
		e.Sends(t, 0, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*hooked{})) })
		require.Empty(t, j.take())
	})
}

// FirstOrCreate and UpdateOrCreate run the hooks of what they do.
func TestFindersRunHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		_, err := model.FirstOrCreate[hooked](e.Ctx, e.DB, model.Attrs{"name": "new"}, model.Attrs{"kind": "x"})
		require.NoError(t, err)
		require.Subset(t, j.take(), []string{"creating", "saving", "created", "saved", "committed"})
		_, err = model.FirstOrCreate[hooked](e.Ctx, e.DB, model.Attrs{"name": "a"}, model.Attrs{"kind": "x"})
		require.NoError(t, err)
		require.NotContains(t, j.take(), "saving", "nothing is written for a row that exists")
		require.NoError(t, func() error {
			_, err := model.UpdateOrCreate[hooked](e.Ctx, e.DB, model.Attrs{"name": "a"}, model.Attrs{"kind": "y"})
			return err
		}())
		require.Subset(t, j.take(), []string{"updating", "saving", "updated", "saved"})
	})
}

// withoutEnd leaves out the moments of a transaction's end.
func withoutEnd(events []string) []string {
	out := []string{}
	for _, event := range events {
		if event != string(hooks.Committed) && event != string(hooks.RolledBack) {
			out = append(out, event)
		}
	}
	return out
}
