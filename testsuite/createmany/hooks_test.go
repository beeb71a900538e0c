// SPDX-License-Identifier: MIT

package createmany_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// CreateMany runs the hooks before of all records, then the INSERT, then the hooks after of all, then those
// of the commit.
func TestHooksRunAroundTheInsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		seen := map[hooks.Moment][]int64{}
		diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
			if moment == hooks.Committed || moment == hooks.RolledBack {
				return nil
			}
			n, err := model.Query[member](e.DB).Count(hooks.Without(ctx))
			seen[moment] = append(seen[moment], n)
			if m.IsNew() != (moment == hooks.Creating || moment == hooks.Saving) {
				err = fmt.Errorf("%s: IsNew is %v", moment, m.IsNew())
			}
			return err
		}
		require.NoError(t, model.CreateMany(ctx, e.DB, members("a", "b", "c")))
		require.Equal(t, []string{
			"creating a", "saving a", "creating b", "saving b", "creating c", "saving c",
			"created a", "saved a", "created b", "saved b", "created c", "saved c",
			"committed a", "committed b", "committed c",
		}, diary.taken())
		require.Equal(t, []int64{0, 0, 0}, seen[hooks.Saving])
		require.Equal(t, []int64{3, 3, 3}, seen[hooks.Created])
	})
}

// What hooks before the INSERT change in a record is written.
func TestHooksBeforeTheInsertChangeWhatIsWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
			if moment == hooks.Saving {
				m.Name = "the " + m.Email
			}
			return nil
		}
		list := members("a", "b")
		require.NoError(t, model.CreateMany(ctx, e.DB, list))
		for i, row := range e.Rows(t, "SELECT name FROM members ORDER BY email") {
			require.EqualValues(t, "the "+list[i].Email, row["name"])
			require.False(t, list[i].IsDirty())
		}
	})
}

// Insert, and CreateMany in a context of hooks.Without, do the same without hooks.
func TestInsertRunsNoHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		for i, insert := range []func(list []*member) error{
			func(list []*member) error { return model.Insert(ctx, e.DB, list) },
			func(list []*member) error { return model.CreateMany(hooks.Without(ctx), e.DB, list) },
		} {
			list := members(fmt.Sprint("a", i), fmt.Sprint("b", i))
			e.Sends(t, 1, func() { require.NoError(t, insert(list)) })
			require.Empty(t, diary.taken())
			require.True(t, list[1].IsPersisted())
			require.Equal(t, list[0].ID+1, list[1].ID)
		}
		require.EqualValues(t, 4, e.Count(t, "members"))
	})
}

// An error of any hook of CreateMany leaves no row, and every record as it was before the call, changes of
// hooks included.
func TestFailingHookLeavesNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		for _, at := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
			ctx, diary := diaried(e.Ctx)
			diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
				if moment == hooks.Saving || moment == hooks.Created {
					m.Name, m.Points = "changed", m.Points+1
				}
				if moment == at && m.Email == "b" {
					return errReaction
				}
				return nil
			}
			list := members("a", "b", "c")
			require.ErrorIs(t, model.CreateMany(ctx, e.DB, list), errReaction, at)
			require.Zero(t, e.Count(t, "members"), at)
			for _, m := range list {
				require.True(t, m.IsNew(), at)
				require.Equal(t, model.Attrs{"Email": m.Email}, m.Dirty(), at)
			}
			var undone []string // there is nothing to undo before the INSERT
			if at == hooks.Created || at == hooks.Saved {
				undone = []string{"a", "b", "c"}
			}
			require.Equal(t, undone, diary.at(hooks.RolledBack), at)
			require.Empty(t, diary.at(hooks.Committed), at)
		}
	})
}

// A panic of a hook of CreateMany goes on to the caller, with no row left, the records as before and the
// connection free.
func TestPanickingHookLeavesNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		for _, at := range []hooks.Moment{hooks.Creating, hooks.Saved} {
			ctx, diary := diaried(e.Ctx)
			diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
				if moment == at && m.Email == "b" {
					panic("a hook panics")
				}
				return nil
			}
			list := members("a", "b")
			require.PanicsWithValue(t, "a hook panics", func() {
				_ = model.CreateMany(ctx, e.DB, list)
			})
			require.Zero(t, e.Count(t, "members"))
			require.True(t, list[0].IsNew())
			require.Zero(t, list[0].ID)
			require.NoError(t, model.Insert(e.Ctx, e.DB, list), "the records can be saved again")
			_, err := model.Query[member](e.DB).AllRows().Delete(e.Ctx)
			require.NoError(t, err)
		}
	})
}

// members returns new members.
func members(emails ...string) []*member {
	list := make([]*member, len(emails))
	for i, email := range emails {
		list[i] = &member{Email: email}
	}
	return list
}
