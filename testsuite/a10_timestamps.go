// SPDX-License-Identifier: MIT

package testsuite

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
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

// timestampPromises are those of row A10.
func timestampPromises() []promise {
	return []promise{
		{
			name: "A10/SetByTheInsert",
			says: "an INSERT sets both timestamps to one instant, unless they are set already",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				now, early := e.clock.now, time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
				a, b, c := &account{Email: "a"}, &account{Email: "b", CreatedAt: early}, &account{Email: "c", UpdatedAt: early}
				for _, r := range []*account{a, b, c} {
					e.sends(t, 1, func() { require.NoError(t, model.Create(e.ctx, e.db, r)) })
					fresh, err := r.Fresh(e.ctx)
					require.NoError(t, err)
					require.Equal(t, fresh.CreatedAt, r.CreatedAt)
					require.Equal(t, fresh.UpdatedAt, r.UpdatedAt)
				}
				require.Equal(t, []time.Time{now, now}, []time.Time{a.CreatedAt, a.UpdatedAt})
				require.Equal(t, []time.Time{early, now}, []time.Time{b.CreatedAt, b.UpdatedAt})
				require.Equal(t, []time.Time{now, early}, []time.Time{c.CreatedAt, c.UpdatedAt})
				list := []*account{{Email: "d"}, {Email: "e"}, {Email: "f", CreatedAt: early}}
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.Equal(t, now, list[0].CreatedAt)
				require.Equal(t, now, list[1].UpdatedAt)
				require.Equal(t, early, list[2].CreatedAt)
			},
			twin: bending("INSERT INTO `accounts`", "`created_at`, `updated_at`) VALUES", "`updated_at`, `created_at`) VALUES"),
		},
		{
			name: "A10/SetByRealUpdates",
			says: "every UPDATE sets the timestamp of updates to its own instant, also if it was assigned, and a clean save does not",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				made := e.clock.now
				a := &account{Email: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.clock.add(time.Hour)
				e.sends(t, 0, func() { require.NoError(t, a.Save(e.ctx)) })
				require.Equal(t, made, a.UpdatedAt)
				a.Name = "n"
				e.sends(t, 1, func() { require.NoError(t, e.do("save", func() error { return a.Save(e.ctx) })) })
				require.Equal(t, e.clock.now, a.UpdatedAt)
				require.Equal(t, made, a.CreatedAt)
				e.clock.add(time.Hour)
				a.UpdatedAt = made // the only change
				require.NoError(t, a.Save(e.ctx))
				require.Equal(t, e.clock.now, a.UpdatedAt)
				require.Empty(t, a.Dirty())
				e.clock.add(time.Hour)
				a.CreatedAt = made.Add(-time.Hour) // is a column like others
				require.NoError(t, a.Save(e.ctx))
				fresh, err := a.Fresh(e.ctx)
				require.NoError(t, err)
				require.Equal(t, made.Add(-time.Hour), fresh.CreatedAt)
				require.Equal(t, e.clock.now, fresh.UpdatedAt)
				partly, err := model.Query[account](e.db).Select("id", "name").First(e.ctx)
				require.NoError(t, err)
				e.clock.add(time.Hour)
				partly.Name = "m"
				require.NoError(t, partly.Save(e.ctx))
				require.NoError(t, a.Refresh(e.ctx))
				require.Equal(t, e.clock.now, a.UpdatedAt, "a record that was loaded without it refreshes it too")
			},
			twin: without("save"),
		},
		{
			name: "A10/UnitsOfGorm",
			says: "gorm's autoCreateTime and autoUpdateTime tags are honoured: times, seconds, milliseconds and nanoseconds",
			check: func(t testing.TB, e *env) {
				e.clock.add(123_456 * time.Microsecond)
				e.migrate(t, &stampUnits{})
				s := &stampUnits{Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, s))
				made := e.clock.now
				require.Equal(t, []int64{made.Unix(), made.UnixMilli(), made.UnixNano()}, []int64{s.MadeSeconds, s.MadeMillis, s.MadeNanos})
				require.Equal(t, made, s.Made)
				require.EqualValues(t, made.Unix(), s.SavedSeconds)
				e.clock.add(time.Hour + 7*time.Microsecond)
				now := e.clock.now
				s.Name = "m"
				require.NoError(t, s.Save(e.ctx))
				fresh, err := s.Fresh(e.ctx)
				require.NoError(t, err)
				for _, r := range []*stampUnits{s, fresh} {
					require.Equal(t, []int64{made.Unix(), made.UnixMilli(), made.UnixNano()}, []int64{r.MadeSeconds, r.MadeMillis, r.MadeNanos})
					require.Equal(t, []int64{now.Unix(), now.UnixMilli(), now.UnixNano()},
						[]int64{int64(r.SavedSeconds), r.SavedMillis, *r.SavedNanos})
					require.Equal(t, moment(now), r.Saved)
				}
				require.Empty(t, s.Dirty())
				e.clock.add(time.Hour)
				require.NoError(t, s.Touch(e.ctx))
				require.Equal(t, e.clock.now.UnixMilli(), s.SavedMillis)
				require.Equal(t, e.clock.now.UnixMilli(), e.row(t, "SELECT saved_millis FROM stamp_units")["saved_millis"])
			},
			twin: losingUpdates("saved_millis"),
		},
		{
			name: "A10/KindsOfFields",
			says: "CreatedAt and UpdatedAt may be integers, pointers or sql.NullTime",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &stampByName{}, &stampNull{})
				b, n := &stampByName{Name: "b"}, &stampNull{Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, b))
				require.NoError(t, model.Create(e.ctx, e.db, n))
				made := e.clock.now
				require.Equal(t, made.Unix(), b.CreatedAt)
				require.EqualValues(t, made.Unix(), b.UpdatedAt)
				require.Equal(t, made, *n.CreatedAt)
				require.Equal(t, sql.NullTime{Time: made, Valid: true}, n.UpdatedAt)
				e.clock.add(time.Hour)
				b.Name, n.Name = "c", "m"
				require.NoError(t, b.Save(e.ctx))
				require.NoError(t, n.Save(e.ctx))
				require.EqualValues(t, e.clock.now.Unix(), b.UpdatedAt)
				require.Equal(t, e.clock.now, n.UpdatedAt.Time)
				require.Equal(t, made, *n.CreatedAt)
				fresh, err := n.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, n.Equal(fresh))
				require.EqualValues(t, e.clock.now.Unix(), e.row(t, "SELECT updated_at FROM stamp_by_names")["updated_at"])
			},
			twin: losingUpdates("updated_at"),
		},
		{
			name: "A10/SwitchedOff",
			says: "a timestamp that gorm's tag switches off is a column like others",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &stampOff{})
				s := &stampOff{Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, s))
				require.True(t, s.CreatedAt.IsZero())
				s.Name = "m"
				sent := e.sends(t, 1, func() { require.NoError(t, e.do("save", func() error { return s.Save(e.ctx) })) })
				require.NotContains(t, sent[0], "updated_at")
				require.True(t, s.UpdatedAt.IsZero())
				require.NoError(t, s.Merge(model.Attrs{"CreatedAt": e.clock.now}), "it is not guarded either")
				require.ErrorIs(t, s.Touch(e.ctx), model.ErrUnsupported)
				require.NoError(t, s.Save(e.ctx))
				require.NoError(t, s.Refresh(e.ctx))
				require.Equal(t, e.clock.now, s.CreatedAt)
			},
			twin: without("save"),
		},
		{
			name: "A10/ClockIsCutToMicroseconds",
			says: "timestamps are UTC and have no more digits than the database keeps, whatever the clock gives",
			check: func(t testing.TB, e *env) {
				e.clock.now = time.Date(2026, 3, 4, 5, 6, 7, 123_456_789, time.FixedZone("far", -11*60*60))
				want := time.Date(2026, 3, 4, 16, 6, 7, 123_456_000, time.UTC)
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.Equal(t, want, a.CreatedAt)
				require.Equal(t, want, a.UpdatedAt)
				e.clock.add(time.Second)
				a.Name = "n"
				require.NoError(t, a.Save(e.ctx))
				require.Equal(t, want.Add(time.Second), a.UpdatedAt)
				fresh, err := a.Fresh(e.ctx)
				require.NoError(t, err)
				require.Equal(t, want.Add(time.Second), see(e, "time", fresh.UpdatedAt))
				require.Empty(t, a.Dirty())
			},
			twin: func(e *env) {
				e.seen["time"] = func(v any) any {
					at, _ := v.(time.Time)
					return at.Add(789)
				}
			},
		},
		{
			name: "A10/DefaultClock",
			says: "without Config.Now the clock is gorm's",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				fixed := time.Date(1999, 9, 9, 9, 9, 9, 0, time.UTC)
				for _, clock := range []func() time.Time{nil, func() time.Time { return fixed }} {
					handle := e.gorm.Session(&gorm.Session{NewDB: true, NowFunc: clock})
					db, err := model.New(handle)
					require.NoError(t, err)
					a := &account{Email: "a"}
					require.NoError(t, e.do("create", func() error { return model.Create(e.ctx, db, a) }))
					if clock == nil {
						require.WithinDuration(t, time.Now(), a.CreatedAt, time.Minute)
					} else {
						require.Equal(t, fixed, a.CreatedAt)
					}
					require.NoError(t, a.Delete(e.ctx))
				}
			},
			twin: without("create"),
		},
		{
			name: "A10/OfEveryWrite",
			says: "Increment, soft deletes and restoring refresh the timestamp of updates, and the mark of deletion is of the same clock",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &note{})
				a, n := &account{Email: "a"}, &note{Title: "t"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, model.Create(e.ctx, e.db, n))
				for name, write := range map[string]func() error{
					"increment": func() error { return a.Increment(e.ctx, "visits", 1) },
					"decrement": func() error { return a.Decrement(e.ctx, "visits", 1) },
				} {
					e.clock.add(time.Hour)
					require.NoError(t, e.do("write", write), name)
					require.Equal(t, e.clock.now, a.UpdatedAt, name)
				}
				e.clock.add(time.Hour)
				require.NoError(t, n.Delete(e.ctx))
				require.Equal(t, e.clock.now, n.DeletedAt.Time)
				require.Equal(t, e.clock.now, n.UpdatedAt)
				e.clock.add(time.Hour)
				require.NoError(t, n.Restore(e.ctx))
				require.Equal(t, e.clock.now, n.UpdatedAt)
				require.NoError(t, n.Refresh(e.ctx))
				require.Equal(t, e.clock.now, n.UpdatedAt)
			},
			twin: without("write"),
		},
	}
}
