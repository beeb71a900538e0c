// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/ident"
)

// The to functions read what a driver returned; SQLite may return any of its storage classes for a
// column, and PostgreSQL's numeric arrives as text.

func toBool(src any) (bool, error) {
	switch v := src.(type) {
	case bool:
		return v, nil
	case int64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case float64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case string:
		return strconv.ParseBool(v)
	case []byte:
		return strconv.ParseBool(string(v))
	}
	return false, unreadable(src, "bool")
}

func toInt(src any) (int64, error) {
	switch v := src.(type) {
	case int64:
		return v, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case float64:
		if n := int64(v); float64(n) == v && n != math.MaxInt64 {
			return n, nil
		}
	case string:
		return strconv.ParseInt(v, 10, 64)
	case []byte:
		return strconv.ParseInt(string(v), 10, 64)
	case time.Time:
		return v.Unix(), nil
	}
	return 0, unreadable(src, "integer")
}

func toFloat(src any) (float64, error) {
	switch v := src.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case string:
		return strconv.ParseFloat(v, 64)
	case []byte:
		return strconv.ParseFloat(string(v), 64)
	}
	return 0, unreadable(src, "float")
}

func toString(src any) (string, error) {
	switch v := src.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), nil
	}
	return "", unreadable(src, "string")
}

func toBytes(src any) ([]byte, error) {
	switch v := src.(type) {
	case []byte:
		if v == nil {
			return []byte{}, nil
		}
		return bytes.Clone(v), nil
	case string:
		return []byte(v), nil
	}
	s, err := toString(src)
	return []byte(s), err
}

func toTime(src any) (time.Time, error) {
	switch v := src.(type) {
	case time.Time:
		return v.UTC(), nil
	case string:
		return ParseTime(v)
	case []byte:
		return ParseTime(string(v))
	case int64:
		if v > 1e12 || v < -1e12 { // as SQLite's driver tells milliseconds from seconds
			return time.UnixMilli(v).UTC(), nil
		}
		return time.Unix(v, 0).UTC(), nil
	}
	return time.Time{}, unreadable(src, "time")
}

func unreadable(src any, as string) error { return fmt.Errorf("cannot read a %T as %s", src, as) }

// layouts are the forms of time in text that databases and JSON write; the first are the most frequent.
var layouts = []string{ //nolint:gochecknoglobals // a constant table.
	"2006-01-02 15:04:05.999999999-07:00", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999-07", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02", "15:04:05.999999999",
}

// ParseTime reads a time as databases and JSON write it; without a zone it is UTC.
func ParseTime(s string) (time.Time, error) {
	if t, ok := parseUTC(s); ok {
		return t, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not a time", ident.Quote(s))
}

// parseUTC reads "2006-01-02 15:04:05[.999999999]" followed by nothing, "Z" or "+00:00", which is
// what Kindred itself stores, without the general parser.
func parseUTC(s string) (time.Time, bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	bad := false
	two := func(i int) int {
		hi, lo := s[i]-'0', s[i+1]-'0'
		bad = bad || hi > 9 || lo > 9
		return int(hi)*10 + int(lo)
	}
	year := two(0)*100 + two(2)
	month, day, hour, minute, second := two(5), two(8), two(11), two(14), two(17)
	rest, nanos := s[19:], 0
	if len(rest) > 0 && rest[0] == '.' {
		i, scale := 1, 100_000_000
		for ; i < len(rest) && rest[i]-'0' <= 9; i++ {
			nanos += int(rest[i]-'0') * scale
			scale /= 10
		}
		bad = bad || i == 1 || i > 10
		rest = rest[i:]
	}
	if bad || rest != "" && rest != "Z" && rest != "+00:00" {
		return time.Time{}, false
	}
	if month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	return t, t.Day() == day
}

func equalJSON(a, b []byte) bool {
	x, okA := decodeJSON(a)
	y, okB := decodeJSON(b)
	return okA && okB && reflect.DeepEqual(x, y)
}

// decodeJSON keeps numbers exact: 1 and 1.0 are one number, 2^53+1 is not 2^53.
func decodeJSON(data []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, false
	}
	return canonical(v), true
}

// number is a number in JSON, which is no text.
type number string

func canonical(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := decimal(v.String()); ok {
			return number(r.RatString())
		}
	case []any:
		for i := range v {
			v[i] = canonical(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = canonical(v[k])
		}
	}
	return v
}

// Canonical returns a bound value in a form that is the same for equal values: a decimal number may be
// written in several ways.
func (c *Codec) Canonical(v any) any {
	if s, ok := v.(string); ok && c.Meaning == Decimal {
		if r, ok := decimal(s); ok {
			return r.RatString()
		}
	}
	return v
}

func equalDecimal(a, b string) bool {
	x, okA := decimal(a)
	y, okB := decimal(b)
	return okA && okB && x.Cmp(y) == 0
}

// decimal reads a number whose exponent is small enough to be expanded.
func decimal(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(s[i+1:]); err != nil || exp > 400 || exp < -400 {
			return nil, false
		}
	}
	if s == "" || strings.ContainsAny(s, "/_xXbBoOpP") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}
