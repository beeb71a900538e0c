// SPDX-License-Identifier: MIT

package createmany_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A row that is refused in a later statement leaves no row of the earlier ones, and all records as before.
func TestDuplicateInALaterStatementLeavesNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := make([]*account, 12_000)
		for i := range list {
			list[i] = &account{Email: strconv.Itoa(i)}
		}
		last := list[len(list)-1]
		last.Email = "0"
		err := model.CreateMany(e.Ctx, e.DB, list)
		require.ErrorIs(t, err, model.ErrDuplicate)
		var constraint *model.ConstraintError
		require.ErrorAs(t, err, &constraint)
		require.Equal(t, []string{"email"}, constraint.Columns)
		require.Zero(t, e.Count(t, "accounts"))
		for i, a := range list {
			if !a.IsNew() || a.ID != 0 || !a.CreatedAt.IsZero() {
				t.Fatalf("record %d is %v", i, a.Attributes())
			}
		}
		last.Email = "last"
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list), "the same records can be tried again")
		require.EqualValues(t, len(list), e.Count(t, "accounts"))
		equalsItsRow(t, e, last, last.ID)
	})
}

// A row that is refused leaves no row and all records as before, without a transaction, too.
func TestDuplicateInTheOnlyStatementLeavesNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := []*account{{Email: "a"}, {Email: "b"}, {Email: "a"}}
		for name, create := range map[string]func() error{
			"CreateMany": func() error { return model.CreateMany(e.Ctx, e.DB, list) },
			"Insert":     func() error { return model.Insert(e.Ctx, e.DB, list) },
		} {
			require.ErrorIs(t, create(), model.ErrDuplicate, name)
			require.Zero(t, e.Count(t, "accounts"), name)
			for _, a := range list {
				require.Equal(t, model.Attrs{"Email": a.Email}, a.Dirty(), name)
			}
		}
	})
}

// A record that is in the list twice, is saved, deleted or nil is refused, and nothing is sent.
func TestRepeatedSavedAndNilRecordsAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved := someAccounts(t, e, 2)
		require.NoError(t, saved[1].Delete(e.Ctx))
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
			e.Sends(t, 0, func() {
				require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, bad.list), bad.want, name)
				require.ErrorIs(t, model.Insert(e.Ctx, e.DB, bad.list), bad.want, name)
			})
			require.True(t, bad.list[0].IsNew())
		}
	})
}

// A value that cannot be stored is refused before anything is sent, and names the field.
func TestBadValueSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, bad := range []*account{{Email: "a\x00b"}, {Email: "\xff"}} {
			e.Sends(t, 0, func() {
				err := model.CreateMany(e.Ctx, e.DB, []*account{{Email: "a"}, bad})
				require.ErrorIs(t, err, model.ErrInvalidValue)
				require.ErrorContains(t, err, "account.Email")
			})
		}
	})
}

// A transaction in which CreateMany was refused is still good: what is written then is committed.
func TestRefusedCreateManyLeavesTheTransactionUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &account{Email: "a"}))
			for range 2 {
				require.ErrorIs(t, model.CreateMany(ctx, tx, []*account{{Email: "b"}, {Email: "a"}}), model.ErrDuplicate)
				require.ErrorIs(t, model.Insert(ctx, tx, []*account{{Email: "b"}, {Email: "a"}}), model.ErrDuplicate)
			}
			err := model.CreateMany(ctx, tx, []*account{{Email: "b"}, {Email: "c"}})
			return err
		}))
		require.EqualValues(t, 3, e.Count(t, "accounts"))
	})
}

// CreateMany in a context that has ended writes nothing and leaves the records as before.
func TestEndedContextWritesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		ctx, cancel := context.WithCancel(e.Ctx)
		cancel()
		list := []*account{{Email: "a"}, {Email: "b"}}
		require.ErrorIs(t, model.CreateMany(ctx, e.DB, list), context.Canceled)
		require.Zero(t, e.Count(t, "accounts"))
		require.True(t, list[0].IsNew())
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
	})
}
