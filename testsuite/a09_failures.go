// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// manyFailurePromises are about what is left when CreateMany fails.
func manyFailurePromises() []promise {
	return []promise{
		{
			name: "A9/DuplicateInALaterStatement",
			says: "a row that is refused in a later statement leaves no row of the earlier ones, and all records as before",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := make([]*account, 12_000)
				for i := range list {
					list[i] = &account{Email: strconv.Itoa(i)}
				}
				last := list[len(list)-1]
				last.Email = "0"
				err := e.do("create", func() error { return model.CreateMany(e.ctx, e.db, list) })
				require.ErrorIs(t, err, model.ErrDuplicate)
				var constraint *model.ConstraintError
				require.ErrorAs(t, err, &constraint)
				require.Equal(t, []string{"email"}, constraint.Columns)
				require.Zero(t, e.count(t, "accounts"))
				for i, a := range list {
					if !a.IsNew() || a.ID != 0 || !a.CreatedAt.IsZero() {
						t.Fatalf("record %d is %v", i, a.Attributes())
					}
				}
				last.Email = "last"
				require.NoError(t, model.CreateMany(e.ctx, e.db, list), "the same records can be tried again")
				require.EqualValues(t, len(list), e.count(t, "accounts"))
				equalsItsRow(t, e, last, last.ID)
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('a row that is left')").Error
					return err
				}
			},
		},
		{
			name: "A9/DuplicateInTheOnlyStatement",
			says: "a row that is refused leaves no row and all records as before, without a transaction, too",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := []*account{{Email: "a"}, {Email: "b"}, {Email: "a"}}
				for name, create := range map[string]func() error{
					"CreateMany": func() error { return model.CreateMany(e.ctx, e.db, list) },
					"Insert":     func() error { return model.Insert(e.ctx, e.db, list) },
				} {
					require.ErrorIs(t, e.do("create", create), model.ErrDuplicate, name)
					require.Zero(t, e.count(t, "accounts"), name)
					for _, a := range list {
						require.Equal(t, model.Attrs{"Email": a.Email}, a.Dirty(), name)
					}
				}
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('a row that is left')").Error
					return err
				}
			},
		},
		{
			name: "A9/RefusedRecords",
			says: "a record that is in the list twice, is saved, deleted or nil is refused, and nothing is sent",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				saved := someAccounts(t, e, 2)
				require.NoError(t, saved[1].Delete(e.ctx))
				twice := &account{Email: "twice"}
				for name, bad := range map[string]struct {
					list []*account
					want error
				}{
					"twice":   {[]*account{twice, {Email: "b"}, twice}, model.ErrInvalidValue},
					"saved":   {[]*account{{Email: "a"}, saved[0]}, model.ErrUnsupported},
					"deleted": {[]*account{{Email: "a"}, saved[1]}, model.ErrDeleted},
					"nil":     {[]*account{{Email: "a"}, nil}, model.ErrUnsupported},
				} {
					e.sends(t, 0, func() {
						require.ErrorIs(t, e.do("find", func() error { return model.CreateMany(e.ctx, e.db, bad.list) }), bad.want, name)
						require.ErrorIs(t, model.Insert(e.ctx, e.db, bad.list), bad.want, name)
					})
					require.True(t, bad.list[0].IsNew())
				}
			},
			twin: findsByText,
		},
		{
			name: "A9/BadValueSendsNothing",
			says: "a value that cannot be stored is refused before anything is sent, and names the field",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				for _, bad := range []*account{{Email: "a\x00b"}, {Email: "\xff"}} {
					e.sends(t, 0, func() {
						err := e.do("find", func() error { return model.CreateMany(e.ctx, e.db, []*account{{Email: "a"}, bad}) })
						require.ErrorIs(t, err, model.ErrInvalidValue)
						require.ErrorContains(t, err, "account.Email")
					})
				}
			},
			twin: findsByText,
		},
		{
			name: "A9/TransactionGoesOn",
			says: "a transaction in which CreateMany was refused is still good: what is written then is committed",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
					for range 2 {
						require.ErrorIs(t, model.CreateMany(ctx, tx, []*account{{Email: "b"}, {Email: "a"}}), model.ErrDuplicate)
						require.ErrorIs(t, model.Insert(ctx, tx, []*account{{Email: "b"}, {Email: "a"}}), model.ErrDuplicate)
					}
					err := model.CreateMany(ctx, tx, []*account{{Email: "b"}, {Email: "c"}})
					return e.do("end", func() error { return err })
				}))
				require.EqualValues(t, 3, e.count(t, "accounts"))
			},
			twin: func(e *env) { e.op["end"] = func(func() error) error { return errReaction } },
		},
		{
			name: "A9/EndedContext",
			says: "CreateMany in a context that has ended writes nothing and leaves the records as before",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				ctx, cancel := context.WithCancel(e.ctx)
				cancel()
				list := []*account{{Email: "a"}, {Email: "b"}}
				require.ErrorIs(t, e.do("create", func() error { return model.CreateMany(ctx, e.db, list) }), context.Canceled)
				require.Zero(t, e.count(t, "accounts"))
				require.True(t, list[0].IsNew())
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('a row that is left')").Error
					return run()
				}
			},
		},
	}
}
