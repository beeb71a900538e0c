// SPDX-License-Identifier: MIT

package pivotrow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func TestSyncComparesEveryRowOfAPair(t *testing.T) {
	for _, roles := range [][]string{{"a", "b"}, {"b", "a"}, {"b", "c"}, {"a", "a"}} {
		t.Run(roles[0]+roles[1], func(t *testing.T) {
			harness.Each(t, func(t *testing.T, e *harness.Env) {
				u, teams := seed(t, e, 1)
				clubs := relation.ManyToMany(u, &u.Clubs)
				for _, role := range roles {
					require.NoError(t, clubs.Attach(e.Ctx, relation.Pivot(teams[0], relation.Attrs{"role": role})))
				}
				e.Clock.Add(time.Hour)
				changes, err := clubs.Sync(e.Ctx, relation.Pivot(teams[0], relation.Attrs{"role": "a"}))
				require.NoError(t, err)
				stale := 0
				for _, role := range roles {
					if role != "a" {
						stale++
					}
				}
				require.Len(t, changes.Updated, min(stale, 1))
				rows := e.Rows(t, "select role from clubs where role = 'a'")
				require.Len(t, rows, 2)
				touched, err := clubs.PivotQuery().Where("updated_at", e.Clock.Now()).Count(e.Ctx)
				require.NoError(t, err)
				require.EqualValues(t, stale, touched, "equal rows are not written")
			})
		})
	}
}

func TestSaveComparesEveryRowOfAPair(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 1)
		clubs := relation.ManyToMany(u, &u.Clubs)
		for _, role := range []string{"a", "b"} {
			require.NoError(t, clubs.Attach(e.Ctx, relation.Pivot(teams[0], relation.Attrs{"role": role})))
		}
		require.NoError(t, clubs.Save(e.Ctx, teams[0], relation.Attrs{"role": "a"}))
		require.Len(t, e.Rows(t, "select role from clubs where role = 'a'"), 2)
		require.Equal(t, "a", teams[0].Extras()["pivot_role"])
	})
}

func TestSyncWithoutDetachingAsksForItsLinksOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 3)
		fans := relation.ManyToMany(u, &u.Fans)
		require.NoError(t, fans.Attach(e.Ctx, teams[0], teams[1]))
		e.Sent.Reset()
		changes, err := fans.SyncWithoutDetaching(e.Ctx, teams[1], teams[2])
		require.NoError(t, err)
		require.Equal(t, []any{teams[2].ID}, changes.Attached)
		require.EqualValues(t, 3, e.Count(t, "fans"))
		for _, sql := range e.Sent.Statements() {
			if len(sql) > 6 && sql[:6] == "SELECT" && !e.Database.LocksRecord(sql) {
				require.Regexp(t, `team_id.*(IN|ANY)`, sql)
			}
		}
	})
}

func TestNestedIDsAreAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 2)
		fans, id := relation.ManyToMany(u, &u.Fans), teams[0].ID
		for _, nested := range []any{[][]int64{{id}}, []any{[]int64{id}}, [][]any{{id}}} {
			e.Sends(t, 0, func() {
				require.ErrorIs(t, fans.Attach(e.Ctx, nested), model.ErrInvalidKey)
				_, err := fans.Sync(e.Ctx, nested)
				require.ErrorIs(t, err, model.ErrInvalidKey)
				_, err = fans.Detach(e.Ctx, nested)
				require.ErrorIs(t, err, model.ErrInvalidKey)
				_, err = fans.Toggle(e.Ctx, nested)
				require.ErrorIs(t, err, model.ErrInvalidKey)
			})
		}
		require.NoError(t, fans.Attach(e.Ctx, []int64{id}, []any{teams[1]}))
		require.EqualValues(t, 2, e.Count(t, "fans"))
	})
}
