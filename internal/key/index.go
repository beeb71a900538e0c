// SPDX-License-Identifier: MIT

package key

import (
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Index numbers the different values of a key, from 0 on, in the order in which they are added. Values come from fields of a
// column, or are bound. Integers and plain texts are looked up without an allocation.
//
// Values are different if they are written differently. Only the database knows which of them are equal, by the type
// and the collation of a column: Merge and Resolve ask it, and Class tells the outcome.
type Index struct {
	column   *meta.Column // of the values
	other    *meta.Column // with which the database compares them
	integers map[int64]int32
	strings  map[string]int32
	texts    map[string]int32 // by exact text
	values   []any            // bound, by number
	classes  []int32          // by number, the least number of an equal value; nil if no two are known to be equal
	merged   bool
}

// None is the number of NULL, and of a key that the index does not have.
const None int32 = -1

// NewIndex returns an empty index for values of the column, which are compared with those of other, with room for n values.
func NewIndex(column, other *meta.Column, n int) *Index {
	x := &Index{column: column, other: other}
	switch {
	case isInteger(column) && isInteger(other):
		x.integers = make(map[int64]int32, n)
	case column.Kind == meta.String && other.Kind == meta.String:
		x.strings = make(map[string]int32, n)
	default:
		x.texts = make(map[string]int32, n)
	}
	return x
}

func isInteger(c *meta.Column) bool { return c.Kind == meta.Int || c.Kind == meta.Uint }

// Len returns how many different values were added.
func (x *Index) Len() int { return len(x.values) }

// Values returns the bound values, by number.
func (x *Index) Values() []any { return x.values }

// AssumeDistinct declares all values different, so that the database is not asked. It is for lookups of rows that have each value once.
func (x *Index) AssumeDistinct() { x.merged = true }

// Class returns the least number of a value that equals the one with a number, which may be None.
func (x *Index) Class(n int32) int32 {
	if n == None || x.classes == nil {
		return n
	}
	for x.classes[n] != n {
		n = x.classes[n]
	}
	return n
}

// unite puts two numbers into one class.
func (x *Index) unite(a, b int32) {
	if a, b = x.Class(a), x.Class(b); a == b {
		return
	}
	if x.classes == nil {
		x.classes = make([]int32, x.Len())
		for i := range x.classes {
			x.classes[i] = int32(i)
		}
	}
	x.classes[max(a, b)] = min(a, b)
}

// Add returns the number of the value in a field of the index's column, and whether it is new.
func (x *Index) Add(field memory.Ptr) (n int32, fresh bool, err error) {
	k, err := x.read(field, x.column)
	if err != nil || k.null {
		return None, false, err
	}
	if n = x.find(k); n != None {
		return n, false, nil
	}
	bound, err := x.column.Bind(field)
	if err != nil {
		return None, false, err
	}
	return x.add(k, bound), true, nil
}

// AddBound is Add of a bound value, which is not NULL.
func (x *Index) AddBound(v any) (n int32, fresh bool) {
	k := x.of(v)
	if n = x.find(k); n != None {
		return n, false
	}
	return x.add(k, v), true
}

// Find returns the number of the value in a field of a column, which may be the other one.
func (x *Index) Find(field memory.Ptr, column *meta.Column) (int32, error) {
	k, err := x.read(field, column)
	if err != nil || k.null {
		return None, err
	}
	return x.find(k), nil
}

// FindBound is Find of a bound value.
func (x *Index) FindBound(v any) int32 {
	if v == nil {
		return None
	}
	return x.find(x.of(v))
}

// value is a key in the form of the index.
type value struct {
	integer int64
	text    string
	null    bool
}

// of converts a bound value to the form of the index.
func (x *Index) of(v any) (k value) {
	switch {
	case x.integers != nil:
		k.integer, _ = v.(int64)
	case x.strings != nil:
		k.text, _ = v.(string)
	default:
		k.text = string(appendText(nil, v))
	}
	return k
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

// add adds a value that the index does not have.
func (x *Index) add(k value, bound any) int32 {
	n := int32(len(x.values)) //nolint:gosec // there are fewer keys than 2^31.
	x.values = append(x.values, bound)
	switch {
	case x.integers != nil:
		x.integers[k.integer] = n
	case x.strings != nil:
		x.strings[k.text] = n
	default:
		x.texts[k.text] = n
	}
	return n
}

func (x *Index) read(field memory.Ptr, c *meta.Column) (value, error) {
	if x.texts != nil {
		v, err := c.Bind(field)
		if err != nil || v == nil {
			return value{null: true}, err
		}
		return value{text: string(appendText(nil, v))}, nil
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
