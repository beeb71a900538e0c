// SPDX-License-Identifier: MIT

package pivot_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// TestSyncInSQL has what each call sends, to rows that know when they were written.
func TestSyncInSQL(t *testing.T) {
	harness.Golden(t, "sync", func(t *testing.T, e *harness.Env) []harness.Step {
		w := newWorld(t, e)
		sync := func(name string, how pivot.Syncing, links ...any) harness.Step {
			return harness.NewStep(name, func() { require.NoError(t, harness.Err(pivot.Sync(e.Ctx, w.skills(), links, how))) })
		}
		return []harness.Step{
			harness.NewStep("attach three", func() { require.NoError(t, pivot.Attach(e.Ctx, w.skills(), ids(3, 1, 2))) }),
			harness.NewStep("attach none", func() { require.NoError(t, pivot.Attach(e.Ctx, w.skills(), []any{[]int{}})) }),
			sync("sync what is attached", pivot.Syncing{}, 1, 2, 3),
			sync("sync: one goes, one comes, one changes", pivot.Syncing{}, 2, pivot.NewLink(3, level("high")), 4),
			sync("sync without detaching", pivot.Syncing{KeepOthers: true}, 2, 5),
			sync("sync of none", pivot.Syncing{KeepOthers: true}),
			sync("the same values for all", pivot.Syncing{Attrs: level("low")}, 2, 3),
			sync("sync nothing", pivot.Syncing{}),
			harness.NewStep("toggle", func() { require.NoError(t, harness.Err(pivot.Toggle(e.Ctx, w.skills(), ids(1, 2)))) }),
			harness.NewStep("update one", func() { require.NoError(t, harness.Err(pivot.UpdateExisting(e.Ctx, w.skills(), 1, level("x")))) }),
			harness.NewStep("update one that is so", func() { require.NoError(t, harness.Err(pivot.UpdateExisting(e.Ctx, w.skills(), 1, level("x")))) }),
			harness.NewStep("detach one", func() { require.NoError(t, harness.Err(pivot.Detach(e.Ctx, w.skills(), ids(1)))) }),
			harness.NewStep("detach several", func() { require.NoError(t, harness.Err(pivot.Detach(e.Ctx, w.skills(), ids(1, 2)))) }),
			harness.NewStep("detach none", func() { require.NoError(t, harness.Err(pivot.Detach(e.Ctx, w.skills(), nil))) }),
			harness.NewStep("detach all", func() { require.NoError(t, harness.Err(pivot.DetachAll(e.Ctx, w.skills()))) }),
		}
	})
}

// TestSyncOfAPivotModelInSQL has the same for rows with hooks, which are written one by one, and with soft deletes.
func TestSyncOfAPivotModelInSQL(t *testing.T) {
	harness.Golden(t, "pivot_model", func(t *testing.T, e *harness.Env) []harness.Step {
		w := newWorld(t, e)
		part := func(id int, part string) any { return pivot.NewLink(id, map[string]any{"part": part}) }
		sync := func(links ...any) func() {
			return func() { require.NoError(t, harness.Err(pivot.Sync(e.Ctx, w.groups(), links, pivot.Syncing{}))) }
		}
		return []harness.Step{
			harness.NewStep("attach", func() { require.NoError(t, pivot.Attach(e.Ctx, w.groups(), ids(1, 2))) }),
			harness.NewStep("sync: one goes, one changes", sync(part(2, "bass"))),
			harness.NewStep("sync: the one that went comes back", sync(part(1, "drums"), 2, 3)),
			harness.NewStep("update", func() {
				require.NoError(t, harness.Err(pivot.UpdateExisting(e.Ctx, w.groups(), 1, map[string]any{"part": "flute"})))
			}),
			harness.NewStep("detach", func() { require.NoError(t, harness.Err(pivot.Detach(e.Ctx, w.groups(), ids(1)))) }),
			harness.NewStep("quietly", func() {
				require.NoError(t, harness.Err(pivot.DetachAll(meta.Quiet(e.Ctx), w.groups())))
			}),
		}
	})
}

// TestSyncTellsWhatItDid has changes by id, in the order of the links, and the rows that are there then.
func TestSyncTellsWhatItDid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, pivot.Attach(w.Ctx, w.skills(), []any{1, pivot.NewLink(2, level("low")), pivot.NewLink(3, level("low"))}))
		done, err := pivot.Sync(w.Ctx, w.skills(), []any{5, pivot.NewLink(3, level("high")), pivot.NewLink("2", level("low")), 4}, pivot.Syncing{})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Attached: ids(5, 4), Detached: ids(1), Updated: ids(3)}, done)
		require.Equal(t, []string{"2:low", "3:high", "4:", "5:"}, w.levels(t))

		done, err = pivot.Sync(w.Ctx, w.skills(), ids(1, 2), pivot.Syncing{KeepOthers: true})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Attached: ids(1)}, done)
		require.Equal(t, []string{"1:", "2:low", "3:high", "4:", "5:"}, w.levels(t))

		done, err = pivot.Sync(w.Ctx, w.skills(), []any{1, pivot.NewLink(2, level("own"))}, pivot.Syncing{Attrs: level("all")})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Detached: ids(3, 4, 5), Updated: ids(1, 2)}, done)
		require.Equal(t, []string{"1:all", "2:own"}, w.levels(t), "attributes of a link count before those of all")

		done, err = pivot.Toggle(w.Ctx, w.skills(), ids(3, 1))
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Attached: ids(3), Detached: ids(1)}, done)
		require.Equal(t, []string{"2:own", "3:"}, w.levels(t))
	})
}

// TestSyncKeepsUntouchedRows looks at a timestamp, which an UPDATE would set.
func TestSyncKeepsUntouchedRows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, pivot.Attach(w.Ctx, w.skills(), []any{pivot.NewLink(1, level("low")), pivot.NewLink(2, level("low"))}))
		w.Clock.Add(60e9)
		_, err := pivot.Sync(w.Ctx, w.skills(), []any{pivot.NewLink(1, level("low")), pivot.NewLink(2, level("high"))}, pivot.Syncing{})
		require.NoError(t, err)
		changed := w.Rows(t, "SELECT skill_id FROM skill_user WHERE updated_at <> created_at")
		require.Len(t, changed, 1)
		require.EqualValues(t, 2, changed[0]["skill_id"])

		require.NoError(t, pivot.Attach(w.Ctx, related.OwnerOf(w.bob, "skills"), ids(4)))
		require.NoError(t, harness.Err(pivot.DetachAll(w.Ctx, w.skills())))
		require.EqualValues(t, 1, w.Count(t, "skill_user"), "rows of others stay")
	})
}

func TestRowsThatRepeatAreKeptAndRemovedTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, pivot.Attach(w.Ctx, w.seen(), []any{1, 1, pivot.NewLink(1, level("x")), 2}))
		require.Equal(t, []string{"1:", "1:x", "2:"}, distinct(w.views(t)))
		done, err := pivot.Sync(w.Ctx, w.seen(), ids(1), pivot.Syncing{})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Detached: ids(2)}, done)
		require.Len(t, w.views(t), 3)
		done, err = pivot.Sync(w.Ctx, w.seen(), []any{pivot.NewLink(1, level("x"))}, pivot.Syncing{})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Updated: ids(1)}, done)
		require.Equal(t, []string{"1:x", "1:x", "1:x"}, w.views(t))
		n, err := pivot.UpdateExisting(w.Ctx, w.seen(), 1, level("y"))
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		n, err = pivot.Detach(w.Ctx, w.seen(), ids(1, 3))
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		require.Empty(t, w.views(t))
	})
}

func distinct(list []string) []string {
	out, seen := []string{}, map[string]bool{}
	for _, v := range list {
		if !seen[v] {
			out, seen[v] = append(out, v), true
		}
	}
	return out
}

// TestHooksOfAPivotModelRunForEveryRow has the rows that are written, and those that come back.
func TestHooksOfAPivotModelRunForEveryRow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		part := func(id int, part string) any { return pivot.NewLink(id, map[string]any{"part": part}) }
		var said []string
		ctx := context.WithValue(w.Ctx, ran{}, &said)
		says := func(want []string, call func() error) {
			t.Helper()
			said = nil
			require.NoError(t, call())
			require.Equal(t, want, said)
		}
		sync := func(links ...any) func() error {
			return func() error { return harness.Err(pivot.Sync(ctx, w.groups(), links, pivot.Syncing{})) }
		}
		says([]string{"created bass", "created drums"}, sync(part(2, "drums"), part(1, "bass")))
		says(nil, sync(1, part(2, "drums")))
		says([]string{"deleted bass", "updated flute"}, sync(part(2, "flute")))
		require.Equal(t, []string{"1:deleted", "2:flute"}, w.parts(t))
		says([]string{"updated oboe"}, sync(part(1, "oboe"), 2))
		require.Equal(t, []string{"1:oboe", "2:flute"}, w.parts(t), "a row that is soft deleted comes back")
		says([]string{"deleted oboe", "deleted flute"}, func() error { return harness.Err(pivot.DetachAll(ctx, w.groups())) })
		ctx = meta.Quiet(ctx)
		says(nil, sync(1, 3))
		require.Equal(t, []string{"1:oboe", "2:deleted", "3:"}, w.parts(t), "what a link does not name stays")
	})
}

// TestSavedRecordsCarryTheValuesOfTheirRows is what relations do after they have saved related records.
func TestSavedRecordsCarryTheValuesOfTheirRows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, pivot.Attach(w.Ctx, w.skills(), []any{1, pivot.NewLink(2, level("low"))}))
		owner := w.skills()
		ctx, h, l, err := owner.Serve(w.Ctx)
		require.NoError(t, err)
		saved := make([]pivot.Saved, 3)
		for i, attrs := range []map[string]any{nil, level("high"), level("new")} {
			rec, err := model.Query[skill](w.DB).Find(w.Ctx, i+1)
			require.NoError(t, err)
			s, err := record.From(rec)
			require.NoError(t, err)
			saved[i] = pivot.Saved{Record: s, Attrs: attrs, Look: true}
		}
		w.Sends(t, 3, func() { // a SELECT, an UPDATE of 2, an INSERT of 3
			raced, err := pivot.Save(ctx, h, l, owner, saved)
			require.NoError(t, err)
			require.False(t, raced)
		})
		require.Equal(t, []string{"1:", "2:high", "3:new"}, w.levels(t))
		for i, want := range []any{nil, "high", "new"} {
			extras := saved[i].Record.Extras()
			require.Equal(t, want, extras["pivot_level"])
			require.EqualValues(t, i+1, extras["pivot_skill_id"])
		}
		saved[0].Look = false
		raced, err := pivot.Save(ctx, h, l, owner, saved[:1])
		require.ErrorIs(t, err, errs.ErrDuplicate)
		require.False(t, raced, "nobody looked")

		require.NoError(t, pivot.CheckAttrs(l, h, []map[string]any{nil, level("x")}))
		require.ErrorIs(t, pivot.CheckAttrs(l, h, []map[string]any{{"user_id": 2}}), errs.ErrGuarded)
		fresh := &skill{Name: "f"}
		require.NoError(t, model.Create(w.Ctx, w.DB, fresh))
		s, err := record.From(fresh)
		require.NoError(t, err)
		w.Sends(t, 1, func() { require.NoError(t, pivot.AttachNew(ctx, h, l, owner, []*record.State{s})) })
		require.EqualValues(t, 6, s.Extras()["pivot_skill_id"])
	})
}

func TestARecordKnowsItsPivotRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		require.NoError(t, pivot.Attach(w.Ctx, w.groups(), []any{pivot.NewLink(1, map[string]any{"part": "bass"})}))
		rec, err := model.Query[group](w.DB).Find(w.Ctx, 1)
		require.NoError(t, err)
		s, err := record.From(rec)
		require.NoError(t, err)
		_, ok := pivot.Of[member](s)
		require.False(t, ok)
		owner := w.groups()
		ctx, h, l, err := owner.Serve(w.Ctx)
		require.NoError(t, err)
		_, err = pivot.Save(ctx, h, l, owner, []pivot.Saved{{Record: s, Look: true}})
		require.NoError(t, err)
		m, ok := pivot.Of[member](s)
		require.True(t, ok)
		require.Equal(t, "bass", m.Part)
		require.Same(t, m, s.Extras()["membership"])
		_, ok = pivot.Of[skill](s)
		require.False(t, ok, "it is of another type")
	})
}
