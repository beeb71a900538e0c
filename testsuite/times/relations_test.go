// SPDX-License-Identifier: MIT

package times_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Slot is found by its time, which is the key of a relation.
type (
	Slot struct {
		model.BaseModel[Slot]
		ID       int64
		At       time.Time
		Bookings []*Booking `relation:"hasMany;localKey:At;foreignKey:SlotAt"`
	}
	Booking struct {
		model.BaseModel[Booking]
		ID     int64
		SlotAt time.Time
		Slot   *Slot `relation:"belongsTo;localKey:At;foreignKey:SlotAt"`
	}
)

// A time is a key of a relation by the instant that it is, in whatever form other programs have stored it: for preloads in both
// directions, counts, existence and joins of the relation.
func TestForeignTimesAreKeysOfRelations(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			e := harness.New(t, harness.Databases()[0])
			e.Migrate(t, &Slot{}, &Booking{})
			at := time.Date(2024, 3, 10, 22, 30, 15, 123456000, time.UTC).Truncate(f.parts)
			require.NoError(t, model.Create(e.Ctx, e.DB, &Slot{At: at}))
			require.NoError(t, model.Create(e.Ctx, e.DB, &Slot{At: at.Add(time.Hour)}))
			require.NoError(t, e.Gorm.Exec("INSERT INTO bookings (id, slot_at) VALUES (7, ?)", f.write(at)).Error)
			slots, err := model.Query[Slot](e.DB).OrderBy("id").Preload("bookings").WithCount("bookings as n").All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, slots[0].Bookings, 1)
			require.Empty(t, slots[1].Bookings)
			require.EqualValues(t, 1, slots[0].Extras().Int64("n"))
			booking, err := model.Query[Booking](e.DB).Preload("slot").First(e.Ctx)
			require.NoError(t, err)
			require.NotNil(t, booking.Slot)
			n, err := model.Query[Slot](e.DB).WhereHas("bookings", func(q *relation.Query) { q.Where("id", 7) }).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
			n, err = model.Query[Slot](e.DB).Join("bookings", "bookings.slot_at", "=", "slots.at").Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "joined")
		})
	}
}

// Rows are grouped by the instant.
func TestForeignTimesAreGrouped(t *testing.T) {
	t.Parallel()
	e := harness.New(t, harness.Databases()[0])
	e.Migrate(t, &Event{})
	at := time.Date(2024, 3, 10, 22, 30, 15, 0, time.UTC)
	for _, f := range forms {
		require.NoError(t, e.Gorm.Exec("INSERT INTO events (at) VALUES (?)", f.write(at)).Error)
	}
	n, err := model.Query[Event](e.DB).Untyped().GroupBy("at").SelectRaw("count(*) AS n").Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}
