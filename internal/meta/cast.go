// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Cast turns a caller's value into what is bound for the column: of the column's type, in the form
// in which it is stored. It refuses nil, lists, and everything that would need a guess, such as 1.5
// or "1e0" for an integer.
func (c *Codec) Cast(v any) (any, error) {
	v, err := c.unwrap(v)
	if err != nil {
		return nil, err
	}
	return c.cast(v)
}

// unwrap follows pointers and Valuers down to a plain value.
func (c *Codec) unwrap(v any) (any, error) {
	switch v.(type) {
	case nil:
		return nil, errNil()
	case int, int64, string, bool, float64, time.Time, []byte:
		return v, nil
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil, errNil()
		}
		return c.unwrap(rv.Elem().Interface())
	}
	if valuer, ok := v.(driver.Valuer); ok && c.Kind != Custom {
		stored, err := valuer.Value()
		if err != nil {
			return nil, errs.Conceal(err, "the value of the %T was refused by its own method", v)
		}
		if stored == nil {
			return nil, errNil()
		}
		return stored, nil
	}
	return v, nil
}

func errNil() error {
	return errs.New(errs.ErrInvalidValue, "nil compares to nothing; use WhereNull or WhereNotNull")
}

func wrongType(v any, want string) error {
	return errs.New(errs.ErrInvalidValue, "a %T is not %s", v, want)
}

// Assign sets the field to a caller's value as mass assignment does: like Cast, but nil is NULL
// where the field can hold it, and a whole float, which is what encoding/json makes of every number
// in a map, is an integer.
func (c *Codec) Assign(dst memory.Ptr, v any) error {
	if c.behind != nil {
		return c.assignBehind(dst, v)
	}
	if v == nil {
		if !c.Nullable {
			return errs.New(errs.ErrInvalidValue, "nil does not fit into %s", c.Type)
		}
		return c.Scan(dst, nil)
	}
	rv := reflect.ValueOf(v)
	if rv.Type() == c.Type {
		held := reflect.New(c.Type)
		held.Elem().Set(rv)
		if _, err := c.Bind(held.UnsafePointer()); err != nil {
			return err
		}
		c.Clone(dst, held.UnsafePointer())
		return nil
	}
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return c.Assign(dst, nil)
	}
	if f, ok := v.(float64); ok && (c.Kind == Int || c.Kind == Uint || element(c.Type) == durationType) {
		if n := int64(f); float64(n) == f && math.Abs(f) <= 1<<53 {
			v = n
		}
	}
	stored, err := c.Cast(v)
	if err != nil {
		return err
	}
	if err := c.Scan(dst, stored); err != nil {
		return errs.Conceal(err, "the %T is not a %s", v, c.Type)
	}
	return nil
}

func castBool(v any) (any, error) {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Bool {
		return rv.Bool(), nil
	}
	switch v {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, wrongType(v, "a boolean")
}

// castInt accepts integers and their canonical decimal text, nothing that only looks like one.
func castInt(v any) (int64, error) {
	switch n := v.(type) {
	case int64:
		return n, nil
	case int:
		return int64(n), nil
	case json.Number:
		return parseInt(n.String())
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if rv.Uint() > math.MaxInt64 {
			return 0, errs.New(errs.ErrInvalidValue, "more than a 64 bit integer holds")
		}
		return int64(rv.Uint()), nil //nolint:gosec // checked above.
	case reflect.String:
		return parseInt(rv.String())
	default:
		return 0, wrongType(v, "an integer")
	}
}

func parseInt(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != s {
		return 0, errs.New(errs.ErrInvalidValue, "this text is not an integer in its plain form")
	}
	return n, nil
}

func castFloat(v any) (float64, error) {
	if n, ok := v.(json.Number); ok {
		v = n.String()
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Float32, reflect.Float64:
		return rv.Float(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(rv.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(rv.Uint()), nil
	case reflect.String:
		f, err := strconv.ParseFloat(rv.String(), 64)
		if err != nil || rv.Len() > 0 && (rv.String()[0] == '+' || rv.String()[0] == ' ') {
			return 0, errs.New(errs.ErrInvalidValue, "this text is not a number")
		}
		return f, nil
	default:
		return 0, wrongType(v, "a number")
	}
}

func castString(v any) (string, error) {
	switch s := v.(type) {
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	case json.Number:
		return s.String(), nil
	case json.RawMessage:
		return string(s), nil
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.String {
		return rv.String(), nil
	}
	return "", wrongType(v, "text")
}

// castText is castString, and for a decimal also takes numbers and refuses what is none.
func castText(v any, meaning Meaning) (string, error) {
	if t, ok := v.(time.Time); ok && meaning >= Date {
		bound, err := meaning.boundTime(t)
		text, _ := bound.(string)
		return text, err
	}
	if meaning != Decimal {
		return castString(v)
	}
	if n, err := castInt(v); err == nil && reflect.ValueOf(v).Kind() != reflect.String {
		return strconv.FormatInt(n, 10), nil
	}
	if f, ok := v.(float64); ok {
		if _, err := checkFloat(f); err != nil {
			return "", err
		}
		return strconv.FormatFloat(f, 'f', -1, 64), nil
	}
	s, err := castString(v)
	if err != nil {
		return "", err
	}
	if _, ok := decimal(s); !ok {
		return "", errs.New(errs.ErrInvalidValue, "this text is not a decimal number")
	}
	return s, nil
}

func castBytes(v any) ([]byte, error) {
	switch b := v.(type) {
	case []byte:
		return bytes.Clone(b), nil
	case string:
		return []byte(b), nil
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8 {
		return bytes.Clone(rv.Bytes()), nil
	}
	return nil, wrongType(v, "bytes")
}

func castTime(v any) (time.Time, error) {
	switch t := v.(type) {
	case time.Time:
		return t, nil
	case string:
		parsed, ok := parseTime(t)
		if !ok {
			return time.Time{}, errs.New(errs.ErrInvalidValue, "this text is not a time; use RFC 3339")
		}
		return parsed, nil
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Struct && rv.Type().ConvertibleTo(timeType) {
		return rv.Convert(timeType).Interface().(time.Time), nil //nolint:errcheck // converted on this line.
	}
	return time.Time{}, wrongType(v, "a time")
}
