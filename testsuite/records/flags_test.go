// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// flags are what a record says of itself.
type flags struct{ New, Persisted, Local, Deleted, Trashed bool }

// The flags of the states that a record can be in.
var (
	flagsNew     = flags{New: true, Local: true}
	flagsCreated = flags{Persisted: true, Local: true}
	flagsFetched = flags{Persisted: true}
	flagsDeleted = flags{Persisted: true, Local: true, Deleted: true}
	flagsTrashed = flags{Persisted: true, Local: true, Trashed: true}
)

type flagged interface {
	IsNew() bool
	IsPersisted() bool
	Related(name string) *relation.Client
	IsDeleted() bool
	Trashed() bool
}

func flagsOf(r flagged) flags {
	return flags{r.IsNew(), r.IsPersisted(), model.IsLocal(r), r.IsDeleted(), r.Trashed()}
}

// flagHook has hooks that fail when they are told to.
type flagHook struct {
	model.BaseModel[flagHook]

	ID   int64
	Name string
	fail hooks.Moment
}

var errHook = errors.New("refused by a hook")

// Define adds a hook to every moment of a write.
func (*flagHook) Define(d *model.Definition[flagHook]) {
	for _, m := range []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
	} {
		d.On(m, func(_ context.Context, f *flagHook) error {
			if f.fail == m {
				f.Name = "changed by a hook that fails"
				return errHook
			}
			return nil
		})
	}
}

// IsNew, IsPersisted, IsLocal and IsDeleted are true of new, created, fetched, saved and deleted records.
func TestFlagsFollowTheRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a@example.com"}
		require.Equal(t, flagsNew, flagsOf(a))
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.Equal(t, flagsCreated, flagsOf(a))
		got, err := model.Query[account](e.DB).Find(e.Ctx, a.ID)
		require.NoError(t, err)
		require.Equal(t, flagsFetched, flagsOf(got))
		got.Name = "b"
		require.NoError(t, got.Save(e.Ctx))
		require.Equal(t, flagsFetched, flagsOf(got))
		require.NoError(t, got.Refresh(e.Ctx))
		require.Equal(t, flagsFetched, flagsOf(got))
		fresh, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, flagsFetched, flagsOf(fresh))
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, flagsCreated, flagsOf(a), "a record that was made here stays local")
		require.Equal(t, flagsNew, flagsOf(a.Replicate()))
		require.NoError(t, a.Delete(e.Ctx))
		require.Equal(t, flagsDeleted, flagsOf(a))
		require.Equal(t, flagsFetched, flagsOf(got), "another record of the same row knows nothing of it")
	})
}

// CreateMany, Upsert and Insert make every one of their records persisted.
func TestManyRecordsBecomePersisted(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := []*account{{Email: "1"}, {Email: "2"}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		more := []*account{{Email: "2", Name: "x"}, {Email: "3"}}
		require.NoError(t, model.Upsert(e.Ctx, e.DB, more, []string{"Email"}))
		last := []*account{{Email: "4"}}
		require.NoError(t, model.Insert(e.Ctx, e.DB, last))
		for _, a := range append(append(list, more...), last...) {
			require.Equal(t, flagsCreated, flagsOf(a))
			require.False(t, a.IsDirty())
		}
		require.EqualValues(t, 4, e.Count(t, "accounts"))
	})
}

// A write that the database or a hook refuses leaves flags, fields and changes as they were, and can be
// tried again.
func TestFailedWriteLeavesTheRecordAsItWas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &flagHook{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "taken"}))
		a := &account{Email: "taken", Name: "x"}
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, a), model.ErrDuplicate)
		require.Equal(t, flagsNew, flagsOf(a))
		require.True(t, a.Equal(&account{Email: "taken", Name: "x"}), "key or timestamps are left behind")
		a.Email = "free"
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.Equal(t, flagsCreated, flagsOf(a))

		h := &flagHook{Name: "n"}
		for _, m := range []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved} {
			h.fail = m
			require.ErrorIs(t, model.Create(e.Ctx, e.DB, h), errHook, m)
			require.Equal(t, flagsNew, flagsOf(h), m)
			require.Zero(t, h.ID, m)
			require.Equal(t, "n", h.Name, m)
		}
		h.fail = ""
		require.NoError(t, model.Create(e.Ctx, e.DB, h))
		for _, m := range []hooks.Moment{hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved} {
			h.fail, h.Name = m, "pending"
			require.ErrorIs(t, h.Save(e.Ctx), errHook, m)
			require.Equal(t, flagsCreated, flagsOf(h), m)
			require.Equal(t, model.Attrs{"Name": "pending"}, h.Dirty(), m)
			require.Empty(t, h.Changes(), m)
		}
		for _, m := range []hooks.Moment{hooks.Deleting, hooks.Deleted} {
			h.fail = m
			require.ErrorIs(t, h.Delete(e.Ctx), errHook, m)
			require.Equal(t, flagsCreated, flagsOf(h), m)
			require.Equal(t, "pending", h.Name, m)
		}
		require.EqualValues(t, 1, e.Count(t, "flag_hooks"))
		h.fail = ""
		require.NoError(t, h.Save(e.Ctx))
		require.Equal(t, "pending", e.Row(t, "SELECT name FROM flag_hooks")["name"])
	})
}

// A DELETE that a foreign key refuses leaves the record undeleted and usable.
func TestRefusedDeleteLeavesTheRecordUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		e.Exec(t, "CREATE TABLE holders (account_id bigint REFERENCES accounts (id))")
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, e.Gorm.Exec("INSERT INTO holders VALUES (?)", a.ID).Error)
		err := a.Delete(e.Ctx)
		require.ErrorIs(t, err, model.ErrForeignKey)
		require.Equal(t, flagsCreated, flagsOf(a))
		a.Name = "still here"
		require.NoError(t, a.Save(e.Ctx))
		e.Exec(t, "DELETE FROM holders")
		require.NoError(t, a.Delete(e.Ctx))
		require.Equal(t, flagsDeleted, flagsOf(a))
	})
}

// A rollback takes back what it undid: an INSERT makes the record new again, a DELETE brings it back.
func TestRollbackTakesBackInsertAndDelete(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		kept, trashed := &account{Email: "kept"}, &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, kept))
		require.NoError(t, model.Create(e.Ctx, e.DB, trashed))
		created := &account{Email: "created", Name: "n"}
		undone := errors.New("undone")
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, model.Create(ctx, e.DB, created))
			require.Equal(t, flagsCreated, flagsOf(created))
			require.NoError(t, kept.Delete(ctx))
			require.Equal(t, flagsDeleted, flagsOf(kept))
			require.NoError(t, trashed.Delete(ctx))
			require.Equal(t, flagsTrashed, flagsOf(trashed))
			return undone
		})
		require.ErrorIs(t, err, undone)
		require.Equal(t, flagsNew, flagsOf(created))
		require.Zero(t, created.ID)
		require.True(t, created.CreatedAt.IsZero())
		require.Equal(t, "n", created.Name)
		require.Equal(t, flagsCreated, flagsOf(kept))
		require.Equal(t, flagsCreated, flagsOf(trashed))
		require.EqualValues(t, 1, trashed.Version)
		require.NoError(t, model.Save(e.Ctx, e.DB, created))
		kept.Name = "changed"
		require.NoError(t, kept.Save(e.Ctx))
		trashed.Title = "changed"
		require.NoError(t, trashed.Save(e.Ctx))
		require.EqualValues(t, 2, e.Count(t, "accounts"))
	})
}

// A rollback to a savepoint takes back what came after it and nothing else, also if it is a panic.
func TestRollbackToASavepointTakesBackOnlyWhatFollowedIt(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		outer, inner := &account{Email: "outer"}, &account{Email: "inner"}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, e.DB, outer))
			err := tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
				require.NoError(t, model.Create(ctx, e.DB, inner))
				require.NoError(t, outer.Delete(ctx))
				return errHook
			})
			require.ErrorIs(t, err, errHook)
			require.Equal(t, flagsCreated, flagsOf(outer))
			require.Equal(t, flagsNew, flagsOf(inner))
			require.PanicsWithValue(t, "oops", func() {
				_ = tx.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, inner.Save(ctx))
					panic("oops")
				})
			})
			require.Equal(t, flagsNew, flagsOf(inner))
			require.Zero(t, inner.ID)
			outer.Name = "saved"
			return outer.Save(ctx)
		}))
		require.Equal(t, flagsCreated, flagsOf(outer))
		require.Equal(t, "saved", e.Row(t, "SELECT name FROM accounts")["name"])
	})
}
