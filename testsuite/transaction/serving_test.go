// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// The transaction in the context serves every call on its database: finders, builders, records and nested
// transactions.
func TestContextServesEveryCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		old := someAccounts(t, e, 2)
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, model.Create(ctx, e.DB, &account{Email: "1"}))
			require.NoError(t, save(ctx, &account{Email: "2"}))
			require.NoError(t, model.CreateMany(ctx, e.DB, []*account{{Email: "3"}, {Email: "4"}}))
			require.NoError(t, model.Upsert(ctx, e.DB, []*account{{Email: "5"}}, []string{"email"}))
			_, err := model.FirstOrCreate[account](ctx, e.DB, model.Attrs{"email": "6"}, nil)
			require.NoError(t, err)
			old[0].Name = "changed"
			require.NoError(t, old[0].Save(ctx))
			require.NoError(t, old[1].Delete(ctx))
			n, err := model.Query[account](e.DB).Where("name", "changed").Update(ctx, model.Attrs{"age": 1})
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
			n, err = model.Query[account](nil).Count(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 7, n)
			require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return old[0].Touch(ctx) }))
			require.EqualValues(t, 2, e.Count(t, "accounts"), "from outside")
			return errReaction
		}), errReaction)
		require.EqualValues(t, 2, e.Count(t, "accounts"))
		require.False(t, old[1].IsDeleted())
	})
}

// A record joins the open transaction that it was loaded from or saved in, without a context, and the
// database after its end.
func TestRecordJoinsTheTransactionItWasLoadedFrom(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved := someAccounts(t, e, 1)[0]
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		loaded, err := model.Query[account](tx).Find(e.Ctx, saved.ID)
		require.NoError(t, err)
		made := &account{Email: "made"}
		require.NoError(t, model.Create(e.Ctx, tx, made))
		for _, a := range []*account{loaded, made} {
			a.Name = "in the transaction"
			require.NoError(t, a.Save(e.Ctx))
			require.NoError(t, a.Increment(e.Ctx, "visits", 1))
			require.True(t, model.DBOf(a).Gorm().Statement.ConnPool == tx.Gorm().Statement.ConnPool, "the record's database is the transaction")
		}
		require.EqualValues(t, 1, e.Count(t, "accounts"))
		require.NoError(t, tx.Rollback())
		require.EqualValues(t, 1, e.Count(t, "accounts"))
		require.EqualValues(t, "name 0", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
		for _, a := range []*account{loaded, made} {
			a.Name = "after it"
			require.NoError(t, a.Save(e.Ctx))
		}
		require.EqualValues(t, 2, e.Count(t, "accounts"))
	})
}

// A record of a savepoint that has ended joins the transaction around it, as long as that is open.
func TestRecordOfAnEndedSavepointJoinsTheOuter(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		var a *account
		require.NoError(t, tx.Transaction(e.Ctx, func(ctx context.Context, inner *model.DB) error {
			a = &account{Email: "a"}
			return model.Create(ctx, inner, a)
		}))
		a.Name = "changed"
		require.NoError(t, a.Save(e.Ctx))
		require.Zero(t, e.Count(t, "accounts"))
		require.NoError(t, tx.Commit())
		require.EqualValues(t, "changed", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
	})
}

// The transaction in the context goes before the open one that a record was loaded from.
func TestContextComesBeforeTheRecordsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved := someAccounts(t, e, 1)[0]
		one, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		two, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		a, err := model.Query[account](one).Find(e.Ctx, saved.ID)
		require.NoError(t, err)
		a.Name = "changed"
		require.NoError(t, a.Save(model.WithDB(e.Ctx, two)))
		require.NoError(t, one.Rollback())
		require.EqualValues(t, "name 0", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
		require.NoError(t, two.Commit())
		require.EqualValues(t, "changed", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
	}, harness.ConcurrentWriters)
}

// A transaction that is given goes before the one in the context, and that one before a plain database.
func TestArgumentComesBeforeTheContext(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &member{})
		one, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		two, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		ctx := model.WithDB(e.Ctx, two)
		require.NoError(t, model.Create(ctx, one, &account{Email: "given"}))
		require.NoError(t, model.CreateMany(ctx, one, []*account{{Email: "given 2"}, {Email: "given 3"}}))
		_, err = model.FirstOrCreate[account](ctx, one, model.Attrs{"email": "given 4"}, nil)
		require.NoError(t, err)
		require.NoError(t, one.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
			return model.Create(ctx, e.DB, &account{Email: "given 5"})
		}))
		require.NoError(t, model.Create(ctx, e.DB, &account{Email: "context"}))
		n, err := model.Query[account](one).Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 5, n)
		n, err = model.Query[account](e.DB).Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.NoError(t, one.Rollback())
		require.NoError(t, two.Commit())
		require.Equal(t, []string{"context"}, emails(t, e))
	}, harness.ConcurrentWriters)
}

// A record that no database knows is ErrUnbound, unless the context carries a database; UseDB binds it too.
func TestUnboundRecordIsErrUnbound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		e.Sends(t, 0, func() {
			require.ErrorIs(t, save(e.Ctx, &account{Email: "a"}), model.ErrUnbound)
			require.ErrorIs(t, model.Create(e.Ctx, nil, &account{Email: "a"}), model.ErrUnbound)
			require.ErrorIs(t, model.CreateMany(e.Ctx, nil, []*account{{Email: "a"}}), model.ErrUnbound)
			_, err := model.Query[account](nil).All(e.Ctx)
			require.ErrorIs(t, err, model.ErrUnbound)
			_, err = model.FirstOrCreate[account](e.Ctx, nil, model.Attrs{"email": "a"}, nil)
			require.ErrorIs(t, err, model.ErrUnbound)
			require.ErrorIs(t, save(model.WithDB(e.Ctx, nil), &account{Email: "a"}), model.ErrUnbound)
		})
		ctx := model.WithDB(e.Ctx, e.DB)
		require.NoError(t, save(ctx, &account{Email: "a"}))
		require.NoError(t, model.Create(ctx, nil, &account{Email: "b"}))
		n, err := model.Query[account](nil).Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		c := &account{Email: "c"}
		c.UseDB(e.DB)
		require.NoError(t, save(e.Ctx, c))
		require.Equal(t, []string{"a", "b", "c"}, emails(t, e))
	})
}

// Records and transactions of two databases in one process do not mix: each call goes to its record's
// database.
func TestTwoDatabasesDoNotMix(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		other, past := newDatabase(t, e, &account{})
		a, b := &account{Email: "a"}, &account{Email: "b"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, other, b))
		require.Equal(t, a.ID, b.ID)
		require.False(t, model.Is(a, b), "the same key in another database")
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			a.Name, b.Name = "changed", "changed"
			require.NoError(t, a.Save(ctx))
			require.NoError(t, b.Save(ctx), "the transaction in ctx is of the other database")
			require.NoError(t, model.Create(ctx, other, &account{Email: "c"}))
			require.NoError(t, other.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
				require.NoError(t, model.Create(ctx, e.DB, &account{Email: "d"}))
				require.NoError(t, a.Increment(ctx, "visits", 1))
				return model.Create(ctx, other, &account{Email: "e"})
			}))
			return errReaction
		}), errReaction)
		require.Equal(t, []string{"a"}, emails(t, e))
		require.EqualValues(t, "", e.Rows(t, "SELECT name FROM accounts")[0]["name"])
		require.True(t, a.IsDirty("name"))
		var names []string
		require.NoError(t, past.Raw("SELECT email FROM accounts ORDER BY email").Scan(&names).Error)
		require.Equal(t, []string{"b", "c", "e"}, names)
		require.False(t, b.IsDirty())
	})
}

// What a hook writes with its context belongs to the transaction of the write, of one record and of many.
func TestHooksJoinTheTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{}, &account{})
		for _, at := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
			ctx, diary := diaried(e.Ctx)
			diary.react = func(ctx context.Context, moment hooks.Moment, m *member) error {
				if moment == at {
					if err := model.Create(ctx, e.DB, &account{Email: string(at) + m.Email}); err != nil {
						return err
					}
				}
				if moment == hooks.Saved && m.Email == "z" {
					return errReaction
				}
				return nil
			}
			for name, create := range map[string]func() error{
				"Create":     func() error { return model.Create(ctx, e.DB, &member{Email: "z"}) },
				"CreateMany": func() error { return model.CreateMany(ctx, e.DB, members("a", "z")) },
				"FirstOrCreate": func() error {
					_, err := model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": "z"}, nil)
					return err
				},
			} {
				require.ErrorIs(t, create(), errReaction, name)
				require.Empty(t, emails(t, e), "%s %s", name, at)
				require.Zero(t, e.Count(t, "members"), name)
			}
			require.NoError(t, model.Create(ctx, e.DB, &member{Email: "a"}))
			require.Equal(t, []string{string(at) + "a"}, emails(t, e))
			require.NoError(t, e.Gorm.Exec("DELETE FROM members").Error)
			require.NoError(t, e.Gorm.Exec("DELETE FROM accounts").Error)
		}
	})
}
