// SPDX-License-Identifier: MIT

package records_test

import (
	"database/sql"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// assigned is a value for an attribute of kinds, and what it becomes there; an error if want is nil.
type assigned struct {
	attr string
	in   any
	want any
}

// assignedValues are values as forms, JSON and programs give them.
func assignedValues() []assigned {
	at, zone := someTime(), time.FixedZone("", 3600)
	return []assigned{
		{"Int8", 5, int8(5)},
		{"Int8", "5", int8(5)},
		{"Int8", 5.0, int8(5)},
		{"Int8", json.Number("-5"), int8(-5)},
		{"Int8", uint64(127), int8(127)},
		{"Int8", 128, nil},
		{"Int8", "128", nil},
		{"Int8", 5.5, nil},
		{"Int8", "5.0", nil},
		{"Int8", "05", nil},
		{"Int8", " 5", nil},
		{"Int8", "+5", nil},
		{"Int8", "5e0", nil},
		{"Int8", "", nil},
		{"Int8", "five", nil},
		{"Int8", true, nil},
		{"Int8", nil, nil},
		{"Int8", []int8{5}, nil},
		{"Int8", map[string]any{"$gt": 1}, nil},
		{"Int8", (*int)(nil), nil},
		{"Int64", int64(math.MaxInt64), int64(math.MaxInt64)},
		{"Int64", "9223372036854775807", int64(math.MaxInt64)},
		{"Int64", "9223372036854775808", nil},
		{"Int64", float64(1 << 60), nil}, // more than a float holds exactly
		{"Int64", json.Number("9007199254740993"), int64(9007199254740993)},
		{"Uint8", -1, nil},
		{"Uint8", "255", uint8(255)},
		{"Uint64", uint64(math.MaxInt64), uint64(math.MaxInt64)},
		{"Uint64", uint64(math.MaxInt64 + 1), nil},
		{"Float64", 1, 1.0},
		{"Float64", "1.5", 1.5},
		{"Float64", json.Number("1e3"), 1000.0},
		{"Float64", math.NaN(), nil},
		{"Float64", math.Inf(-1), nil},
		{"Float64", "NaN", nil},
		{"Float64", "inf", nil},
		{"Float64", "1,5", nil},
		{"Float32", 1e300, nil},
		{"Bool", true, true},
		{"Bool", "false", false},
		{"Bool", 1, nil},
		{"Bool", "yes", nil},
		{"Bool", nil, nil},
		{"Text", "x", "x"},
		{"Text", []byte("x"), "x"},
		{"Text", 5, nil},
		{"Text", "nul\x00", nil},
		{"Text", "\xff", nil},
		{"Text", []string{"x"}, nil},
		{"Text", nil, nil},
		{"Bytes", "text", []byte("text")},
		{"Bytes", []byte{0, 255}, []byte{0, 255}},
		{"Bytes", 5, nil},
		{"Time", "2024-02-29T23:59:59.123456Z", at},
		{"Time", "2024-03-01T01:59:59.123456+02:00", at},
		{"Time", at.In(zone), at.In(zone)}, // until it is saved
		{"Time", "29.2.2024", nil},
		{"Time", 1_700_000_000, nil},
		{"Time", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), nil},
		{"Level", "low", level("low")},
		{"Grade", "7", grade(7)},
		{"PInt", nil, (*int64)(nil)},
		{"PInt", 3, new(int64(3))},
		{"PInt", new(int64(4)), new(int64(4))},
		{"PInt", (*int64)(nil), (*int64)(nil)},
		{"PInt", "x", nil},
		{"PText", "", new("")},
		{"PTime", "2024-02-29T23:59:59.123456Z", &at},
		{"NInt", nil, sql.NullInt64{}},
		{"NInt", 3, sql.NullInt64{Int64: 3, Valid: true}},
		{"NInt", sql.NullInt64{Int64: 4, Valid: true}, sql.NullInt64{Int64: 4, Valid: true}},
		{"NInt", sql.NullInt64{}, sql.NullInt64{}},
		{"NInt", "1.5", nil},
		{"NText", "x", sql.NullString{String: "x", Valid: true}},
		{"NText", "\x00", nil},
		{"NTime", at, sql.NullTime{Time: at, Valid: true}},
		{"NGen", 4, sql.Null[int64]{V: 4, Valid: true}},
		{"Decimal", "1.50", "1.50"},
		{"Decimal", 2, "2"},
		{"Decimal", 1.25, "1.25"},
		{"Decimal", "1.5.0", nil},
		{"Decimal", "abc", nil},
		{"Decimal", "", nil},
		{"Decimal", math.NaN(), nil},
		{"UUID", someUUID, someUUID},
		{"UUID", "no", nil},
		{"Money", "12.34", money{1234}},
		{"Money", money{5}, money{5}},
		{"Money", "many", nil},
		{"Labels", labels{"a"}, labels{"a"}},
		{"List", []string{"a"}, []string{"a"}},
		{"List", nil, []string(nil)},
		{"List", `["a","b"]`, []string{"a", "b"}},
		{"List", []any{"a", "b"}, []string{"a", "b"}},
		{"List", 5, nil},
		{"Object", map[string]any{"a": 1.0}, map[string]any{"a": 1.0}},
		{"Nested", map[string]any{"city": "Linz", "nums": []any{1.0}}, tagNested{"Linz", []int{1}}},
		{"Nested", "no json", nil},
		{"JSONText", `{"a":1}`, `{"a":1}`},
	}
}

// Values become the attribute's own type where that needs no guess, and are an ErrInvalidValue that names
// it elsewhere.
func TestValuesBecomeTheAttributesType(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		for _, row := range assignedValues() {
			k := someKinds()
			before := k.Attributes()
			err := k.Merge(model.Attrs{row.attr: row.in})
			if row.want == nil {
				require.ErrorIs(t, err, model.ErrInvalidValue, "%s = %#v", row.attr, row.in)
				require.ErrorContains(t, err, "kinds."+row.attr)
				require.Equal(t, before, k.Attributes(), "%s = %#v", row.attr, row.in)
				continue
			}
			require.NoError(t, err, "%s = %#v", row.attr, row.in)
			require.Equal(t, row.want, k.Attributes()[row.attr], "%s = %#v", row.attr, row.in)
		}
	})
}

// Whatever Merge accepts is what the row has after the save.
func TestMergedValuesAreWhatTheRowHas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		for _, row := range assignedValues() {
			if row.want == nil {
				continue
			}
			k := someKinds()
			require.NoError(t, k.Merge(model.Attrs{row.attr: row.in}))
			require.NoError(t, model.Create(e.Ctx, e.DB, k), "%s = %#v", row.attr, row.in)
			fresh, err := k.Fresh(e.Ctx)
			require.NoError(t, err)
			require.True(t, fresh.Equal(k), "%s = %#v", row.attr, row.in)
		}
	})
}

// One value that does not fit keeps all others from being set, for Fill and Merge, whatever their order.
func TestOneBadValueSetsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		before := k.Attributes()
		for range 8 { // maps have no order
			for _, assign := range []func(model.Attrs, ...string) error{k.Merge, k.Fill} {
				err := assign(model.Attrs{"Int": 9, "Text": "changed", "Zzz": 1, "Bool": "maybe", "List": []string{"x"}, "PInt": nil})
				require.Error(t, err)
				require.Equal(t, before, k.Attributes())
				err = assign(model.Attrs{"Int": 9, "Text": "changed", "Uint8": 256, "Time": "2024-01-01"})
				require.ErrorIs(t, err, model.ErrInvalidValue)
				require.Equal(t, before, k.Attributes())
			}
		}
	})
}

// An attribute that is given by its attribute and its column name is an ErrInvalidValue.
func TestAttributeGivenTwiceIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Name: "n"}
		err := a.Merge(model.Attrs{"Name": "x", "name": "y"})
		require.ErrorIs(t, err, model.ErrInvalidValue)
		require.ErrorContains(t, err, "account.Name")
		require.Equal(t, "n", a.Name)
	})
}
