// SPDX-License-Identifier: MIT

package relation

import (
	"cmp"
	"fmt"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// keyed numbers the different values of a key, in fields of two columns that are compared.
type keyed struct {
	column   *meta.Column
	integers map[int64]int32
	texts    map[string]int32
	others   map[any]int32
	n        int32
}

func newKeyed(a, b *meta.Column, n int) keyed {
	k := keyed{column: a}
	number := func(c *meta.Column) bool { return c.Kind == meta.Int || c.Kind == meta.Uint }
	text := func(c *meta.Column) bool { return c.Kind == meta.String && c.Meaning == meta.Plain }
	switch {
	case number(a) && number(b):
		k.integers = make(map[int64]int32, n)
	case text(a) && text(b):
		k.texts = make(map[string]int32, n)
	default:
		k.others = make(map[any]int32, n)
	}
	return k
}

func (k *keyed) len() int { return int(k.n) }

// add returns the number of a key, and whether it is new; -1 is that of NULL.
func (k *keyed) add(field memory.Ptr) (n int32, fresh bool, err error) {
	n, key, null, err := k.look(field, k.column)
	if err != nil || null {
		return -1, false, err
	}
	if n >= 0 {
		return n, false, nil
	}
	return k.put(key), true, nil
}

func (k *keyed) put(key keyValueOf) int32 {
	n := k.n
	k.n++
	switch {
	case k.integers != nil:
		k.integers[key.integer] = n
	case k.texts != nil:
		k.texts[key.text] = n
	default:
		k.others[key.other] = n
	}
	return n
}

// addBound is add of a bound value, which is not NULL.
func (k *keyed) addBound(v any) (n int32, fresh bool) {
	var key keyValueOf
	known := false
	switch {
	case k.integers != nil:
		key.integer, _ = v.(int64)
		n, known = k.integers[key.integer]
	case k.texts != nil:
		key.text, _ = v.(string)
		n, known = k.texts[key.text]
	default:
		key.other = normalKey(k.column, v)
		n, known = k.others[key.other]
	}
	if known {
		return n, false
	}
	return k.put(key), true
}

// find returns the number of a key in a field of another column; -1 is that of no known key.
func (k *keyed) find(field memory.Ptr, column *meta.Column) (int32, error) {
	n, _, null, err := k.look(field, column)
	if null {
		return -1, err
	}
	return n, err
}

type keyValueOf struct {
	integer int64
	text    string
	other   any
}

func (k *keyed) look(field memory.Ptr, c *meta.Column) (n int32, key keyValueOf, null bool, err error) {
	at := field
	if c.Pointer && (k.integers != nil || k.texts != nil) {
		if at = *memory.At[memory.Ptr](field); at == nil {
			return -1, key, true, nil
		}
	}
	found := false
	switch {
	case k.integers != nil:
		if key.integer, err = integer(c, at); err != nil {
			return -1, key, false, err
		}
		n, found = k.integers[key.integer]
	case k.texts != nil:
		key.text = *memory.At[string](at)
		n, found = k.texts[key.text]
	default:
		v, err := c.Bind(field)
		if err != nil || v == nil {
			return -1, key, true, err
		}
		key.other = normalKey(c, v)
		n, found = k.others[key.other]
	}
	if !found {
		n = -1
	}
	return n, key, false, nil
}

// integer reads a field of any width.
func integer(c *meta.Column, at memory.Ptr) (int64, error) {
	signed := c.Kind == meta.Int
	switch {
	case c.Bits == 64 && signed:
		return *memory.At[int64](at), nil
	case c.Bits == 32 && signed:
		return int64(*memory.At[int32](at)), nil
	case c.Bits == 64 && *memory.At[uint64](at) <= 1<<63-1:
		return int64(*memory.At[uint64](at)), nil //nolint:gosec // it was compared.
	case c.Bits == 32:
		return int64(*memory.At[uint32](at)), nil
	case c.Bits == 16 && signed:
		return int64(*memory.At[int16](at)), nil
	case c.Bits == 16:
		return int64(*memory.At[uint16](at)), nil
	case c.Bits == 8 && signed:
		return int64(*memory.At[int8](at)), nil
	case c.Bits == 8:
		return int64(*memory.At[uint8](at)), nil
	default:
		_, err := c.Bind(at)
		return 0, err
	}
}

// normalKey returns a bound key in a form that can be compared with those of other types: a UUID may
// be bytes or text.
func normalKey(c *meta.Column, v any) any { return mapKey(c.Canonical(v)) }

// compareKeys orders bound keys of one column.
func compareKeys(a, b any) int {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(fmt.Sprint(mapKey(a)), fmt.Sprint(mapKey(b)))
}
