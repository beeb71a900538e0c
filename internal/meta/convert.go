// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
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
		if b, err := strconv.ParseBool(v); err == nil {
			return b, nil
		}
	case []byte:
		return toBool(string(v))
	}
	return false, unreadable(src, "a boolean")
}

func toInt(src any) (int64, error) {
	switch v := src.(type) {
	case int64:
		return v, nil
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v), nil
		}
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case float64:
		if n := int64(v); float64(n) == v && n != math.MaxInt64 {
			return n, nil
		}
	case float32:
		return toInt(float64(v))
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
	case []byte:
		return toInt(string(v))
	case time.Time:
		return v.Unix(), nil
	}
	return 0, unreadable(src, "an integer")
}

func toFloat(src any) (float64, error) {
	switch v := src.(type) {
	case float64:
		return v, nil
	case float32:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f, nil
		}
	case []byte:
		return toFloat(string(v))
	}
	return 0, unreadable(src, "a number")
}

func toString(src any) (string, error) {
	switch v := src.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case uint64:
		return strconv.FormatUint(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), nil
	}
	return "", unreadable(src, "text")
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

// Own returns a driver's value in a form that can be kept: bytes are copied, as they belong to the driver. A time without an offset
// is in UTC, whatever the driver calls the zone.
func Own(v any) any {
	switch v := v.(type) {
	case []byte:
		return bytes.Clone(v)
	case time.Time:
		if _, offset := v.Zone(); offset == 0 {
			return v.UTC()
		}
	}
	return v
}

// unreadable says which type of value cannot be read, never the value.
func unreadable(src any, as string) error {
	return errs.New(errs.ErrInvalidValue, "the database holds a %T that cannot be read as %s", src, as)
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
