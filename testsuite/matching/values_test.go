// SPDX-License-Identifier: MIT

package matching_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Day struct {
	model.BaseModel[Day]

	ID     int64
	Date   time.Time `gorm:"type:date"`
	Visits []*Visit  `relation:"hasMany;foreignKey:Date;localKey:Date"`
}

type Visit struct {
	model.BaseModel[Visit]

	ID   int64
	Date time.Time `gorm:"type:date"`
}

type Blob struct {
	model.BaseModel[Blob]

	Hash  []byte  `gorm:"primaryKey"`
	Parts []*Part `relation:"hasMany;foreignKey:Hash;localKey:Hash"`
}

type Part struct {
	model.BaseModel[Part]

	ID   int64
	Hash []byte
	Blob *Blob `relation:"belongsTo;foreignKey:Hash;localKey:Hash"`
}

func TestDatesAreFoundWhateverTheTimeOfDay(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Day{}, &Visit{})
		noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
		day := &Day{Date: noon}
		require.NoError(t, model.Create(e.Ctx, e.DB, day))
		rows := []model.Attrs{{"Date": noon}, {"Date": noon.Add(time.Hour)}, {"Date": noon.AddDate(0, 0, 1)}}
		got, err := model.FetchOrCreateMany[Day](e.Ctx, e.DB, []string{"Date"}, rows)
		require.NoError(t, err)
		require.Equal(t, day.ID, got[0].ID)
		require.Same(t, got[0], got[1])
		require.EqualValues(t, 2, e.Count(t, "days"))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Visit{{Date: noon}, {Date: noon.AddDate(0, 0, 1)}}))
		days, err := model.Query[Day](e.DB).Preload("visits").All(e.Ctx)
		require.NoError(t, err)
		for _, d := range append(days, day) {
			require.NoError(t, d.Load(e.Ctx, "visits"))
			require.Len(t, d.Visits, 1)
		}
	})
}

func TestBytesAreMatchedByEveryByte(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Blob{}, &Part{})
		hashes := [][]byte{{0, 1}, {0, 1, 0}, {255}, []byte("a"), []byte("A")}
		for _, hash := range hashes {
			require.NoError(t, model.Create(e.Ctx, e.DB, &Blob{Hash: hash}))
			require.NoError(t, model.Create(e.Ctx, e.DB, &Part{Hash: hash}))
		}
		e.Sends(t, 2, func() {
			all, err := model.Query[Blob](e.DB).Preload("parts").All(e.Ctx)
			require.NoError(t, err)
			for _, b := range all {
				require.Len(t, b.Parts, 1)
				require.Equal(t, b.Hash, b.Parts[0].Hash)
			}
		})
		parts, err := model.Query[Part](e.DB).Preload("blob").All(e.Ctx)
		require.NoError(t, err)
		for _, p := range parts {
			require.Equal(t, p.Hash, p.Blob.Hash)
		}
	})
}
