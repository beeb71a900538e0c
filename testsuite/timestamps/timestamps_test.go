// SPDX-License-Identifier: MIT

package timestamps_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models by the form of their automatic timestamps.
type (
	stampUnits struct {
		model.BaseModel[stampUnits]

		ID           int64
		Name         string
		MadeSeconds  int64     `gorm:"autoCreateTime"`
		MadeMillis   int64     `gorm:"autoCreateTime:milli"`
		MadeNanos    int64     `gorm:"autoCreateTime:nano"`
		Made         time.Time `gorm:"autoCreateTime"`
		SavedSeconds uint32    `gorm:"autoUpdateTime"`
		SavedMillis  int64     `gorm:"autoUpdateTime:milli"`
		SavedNanos   *int64    `gorm:"autoUpdateTime:nano"`
		Saved        moment    `gorm:"autoUpdateTime"`
	}
	stampByName struct {
		model.BaseModel[stampByName]

		ID        int64
		Name      string
		CreatedAt int64
		UpdatedAt uint
	}
	stampNull struct {
		model.BaseModel[stampNull]

		ID        int64
		Name      string
		CreatedAt *time.Time
		UpdatedAt sql.NullTime
	}
	stampOff struct {
		model.BaseModel[stampOff]

		ID        int64
		Name      string
		CreatedAt time.Time `gorm:"autoCreateTime:false"`
		UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
	}
)

// An INSERT sets both timestamps to one instant, unless they are set already.
func TestInsertSetsBothTimestamps(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		now, early := e.Clock.Now(), time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
		a, b, c := &account{Email: "a"}, &account{Email: "b", CreatedAt: early}, &account{Email: "c", UpdatedAt: early}
		for _, r := range []*account{a, b, c} {
			e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, r)) })
			fresh, err := r.Fresh(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, fresh.CreatedAt, r.CreatedAt)
			require.Equal(t, fresh.UpdatedAt, r.UpdatedAt)
		}
		require.Equal(t, []time.Time{now, now}, []time.Time{a.CreatedAt, a.UpdatedAt})
		require.Equal(t, []time.Time{early, now}, []time.Time{b.CreatedAt, b.UpdatedAt})
		require.Equal(t, []time.Time{now, early}, []time.Time{c.CreatedAt, c.UpdatedAt})
		list := []*account{{Email: "d"}, {Email: "e"}, {Email: "f", CreatedAt: early}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.Equal(t, now, list[0].CreatedAt)
		require.Equal(t, now, list[1].UpdatedAt)
		require.Equal(t, early, list[2].CreatedAt)
	})
}

// Every UPDATE sets the timestamp of updates to its own instant, unless it was assigned, and a clean save
// does not.
func TestEveryUpdateSetsTheTimestamp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		made := e.Clock.Now()
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Clock.Add(time.Hour)
		e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.Equal(t, made, a.UpdatedAt)
		a.Name = "n"
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
		require.Equal(t, made, a.CreatedAt)
		e.Clock.Add(time.Hour)
		a.UpdatedAt = made // the only change
		require.NoError(t, a.Save(e.Ctx))
		require.Equal(t, made, a.UpdatedAt)
		require.Empty(t, a.Dirty())
		e.Clock.Add(time.Hour)
		a.CreatedAt = made.Add(-time.Hour) // is a column like others
		require.NoError(t, a.Save(e.Ctx))
		fresh, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, made.Add(-time.Hour), fresh.CreatedAt)
		require.Equal(t, e.Clock.Now(), fresh.UpdatedAt)
		partly, err := model.Query[account](e.DB).Select("id", "name").First(e.Ctx)
		require.NoError(t, err)
		e.Clock.Add(time.Hour)
		partly.Name = "m"
		require.NoError(t, partly.Save(e.Ctx))
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, e.Clock.Now(), a.UpdatedAt, "a record that was loaded without it refreshes it too")
	})
}

// Gorm's autoCreateTime and autoUpdateTime tags are honoured: times, seconds, milliseconds and nanoseconds.
func TestUnitsOfGormAreHonoured(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Clock.Add(123_456 * time.Microsecond)
		e.Migrate(t, &stampUnits{})
		s := &stampUnits{Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		made := e.Clock.Now()
		require.Equal(t, []int64{made.Unix(), made.UnixMilli(), made.UnixNano()}, []int64{s.MadeSeconds, s.MadeMillis, s.MadeNanos})
		require.Equal(t, made, s.Made)
		require.EqualValues(t, made.Unix(), s.SavedSeconds)
		e.Clock.Add(time.Hour + 7*time.Microsecond)
		now := e.Clock.Now()
		s.Name = "m"
		require.NoError(t, s.Save(e.Ctx))
		fresh, err := s.Fresh(e.Ctx)
		require.NoError(t, err)
		for _, r := range []*stampUnits{s, fresh} {
			require.Equal(t, []int64{made.Unix(), made.UnixMilli(), made.UnixNano()}, []int64{r.MadeSeconds, r.MadeMillis, r.MadeNanos})
			require.Equal(t, []int64{now.Unix(), now.UnixMilli(), now.UnixNano()},
				[]int64{int64(r.SavedSeconds), r.SavedMillis, *r.SavedNanos})
			require.Equal(t, moment(now), r.Saved)
		}
		require.Empty(t, s.Dirty())
		e.Clock.Add(time.Hour)
		require.NoError(t, s.Touch(e.Ctx))
		require.Equal(t, e.Clock.Now().UnixMilli(), s.SavedMillis)
		require.Equal(t, e.Clock.Now().UnixMilli(), e.Row(t, "SELECT saved_millis FROM stamp_units")["saved_millis"])
	})
}

// CreatedAt and UpdatedAt may be integers, pointers or sql.NullTime.
func TestTimestampsMayBeIntegersPointersOrNullTime(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &stampByName{}, &stampNull{})
		b, n := &stampByName{Name: "b"}, &stampNull{Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, b))
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		made := e.Clock.Now()
		require.Equal(t, made.Unix(), b.CreatedAt)
		require.EqualValues(t, made.Unix(), b.UpdatedAt)
		require.Equal(t, made, *n.CreatedAt)
		require.Equal(t, sql.NullTime{Time: made, Valid: true}, n.UpdatedAt)
		e.Clock.Add(time.Hour)
		b.Name, n.Name = "c", "m"
		require.NoError(t, b.Save(e.Ctx))
		require.NoError(t, n.Save(e.Ctx))
		require.EqualValues(t, e.Clock.Now().Unix(), b.UpdatedAt)
		require.Equal(t, e.Clock.Now(), n.UpdatedAt.Time)
		require.Equal(t, made, *n.CreatedAt)
		fresh, err := n.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, n.Equal(fresh))
		require.EqualValues(t, e.Clock.Now().Unix(), e.Row(t, "SELECT updated_at FROM stamp_by_names")["updated_at"])
	})
}

// A timestamp that gorm's tag switches off is a column like others.
func TestSwitchedOffTimestampIsAPlainColumn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &stampOff{})
		s := &stampOff{Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		require.True(t, s.CreatedAt.IsZero())
		s.Name = "m"
		sent := e.Sends(t, 1, func() { require.NoError(t, s.Save(e.Ctx)) })
		require.NotContains(t, sent[0], "updated_at")
		require.True(t, s.UpdatedAt.IsZero())
		require.NoError(t, s.Merge(model.Attrs{"CreatedAt": e.Clock.Now()}), "it is not guarded either")
		require.ErrorIs(t, s.Touch(e.Ctx), model.ErrUnsupported)
		require.NoError(t, s.Save(e.Ctx))
		require.NoError(t, s.Refresh(e.Ctx))
		require.Equal(t, e.Clock.Now(), s.CreatedAt)
	})
}

// Timestamps are UTC and have no more digits than the database keeps, whatever the clock gives.
func TestTimestampsAreUTCAndCutToMicroseconds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Clock.Set(time.Date(2026, 3, 4, 5, 6, 7, 123_456_789, time.FixedZone("far", -11*60*60)))
		want := time.Date(2026, 3, 4, 16, 6, 7, 123_456_000, time.UTC)
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.Equal(t, want, a.CreatedAt)
		require.Equal(t, want, a.UpdatedAt)
		e.Clock.Add(time.Second)
		a.Name = "n"
		require.NoError(t, a.Save(e.Ctx))
		require.Equal(t, want.Add(time.Second), a.UpdatedAt)
		fresh, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, want.Add(time.Second), fresh.UpdatedAt)
		require.Empty(t, a.Dirty())
	})
}

// Without Config.Now the clock is gorm's.
func TestDefaultClockIsGorms(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		fixed := time.Date(1999, 9, 9, 9, 9, 9, 0, time.UTC)
		for _, clock := range []func() time.Time{nil, func() time.Time { return fixed }} {
			handle := e.Gorm.Session(&gorm.Session{NewDB: true, NowFunc: clock})
			db, err := model.New(handle)
			require.NoError(t, err)
			a := &account{Email: "a"}
			require.NoError(t, model.Create(e.Ctx, db, a))
			if clock == nil {
				require.WithinDuration(t, time.Now(), a.CreatedAt, time.Minute)
			} else {
				require.Equal(t, fixed, a.CreatedAt)
			}
			require.NoError(t, a.Delete(e.Ctx))
		}
	})
}

// Increment, soft deletes and restoring refresh the timestamp of updates, and the mark of deletion is of
// the same clock.
func TestEveryWriteRefreshesTheTimestamp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		a, n := &account{Email: "a"}, &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		for name, write := range map[string]func() error{
			"increment": func() error { return a.Increment(e.Ctx, "visits", 1) },
			"decrement": func() error { return a.Decrement(e.Ctx, "visits", 1) },
		} {
			e.Clock.Add(time.Hour)
			require.NoError(t, write(), name)
			require.Equal(t, e.Clock.Now(), a.UpdatedAt, name)
		}
		e.Clock.Add(time.Hour)
		require.NoError(t, n.Delete(e.Ctx))
		require.Equal(t, e.Clock.Now(), n.DeletedAt.Time)
		require.Equal(t, e.Clock.Now(), n.UpdatedAt)
		e.Clock.Add(time.Hour)
		require.NoError(t, n.Restore(e.Ctx))
		require.Equal(t, e.Clock.Now(), n.UpdatedAt)
		require.NoError(t, n.Refresh(e.Ctx))
		require.Equal(t, e.Clock.Now(), n.UpdatedAt)
	})
}
