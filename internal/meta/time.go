// SPDX-License-Identifier: MIT

package meta

import (
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
)

// precision is what both databases keep of a time.
const precision = time.Microsecond

// PostgreSQL's words for the times behind and before all others, and the times as which fields hold
// them: the last and the first that are not refused. A time that a database stores has no nanoseconds,
// so neither of them is a stored one.
const (
	Infinity         = "infinity"
	NegativeInfinity = "-infinity"
)

// The times that stand for them.
var (
	LastTime  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC) //nolint:gochecknoglobals // constant.
	FirstTime = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)                   //nolint:gochecknoglobals // constant.
)

// The forms in which a DATE and a TIME column are bound.
const (
	dateForm  = "2006-01-02"
	clockForm = "15:04:05.999999"
	zonedForm = "15:04:05.999999-07:00"
)

// StoredTime returns t as it is stored: UTC, cut to microseconds, within the years 1 to 9999.
func StoredTime(t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(precision)
	if y := t.Year(); y < 1 || y > 9999 {
		return t, errs.New(errs.ErrInvalidValue, "the year is outside of 1 to 9999")
	}
	return t, nil
}

// SameTime reports whether a and b are one instant once stored.
func SameTime(a, b time.Time) bool {
	return a.Equal(b) || a.Truncate(precision).Equal(b.Truncate(precision))
}

// boundTime returns a time as it is bound for a column: a DATE column keeps the day and a TIME column
// the clock that the value shows, in whatever zone it is; all others keep the instant.
func (m Meaning) boundTime(t time.Time) (any, error) {
	switch m {
	case Date:
		if y := t.Year(); y < 1 || y > 9999 {
			return nil, errs.New(errs.ErrInvalidValue, "the year is outside of 1 to 9999")
		}
		return t.Format(dateForm), nil
	case Clock:
		return t.Truncate(precision).Format(clockForm), nil
	case ZonedClock:
		return t.Truncate(precision).Format(zonedForm), nil
	default:
		return StoredTime(t)
	}
}

// sameTime reports whether a and b are one value of a column.
func (m Meaning) sameTime(a, b time.Time) bool {
	switch m {
	case Date, Clock:
		x, errX := m.boundTime(a)
		y, errY := m.boundTime(b)
		return errX == nil && errY == nil && x == y
	case ZonedClock:
		return sinceMidnight(a) == sinceMidnight(b)
	default:
		return SameTime(a, b)
	}
}

// sinceMidnight returns the time of day in UTC.
func sinceMidnight(t time.Time) time.Duration {
	t = t.UTC().Truncate(precision)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second +
		time.Duration(t.Nanosecond())
}

// readTime reads what a driver returned for a column: an instant in UTC, a day at midnight, or a clock
// on the first of January of the year 0, which is what the server's text says.
func (m Meaning) readTime(src any) (time.Time, error) {
	t, err := shownTime(src)
	if err != nil {
		return t, err
	}
	switch m {
	case Date:
		y, month, d := t.Date()
		if t.Equal(LastTime) || t.Equal(FirstTime) {
			return t, nil
		}
		return time.Date(y, month, d, 0, 0, 0, 0, time.UTC), nil
	case Clock:
		return time.Date(0, 1, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), nil
	case ZonedClock:
		return t, nil
	default:
		return t.UTC(), nil
	}
}

// dated is readTime for a Scan method, which takes a time as the server's types give it. What is no
// time is left to the method.
func (m Meaning) dated(src any) (any, error) {
	switch src.(type) {
	case time.Time, nil, bool, float64:
		if t, ok := src.(time.Time); ok && m == Date {
			return m.readTime(t)
		}
		return src, nil
	}
	return m.readTime(src)
}

// toText reads text. A day or a clock in a field of text has the form in which it is bound.
func (m Meaning) toText(src any) (string, error) {
	if t, ok := src.(time.Time); ok && m >= Date {
		bound, err := m.boundTime(t)
		text, _ := bound.(string)
		return text, err
	}
	return toString(src)
}

func toTime(src any) (time.Time, error) { return Plain.readTime(src) }

// shownTime reads a time in the zone in which it is written.
func shownTime(src any) (time.Time, error) {
	var text string
	switch v := src.(type) {
	case time.Time:
		return v, nil
	case string:
		text = v
	case []byte:
		text = string(v)
	case int64:
		return unixTime(v), nil
	default:
		return time.Time{}, unreadable(src, "time")
	}
	t, ok := parseTime(text)
	if !ok {
		return time.Time{}, unreadable(src, "time")
	}
	return t, nil
}

// The last seconds and milliseconds of the year 9999, since 1970.
const (
	lastSecond = 253_402_300_799
	lastMilli  = lastSecond*1000 + 999
	lastMicro  = lastMilli*1000 + 999
)

// unixTime reads a time that another program has stored in SQLite as a number: the coarsest unit of
// seconds, milliseconds, microseconds and nanoseconds since 1970 whose year has four digits.
func unixTime(n int64) time.Time {
	size := max(n, -n)
	switch {
	case size <= lastSecond:
		return time.Unix(n, 0).UTC()
	case size <= lastMilli:
		return time.UnixMilli(n).UTC()
	case size <= lastMicro:
		return time.UnixMicro(n).UTC()
	default:
		return time.Unix(0, n).UTC()
	}
}

// ParseTime reads a time as databases and JSON write it; without a zone it is UTC.
func ParseTime(s string) (time.Time, error) {
	t, ok := parseTime(s)
	if !ok {
		return time.Time{}, errs.New(errs.ErrInvalidValue, "this text is not a time")
	}
	return t.UTC(), nil
}

// ParseServerTime reads the text of a date or timestamp that PostgreSQL sends, in UTC.
func ParseServerTime(b []byte) (time.Time, error) {
	t, ok := parseTime(string(b))
	if !ok {
		return time.Time{}, errs.Unread(nil, "a time")
	}
	return t.UTC(), nil
}

// layouts are the forms of time in text that are not read by parseISO.
var layouts = []string{ //nolint:gochecknoglobals // a constant table.
	"2006-01-02 15:04Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04", "2006-01-02T15:04",
	"15:04:05.999999999", "15:04:05.999999999Z07:00", "15:04:05.999999999-07", "15:04",
	"2006-01-02 15:04:05.999999999 -0700 MST", // of Time.String, which some drivers store
	"2006-01-02 15:04:05.999999999 -0700 -07", "2006-01-02 15:04:05.999999999 -0700",
}

func parseTime(s string) (time.Time, bool) {
	if t, ok := parseISO(s); ok {
		return t, true
	}
	switch s {
	case Infinity:
		return LastTime, true
	case NegativeInfinity:
		return FirstTime, true
	}
	s, _, _ = strings.Cut(s, " m=") // the monotonic clock of Time.String
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return parseFar(s)
}

// parseFar reads years that do not have four digits, and those before Christ.
func parseFar(s string) (time.Time, bool) {
	rest, before := strings.CutSuffix(s, " BC")
	dash := strings.IndexByte(rest, '-')
	if dash < 4 || dash > 6 || dash == 4 && !before {
		return time.Time{}, false
	}
	year := 0
	for _, digit := range []byte(rest[:dash]) {
		if digit < '0' || digit > '9' {
			return time.Time{}, false
		}
		year = year*10 + int(digit-'0')
	}
	if before {
		year = 1 - year
	}
	leap := "2000" // of the same days as every year that is divisible by 400
	if year%4 != 0 || year%100 == 0 && year%400 != 0 {
		leap = "2001"
	}
	t, ok := parseISO(leap + rest[dash:])
	if !ok {
		return time.Time{}, false
	}
	_, month, day := t.Date()
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()), true
}

// parseISO reads "2006-01-02", and "2006-01-02 15:04:05[.999999999]" followed by nothing, "Z", or an
// offset such as "+00:00", without the general parser. The "T" between date and clock is known, too.
func parseISO(s string) (time.Time, bool) {
	var d digits
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	year, month, day := d.two(s, 0)*100+d.two(s, 2), d.two(s, 5), d.two(s, 8)
	hour, minute, second, nanos, rest := 0, 0, 0, 0, ""
	if len(s) > 10 {
		if len(s) < 19 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
			return time.Time{}, false
		}
		hour, minute, second = d.two(s, 11), d.two(s, 14), d.two(s, 17)
		nanos, rest = d.fraction(s[19:])
	}
	if d.bad || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	zone := time.UTC
	if rest != "" && rest != "Z" && rest != "+00:00" {
		var ok bool
		if zone, ok = d.zone(rest); !ok {
			return time.Time{}, false
		}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, zone)
	return t, t.Day() == day
}

// digits reads numbers out of a text, and notes whether something else was there.
type digits struct{ bad bool }

func (d *digits) two(s string, i int) int {
	hi, lo := s[i]-'0', s[i+1]-'0'
	d.bad = d.bad || hi > 9 || lo > 9
	return int(hi)*10 + int(lo)
}

// fraction reads ".999" at the start of s, and returns nanoseconds and what follows.
func (d *digits) fraction(s string) (nanos int, rest string) {
	if s == "" || s[0] != '.' {
		return 0, s
	}
	i, scale := 1, 100_000_000
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		nanos += int(s[i]-'0') * scale
		scale /= 10
	}
	d.bad = d.bad || i == 1 || i > 10
	return nanos, s[i:]
}

// zone reads "+07", "+0700", "+07:00" and "+07:00:00".
func (d *digits) zone(s string) (*time.Location, bool) {
	s = strings.TrimPrefix(s, " ")
	sign := 1
	switch {
	case s == "" || s[0] != '+' && s[0] != '-':
		return nil, false
	case s[0] == '-':
		sign = -1
	}
	seconds, unit := 0, 3600
	for s = s[1:]; s != ""; unit /= 60 {
		if s = strings.TrimPrefix(s, ":"); len(s) < 2 || unit == 0 {
			return nil, false
		}
		seconds += d.two(s, 0) * unit
		s = s[2:]
	}
	if d.bad || unit == 3600 {
		return nil, false
	}
	if seconds == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", sign*seconds), true
}
