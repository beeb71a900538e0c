// SPDX-License-Identifier: MIT

package pivot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// given has the underlying type of a Link, as that of package relation has.
type given pivot.Link

func TestLinksAreReadInEveryForm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		three, err := model.Query[skill](w.DB).Find(w.Ctx, 3)
		require.NoError(t, err)
		for _, row := range []struct {
			links []any
			want  []string
		}{
			{[]any{2, "1", uint8(3)}, []string{"1:", "2:", "3:"}},
			{[]any{[]int{2, 1}, []any{three, "4"}}, []string{"1:", "2:", "3:", "4:"}},
			{[]any{given(pivot.NewLink(three, level("x"))), pivot.NewLink(1, nil)}, []string{"1:", "3:x"}},
			{[]any{given(pivot.NewLink([]int{4, 5}, level("x")))}, []string{"4:x", "5:x"}},
			{[]any{[]given{given(pivot.NewLink(1, level("y"))), given(pivot.NewLink([]int{2}, level("z")))}}, []string{"1:y", "2:z"}},
		} {
			w.Sends(t, 1, func() { require.NoError(t, pivot.Attach(w.Ctx, w.skills(), row.links)) })
			require.Equal(t, row.want, w.levels(t))
			n, err := pivot.Detach(w.Ctx, w.skills(), row.links)
			require.NoError(t, err)
			require.EqualValues(t, len(row.want), n)
		}
	})
}

func TestTheLastAttributesOfAnIDCount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done, err := pivot.Sync(w.Ctx, w.skills(), []any{pivot.NewLink(1, level("x")), 2, pivot.NewLink(1, level("y")), 1}, pivot.Syncing{Op: "sync"})
		require.NoError(t, err)
		require.Equal(t, pivot.Changes{Attached: ids(1, 2)}, done)
		require.Equal(t, []string{"1:y", "2:"}, w.levels(t), "an id without attributes changes none")
		require.ErrorIs(t, pivot.Attach(w.Ctx, w.skills(), ids(3, 3)), errs.ErrDuplicate, "Attach inserts what it is given")
		require.Equal(t, []string{"1:y", "2:"}, w.levels(t))
	})
}

func TestAttachEachChangesNoMapOfTheCaller(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mine := level("x")
		var seen []any
		err := pivot.AttachEach(w.Ctx, w.skills(), func(id any, attrs map[string]any) {
			seen = append(seen, id, attrs["level"])
			attrs["level"] = "each"
		}, []any{"2", pivot.NewLink(1, mine)})
		require.NoError(t, err)
		require.Equal(t, []any{int64(2), nil, int64(1), "x"}, seen)
		require.Equal(t, level("x"), mine)
		require.Equal(t, []string{"1:each", "2:each"}, w.levels(t))
		require.ErrorIs(t, pivot.AttachEach(w.Ctx, w.skills(), nil, ids(3)), errs.ErrInvalidValue)
	})
}

// TestMistakesEndACallBeforeAnythingIsSent tries each mistake with every call that takes links.
func TestMistakesEndACallBeforeAnythingIsSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		gone, stranger := &skill{Name: "x"}, &group{}
		require.NoError(t, model.Create(w.Ctx, w.DB, gone))
		require.NoError(t, model.Delete(w.Ctx, w.DB, gone))
		lost := &user{}
		require.NoError(t, model.Create(w.Ctx, w.DB, lost))
		require.NoError(t, model.Delete(w.Ctx, w.DB, lost))
		for _, row := range []struct {
			owner related.Owner
			link  any
			is    error
			says  string
		}{
			{w.skills(), "x", errs.ErrInvalidKey, "skill.ID"},
			{w.skills(), [][]int{{1}}, errs.ErrInvalidKey, "nested"},
			{w.skills(), nil, errs.ErrInvalidKey, "nil"},
			{w.skills(), &skill{}, errs.ErrNotPersisted, "skill"},
			{w.skills(), stranger, errs.ErrInvalidValue, "a record of group"},
			{w.skills(), gone, errs.ErrDeleted, "skill"},
			{w.skills(), pivot.NewLink(1, map[string]any{"skill_id": 2}), errs.ErrGuarded, "skill_id"},
			{w.groups(), pivot.NewLink(1, map[string]any{"prt": 2}), errs.ErrUnknownColumn, `"part"`},
			{w.groups(), pivot.NewLink(1, map[string]any{"part": []int{1}}), errs.ErrInvalidValue, "member.Part"},
			{related.OwnerOf(&user{}, "skills"), 1, errs.ErrUnbound, "user"},
			{related.OwnerOf(lost, "skills"), 1, errs.ErrDeleted, "user"},
			{related.OwnerOf(w.ada, "skils"), 1, errs.ErrUnknownRelation, `"skills"`},
		} {
			w.Sends(t, 0, func() {
				for _, err := range []error{
					pivot.Attach(w.Ctx, row.owner, []any{row.link}),
					harness.Err(pivot.Sync(w.Ctx, row.owner, []any{row.link}, pivot.Syncing{Op: "sync"})),
					harness.Err(pivot.Toggle(w.Ctx, row.owner, []any{row.link})),
				} {
					require.ErrorIs(t, err, row.is)
					require.ErrorContains(t, err, row.says)
				}
			})
		}
		w.Sends(t, 0, func() {
			_, err := pivot.UpdateExisting(w.Ctx, w.skills(), 1, map[string]any{"user_id": 2})
			require.ErrorIs(t, err, errs.ErrGuarded)
			n, err := pivot.UpdateExisting(w.Ctx, w.skills(), 1, nil)
			require.NoError(t, err)
			require.Zero(t, n)
		})
		n, err := pivot.Detach(w.Ctx, w.skills(), []any{gone})
		require.NoError(t, err, "what is gone can be detached")
		require.Zero(t, n)
	})
}
