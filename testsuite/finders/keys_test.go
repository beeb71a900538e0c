// SPDX-License-Identifier: MIT

package finders_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Find refuses everything that is no integer, or only looks like one, with ErrInvalidKey, and sends
// nothing.
func TestMalformedIntegerKeyIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, key := range noIntegers() {
			refusesKey[account](t, e, key)
		}
		for _, key := range []any{0, -1, math.MinInt64, math.MaxInt64, "-1", "0"} {
			e.Sends(t, 1, func() { require.ErrorIs(t, findAs[account](e, key), model.ErrNotFound, "%v is an integer", key) })
		}
	})
}

// Find refuses an integer that the key's field cannot hold with ErrInvalidKey, and sends nothing.
func TestKeyOutOfRangeIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &shelf{}, &crate{})
		for _, key := range []any{int64(math.MaxInt32) + 1, int64(math.MinInt32) - 1, uint32(math.MaxUint32), "2147483648"} {
			refusesKey[shelf](t, e, key)
		}
		for _, key := range []any{-1, "-1", uint64(math.MaxInt64) + 1, int64(math.MinInt64)} {
			refusesKey[crate](t, e, key)
		}
	})
}

// Find refuses an empty text, one that no database stores, and everything that is no text, with
// ErrInvalidKey.
func TestMalformedTextKeyIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &badge{})
		for _, key := range []any{
			nil, "",
			[]byte{},
			"a\x00b", "\xff", 1, 1.5, true, 'x',
			[]string{"a"},
			[]any{"a"},
			map[string]any{"Code": "a"},
			struct{}{},
			time.Now(), (*string)(nil),
			sql.NullString{},
			errors.New("a"), func() string { return "a" },
		} {
			refusesKey[badge](t, e, key)
		}
	})
}

// Find refuses every text that is not a UUID in its usual form with ErrInvalidKey, also where the column is
// only text.
func TestMalformedUUIDIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &passkey{})
		for _, key := range []any{
			nil, "", "1", 1, "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
			"urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c",
			"6ba7b810-9dad-11d1-80b4-00c04fd430c8 ", "6ba7b810-9dad-11d1-80b4-00c04fd430g8",
			"6ba7b810x9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8' OR '1'='1",
			[]byte("0123456789abcdef"),
			[16]byte{},
			[]string{"6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
			sql.NullString{},
		} {
			refusesKey[passkey](t, e, key)
		}
	})
}

// Find refuses a composite key with too few, too many, unknown or malformed parts with ErrInvalidKey, and
// sends nothing.
func TestMalformedCompositeKeyIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &seat{})
		for _, key := range []any{
			nil, 1, "1", "A", "1,A", true,
			[]any{},
			[]any{1},
			[]any{1, "A", "A"},
			[]any{"one", "A"},
			[]any{1, nil},
			[]any{nil, "A"},
			[]any{1, ""},
			[]any{1.0, "A"},
			[]any{"A", 1},
			[]any{[]any{1, "A"}},
			[]int{1, 2},
			[2]any{1, "A"},
			model.Attrs{},
			model.Attrs{"Line": 1},
			model.Attrs{"Line": 1, "line": 1},
			model.Attrs{"Line": 1, "Taken": true},
			model.Attrs{"Line": 1, "Letter": nil},
			model.Attrs{"Line": "one", "Letter": "A"},
			model.Attrs{"Line": 1, "Letter": "A", "Taken": true},
			map[string]int{"Line": 1, "Letter": 2},
			&seat{Line: 1, Letter: "A"},
		} {
			refusesKey[seat](t, e, key)
		}
	})
}

// One malformed key among those of FindMany or WhereKey refuses the whole call, and sends nothing.
func TestOneMalformedKeyRefusesTheCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, key := range noIntegers() {
			one := wrapped(key)
			for name, find := range map[string]func() error{
				"FindMany": func() error {
					_, err := model.Query[account](e.DB).FindMany(e.Ctx, 1, one, 2)
					return err
				},
				"WhereKey": func() error {
					_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey(1, one) }).All(e.Ctx)
					return err
				},
				"WhereKeyNot": func() error {
					_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKeyNot(one) }).Count(e.Ctx)
					return err
				},
				"Query.Find": func() error {
					var found *account
					return model.Query[account](e.DB).Untyped().Find(e.Ctx, &found, key)
				},
			} {
				e.Sends(t, 0, func() { require.ErrorIs(t, find(), model.ErrInvalidKey, "%s(%T)", name, key) })
			}
		}
	})
}

// An integer key may be given as any integer type, its canonical text, a pointer or a Valuer.
func TestIntegerKeyIsAcceptedInEveryForm(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		id := someAccounts(t, e, 1)[0].ID
		type named int
		pointer := &id
		for _, key := range []any{
			id, int(id), int8(id), int16(id), int32(id), uint(id), uint8(id), uint64(id), named(id), pointer, &pointer,
			strconv.FormatInt(id, 10), json.Number(strconv.FormatInt(id, 10)),
			sql.NullInt64{Int64: id, Valid: true},
		} {
			e.Sends(t, 1, func() {
				found, err := model.Query[account](e.DB).Find(e.Ctx, key)
				require.NoError(t, err, "%T", key)
				require.Equal(t, id, found.ID, "%T", key)
			})
		}
	})
}

// noIntegers are values that are no integer keys, of every kind that Go has.
func noIntegers() []any {
	var none *int64
	return []any{
		nil, "", " ", "42 ", " 42", "042", "+42", "-0", "4e1", "42.0", "0x2a", "0b1", "4_2", "42;", "42 OR 1=1", "NaN", "null", "٤٢",
		"9223372036854775808", "-9223372036854775809", 42.0, 42.5, math.NaN(), math.Inf(1), float32(42), true, []byte("42"),
		[]int{42},
		[]any{42},
		[1]int{42},
		map[string]any{"ID": 42},
		model.Attrs{"id": 42},
		struct{}{},
		struct{ ID int }{42},
		time.Now(),
		time.Second.String(), uint64(math.MaxInt64) + 1, complex(42, 0), func() int { return 42 }, make(chan int), none, &none,
		sql.NullInt64{},
		sql.NullInt64{Int64: 42},
		sql.NullString{},
		json.Number("4e1"), json.Number("42.0"), json.RawMessage("42"),
		errors.New("42"), &account{ID: 42}, new(any),
	}
}

// wrapped keeps a list a single key: lists among keys are taken apart.
func wrapped(key any) any {
	switch key.(type) {
	case []int, []any:
		return []any{key}
	default:
		return key
	}
}

// findAs calls Find for a model.
func findAs[T any, P model.Model[T]](e *harness.Env, key any) error {
	_, err := model.Query[T, P](e.DB).Find(e.Ctx, key)
	return err
}

func refusesKey[T any, P model.Model[T]](t testing.TB, e *harness.Env, key any) {
	t.Helper()
	e.Sends(t, 0, func() {
		require.ErrorIs(t, findAs[T, P](e, key), model.ErrInvalidKey, "Find(%T %q)", key, fmt.Sprint(key))
	})
}
