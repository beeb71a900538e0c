// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/memory"
)

// behind is what the codec of a column has, whose field lies in a struct that is embedded by a pointer.
type behind struct {
	codec  *Codec // of the field
	elem   reflect.Type
	offset uintptr // of the field in the struct
}

// hop is a pointer to an embedded struct on the way to a field.
type hop struct {
	offset uintptr // of the pointer
	elem   reflect.Type
}

// behindPointer returns the codec of a column by the address of the pointer to the struct that holds its field. Without a struct
// the column is NULL; a value that is not NULL makes one.
func behindPointer(inner *Codec, elem reflect.Type, offset uintptr) *Codec {
	c := &Codec{
		Type: reflect.PointerTo(elem), Kind: Custom, Nullable: true, Opaque: true, Deferred: true, Meaning: inner.Meaning,
		behind: &behind{codec: inner, elem: elem, offset: offset},
	}
	c.finish(c.Type,
		func(dst memory.Ptr, src any) error {
			at := memory.At[memory.Ptr](dst)
			if *at == nil {
				if src == nil {
					return nil
				}
				made := memory.New(elem)
				if err := inner.Scan(memory.Add(made, offset), src); err != nil {
					return err
				}
				*at = made
				return nil
			}
			return inner.Scan(memory.Add(*at, offset), src)
		},
		func(src memory.Ptr) (any, error) {
			if field := c.behind.field(src); field != nil {
				return inner.Bind(field)
			}
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		})
	c.Zero = func(p memory.Ptr) bool {
		field := c.behind.field(p)
		return field == nil || inner.Zero(field)
	}
	c.Equal = func(a, b memory.Ptr) bool { // a row that has NULL is read as zero once there is a struct
		x, y := c.behind.field(a), c.behind.field(b)
		if x == nil || y == nil {
			return c.Zero(a) && c.Zero(b)
		}
		return inner.Equal(x, y)
	}
	c.cast = inner.Cast
	return c
}

// field returns the address of the field, nil without a struct.
func (b *behind) field(p memory.Ptr) memory.Ptr {
	at := *memory.At[memory.Ptr](p)
	if at == nil {
		return nil
	}
	return memory.Add(at, b.offset)
}

// Behind returns the codec of a field that lies behind a pointer, and what finds its address, nil without a struct. The codec is
// nil for other fields.
func (c *Codec) Behind() (inner *Codec, field func(memory.Ptr) memory.Ptr) {
	if c.behind == nil {
		return nil, nil
	}
	return c.behind.codec, c.behind.field
}

// value returns a copy of the field in an interface, nil without a struct.
func (b *behind) value(p memory.Ptr) any {
	field := b.field(p)
	if field == nil {
		return nil
	}
	return b.codec.Value(field)
}

// assign sets the field as mass assignment does.
func (c *Codec) assignBehind(dst memory.Ptr, v any) error {
	if v == nil {
		return c.Scan(dst, nil)
	}
	field := c.behind.codec.New()
	if err := c.behind.codec.Assign(field, v); err != nil {
		return err
	}
	bound, err := c.behind.codec.Bind(field)
	if err != nil {
		return err
	}
	return c.Scan(dst, bound)
}
