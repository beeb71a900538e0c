// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Every write of a deleted record is an ErrDeleted, sends nothing and changes nothing.
func TestDeletedRecordRefusesEveryWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a", Name: "n", Visits: 3}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, a.Delete(e.Ctx))
		before := a.Attributes()
		ctx, db := e.Ctx, e.DB
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
			e.Sends(t, 0, func() { require.ErrorIs(t, write(), model.ErrDeleted, name) })
			require.Equal(t, before, a.Attributes(), name)
		}
		require.Zero(t, e.Count(t, "accounts"))
	})
}

// Fresh and WithLock of a record whose row is gone are an ErrNotFound, by whomever it was deleted.
func TestReadingARowThatIsGoneIsErrNotFound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a, b := &account{Email: "a"}, &account{Email: "b"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*account{a, b}))
		require.NoError(t, a.Delete(e.Ctx))
		e.Exec(t, "DELETE FROM accounts")
		for _, r := range []*account{a, b} {
			err := func() error {
				_, err := r.Fresh(e.Ctx)
				return err
			}()
			require.ErrorIs(t, err, model.ErrNotFound)
			err = r.WithLock(e.Ctx, func(context.Context, *account) error { return nil })
			require.ErrorIs(t, err, model.ErrNotFound)
		}
		require.ErrorIs(t, b.Refresh(e.Ctx), model.ErrNotFound)
		require.False(t, b.IsDeleted(), "only a delete through the record makes it deleted")
	})
}

// What needs a row is an ErrNotPersisted for a new record, and sends nothing.
func TestNewRecordRefusesWhatNeedsARow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		a, n := &account{Email: "a"}, &note{}
		a.UseDB(e.DB)
		n.UseDB(e.DB)
		for name, write := range map[string]func() error{
			"Delete":      func() error { return a.Delete(e.Ctx) },
			"ForceDelete": func() error { return n.ForceDelete(e.Ctx) },
			"Restore":     func() error { return n.Restore(e.Ctx) },
			"Touch":       func() error { return a.Touch(e.Ctx) },
			"Increment":   func() error { return a.Increment(e.Ctx, "visits", 1) },
			"Refresh":     func() error { return a.Refresh(e.Ctx) },
			"Fresh": func() error {
				_, err := a.Fresh(e.Ctx)
				return err
			},
			"model.Delete": func() error { return model.Delete(e.Ctx, e.DB, a) },
		} {
			e.Sends(t, 0, func() {
				err := write()
				require.ErrorIs(t, err, model.ErrNotPersisted, name)
				require.ErrorContains(t, err, "has no row yet", name)
			})
		}
		require.Equal(t, flagsNew, flagsOf(a))
	})
}

// A soft deleted record is Trashed and not IsDeleted, and may be saved, restored and deleted for good.
func TestSoftDeletedRecordIsTrashed(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &note{})
		n := &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		e.Sends(t, 1, func() { require.NoError(t, n.Delete(e.Ctx)) })
		require.Equal(t, flagsTrashed, flagsOf(n))
		require.Equal(t, e.Clock.Now(), n.DeletedAt.Time)
		e.Sends(t, 0, func() { require.NoError(t, n.Delete(e.Ctx)) })
		n.Title = "saved"
		require.NoError(t, n.Save(e.Ctx))
		require.Equal(t, flagsTrashed, flagsOf(n))
		e.Sends(t, 1, func() { require.NoError(t, n.Restore(e.Ctx)) })
		require.Equal(t, flagsCreated, flagsOf(n))
		e.Sends(t, 0, func() { require.NoError(t, n.Restore(e.Ctx)) })
		require.NoError(t, n.ForceDelete(e.Ctx))
		require.Equal(t, flagsDeleted, flagsOf(n))
		require.Zero(t, e.Count(t, "notes"))
	})
}

// Create of a record that has a row is an ErrUnsupported and sends nothing.
func TestCreateRefusesARecordWithARow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Sends(t, 0, func() {
			err := model.Create(e.Ctx, e.DB, a)
			require.ErrorIs(t, err, model.ErrUnsupported)
			require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, []*account{{Email: "b"}, a}), model.ErrUnsupported)
		})
		require.EqualValues(t, 1, e.Count(t, "accounts"))
		require.ErrorIs(t, model.Create[account](e.Ctx, e.DB, nil), model.ErrUnsupported)
		require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, []*account{{Email: "c"}, {Email: "c"}}), model.ErrDuplicate)
		same := &account{Email: "d"}
		require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, []*account{same, same}), model.ErrInvalidValue)
		require.Equal(t, flagsNew, flagsOf(same))
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}
