// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// servingPromises are about which database or transaction serves a call.
func servingPromises() []promise {
	return []promise{
		{
			name: "A12/ContextServes",
			says: "the transaction in the context serves every call on its database: finders, builders, records and nested transactions",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				old := someAccounts(t, e, 2)
				require.ErrorIs(t, e.transaction(func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, model.Create(ctx, e.db, &account{Email: "1"}))
					require.NoError(t, save(ctx, &account{Email: "2"}))
					require.NoError(t, model.CreateMany(ctx, e.db, []*account{{Email: "3"}, {Email: "4"}}))
					require.NoError(t, model.Upsert(ctx, e.db, []*account{{Email: "5"}}, []string{"email"}))
					_, err := model.FirstOrCreate[account](ctx, e.db, model.Attrs{"email": "6"}, nil)
					require.NoError(t, err)
					old[0].Name = "changed"
					require.NoError(t, old[0].Save(ctx))
					require.NoError(t, old[1].Delete(ctx))
					n, err := model.Query[account](e.db).Where("name", "changed").Update(ctx, model.Attrs{"age": 1})
					require.NoError(t, err)
					require.EqualValues(t, 1, n)
					n, err = model.Query[account](nil).Count(ctx)
					require.NoError(t, err)
					require.EqualValues(t, 7, n)
					require.NoError(t, e.db.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return old[0].Touch(ctx) }))
					require.EqualValues(t, 2, e.count(t, "accounts"), "from outside")
					return errReaction
				}), errReaction)
				require.EqualValues(t, 2, e.count(t, "accounts"))
				require.False(t, old[1].IsDeleted())
			},
			twin: commits,
		},
		{
			name: "A12/RecordRemembers",
			says: "a record joins the open transaction that it was loaded from or saved in, without a context, and the database after its end",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				saved := someAccounts(t, e, 1)[0]
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				loaded, err := model.Query[account](tx).Find(e.ctx, saved.ID)
				require.NoError(t, err)
				made := &account{Email: "made"}
				require.NoError(t, model.Create(e.ctx, tx, made))
				for _, a := range []*account{loaded, made} {
					a.Name = "in the transaction"
					require.NoError(t, a.Save(e.ctx))
					require.NoError(t, a.Increment(e.ctx, "visits", 1))
					require.True(t, model.DBOf(a).Gorm().Statement.ConnPool == tx.Gorm().Statement.ConnPool, "the record's database is the transaction")
				}
				require.EqualValues(t, 1, e.count(t, "accounts"))
				require.NoError(t, e.do("end", tx.Rollback))
				require.EqualValues(t, 1, e.count(t, "accounts"))
				require.EqualValues(t, "name 0", e.rows(t, "SELECT name FROM accounts")[0]["name"])
				for _, a := range []*account{loaded, made} {
					a.Name = "after it"
					require.NoError(t, a.Save(e.ctx))
				}
				require.EqualValues(t, 2, e.count(t, "accounts"))
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE accounts SET name = 'in the transaction'").Error
					return err
				}
			},
		},
		{
			name: "A12/RecordOfASavepoint",
			says: "a record of a savepoint that has ended joins the transaction around it, as long as that is open",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				var a *account
				require.NoError(t, tx.Transaction(e.ctx, func(ctx context.Context, inner *model.DB) error {
					a = &account{Email: "a"}
					return model.Create(ctx, inner, a)
				}))
				a.Name = "changed"
				require.NoError(t, a.Save(e.ctx))
				require.Zero(t, e.count(t, "accounts"))
				require.NoError(t, e.do("end", tx.Commit))
				require.EqualValues(t, "changed", e.rows(t, "SELECT name FROM accounts")[0]["name"])
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE accounts SET name = ''").Error
					return err
				}
			},
		},
		{
			name:  "A12/ContextBeforeRecord",
			says:  "the transaction in the context goes before the open one that a record was loaded from",
			needs: []Feature{Isolation},
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				saved := someAccounts(t, e, 1)[0]
				one, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				two, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				a, err := model.Query[account](one).Find(e.ctx, saved.ID)
				require.NoError(t, err)
				a.Name = "changed"
				require.NoError(t, a.Save(model.WithDB(e.ctx, two)))
				require.NoError(t, one.Rollback())
				require.EqualValues(t, "name 0", e.rows(t, "SELECT name FROM accounts")[0]["name"])
				require.NoError(t, e.do("end", two.Commit))
				require.EqualValues(t, "changed", e.rows(t, "SELECT name FROM accounts")[0]["name"])
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE accounts SET name = ''").Error
					return err
				}
			},
		},
		{
			name:  "A12/ArgumentBeforeContext",
			says:  "a transaction that is given goes before the one in the context, and that one before a plain database",
			needs: []Feature{Isolation},
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &member{})
				one, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				two, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				ctx := model.WithDB(e.ctx, two)
				require.NoError(t, model.Create(ctx, one, &account{Email: "given"}))
				require.NoError(t, model.CreateMany(ctx, one, []*account{{Email: "given 2"}, {Email: "given 3"}}))
				_, err = model.FirstOrCreate[account](ctx, one, model.Attrs{"email": "given 4"}, nil)
				require.NoError(t, err)
				require.NoError(t, one.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
					return model.Create(ctx, e.db, &account{Email: "given 5"})
				}))
				require.NoError(t, model.Create(ctx, e.db, &account{Email: "context"}))
				n, err := model.Query[account](one).Count(ctx)
				require.NoError(t, err)
				require.EqualValues(t, 5, n)
				n, err = model.Query[account](e.db).Count(ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.NoError(t, e.do("end", one.Rollback))
				require.NoError(t, two.Commit())
				require.Equal(t, []string{"context"}, emails(t, e))
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('a row that is left')").Error
					return err
				}
			},
		},
		{
			name: "A12/Unbound",
			says: "a record that no database knows is ErrUnbound, unless the context carries a database; UseDB binds it too",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				e.sends(t, 0, func() {
					require.ErrorIs(t, e.do("save", func() error { return save(e.ctx, &account{Email: "a"}) }), model.ErrUnbound)
					require.ErrorIs(t, model.Create(e.ctx, nil, &account{Email: "a"}), model.ErrUnbound)
					require.ErrorIs(t, model.CreateMany(e.ctx, nil, []*account{{Email: "a"}}), model.ErrUnbound)
					_, err := model.Query[account](nil).All(e.ctx)
					require.ErrorIs(t, err, model.ErrUnbound)
					_, err = model.FirstOrCreate[account](e.ctx, nil, model.Attrs{"email": "a"}, nil)
					require.ErrorIs(t, err, model.ErrUnbound)
					require.ErrorIs(t, save(model.WithDB(e.ctx, nil), &account{Email: "a"}), model.ErrUnbound)
				})
				ctx := model.WithDB(e.ctx, e.db)
				require.NoError(t, save(ctx, &account{Email: "a"}))
				require.NoError(t, model.Create(ctx, nil, &account{Email: "b"}))
				n, err := model.Query[account](nil).Count(ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				c := &account{Email: "c"}
				model.UseDB(e.db, c)
				require.NoError(t, save(e.ctx, c))
				require.Equal(t, []string{"a", "b", "c"}, emails(t, e))
			},
			twin: func(e *env) { e.op["save"] = func(func() error) error { return nil } },
		},
		{
			name: "A12/TwoDatabases",
			says: "records and transactions of two databases in one process do not mix: each call goes to its record's database",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				other, past := e.newDatabase(t, &account{})
				a, b := &account{Email: "a"}, &account{Email: "b"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, model.Create(e.ctx, other, b))
				require.Equal(t, a.ID, b.ID)
				require.False(t, model.Is(a, b), "the same key in another database")
				require.ErrorIs(t, e.transaction(func(ctx context.Context, _ *model.DB) error {
					a.Name, b.Name = "changed", "changed"
					require.NoError(t, a.Save(ctx))
					require.NoError(t, b.Save(ctx), "the transaction in ctx is of the other database")
					require.NoError(t, model.Create(ctx, other, &account{Email: "c"}))
					require.NoError(t, other.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
						require.NoError(t, model.Create(ctx, e.db, &account{Email: "d"}))
						require.NoError(t, a.Increment(ctx, "visits", 1))
						return model.Create(ctx, other, &account{Email: "e"})
					}))
					return errReaction
				}), errReaction)
				require.Equal(t, []string{"a"}, emails(t, e))
				require.EqualValues(t, "", e.rows(t, "SELECT name FROM accounts")[0]["name"])
				require.True(t, a.IsDirty("name"))
				var names []string
				require.NoError(t, past.Raw("SELECT email FROM accounts ORDER BY email").Scan(&names).Error)
				require.Equal(t, []string{"b", "c", "e"}, names)
				require.False(t, b.IsDirty())
			},
			twin: commits,
		},
		{
			name: "A12/HooksJoin",
			says: "what a hook writes with its context belongs to the transaction of the write, of one record and of many",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{}, &account{})
				for _, at := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
					ctx, diary := diaried(e.ctx)
					diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
						if moment == at {
							if err := model.Create(ctx, e.db, &account{Email: string(at) + m.Email}); err != nil {
								return err
							}
						}
						if moment == hooks.Saved && m.Email == "z" {
							return errReaction
						}
						return nil
					}
					for name, create := range map[string]func() error{
						"Create":     func() error { return model.Create(ctx, e.db, &member{Email: "z"}) },
						"CreateMany": func() error { return model.CreateMany(ctx, e.db, members("a", "z")) },
						"FirstOrCreate": func() error {
							_, err := model.FirstOrCreate[member](ctx, e.db, model.Attrs{"email": "z"}, nil)
							return err
						},
					} {
						require.ErrorIs(t, e.do("transaction", create), errReaction, name)
						require.Empty(t, emails(t, e), "%s %s", name, at)
						require.Zero(t, e.count(t, "members"), name)
					}
					require.NoError(t, model.Create(ctx, e.db, &member{Email: "a"}))
					require.Equal(t, []string{string(at) + "a"}, emails(t, e))
					require.NoError(t, e.gorm.Exec("DELETE FROM members").Error)
					require.NoError(t, e.gorm.Exec("DELETE FROM accounts").Error)
				}
			},
			twin: commits,
		},
	}
}
