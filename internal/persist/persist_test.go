// SPDX-License-Identifier: MIT

package persist_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type item struct {
	model.BaseModel[item]

	ID        int64
	Name      string `gorm:"uniqueIndex"`
	Amount    int
	Version   int `model:"version"`
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

var errHook = errors.New("the hook refuses")

// watched has hooks that fail when its name says so.
type watched struct {
	model.BaseModel[watched]

	ID   int64
	Name string
}

func (w *watched) Saved(context.Context) error {
	if w.Name == "refused" {
		return errHook
	}
	return nil
}

func each(t *testing.T, check func(t *testing.T, e *harness.Env, h *tx.Handle)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &item{}, &watched{})
		check(t, e, tx.From(model.WithDB(e.Ctx, e.DB)))
	})
}

func stateOf(t *testing.T, rec any) *record.State {
	t.Helper()
	s, err := record.From(rec)
	require.NoError(t, err)
	return s
}

func save(t *testing.T, e *harness.Env, h *tx.Handle, rec any) {
	t.Helper()
	require.NoError(t, persist.Save(e.Ctx, h, stateOf(t, rec)))
}

func TestSaveInsertsThenWritesWhatDiffers(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		i := &item{Name: "a", Amount: 1}
		e.Sends(t, 1, func() { save(t, e, h, i) })
		require.Equal(t, []any{int64(1), e.Clock.Now(), e.Clock.Now(), 1}, []any{i.ID, i.CreatedAt, i.UpdatedAt, i.Version})
		e.Sends(t, 0, func() { save(t, e, h, i) })

		e.Clock.Add(time.Hour)
		i.Amount = 2
		sent := e.Sends(t, 1, func() { save(t, e, h, i) })
		require.NotContains(t, sent[0], "name", "a clean column is not written")
		require.Equal(t, []any{e.Clock.Now(), e.Clock.Now().Add(-time.Hour), 2}, []any{i.UpdatedAt, i.CreatedAt, i.Version})
		require.EqualValues(t, 2, e.Row(t, "SELECT amount FROM items")["amount"])
	})
}

func TestAForcedSaveWritesACleanRecord(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		i := &item{Name: "a"}
		save(t, e, h, i)
		stateOf(t, i).Force()
		e.Sends(t, 1, func() { save(t, e, h, i) })
		require.False(t, stateOf(t, i).Forced(), "once")
		e.Sends(t, 0, func() { save(t, e, h, i) })
	})
}

func TestAStaleRecordIsNotWritten(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		i := &item{Name: "a"}
		save(t, e, h, i)
		e.Exec(t, "UPDATE items SET version = 9, amount = 5")
		i.Amount = 1
		require.ErrorIs(t, persist.Save(e.Ctx, h, stateOf(t, i)), errs.ErrStale)
		require.Equal(t, 1, i.Version, "the record is as before")
		require.True(t, stateOf(t, i).IsDirty())
		require.EqualValues(t, 5, e.Row(t, "SELECT amount FROM items")["amount"])
	})
}

func TestAFailedInsertLeavesTheRecordNew(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		save(t, e, h, &item{Name: "a"})
		again := &item{Name: "a"}
		err := persist.Save(e.Ctx, h, stateOf(t, again))
		require.ErrorIs(t, err, errs.ErrDuplicate)
		require.False(t, stateOf(t, again).Persisted())
		require.Zero(t, again.ID)
		require.Zero(t, again.CreatedAt)
		again.Name = "b"
		save(t, e, h, again)
		require.EqualValues(t, 2, e.Count(t, "items"))
	})
}

func TestAFailingHookUndoesTheWrite(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		w := &watched{Name: "refused"}
		require.ErrorIs(t, persist.Save(e.Ctx, h, stateOf(t, w)), errHook)
		require.EqualValues(t, 0, e.Count(t, "watcheds"))
		require.Zero(t, w.ID)
		require.False(t, stateOf(t, w).Persisted())
		w.Name = "allowed"
		save(t, e, h, w)
		w.Name = "refused"
		require.ErrorIs(t, persist.Save(e.Ctx, h, stateOf(t, w)), errHook)
		require.Equal(t, "allowed", e.Row(t, "SELECT name FROM watcheds")["name"])
		require.True(t, stateOf(t, w).IsDirty(), "the change is still to be saved")
	})
}

func TestDeleteAndRestore(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		i := &item{Name: "a"}
		require.ErrorIs(t, persist.Delete(e.Ctx, h, stateOf(t, i)), errs.ErrNotPersisted)
		save(t, e, h, i)
		require.NoError(t, persist.Delete(e.Ctx, h, stateOf(t, i)))
		require.EqualValues(t, 1, e.Count(t, "items"), "a soft delete keeps the row")
		require.True(t, stateOf(t, i).Trashed())
		require.NoError(t, persist.Restore(e.Ctx, h, stateOf(t, i)))
		require.False(t, stateOf(t, i).Trashed())
		require.NoError(t, persist.ForceDelete(e.Ctx, h, stateOf(t, i)))
		require.EqualValues(t, 0, e.Count(t, "items"))
		require.True(t, stateOf(t, i).Deleted())
		require.ErrorIs(t, persist.Save(e.Ctx, h, stateOf(t, i)), errs.ErrDeleted)
	})
}

func TestInsertManyIsAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		list, err := record.List([]*item{{Name: "a"}, {Name: "b"}, {Name: "c", Amount: 3}})
		require.NoError(t, err)
		require.NoError(t, persist.InsertMany(e.Ctx, h, list))
		require.EqualValues(t, 3, e.Count(t, "items"))
		for n, s := range list {
			require.True(t, s.Persisted())
			require.False(t, s.IsDirty())
			require.NotZero(t, s.Model.Columns[0].At(s.Owner), "record %d has its key", n)
		}
		again, err := record.List([]*item{{Name: "d"}, {Name: "a"}})
		require.NoError(t, err)
		require.ErrorIs(t, persist.InsertMany(e.Ctx, h, again), errs.ErrDuplicate)
		require.EqualValues(t, 3, e.Count(t, "items"))
		require.False(t, again[0].Persisted())
		require.NoError(t, persist.InsertMany(e.Ctx, h, nil), "nothing is to be done")
	})
}

func TestInsertNewYieldsToARow(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		made, err := persist.InsertNew(e.Ctx, h, stateOf(t, &item{Name: "a"}))
		require.NoError(t, err)
		require.True(t, made)
		second := &item{Name: "a", Amount: 9}
		made, err = persist.InsertNew(e.Ctx, h, stateOf(t, second))
		require.NoError(t, err)
		require.False(t, made)
		require.False(t, stateOf(t, second).Persisted())
		require.EqualValues(t, 0, e.Row(t, "SELECT amount FROM items")["amount"])
	})
}
