// SPDX-License-Identifier: MIT

// Package computed_test holds the promises about columns that the database computes.
package computed_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type shelf struct {
	model.BaseModel[shelf]

	ID    int64
	Items []*item `relation:"hasMany"`
	Boxes []*item `relation:"manyToMany"`
	Top   *item   `relation:"hasOne"`
}

type item struct {
	model.BaseModel[item]

	ID        int64
	ShelfID   *int64
	Price     int
	Amount    int  `gorm:"default:2"`
	Total     int  `gorm:"->;type:integer GENERATED ALWAYS AS (price * amount) STORED"`
	Alive     bool `gorm:"->;type:boolean GENERATED ALWAYS AS (deleted_at IS NULL) STORED"`
	Version   int  `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt

	Shelf *shelf `relation:"belongsTo"`
}

// writes are all calls that write one record.
func writes(e *harness.Env, s *shelf) []struct {
	name string
	run  func(ctx context.Context, i *item) error
} {
	items := relation.HasMany(s, &s.Items)
	return []struct {
		name string
		run  func(ctx context.Context, i *item) error
	}{
		{"Create", func(ctx context.Context, i *item) error { return model.Create(ctx, e.DB, i) }},
		{"Save", func(ctx context.Context, i *item) error { i.Price = 11; return i.Save(ctx) }},
		{"Increment", func(ctx context.Context, i *item) error { return i.Increment(ctx, "price", 4) }},
		{"Decrement", func(ctx context.Context, i *item) error { return i.Decrement(ctx, "amount", 1) }},
		{"Touch", func(ctx context.Context, i *item) error { e.Clock.Add(time.Second); return i.Touch(ctx) }},
		{"Delete", func(ctx context.Context, i *item) error { return i.Delete(ctx) }},
		{"Restore", func(ctx context.Context, i *item) error { return i.Restore(ctx) }},
		{"Upsert", func(ctx context.Context, i *item) error { i.Price = 3; return model.Upsert(ctx, e.DB, []*item{i}, nil) }},
		{"relation Save", func(ctx context.Context, i *item) error { i.Amount = 9; return items.Save(ctx, i) }},
		{"Dissociate", func(ctx context.Context, i *item) error { return relation.BelongsTo(i, &i.Shelf).Dissociate(ctx) }},
		{"Associate", func(ctx context.Context, i *item) error { return relation.BelongsTo(i, &i.Shelf).Associate(ctx, s) }},
		{"Push", func(ctx context.Context, i *item) error { i.Price = 8; return i.Push(ctx) }},
	}
}

func TestRecordsEqualTheirRowsAfterEveryWrite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &shelf{}, &item{})
		s, i := &shelf{}, &item{Price: 5}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		for _, w := range writes(e, s) {
			require.NoError(t, w.run(e.Ctx, i), w.name)
			fresh, err := i.Fresh(e.Ctx)
			require.NoError(t, err, w.name)
			require.Equal(t, fresh.Attributes(), i.Attributes(), w.name)
			require.Equal(t, fresh.Attributes(), i.Original(), w.name)
			require.False(t, i.IsDirty(), w.name)
		}
	})
}
