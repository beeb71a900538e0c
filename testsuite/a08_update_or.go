// SPDX-License-Identifier: MIT

package testsuite

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// updateOrPromises are about UpdateOrCreate.
func updateOrPromises() []promise {
	return []promise{
		{
			name: "A8/UpdateOrCreateHit",
			says: "UpdateOrCreate updates the record that exists by the further values with a SELECT and a minimal UPDATE, and its hooks",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				sent := e.sends(t, 2, func() {
					m, err := model.UpdateOrCreate[member](ctx, e.db, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "A", "Points": 9})
					require.NoError(t, err)
					require.Equal(t, 9, m.Points)
					require.False(t, model.IsLocal(m))
					require.False(t, m.IsDirty())
				})
				require.Contains(t, sent[1], "points")
				require.NotContains(t, sent[1], "name", "it has not changed")
				require.Equal(t, []string{"updating a@x", "saving a@x", "updated a@x", "saved a@x", "committed a@x"}, diary.taken())
				row := e.rows(t, "SELECT points FROM members WHERE email = 'a@x'")[0]
				require.EqualValues(t, 9, row["points"])
				require.EqualValues(t, 2, e.rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"])
			},
			twin: func(e *env) {
				e.sql = bends("UPDATE `members` SET `points` = ?", "UPDATE `members` SET `points` = 1 + ?")
			},
		},
		{
			name: "A8/UpdateOrCreateUnchanged",
			says: "UpdateOrCreate sends no UPDATE if the record has the further values already",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				e.sends(t, 1, func() {
					require.NoError(t, e.do("update", func() error {
						m, err := model.UpdateOrCreate[member](e.ctx, e.db, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "A", "Points": 1})
						require.Equal(t, "A", m.Name)
						return err
					}))
				})
			},
			twin: func(e *env) {
				e.op["update"] = func(run func() error) error {
					_ = e.gorm.Exec("UPDATE members SET points = 3").Error
					return run()
				}
			},
		},
		{
			name: "A8/UpdateOrCreateMiss",
			says: "UpdateOrCreate without a row inserts one of both values with a SELECT and an INSERT",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				sent := e.sends(t, 2, func() {
					m, err := model.UpdateOrCreate[member](ctx, e.db, model.Attrs{"email": "c@x"}, model.Attrs{"Points": 9})
					require.NoError(t, err)
					require.True(t, m.IsPersisted())
					require.True(t, model.IsLocal(m))
				})
				require.True(t, strings.HasPrefix(sent[1], "INSERT "), sent[1])
				require.Equal(t, []string{"creating c@x", "saving c@x", "created c@x", "saved c@x", "committed c@x"}, diary.taken())
				require.EqualValues(t, 9, e.rows(t, "SELECT points FROM members WHERE email = 'c@x'")[0]["points"])
				require.EqualValues(t, 3, e.count(t, "members"))
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "INSERT ") {
						return strings.Replace(sql, "?)", "1 + ?)", 1)
					}
					return sql
				}
			},
		},
		{
			name:  "A8/UpdateOrCreateLocks",
			says:  "UpdateOrCreate locks the row that it has found, so that no update in between is lost",
			needs: []Feature{RowLocks},
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				sent := e.sends(t, 2, func() {
					_, err := model.UpdateOrCreate[member](e.ctx, e.db, model.Attrs{"email": "a@x"}, model.Attrs{"Points": 9})
					require.NoError(t, err)
				})
				require.Contains(t, see(e, "select", sent[0]), " FOR UPDATE")
				sent = e.sends(t, 2, func() {
					_, err := model.UpdateOrCreateMany[member](e.ctx, e.db, []string{"email"}, []model.Attrs{{"email": "a@x", "Points": 3}})
					require.NoError(t, err)
				})
				require.Contains(t, sent[0], " FOR UPDATE")
			},
			twin: func(e *env) { e.seen["select"] = func(any) any { return "SELECT" } },
		},
		{
			name: "A8/FailedUpdateChangesNothing",
			says: "UpdateOrCreate whose update fails changes nothing, and returns no record",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				m, err := model.UpdateOrCreate[member](e.ctx, e.db, model.Attrs{"email": "b@x"}, model.Attrs{"Points": 9, "Number": "n1"})
				require.ErrorIs(t, err, model.ErrDuplicate)
				require.Nil(t, m)
				require.EqualValues(t, 2, see(e, "points", e.rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"]))
			},
			twin: func(e *env) { e.seen["points"] = func(any) any { return 9 } },
		},
	}
}
