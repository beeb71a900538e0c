// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// moment is when records are deleted.
var moment = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// deletable is what a record of a model with soft deletes can do.
type deletable[T any] interface {
	model.Model[T]
	Trashed() bool
}

func TestEveryFormOfSoftDeleteKeepsTheRow(t *testing.T) {
	t.Run("Time", form[byTime]("deleted_at", moment))
	t.Run("Pointer", form[byPointer]("deleted_at", moment))
	t.Run("Struct", form[inStruct]("deleted_at", moment))
	t.Run("Prefix", form[withPrefix]("life_deleted_at", moment))
	t.Run("Seconds", form[bySeconds]("deleted_at", moment.Unix()))
	t.Run("Milliseconds", form[byMillis]("deleted_at", moment.UnixMilli()))
	t.Run("Nanoseconds", form[byNanos]("deleted_at", moment.UnixNano()))
	t.Run("Flag", form[byFlag]("is_del", int64(1)))
	t.Run("FlagAndTime", form[byFlagAndTime]("is_del", int64(1)))
}

// form tests one form of soft deletion. A deleted row has value in column.
func form[T any, P deletable[T]](column string, value any) func(t *testing.T) {
	return func(t *testing.T) {
		harness.Each(t, func(t *testing.T, e *harness.Env) {
			e.Migrate(t, P(new(T)))
			a, b := P(new(T)), P(new(T))
			require.NoError(t, model.CreateMany(e.Ctx, e.DB, []P{a, b}))
			require.False(t, a.Trashed())
			e.Sends(t, 1, func() { require.NoError(t, model.Delete(e.Ctx, e.DB, a)) })
			require.True(t, a.Trashed())
			byRecord[T, P](t, e, column, value)
			n, err := model.Query[T, P](e.DB).OnlyTrashed().AllRows().Restore(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
			require.Equal(t, []int64{2, 0}, counts[T, P](t, e))
			e.Sends(t, 1, func() {
				n, err = model.Query[T, P](e.DB).AllRows().Delete(e.Ctx)
				require.NoError(t, err)
			})
			require.EqualValues(t, 2, n)
			require.Equal(t, []int64{0, 2}, counts[T, P](t, e))
		})
	}
}

// byRecord tests the only deleted record, which it restores and deletes again.
func byRecord[T any, P deletable[T]](t *testing.T, e *harness.Env, column string, value any) {
	t.Helper()
	require.Equal(t, []int64{1, 1}, counts[T, P](t, e))
	if _, ok := value.(time.Time); ok {
		require.Equal(t, []time.Time{moment}, marks[time.Time, T, P](t, e, column))
	} else {
		require.Equal(t, []int64{harness.As[int64](t, value)}, marks[int64, T, P](t, e, column))
	}
	found, err := model.Query[T, P](e.DB).OnlyTrashed().Sole(e.Ctx)
	require.NoError(t, err)
	require.True(t, P(found).Trashed())
	require.NoError(t, restore(t, e, found))
	require.False(t, P(found).Trashed())
	require.Equal(t, []int64{2, 0}, counts[T, P](t, e))
	require.NoError(t, model.Delete(e.Ctx, e.DB, P(found)))
}

// marks returns what a column holds in the deleted rows.
func marks[V, T any, P model.Model[T]](t *testing.T, e *harness.Env, column string) (list []V) {
	t.Helper()
	require.NoError(t, model.Query[T, P](e.DB).OnlyTrashed().Pluck(e.Ctx, column, &list))
	return list
}

func restore(t *testing.T, e *harness.Env, record any) error {
	t.Helper()
	return harness.As[interface {
		Restore(ctx context.Context) error
	}](t, record).Restore(e.Ctx)
}

// counts returns how many rows are there and how many are deleted.
func counts[T any, P model.Model[T]](t *testing.T, e *harness.Env) []int64 {
	t.Helper()
	there, err := model.Query[T, P](e.DB).Count(e.Ctx)
	require.NoError(t, err)
	gone, err := model.Query[T, P](e.DB).OnlyTrashed().Count(e.Ctx)
	require.NoError(t, err)
	all, err := model.Query[T, P](e.DB).WithTrashed().Count(e.Ctx)
	require.NoError(t, err)
	require.Equal(t, there+gone, all)
	return []int64{there, gone}
}

func TestAFlagSetsItsTimeAndRestoreClearsBoth(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &byFlagAndTime{})
		r := &byFlagAndTime{}
		require.NoError(t, model.Create(e.Ctx, e.DB, r))
		require.NoError(t, r.Delete(e.Ctx))
		require.NoError(t, r.Refresh(e.Ctx))
		require.EqualValues(t, 1, r.IsDel)
		require.True(t, moment.Equal(*r.DeletedAt))
		require.NoError(t, r.Restore(e.Ctx))
		require.NoError(t, r.Refresh(e.Ctx))
		require.Zero(t, r.IsDel)
		require.Nil(t, r.DeletedAt)
	})
}

// The types below have clauses that gorm would run and Kindred does not.
type (
	silent   uint
	filter   uint
	stamped  uint
	enriched uint
)

func (silent) QueryClauses(*schema.Field) []clause.Interface  { return nil }
func (silent) DeleteClauses(*schema.Field) []clause.Interface { return nil }

func (filter) QueryClauses(f *schema.Field) []clause.Interface {
	return []clause.Interface{alive{field: f}}
}
func (stamped) UpdateClauses(*schema.Field) []clause.Interface  { return nil }
func (enriched) CreateClauses(*schema.Field) []clause.Interface { return nil }

type (
	hasSilent struct {
		model.BaseModel[hasSilent]
		ID   int64
		Mark silent
	}
	hasFilter struct {
		model.BaseModel[hasFilter]
		ID   int64
		Mark filter
	}
	hasStamped struct {
		model.BaseModel[hasStamped]
		ID   int64
		Mark stamped
	}
	hasEnriched struct {
		model.BaseModel[hasEnriched]
		ID   int64
		Mark enriched
	}
	hasZeroValue struct {
		model.BaseModel[hasZeroValue]
		ID        int64
		DeletedAt gorm.DeletedAt `gorm:"zeroValue:1970-01-01 00:00:01"`
	}
	hasTwo struct {
		model.BaseModel[hasTwo]
		ID        int64
		DeletedAt gorm.DeletedAt
		IsDel     unix `gorm:"softDelete:flag"`
	}
)

func TestRegisterRefusesClausesThatWouldNeverRun(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for text, m := range map[string]any{
			"field Mark: the DeleteClauses of softdelete_test.silent would never run":   &hasSilent{},
			"field Mark: the QueryClauses of softdelete_test.filter would never run":    &hasFilter{},
			"field Mark: the UpdateClauses of softdelete_test.stamped would never run":  &hasStamped{},
			"field Mark: the CreateClauses of softdelete_test.enriched would never run": &hasEnriched{},
			"field DeletedAt: zeroValue":                                        &hasZeroValue{},
			"fields DeletedAt and IsDel: a model has one field of soft deletes": &hasTwo{},
		} {
			require.ErrorContains(t, e.DB.Register(m), text)
		}
	})
}
