// SPDX-License-Identifier: MIT

package times_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Event has a time that other programs write, too.
type Event struct {
	model.BaseModel[Event]
	ID int64
	At time.Time
}

// forms are the ways in which programs store a time in SQLite.
var forms = []struct {
	name  string
	parts time.Duration // what the form keeps
	write func(t time.Time) any
}{
	{"Kindred", time.Microsecond, func(t time.Time) any { return t.Format("2006-01-02 15:04:05.999999-07:00") }},
	{"CurrentTimestamp", time.Second, func(t time.Time) any { return t.Format(time.DateTime) }},
	{"Local", time.Microsecond, func(t time.Time) any {
		return t.In(time.FixedZone("", 9*3600)).Format("2006-01-02 15:04:05.999999999-07:00")
	}},
	{"West", time.Second, func(t time.Time) any {
		return t.In(time.FixedZone("", -11*3600)).Format("2006-01-02 15:04:05-07:00")
	}},
	{"RFC3339", time.Microsecond, func(t time.Time) any { return t.Format(time.RFC3339Nano) }},
	{"RFC3339Zone", time.Second, func(t time.Time) any { return t.In(time.FixedZone("", 5*3600+1800)).Format(time.RFC3339) }},
	{"RFC3339Bare", time.Second, func(t time.Time) any { return t.Format("2006-01-02T15:04:05") }},
	{"String", time.Microsecond, func(t time.Time) any { return t.In(time.FixedZone("JST", 9*3600)).String() }},
	{"Seconds", time.Second, func(t time.Time) any { return t.Unix() }},
	{"Millis", time.Millisecond, func(t time.Time) any { return t.UnixMilli() }},
	{"Micros", time.Microsecond, func(t time.Time) any { return t.UnixMicro() }},
	{"Nanos", time.Microsecond, func(t time.Time) any { return t.UnixNano() }},
}

// TestForeignTimesAreInstants: whatever form a time in SQLite has, it is found, compared, sorted and
// paged among times of Kindred's own form as the instant that it is.
func TestForeignTimesAreInstants(t *testing.T) {
	t.Parallel()
	base, cells := time.Date(2024, 3, 10, 22, 30, 15, 123456000, time.UTC), 0
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			e := harness.New(t, harness.Databases()[0])
			e.Migrate(t, &Event{})
			at := base.Truncate(f.parts)
			for i := -2; i <= 2; i++ { // own times around a foreign one, hours apart
				if i != 0 {
					require.NoError(t, model.Create(e.Ctx, e.DB, &Event{At: at.Add(time.Duration(i) * time.Hour)}))
				}
			}
			require.NoError(t, e.Gorm.Exec("INSERT INTO events (id, at) VALUES (9, ?)", f.write(at)).Error)
			one, err := model.Query[Event](e.DB).Find(e.Ctx, 9)
			require.NoError(t, err)
			require.True(t, one.At.Equal(at), "read %s for %s", one.At, at)
			cells += compared(t, e, at)
		})
	}
	t.Logf("%d forms compared in %d ways", len(forms), cells)
}

func compared(t *testing.T, e *harness.Env, at time.Time) int {
	t.Helper()
	ways := []struct {
		op   string
		want int64
	}{{"=", 1}, {"<", 2}, {"<=", 3}, {">", 2}, {">=", 3}, {"!=", 4}}
	for _, w := range ways {
		n, err := model.Query[Event](e.DB).Where("at", w.op, at).Count(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, w.want, n, "at %s", w.op)
	}
	n, err := model.Query[Event](e.DB).WhereBetween("at", at.Add(-time.Minute), at.Add(time.Hour)).Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, n, "between")
	n, err = model.Query[Event](e.DB).WhereIn("at", []time.Time{at, at.Add(time.Hour)}).Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, n, "in")
	all, err := model.Query[Event](e.DB).OrderBy("at").All(e.Ctx)
	require.NoError(t, err)
	require.Equal(t, "1 2 9 3 4", ids(all))
	cursor, seen := "", []*Event{}
	for {
		page, err := model.Query[Event](e.DB).OrderBy("at").CursorPaginate(e.Ctx, cursor, 2)
		require.NoError(t, err)
		seen = append(seen, page.Data...)
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	require.Equal(t, "1 2 9 3 4", ids(seen))
	return len(ways) + 4
}

func ids(list []*Event) string {
	text := ""
	var textSb108 strings.Builder
	for _, e := range list {
		textSb108.WriteString(" " + strconv.FormatInt(e.ID, 10))
	}
	text += textSb108.String()
	return text[min(1, len(text)):]
}

// TestUnknownFormsOfTimeAreRefused: what is no time is never sorted among times in silence.
func TestUnknownFormsOfTimeAreRefused(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"10.03.2024", "soon", "2024-13-45 00:00:00"} {
		e := harness.New(t, harness.Databases()[0])
		e.Migrate(t, &Event{})
		require.NoError(t, e.Gorm.Exec("INSERT INTO events (at) VALUES (?)", form).Error)
		_, err := model.Query[Event](e.DB).First(e.Ctx)
		require.ErrorIs(t, err, model.ErrInvalidValue)
		require.NotContains(t, fmt.Sprint(err), form)
		var ids []int64
		err = model.Query[Event](e.DB).OrderBy("at").Pluck(e.Ctx, "id", &ids)
		require.ErrorIs(t, err, model.ErrInvalidValue)
	}
}

// Person has a day of birth and a time of day.
type Person struct {
	model.BaseModel[Person]
	ID    int64
	Birth time.Time `gorm:"type:date"`
	Text  string    `gorm:"type:date"`
	Wakes time.Time `gorm:"type:time without time zone"`
}

// TestDaysAndClocksAreWhatTheyShow: a DATE and a TIME column keep what the value shows in its own zone.
func TestDaysAndClocksAreWhatTheyShow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Person{})
		for i, zone := range []*time.Location{time.UTC, time.FixedZone("JST", 9*3600), time.FixedZone("", -11*3600)} {
			at := time.Date(2024, 3, 10, 9, 30, 0, 0, zone)
			p := &Person{Birth: at, Text: "2024-03-10", Wakes: at}
			require.NoError(t, model.Create(e.Ctx, e.DB, p))
			require.Equal(t, "2024-03-10", p.Text)
			require.Equal(t, time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC), p.Birth)
			for _, column := range []string{"birth", "wakes"} {
				n, err := model.Query[Person](e.DB).Where(column, at).Count(e.Ctx)
				require.NoError(t, err)
				require.EqualValues(t, i+1, n, column)
			}
			found, err := model.Query[Person](e.DB).Find(e.Ctx, p.ID)
			require.NoError(t, err)
			require.Equal(t, "09:30", found.Wakes.Format("15:04"))
			require.Equal(t, "2024-03-10", found.Text)
			found.Wakes = found.Wakes.Add(time.Hour)
			require.NoError(t, found.Save(e.Ctx))
			found.Wakes = at
			require.NoError(t, found.Save(e.Ctx))
			n, err := model.Query[Person](e.DB).WhereIn("birth", []any{at, "2024-03-10"}).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, i+1, n)
		}
	})
}
