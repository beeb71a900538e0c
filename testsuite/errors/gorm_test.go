// SPDX-License-Identifier: MIT

package errors_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// limit has a constraint of every kind.
type limit struct {
	model.BaseModel[limit]

	ID      int64
	Name    string `gorm:"uniqueIndex;size:40"`
	N       int    `gorm:"check:limits_n,n < 10"`
	OtherID *int64
	Other   *limit `relation:"belongsTo;onDelete:CASCADE"`
}

// Code that knows gorm's sentinels finds them in Kindred's errors of the same meaning, and in no others.
func TestErrorsAreGormsToo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &limit{})
		one := &limit{Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, one))
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())
		sentinels := map[error]func() error{
			gorm.ErrRecordNotFound:          func() error { return harness.Err(model.Query[limit](e.DB).Find(e.Ctx, one.ID+1)) },
			gorm.ErrDuplicatedKey:           func() error { return model.Create(e.Ctx, e.DB, &limit{Name: "a"}) },
			gorm.ErrForeignKeyViolated:      func() error { return model.Create(e.Ctx, e.DB, &limit{Name: "b", OtherID: new(int64(99))}) },
			gorm.ErrCheckConstraintViolated: func() error { return model.Create(e.Ctx, e.DB, &limit{Name: "b", N: 10}) },
			gorm.ErrMissingWhereClause:      func() error { return harness.Err(model.Query[limit](e.DB).Delete(e.Ctx)) },
			gorm.ErrUnsupportedRelation:     func() error { return one.Load(e.Ctx, "others") },
			gorm.ErrInvalidTransaction:      func() error { return model.Create(e.Ctx, tx, &limit{Name: "c"}) },
		}
		for want, call := range sentinels {
			err := call()
			require.ErrorIs(t, err, want)
			for other := range sentinels {
				if !errors.Is(other, want) {
					require.NotErrorIs(t, err, other, "%v", want)
				}
			}
		}
	})
}
