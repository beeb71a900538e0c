// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
)

// UnmarshalJSON is json.Unmarshal that loses no digit: a number in an interface is a float64, as there,
// unless it would be written as another number. Then it is a json.Number.
func UnmarshalJSON(data []byte, into any) error {
	if !longNumber(data) {
		return json.Unmarshal(data, into)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return json.Unmarshal(data, into) // it words what is behind the value
	}
	floats(reflect.ValueOf(into))
	return nil
}

// longNumber reports whether data may have a number of more digits than every float64 keeps.
func longNumber(data []byte) bool {
	const kept = 15
	run := 0
	for _, b := range data {
		switch {
		case b >= '0' && b <= '9':
			if run++; run > kept {
				return true
			}
		case b == '.':
		case (b == 'e' || b == 'E') && run > 0: // beyond what a float64 holds, perhaps
			return true
		default:
			run = 0
		}
	}
	return false
}

// floats replaces every json.Number in an interface below v that a float64 holds.
func floats(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			floats(v.Elem())
		}
	case reflect.Interface:
		if n, ok := reflect.TypeAssert[json.Number](v); ok {
			if f, exact := exactFloat(n); exact && v.CanSet() {
				v.Set(reflect.ValueOf(f))
			}
		} else if !v.IsNil() {
			floats(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			floats(v.Index(i))
		}
	case reflect.Map:
		floatsInMap(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				floats(v.Field(i))
			}
		}
	default:
	}
}

func floatsInMap(v reflect.Value) {
	for _, k := range v.MapKeys() {
		held := reflect.New(v.Type().Elem()).Elem()
		held.Set(v.MapIndex(k))
		floats(held)
		v.SetMapIndex(k, held)
	}
}

// exactFloat returns the number as a float64, and whether that is written as the same number.
func exactFloat(n json.Number) (float64, bool) {
	f, err := n.Float64()
	if err != nil {
		return 0, false
	}
	return f, equalDecimal(n.String(), strconv.FormatFloat(f, 'g', -1, 64))
}
