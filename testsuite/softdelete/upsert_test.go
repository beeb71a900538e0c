// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type (
	full struct {
		model.BaseModel[full]
		ID        int64
		Email     string `gorm:"uniqueIndex"`
		Name      string
		DeletedAt gorm.DeletedAt
	}
	flagged struct {
		model.BaseModel[flagged]
		ID    int64
		Email string `gorm:"unique"`
		Name  string
		IsDel unix `gorm:"softDelete:flag;default:0"`
	}
	partial struct {
		model.BaseModel[partial]
		ID        int64
		Email     string `gorm:"uniqueIndex:,where:deleted_at IS NULL"`
		Name      string
		DeletedAt gorm.DeletedAt
	}
)

func TestUpsertBringsADeletedRowBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &full{}, &flagged{})
		old := &full{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, old))
		require.NoError(t, old.Delete(e.Ctx))
		again := &full{Email: "a", Name: "A"}
		e.Sends(t, 1, func() {
			require.NoError(t, model.Upsert(e.Ctx, e.DB, []*full{again}, []string{"email"}, "name"))
		})
		require.Equal(t, old.ID, again.ID)
		require.False(t, again.Trashed())
		require.Equal(t, []int64{1, 0}, counts[full](t, e))

		marked := &flagged{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, marked))
		require.NoError(t, marked.Delete(e.Ctx))
		require.NoError(t, model.Upsert(e.Ctx, e.DB, []*flagged{{Email: "a", Name: "A"}}, []string{"email"}, "name"))
		require.Equal(t, []int64{1, 0}, counts[flagged](t, e))
	})
}

func TestUpsertFindsTheIndexThatLeavesDeletedRowsOut(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &partial{})
		old := &partial{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, old))
		upsert := func(name string) {
			require.NoError(t, model.Upsert(e.Ctx, e.DB, []*partial{{Email: "a", Name: name}}, []string{"email"}, "name"))
		}
		upsert("A")
		require.Equal(t, []int64{1, 0}, counts[partial](t, e))
		require.NoError(t, old.Delete(e.Ctx))
		upsert("B")
		require.Equal(t, []int64{1, 1}, counts[partial](t, e))
		found, err := model.Query[partial](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "B", found.Name)
	}, harness.PartialIndexes)
}
