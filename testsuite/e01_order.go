// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// hookOrderPromises are those of row E1 about when hooks run and what they see.
func hookOrderPromises() []promise {
	return []promise{
		{
			name: "E1/OrderOfMoments",
			says: "Every write runs its moments in the order of the contract, before and after its one statement",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e)
				h := &hooked{Name: "a"}
				run := func(name string, statements int, want []string, fn func() error) {
					e.sends(t, statements, func() { require.NoError(t, e.do(name, fn), name) })
					require.Equal(t, want, j.take(), name)
				}
				run("create", 1, []string{"creating", "saving", "created", "saved", "committed"}, func() error { return model.Create(e.ctx, e.db, h) })
				h.Kind = "x"
				run("update", 1, []string{"updating", "saving", "updated", "saved", "committed"}, func() error { return h.Save(e.ctx) })
				run("increment", 1, []string{"updating", "updated", "committed"}, func() error { return h.Increment(e.ctx, "visits", 1) })
				run("decrement", 1, []string{"updating", "updated", "committed"}, func() error { return h.Decrement(e.ctx, "visits", 1) })
				run("touch", 1, []string{"updating", "updated", "committed"}, func() error { return h.Touch(e.ctx) })
				run("soft delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return h.Delete(e.ctx) })
				run("deleted already", 0, []string{}, func() error { return h.Delete(e.ctx) })
				run("restore", 1, []string{"restoring", "restored", "committed"}, func() error { return h.Restore(e.ctx) })
				run("nothing to restore", 0, []string{}, func() error { return h.Restore(e.ctx) })
				run("force delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return h.ForceDelete(e.ctx) })
				other := &hooked{Name: "b"}
				model.UseDB(e.db, other)
				run("save of a new record", 1, []string{"creating", "saving", "created", "saved", "committed"}, func() error { return other.Save(e.ctx) })
				other.Kind = "y"
				run("Save", 1, []string{"updating", "saving", "updated", "saved", "committed"}, func() error { return model.Save(e.ctx, e.db, other) })
				run("Delete", 1, []string{"deleting", "deleted", "committed"}, func() error { return model.Delete(e.ctx, e.db, other) })
			},
			twin: silenced("touch"),
		},
		{
			name: "E1/OrderOfHooks",
			says: "Hooks of one moment run in this order: the method, the functions of Define, the observers",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e)
				j.plain = false
				h := &hooked{Name: "a"}
				require.NoError(t, e.do("create", func() error { return model.Create(e.ctx, e.db, h) }))
				require.Equal(t, []string{
					"creating", "creating:on", "saving", "saving:on", "saving:observer", "created", "created:on", "saved", "saved:on",
					"committed", "committed:on",
				}, j.take())
				require.NoError(t, h.Delete(e.ctx))
				require.Equal(t, []string{
					"deleting", "deleting:on", "deleted", "deleted:on", "deleted:observer", "committed", "committed:on",
				}, j.take())
			},
			twin: silenced("create"),
		},
		{
			name: "E1/PayloadIsTheRecord",
			says: "Hooks get the very record: new and dirty before the write, saved and clean after it",
			check: func(t testing.TB, e *env) {
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
						require.Equal(t, e.clock.now, r.CreatedAt)
					})
				}
				require.NoError(t, e.do("create", func() error { return model.Create(e.ctx, e.db, h) }))
				require.Equal(t, 4, seen)

				e.clock.add(time.Hour)
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
						require.Equal(t, model.Attrs{"Kind": "l", "UpdatedAt": e.clock.now}, r.Changes())
					})
				}
				require.NoError(t, h.Save(e.ctx))
				look(hooks.Deleting, func(r *hooked) { require.False(t, r.Trashed()) })
				look(hooks.Deleted, func(r *hooked) { require.True(t, r.Trashed()); require.False(t, r.IsDeleted()) })
				require.NoError(t, h.Delete(e.ctx))
				look(hooks.Restoring, func(r *hooked) { require.True(t, r.Trashed()) })
				look(hooks.Restored, func(r *hooked) { require.False(t, r.Trashed()) })
				require.NoError(t, h.Restore(e.ctx))
				look(hooks.Deleted, func(r *hooked) { require.True(t, r.IsDeleted()) })
				require.NoError(t, h.ForceDelete(e.ctx))
				require.Equal(t, 14, seen)
			},
			twin: silenced("create"),
		},
		{
			name: "E1/HooksChangeAttributes",
			says: "What a hook before the write sets is saved by the same statement, what one after it sets stays pending",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e)
				set := func(change func(h *hooked)) func(context.Context, *hooked) error {
					return func(_ context.Context, h *hooked) error { change(h); return nil }
				}
				j.on["creating"] = set(func(h *hooked) { h.Kind += "c" })
				j.on["saving"] = set(func(h *hooked) { h.Kind += "s" })
				j.on["saving:observer"] = set(func(h *hooked) { h.Kind += "o" })
				j.on["updating"] = set(func(h *hooked) { h.Visits++ })
				h := &hooked{Name: "a"}
				e.sends(t, 1, func() { require.NoError(t, e.do("create", func() error { return model.Create(e.ctx, e.db, h) })) })
				require.Equal(t, "cso", h.Kind)
				require.False(t, h.IsDirty())
				h.Name = "b"
				e.sends(t, 1, func() { require.NoError(t, h.Save(e.ctx)) })
				row := e.rows(t, "SELECT name, kind, visits FROM hookeds")[0]
				require.EqualValues(t, "b", row["name"])
				require.EqualValues(t, "csoso", row["kind"])
				require.EqualValues(t, 1, row["visits"])

				delete(j.on, "saving")
				delete(j.on, "saving:observer")
				e.sends(t, 1, func() { require.NoError(t, h.Save(e.ctx)) })
				require.Equal(t, 2, h.Visits, "a hook made a clean record dirty, and it was saved")
				delete(j.on, "updating")
				j.on["saved"] = set(func(h *hooked) { h.Kind = "late" })
				h.Name = "c"
				require.NoError(t, h.Save(e.ctx))
				require.Equal(t, model.Attrs{"Kind": "late"}, h.Dirty())
				require.NotEqualValues(t, "late", e.rows(t, "SELECT kind FROM hookeds")[0]["kind"])
			},
			twin: silenced("create"),
		},
		{
			name: "E1/CleanSave",
			says: "Saving a clean record runs Updating and Saving, sends nothing, and runs no hooks after",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e, "a")
				h := hookedByName(t, e, "a")
				j.take()
				e.sends(t, 0, func() { require.NoError(t, e.do("save", func() error { return h.Save(e.ctx) })) })
				require.Equal(t, []string{"updating", "saving"}, withoutEnd(j.take()))
				model.ForceUpdate(h)
				e.sends(t, 1, func() { require.NoError(t, h.Save(e.ctx)) })
				require.Equal(t, []string{"updating", "saving", "updated", "saved"}, withoutEnd(j.take()))
			},
			twin: silenced("save"),
		},
		{
			name: "E1/CreateManyOrder",
			says: "CreateMany runs all hooks before the INSERT, then the INSERT, then all hooks after it, per record in order",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e)
				var order []string
				for _, moment := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
					j.on[string(moment)] = func(ctx context.Context, h *hooked) error {
						n, err := model.Query[hooked](e.db).Count(hooks.Without(ctx))
						require.NoError(t, err)
						order = append(order, fmt.Sprintf("%s %s %d", moment, h.Name, n))
						h.Kind += "x"
						return nil
					}
				}
				list := []*hooked{{Name: "a"}, {Name: "b"}}
				require.NoError(t, e.do("create many", func() error { return model.CreateMany(e.ctx, e.db, list) }))
				require.Equal(t, []string{
					"creating a 0", "saving a 0", "creating b 0", "saving b 0",
					"created a 2", "saved a 2", "created b 2", "saved b 2",
				}, order)
				require.Equal(t, "xx", hookedByName(t, e, "b").Kind)
				require.Equal(t, model.Attrs{"Kind": "xxxx"}, list[1].Dirty())
				j.take()
				e.sends(t, 0, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, []*hooked{})) })
				require.Empty(t, j.take())
			},
			twin: silenced("create many"),
		},
		{
			name: "E1/FindersRunHooks",
			says: "FirstOrCreate and UpdateOrCreate run the hooks of what they do",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e, "a")
				_, err := model.FirstOrCreate[hooked](e.ctx, e.db, model.Attrs{"name": "new"}, model.Attrs{"kind": "x"})
				require.NoError(t, err)
				require.Subset(t, j.take(), []string{"creating", "saving", "created", "saved", "committed"})
				_, err = model.FirstOrCreate[hooked](e.ctx, e.db, model.Attrs{"name": "a"}, model.Attrs{"kind": "x"})
				require.NoError(t, err)
				require.NotContains(t, j.take(), "saving", "nothing is written for a row that exists")
				require.NoError(t, e.do("update", func() error {
					_, err := model.UpdateOrCreate[hooked](e.ctx, e.db, model.Attrs{"name": "a"}, model.Attrs{"kind": "y"})
					return err
				}))
				require.Subset(t, j.take(), []string{"updating", "saving", "updated", "saved"})
			},
			twin: silenced("update"),
		},
	}
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
