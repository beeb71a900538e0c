// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// firstOrPromises are about FirstOrNew and FirstOrCreate.
func firstOrPromises() []promise {
	return []promise{
		{
			name: "A8/FirstOrNewHit",
			says: "FirstOrNew returns the record that exists as it is, with one statement, and ignores the further values",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				e.sends(t, 1, func() {
					m, err := model.FirstOrNew[member](e.ctx, e.db, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "other", "Points": 9})
					require.NoError(t, err)
					require.Equal(t, "A", m.Name)
					require.Equal(t, 1, m.Points)
					require.False(t, m.IsNew())
					require.False(t, model.IsLocal(m))
					require.False(t, m.IsDirty())
				})
			},
			twin: func(e *env) { e.sql = bends("`members`.`name`", "'other'") },
		},
		{
			name: "A8/FirstOrNewMiss",
			says: "FirstOrNew without a row returns a new record of both values, bound to the database, and writes nothing",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				var m *member
				e.sends(t, 1, func() {
					require.NoError(t, e.do("new", func() (err error) {
						m, err = model.FirstOrNew[member](e.ctx, e.db, model.Attrs{"email": "c@x", "name": "C"}, model.Attrs{"Points": 9, "Name": "D"})
						return err
					}))
				})
				require.True(t, m.IsNew())
				require.True(t, model.IsLocal(m))
				require.Equal(t, model.Attrs{"Email": "c@x", "Name": "D", "Points": 9}, m.Dirty(), "the further values go before")
				require.EqualValues(t, 2, e.count(t, "members"))
				e.sends(t, 1, func() { require.NoError(t, m.Save(e.ctx)) })
				require.EqualValues(t, 3, e.count(t, "members"))
			},
			twin: func(e *env) {
				e.op["new"] = func(run func() error) error {
					_ = model.Insert(e.ctx, e.db, []*member{{Email: "c@x"}})
					return run()
				}
			},
		},
		{
			name: "A8/FirstOrNewInTransaction",
			says: "a record of FirstOrNew belongs to the transaction in which it was asked for",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				m, err := model.FirstOrNew[member](e.ctx, tx, model.Attrs{"email": "c@x"}, nil)
				require.NoError(t, err)
				require.NoError(t, m.Save(e.ctx))
				require.NoError(t, e.do("end", tx.Rollback))
				require.EqualValues(t, 2, e.count(t, "members"))
				require.True(t, m.IsNew())
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					_ = model.Insert(e.ctx, e.db, []*member{{Email: "c@x"}})
					return err
				}
			},
		},
		{
			name: "A8/FirstOrCreateHit",
			says: "FirstOrCreate returns the record that exists with one statement, writes nothing and runs no hook of a write",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				e.sends(t, 1, func() {
					m, err := model.FirstOrCreate[member](ctx, e.db, model.Attrs{"Email": "a@x"}, model.Attrs{"Name": "other", "Points": 9})
					require.NoError(t, err)
					require.Equal(t, "A", m.Name)
					require.False(t, model.IsLocal(m))
					require.False(t, m.IsDirty())
				})
				require.Empty(t, diary.taken())
				require.EqualValues(t, "A", e.rows(t, "SELECT name FROM members WHERE email = 'a@x'")[0]["name"])
			},
			twin: func(e *env) { e.sql = bends(" WHERE ", " WHERE points > 5 AND ") },
		},
		{
			name: "A8/FirstOrCreateMiss",
			says: "FirstOrCreate without a row inserts one of both values with a SELECT and an INSERT, and with the hooks of a new record",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				sent := e.sends(t, 2, func() {
					m, err := model.FirstOrCreate[member](ctx, e.db, model.Attrs{"email": "c@x", "name": "C"}, model.Attrs{"Points": 9, "Name": "D"})
					require.NoError(t, err)
					require.True(t, m.IsPersisted())
					require.True(t, model.IsLocal(m))
					require.False(t, m.IsDirty())
					require.NotZero(t, m.ID)
				})
				require.True(t, strings.HasPrefix(sent[0], "SELECT ") && strings.HasPrefix(sent[1], "INSERT "), sent)
				require.Equal(t, []string{"creating c@x", "saving c@x", "created c@x", "saved c@x", "committed c@x"}, diary.taken())
				row := e.rows(t, "SELECT name, points FROM members WHERE email = 'c@x'")[0]
				require.EqualValues(t, "D", row["name"], "the further values go before")
				require.EqualValues(t, 9, row["points"])
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "INSERT ") {
						return strings.Replace(sql, "?, ?, ?", "?, ?, 'E' || ?", 1)
					}
					return sql
				}
			},
		},
		{
			name: "A8/NilSearchesForNull",
			says: "a nil among the searched values looks for NULL, and a row that is made holds NULL",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				e.sends(t, 1, func() {
					m, err := model.FirstOrCreate[member](e.ctx, e.db, model.Attrs{"number": nil, "name": "B"}, nil)
					require.NoError(t, err)
					require.Equal(t, "b@x", m.Email)
				})
				e.sends(t, 2, func() {
					m, err := model.FirstOrCreate[member](e.ctx, e.db, model.Attrs{"number": nil, "name": "A"}, model.Attrs{"email": "c@x"})
					require.NoError(t, err, "the A that exists has a number")
					require.Equal(t, "c@x", m.Email)
					require.Nil(t, m.Number)
				})
				require.Nil(t, e.rows(t, "SELECT number FROM members WHERE email = 'c@x'")[0]["number"])
				e.sends(t, 0, func() {
					_, err := model.FirstOrCreate[member](e.ctx, e.db, model.Attrs{"name": nil}, nil)
					require.ErrorIs(t, err, model.ErrInvalidValue, "the column holds no NULL")
				})
			},
			twin: func(e *env) { e.sql = bends(" IS NULL", " IS NOT NULL") },
		},
		{
			name: "A8/AnyColumnFromCode",
			says: "the values given to finders come from code, so they may name keys, hidden and guarded columns",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				seen := e.clock.now.AddDate(-1, 0, 0)
				e.sends(t, 2, func() {
					a, err := model.FirstOrCreate[account](e.ctx, e.db, model.Attrs{"ID": "77"},
						model.Attrs{"Email": "a@example.com", "password": "secret", "CreatedAt": seen})
					require.NoError(t, err)
					require.EqualValues(t, 77, a.ID)
					require.Equal(t, seen, a.CreatedAt)
				})
				row := e.rows(t, "SELECT id, password FROM accounts")[0]
				require.EqualValues(t, 77, row["id"])
				require.EqualValues(t, "secret", see(e, "password", row["password"]))
			},
			twin: func(e *env) { e.seen["password"] = func(any) any { return "" } },
		},
		{
			name: "A8/FirstOrCreateInTransaction",
			says: "what FirstOrCreate makes in a transaction is gone after its rollback, and so are its hooks after the commit",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				ctx, diary := diaried(e.ctx)
				var m *member
				err := e.db.Transaction(ctx, func(ctx context.Context, tx *model.DB) (err error) {
					m, err = model.FirstOrCreate[member](ctx, e.db, model.Attrs{"email": "c@x"}, nil)
					require.NoError(t, err)
					again, err := model.FirstOrCreate[member](ctx, tx, model.Attrs{"email": "c@x"}, nil)
					require.NoError(t, err)
					require.Equal(t, m.ID, again.ID, "it was found in the same transaction")
					require.Equal(t, []string{"c@x"}, diary.at(hooks.Created))
					return e.do("end", func() error { return errReaction })
				})
				require.ErrorIs(t, err, errReaction)
				require.EqualValues(t, 2, e.count(t, "members"))
				require.True(t, m.IsNew())
				require.Zero(t, m.ID)
				require.Empty(t, diary.at(hooks.Committed))
			},
			twin: func(e *env) { e.op["end"] = func(func() error) error { return nil } },
		},
	}
}
