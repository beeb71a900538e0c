// SPDX-License-Identifier: MIT

package values_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// rounding has columns that a database may round, cut or pad, and one that it computes.
type rounding struct {
	model.BaseModel[rounding]

	ID       int64
	Name     string     `gorm:"uniqueIndex"`
	Price    string     `gorm:"type:decimal(10,2)"`
	PPrice   *string    `gorm:"type:numeric(6,1)"`
	Cash     money      `gorm:"type:decimal(10,1)"`
	Rate     float64    `gorm:"precision:10;scale:2"`
	PRate    *float64   `gorm:"precision:10;scale:1"`
	Real     float64    `gorm:"type:real"`
	Code     string     `gorm:"type:char(5)"`
	Milli    time.Time  `gorm:"precision:3"`
	PMilli   *time.Time `gorm:"precision:3"`
	Seconds  time.Time  `gorm:"type:timestamp(0)"`
	Day      time.Time  `gorm:"type:date"`
	Base     int
	Doubled  int       `gorm:"->;type:integer GENERATED ALWAYS AS (base * 2) STORED"`
	Stamped  time.Time `gorm:"autoUpdateTime;precision:3"`
	Recorded string    `gorm:"->;default:'by default'"`
}

// someRounding has values of more digits than its columns.
func someRounding(name string) *rounding {
	at := time.Date(2024, 12, 31, 23, 59, 58, 987_654_321, time.UTC)
	return &rounding{
		Name: name, Price: "1.239", PPrice: new("-12345.67"), Cash: money{1239}, Rate: 1.239, PRate: new(0.55),
		Real: 0.1, Code: "ab", Milli: at, PMilli: &at, Seconds: at, Day: at, Base: 21,
	}
}

func equalsRow(t testing.TB, e *harness.Env, r *rounding, why string) {
	t.Helper()
	fresh, err := r.Fresh(e.Ctx)
	require.NoError(t, err)
	for attr, v := range fresh.Attributes() {
		require.Equal(t, v, r.Attributes()[attr], "%s: %s is not what the row has", why, attr)
	}
	require.True(t, r.Equal(fresh), why)
	require.Empty(t, r.Dirty(), why)
	require.Empty(t, fresh.Dirty(), why)
	e.Sends(t, 0, func() { require.NoError(t, r.Save(e.Ctx)) })
}

// After a write the record equals its row, also where the database rounds, cuts, pads or computes a column.
func TestRecordEqualsItsRowWhereTheDatabaseRounds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Clock.Add(123_456 * time.Microsecond)
		e.Migrate(t, &rounding{})
		r := someRounding("one")
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, r)) })
		require.Equal(t, 42, r.Doubled)
		require.Equal(t, "by default", r.Recorded)
		equalsRow(t, e, r, "Create")

		r.Price, r.PPrice, r.Cash, r.Rate = "2.005", new("0.05"), money{1005}, 99.999
		r.Real, r.Code, r.Milli = 2.7182818284, "xyz", r.Milli.Add(1_555_555)
		r.Seconds, r.Day, r.Base = r.Seconds.Add(1_500_000_000), r.Day.Add(25*time.Hour), 4
		e.Clock.Add(time.Hour + 777*time.Microsecond)
		e.Sends(t, 1, func() { require.NoError(t, r.Save(e.Ctx)) })
		require.Equal(t, 8, r.Doubled)
		equalsRow(t, e, r, "Save")
	})
}

// After CreateMany and Upsert every record equals its row, also in columns that do not store what they are
// given.
func TestManyRecordsEqualTheirRowsWhereTheDatabaseRounds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &rounding{})
		list := []*rounding{someRounding("1"), someRounding("2"), someRounding("3")}
		list[1].Price, list[2].Base = "7.777", 5
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		for _, r := range list {
			equalsRow(t, e, r, "CreateMany")
		}
		require.Equal(t, 10, list[2].Doubled)
		again := []*rounding{someRounding("2"), someRounding("4")}
		again[0].Price = "8.888"
		require.NoError(t, model.Upsert(e.Ctx, e.DB, again, []string{"Name"}))
		for _, r := range again {
			equalsRow(t, e, r, "Upsert")
		}
		require.Equal(t, list[1].ID, again[0].ID)
		require.EqualValues(t, 4, e.Count(t, "roundings"))
	})
}

// What the database made of a value is taken back by a rollback, and the caller's value is pending again.
func TestRollbackTakesBackWhatTheDatabaseRounded(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &rounding{})
		r := someRounding("one")
		require.NoError(t, model.Create(e.Ctx, e.DB, r))
		before := r.Attributes()
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		r.Price, r.Base = "2.999", 4
		pending := r.Attributes()
		require.NoError(t, r.Save(model.WithDB(e.Ctx, tx)))
		require.Equal(t, 8, r.Doubled)
		require.NoError(t, tx.Rollback())
		require.Equal(t, 42, r.Doubled)
		require.Equal(t, pending, r.Attributes())
		require.Equal(t, before, r.Original())
		require.Equal(t, []string{"Base", "Price"}, harness.SortedKeys(r.Dirty()))
		require.NoError(t, r.Save(e.Ctx))
		equalsRow(t, e, r, "Save")
	})
}
