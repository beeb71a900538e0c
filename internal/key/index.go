// SPDX-License-Identifier: MIT

package key

import (
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Index numbers the different values of a key, from 0 on, in the order in which they are added. Values come from fields of
// two columns that a relation compares, or are bound. Integers and plain texts are looked up without an allocation.
type Index struct {
	column   *meta.Column
	integers map[int64]int32
	strings  map[string]int32
	texts    map[string]int32 // by Text
	n        int32
}

// None is the number of NULL, and of a key that the index does not have.
const None int32 = -1

// NewIndex returns an empty index for values of the column, which are compared with those of other, with room for n values.
func NewIndex(column, other *meta.Column, n int) *Index {
	x := &Index{column: column}
	switch {
	case isInteger(column) && isInteger(other):
		x.integers = make(map[int64]int32, n)
	case isString(column) && isString(other):
		x.strings = make(map[string]int32, n)
	default:
		x.texts = make(map[string]int32, n)
	}
	return x
}

func isInteger(c *meta.Column) bool { return c.Kind == meta.Int || c.Kind == meta.Uint }

func isString(c *meta.Column) bool { return c.Kind == meta.String && c.Meaning == meta.Plain }

// Len returns how many different values were added.
func (x *Index) Len() int { return int(x.n) }

// Add returns the number of the value in a field of the index's column, and whether it is new.
func (x *Index) Add(field memory.Ptr) (n int32, fresh bool, err error) {
	k, err := x.read(field, x.column)
	if err != nil || k.null {
		return None, false, err
	}
	n, fresh = x.add(k)
	return n, fresh, nil
}

// AddBound is Add of a bound value, which is not NULL.
func (x *Index) AddBound(v any) (n int32, fresh bool) {
	var k value
	switch {
	case x.integers != nil:
		k.integer, _ = v.(int64)
	case x.strings != nil:
		k.text, _ = v.(string)
	default:
		k.text = Text(x.column, v)
	}
	return x.add(k)
}

// Find returns the number of the value in a field of a column, which may be the other one.
func (x *Index) Find(field memory.Ptr, column *meta.Column) (int32, error) {
	k, err := x.read(field, column)
	if err != nil || k.null {
		return None, err
	}
	return x.find(k), nil
}

// FindBound is Find of a bound value of the index's column.
func (x *Index) FindBound(v any) int32 {
	if v == nil {
		return None
	}
	switch {
	case x.integers != nil:
		n, _ := v.(int64)
		return x.find(value{integer: n})
	case x.strings != nil:
		s, _ := v.(string)
		return x.find(value{text: s})
	default:
		return x.find(value{text: Text(x.column, v)})
	}
}

// value is a key in the form of the index.
type value struct {
	integer int64
	text    string
	null    bool
}

func (x *Index) find(k value) int32 {
	n, ok := int32(0), false
	switch {
	case x.integers != nil:
		n, ok = x.integers[k.integer]
	case x.strings != nil:
		n, ok = x.strings[k.text]
	default:
		n, ok = x.texts[k.text]
	}
	if !ok {
		return None
	}
	return n
}

func (x *Index) add(k value) (n int32, fresh bool) {
	if n = x.find(k); n != None {
		return n, false
	}
	n = x.n
	x.n++
	switch {
	case x.integers != nil:
		x.integers[k.integer] = n
	case x.strings != nil:
		x.strings[k.text] = n
	default:
		x.texts[k.text] = n
	}
	return n, true
}

func (x *Index) read(field memory.Ptr, c *meta.Column) (value, error) {
	if x.texts != nil {
		v, err := c.Bind(field)
		if err != nil || v == nil {
			return value{null: true}, err
		}
		return value{text: Text(c, v)}, nil
	}
	if c.Pointer {
		if field = *memory.At[memory.Ptr](field); field == nil {
			return value{null: true}, nil
		}
	}
	if x.strings != nil {
		return value{text: *memory.At[string](field)}, nil
	}
	n, err := integer(c, field)
	return value{integer: n}, err
}

// integer reads an integer field of any width.
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
		return 0, errs.New(errs.ErrInvalidValue, "%s.%s: an integer of more than 63 bits", c.Model.Name, c.Attr)
	}
}
