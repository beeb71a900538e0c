// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Kind is the way a field lies in memory.
type Kind uint8

// The kinds of field. A Custom field has a Scanner, a Valuer or a gorm serializer of its own.
const (
	Bool Kind = iota
	Int
	Uint
	Float
	String
	Bytes
	Time
	Custom
)

// Meaning says how a stored value is read and compared, where the type of the field does not.
type Meaning uint8

// The meanings of text: the bytes themselves, a JSON document, a decimal number, a UUID. And those of a
// time that is no instant: a calendar day, a time of day, and one with a zone.
const (
	Plain Meaning = iota
	JSON
	Decimal
	UUID
	Date
	Clock
	ZonedClock
)

// Codec moves the values of one field type between memory, the database and interfaces. Functions
// take the address of the field.
type Codec struct {
	Type     reflect.Type
	Kind     Kind
	Bits     int  // width of Int, Uint and Float
	Pointer  bool // *T, nil for NULL
	Nullable bool // can hold NULL
	Opaque   bool // snapshots keep the stored value, because the field may be changed in place
	Deferred bool // Scan runs code that is not ours
	Instant  bool // a time, or one of the standard types around it
	Array    bool // a slice in one column
	Meaning  Meaning
	unknown  bool // nothing is known of the column's type
	text     bool // the column holds text, as which bytes are bound
	raw      bool // the column holds bytes, as which text is bound

	// Scan stores a driver's value. NULL becomes nil where the field can hold it, else the zero value.
	Scan func(dst memory.Ptr, src any) error
	// Bind returns the value for a driver, checked and in the form in which it is stored.
	Bind func(src memory.Ptr) (any, error)
	// Equal compares two fields as the database would see them.
	Equal func(a, b memory.Ptr) bool
	// Clone copies src to dst so that they share no memory that can be written through.
	Clone func(dst, src memory.Ptr)
	// Zero reports whether the field has Go's zero value.
	Zero func(p memory.Ptr) bool
	// Slab returns Scan and Clone for the records of one result: what pointers point to comes from
	// shared allocations, small enough that a value which is kept alone keeps little else alive. They
	// are the plain ones for fields that are no pointers.
	Slab   func() (scan func(dst memory.Ptr, src any) error, clone func(dst, src memory.Ptr))
	behind *behind // the field lies behind a pointer
	// cast turns a value that is not nil into what Bind would return for it.
	cast func(v any) (any, error)
}

// Value returns a copy of the field in an interface, in the field's own type.
func (c *Codec) Value(p memory.Ptr) any {
	if c.behind != nil {
		return c.behind.value(p)
	}
	out := reflect.New(c.Type)
	c.Clone(out.UnsafePointer(), p)
	return out.Elem().Interface()
}

// Plain returns a copy of the field's value without its pointer, nil for a nil pointer.
func (c *Codec) Plain(p memory.Ptr) any {
	v := c.Value(p)
	rv := reflect.ValueOf(v)
	switch {
	case rv.Kind() != reflect.Pointer:
		return v
	case rv.IsNil():
		return nil
	case c.Pointer:
		return rv.Elem().Interface()
	default:
		return v
	}
}

// Any reports whether nothing is known of the column's type.
func (c *Codec) Any() bool { return c.unknown }

// New allocates a field.
func (c *Codec) New() memory.Ptr { return memory.New(c.Type) }

// Text checks a text that is bound beside a column, such as a pattern.
func Text(s string) (any, error) { return checkText(s) }

// Bound checks a value that is bound to no column, such as one of raw SQL, and brings it into the
// form in which it would be stored.
func Bound(v any) (any, error) {
	if v == nil {
		return nil, nil //nolint:nilnil // nil is the driver's NULL.
	}
	return new(Codec).stored(v)
}

// CodecOf returns the codec of a type that is, or points to, a plain kind.
func CodecOf[V any]() *Codec { return basic(reflect.TypeFor[V](), Plain) }

// OrNull returns a codec that reads NULL as nil, for results such as the minimum of no rows.
func (c *Codec) OrNull() *Codec {
	if c.Nullable {
		return c
	}
	return c.Held()
}

// Held returns a codec for results of the type of c, which reads NULL as a nil pointer.
func (c *Codec) Held() *Codec {
	switch {
	case c.behind != nil:
		return c.behind.codec.Held()
	case c.Pointer:
		return c
	case c.Kind != Custom:
		return basic(reflect.PointerTo(c.Type), c.Meaning)
	}
	held := &Codec{Type: reflect.PointerTo(c.Type), Kind: Custom, Pointer: true, Nullable: true, Deferred: c.Deferred, Meaning: c.Meaning}
	held.finish(c.Type, c.Scan, c.Bind)
	return held
}

// CodecFor returns the codec of a type that is no column of a model, or nil.
func CodecFor(t reflect.Type) *Codec { return valueCodec(t, Plain) }

// Wrapped returns the codec of the value inside a type such as sql.NullString, nil for any other type.
func Wrapped(t reflect.Type) *Codec {
	if t.PkgPath() != "database/sql" && t.PkgPath() != "gorm.io/gorm" || t.Kind() != reflect.Struct || t.NumField() != 2 || t.Field(1).Name != "Valid" {
		return nil
	}
	return CodecFor(t.Field(0).Type)
}
