// SPDX-License-Identifier: MIT

package values_test

import (
	"database/sql"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// timeEdges are times that databases get wrong.
func timeEdges() []time.Time {
	amsterdam, samoa := time.FixedZone("LMT", 19*60+32), time.FixedZone("far east", 14*60*60)
	return []time.Time{
		{}, // is a value like others
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1, 1, 1, 14, 0, 0, 1000, samoa),
		time.Date(99, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(1582, 10, 10, 0, 0, 0, 0, time.UTC), // not in the Gregorian calendar
		time.Date(1899, 12, 31, 23, 59, 59, 0, amsterdam),
		time.Date(1937, 6, 30, 12, 0, 0, 1000, amsterdam),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Unix(0, 0),
		time.Unix(-1, 999_999_001),
		time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), // PostgreSQL's epoch
		time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(2016, 12, 31, 23, 59, 60, 0, time.UTC), // a leap second is the next one
		time.Date(2024, 2, 29, 12, 0, 0, 1, time.FixedZone("odd", -(3*60*60+30*60))),
		time.Date(2026, 1, 1, 0, 0, 0, 100_000_000, samoa),
		time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(10000, 1, 1, 13, 59, 59, 0, samoa), // still 9999 in UTC
	}
}

// timesOutOfRange are times that not every database can hold.
func timesOutOfRange() []time.Time {
	return []time.Time{
		time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(-500, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("far east", 14*60*60)),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("far west", -12*60*60)),
		time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(1<<60, 0),
	}
}

// edgesOfTimes puts every time into every kind of time column.
func edgesOfTimes(times []time.Time) []edge {
	var out []edge
	for _, at := range times {
		out = append(out,
			edge{at.String(), "Time", func(k *kinds) { k.Time = at }, at},
			edge{at.String(), "PTime", func(k *kinds) { k.PTime = &at }, &at},
			edge{at.String(), "NTime", func(k *kinds) { k.NTime = sql.NullTime{Time: at, Valid: true} }, at},
			edge{at.String(), "Moment", func(k *kinds) { k.Moment = moment(at) }, moment(at)},
		)
	}
	return out
}

// Every instant of the years 1 to 9999 comes back, in UTC and cut to microseconds, from whatever zone and
// by whatever write.
func TestTimesRoundTrip(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		keptEverywhere(t, e, edgesOfTimes(timeEdges()))
		for _, at := range timeEdges() {
			k := someKinds()
			k.Time, k.PTime, k.Moment = at, &at, moment(at)
			require.NoError(t, model.Create(e.Ctx, e.DB, k))
			got, err := k.Fresh(e.Ctx)
			require.NoError(t, err)
			want := at.UTC().Truncate(time.Microsecond)
			for _, r := range []*kinds{k, got} {
				require.Equal(t, want, r.Time)
				require.Equal(t, want, *r.PTime)
				require.Equal(t, moment(want), r.Moment)
			}
		}
	})
}

// A time outside of the years 1 to 9999 in UTC is an ErrInvalidValue that names the field, before anything
// is sent.
func TestTimesOutOfRangeAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		refusedEverywhere(t, e, edgesOfTimes(timesOutOfRange()))
	})
}

// The database sorts and compares times as Go does, whatever zones they were given in.
func TestTimesSortAsInGo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		random := rand.New(rand.NewPCG(1, 2))
		times := timeEdges()
		for range 400 {
			zone := time.FixedZone("", random.IntN(26*3600)-12*3600)
			span := time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - time.Date(10, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
			at := time.Unix(time.Date(10, 1, 1, 0, 0, 0, 0, time.UTC).Unix()+random.Int64N(span), random.Int64N(1e9)).In(zone)
			times = append(times, at, at.Add(time.Duration(random.IntN(4))*time.Microsecond))
		}
		var list []*account
		for i, at := range times {
			list = append(list, &account{Email: strconv.Itoa(i), SeenAt: &at})
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		for i, at := range times {
			require.Equal(t, at.UTC().Truncate(time.Microsecond), *list[i].SeenAt)
		}
		slices.SortStableFunc(list, func(a, b *account) int { return a.SeenAt.Compare(*b.SeenAt) })
		got, err := model.Query[account](e.DB).OrderBy("seen_at").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, got, len(list))
		for i, a := range got {
			require.Equal(t, *list[i].SeenAt, *a.SeenAt)
		}
		for i := 0; i < len(list); i += 37 {
			at := *list[i].SeenAt
			want := 0
			for _, a := range list {
				if a.SeenAt.Before(at) {
					want++
				}
			}
			n, err := model.Query[account](e.DB).Where("seen_at", "<", at.In(time.FixedZone("", -9*3600))).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, want, n, at)
		}
	})
}
