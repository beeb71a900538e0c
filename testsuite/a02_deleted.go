// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// deletedPromises are those of row A2 about records whose row is gone.
func deletedPromises() []promise {
	return []promise{
		{
			name: "A2/DeletedRefusesWrites",
			says: "every write of a deleted record is an ErrDeleted, sends nothing and changes nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Name: "n", Visits: 3}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, e.do("delete", func() error { return a.Delete(e.ctx) }))
				before := a.Attributes()
				ctx, db := e.ctx, e.db
				for name, write := range map[string]func() error{
					"Save":          func() error { return a.Save(ctx) },
					"SaveQuietly":   func() error { return model.SaveQuietly(ctx, nil, a) },
					"Delete":        func() error { return a.Delete(ctx) },
					"DeleteQuietly": func() error { return model.DeleteQuietly(ctx, nil, a) },
					"ForceDelete":   func() error { return a.ForceDelete(ctx) },
					"Touch":         func() error { return a.Touch(ctx) },
					"Increment":     func() error { return a.Increment(ctx, "visits", 1) },
					"Decrement":     func() error { return a.Decrement(ctx, "visits", 1) },
					"Fill":          func() error { return a.Fill(model.Attrs{"name": "x"}) },
					"Merge":         func() error { return a.Merge(model.Attrs{"name": "x"}) },
					"Restore":       func() error { return a.Restore(ctx) },
					"Refresh":       func() error { return a.Refresh(ctx) },
					"model.Save":    func() error { return model.Save(ctx, db, a) },
					"model.Delete":  func() error { return model.Delete(ctx, db, a) },
					"model.Create":  func() error { return model.Create(ctx, db, a) },
					"CreateMany":    func() error { return model.CreateMany(ctx, db, []*account{a}) },
					"Insert":        func() error { return model.Insert(ctx, db, []*account{a}) },
					"Upsert":        func() error { return model.Upsert(ctx, db, []*account{a}, []string{"email"}) },
				} {
					e.sends(t, 0, func() { require.ErrorIs(t, write(), model.ErrDeleted, name) })
					require.Equal(t, before, a.Attributes(), name)
				}
				require.Zero(t, e.count(t, "accounts"))
			},
			twin: without("delete"),
		},
		{
			name: "A2/DeletedIsGone",
			says: "Fresh and WithLock of a record whose row is gone are an ErrNotFound, by whomever it was deleted",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a, b := &account{Email: "a"}, &account{Email: "b"}
				require.NoError(t, model.CreateMany(e.ctx, e.db, []*account{a, b}))
				require.NoError(t, a.Delete(e.ctx))
				e.exec(t, "DELETE FROM accounts")
				for _, r := range []*account{a, b} {
					err := e.do("fresh", func() error {
						_, err := r.Fresh(e.ctx)
						return err
					})
					require.ErrorIs(t, err, model.ErrNotFound)
					err = model.WithLock(e.ctx, nil, r, func(context.Context, *account) error { return nil })
					require.ErrorIs(t, err, model.ErrNotFound)
				}
				require.ErrorIs(t, b.Refresh(e.ctx), model.ErrNotFound)
				require.False(t, b.IsDeleted(), "only a delete through the record makes it deleted")
			},
			twin: succeeding("fresh"),
		},
		{
			name: "A2/NewHasNoRow",
			says: "what needs a row is an ErrNotPersisted for a new record, and sends nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &note{})
				a, n := &account{Email: "a"}, &note{}
				model.UseDB(e.db, a)
				model.UseDB(e.db, n)
				for name, write := range map[string]func() error{
					"Delete":      func() error { return a.Delete(e.ctx) },
					"ForceDelete": func() error { return n.ForceDelete(e.ctx) },
					"Restore":     func() error { return n.Restore(e.ctx) },
					"Touch":       func() error { return a.Touch(e.ctx) },
					"Increment":   func() error { return a.Increment(e.ctx, "visits", 1) },
					"Refresh":     func() error { return a.Refresh(e.ctx) },
					"Fresh": func() error {
						_, err := a.Fresh(e.ctx)
						return err
					},
					"model.Delete": func() error { return model.Delete(e.ctx, e.db, a) },
				} {
					e.sends(t, 0, func() {
						err := e.do("write", write)
						require.ErrorIs(t, err, model.ErrNotPersisted, name)
						require.ErrorContains(t, err, "has no row yet", name)
					})
				}
				require.Equal(t, flagsNew, flagsOf(a))
			},
			twin: succeeding("write"),
		},
		{
			name: "A2/SoftDeletedIsTrashed",
			says: "a soft deleted record is Trashed and not IsDeleted, and may be saved, restored and deleted for good",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &note{})
				n := &note{Title: "t"}
				require.NoError(t, model.Create(e.ctx, e.db, n))
				e.sends(t, 1, func() { require.NoError(t, e.do("delete", func() error { return n.Delete(e.ctx) })) })
				require.Equal(t, flagsTrashed, flagsOf(n))
				require.Equal(t, e.clock.now, n.DeletedAt.Time)
				e.sends(t, 0, func() { require.NoError(t, n.Delete(e.ctx)) })
				n.Title = "saved"
				require.NoError(t, n.Save(e.ctx))
				require.Equal(t, flagsTrashed, flagsOf(n))
				e.sends(t, 1, func() { require.NoError(t, n.Restore(e.ctx)) })
				require.Equal(t, flagsCreated, flagsOf(n))
				e.sends(t, 0, func() { require.NoError(t, n.Restore(e.ctx)) })
				require.NoError(t, n.ForceDelete(e.ctx))
				require.Equal(t, flagsDeleted, flagsOf(n))
				require.Zero(t, e.count(t, "notes"))
			},
			twin: without("delete"),
		},
		{
			name: "A2/CreateTwice",
			says: "Create of a record that has a row is an ErrUnsupported and sends nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.sends(t, 0, func() {
					err := e.do("create", func() error { return model.Create(e.ctx, e.db, a) })
					require.ErrorIs(t, err, model.ErrUnsupported)
					require.ErrorIs(t, model.CreateMany(e.ctx, e.db, []*account{{Email: "b"}, a}), model.ErrUnsupported)
				})
				require.EqualValues(t, 1, e.count(t, "accounts"))
				require.ErrorIs(t, model.Create[account](e.ctx, e.db, nil), model.ErrUnsupported)
				require.ErrorIs(t, model.CreateMany(e.ctx, e.db, []*account{{Email: "c"}, {Email: "c"}}), model.ErrDuplicate)
				same := &account{Email: "d"}
				require.ErrorIs(t, model.CreateMany(e.ctx, e.db, []*account{same, same}), model.ErrInvalidValue)
				require.Equal(t, flagsNew, flagsOf(same))
				require.EqualValues(t, 1, e.count(t, "accounts"))
			},
			twin: succeeding("create"),
		},
	}
}
