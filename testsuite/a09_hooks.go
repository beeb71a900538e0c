// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// manyHookPromises are about the hooks of CreateMany.
func manyHookPromises() []promise {
	return []promise{
		{
			name: "A9/HooksAroundTheInsert",
			says: "CreateMany runs the hooks before of all records, then the INSERT, then the hooks after of all, then those of the commit",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				ctx, diary := diaried(e.ctx)
				seen := map[hooks.Moment][]int64{}
				diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
					if moment == hooks.Committed || moment == hooks.RolledBack {
						return nil
					}
					n, err := model.Query[member](e.db).Count(hooks.Without(ctx))
					seen[moment] = append(seen[moment], n)
					if m.IsNew() != (moment == hooks.Creating || moment == hooks.Saving) {
						err = fmt.Errorf("%s: IsNew is %v", moment, m.IsNew())
					}
					return err
				}
				require.NoError(t, model.CreateMany(ctx, e.db, members("a", "b", "c")))
				require.Equal(t, []string{
					"creating a", "saving a", "creating b", "saving b", "creating c", "saving c",
					"created a", "saved a", "created b", "saved b", "created c", "saved c",
					"committed a", "committed b", "committed c",
				}, see(e, "notes", diary.taken()))
				require.Equal(t, []int64{0, 0, 0}, seen[hooks.Saving])
				require.Equal(t, []int64{3, 3, 3}, seen[hooks.Created])
			},
			twin: func(e *env) {
				e.seen["notes"] = func(v any) any {
					notes, _ := v.([]string)
					slices.Sort(notes)
					return notes
				}
			},
		},
		{
			name: "A9/HooksChangeRows",
			says: "what hooks before the INSERT change in a record is written",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				ctx, diary := diaried(e.ctx)
				diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
					if moment == hooks.Saving {
						m.Name = "the " + m.Email
					}
					return nil
				}
				list := members("a", "b")
				require.NoError(t, e.do("create", func() error { return model.CreateMany(ctx, e.db, list) }))
				for i, row := range e.rows(t, "SELECT name FROM members ORDER BY email") {
					require.EqualValues(t, "the "+list[i].Email, row["name"])
					require.False(t, list[i].IsDirty())
				}
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE members SET name = ''").Error
					return err
				}
			},
		},
		{
			name: "A9/InsertIsQuiet",
			says: "Insert, and CreateMany in a context of hooks.Without, do the same without hooks",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				ctx, diary := diaried(e.ctx)
				for i, insert := range []func(list []*member) error{
					func(list []*member) error { return model.Insert(ctx, e.db, list) },
					func(list []*member) error { return model.CreateMany(hooks.Without(ctx), e.db, list) },
				} {
					list := members(fmt.Sprint("a", i), fmt.Sprint("b", i))
					e.sends(t, 1, func() { require.NoError(t, insert(list)) })
					require.Empty(t, see(e, "notes", diary.taken()))
					require.True(t, list[1].IsPersisted())
					require.Equal(t, list[0].ID+1, list[1].ID)
				}
				require.EqualValues(t, 4, e.count(t, "members"))
			},
			twin: func(e *env) { e.seen["notes"] = func(any) any { return []string{"creating a"} } },
		},
		{
			name: "A9/FailingHook",
			says: "an error of any hook of CreateMany leaves no row, and every record as it was before the call, changes of hooks included",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				for _, at := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
					ctx, diary := diaried(e.ctx)
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
					require.ErrorIs(t, e.do("create", func() error { return model.CreateMany(ctx, e.db, list) }), errReaction, at)
					require.Zero(t, e.count(t, "members"), at)
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
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("INSERT INTO members (email, name, points) VALUES ('a', '', 0)").Error
					return err
				}
			},
		},
		{
			name: "A9/PanickingHook",
			says: "a panic of a hook of CreateMany goes on to the caller, with no row left, the records as before and the connection free",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				for _, at := range []hooks.Moment{hooks.Creating, hooks.Saved} {
					ctx, diary := diaried(e.ctx)
					diary.react = func(_ context.Context, moment hooks.Moment, m *member) error {
						if moment == at && m.Email == "b" {
							panic("a hook panics")
						}
						return nil
					}
					list := members("a", "b")
					require.PanicsWithValue(t, "a hook panics", func() {
						_ = e.do("create", func() error { return model.CreateMany(ctx, e.db, list) })
					})
					require.Zero(t, e.count(t, "members"))
					require.True(t, list[0].IsNew())
					require.Zero(t, list[0].ID)
					require.NoError(t, model.Insert(e.ctx, e.db, list), "the records can be saved again")
					_, err := model.Query[member](e.db).AllRows().Delete(e.ctx)
					require.NoError(t, err)
				}
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					defer func() { _ = recover() }()
					return run()
				}
			},
		},
	}
}

// members returns new members.
func members(emails ...string) []*member {
	list := make([]*member, len(emails))
	for i, email := range emails {
		list[i] = &member{Email: email}
	}
	return list
}
