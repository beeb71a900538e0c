// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

var (
	scannerType    = reflect.TypeFor[sql.Scanner]()
	valuerType     = reflect.TypeFor[driver.Valuer]()
	serializerType = reflect.TypeFor[schema.SerializerInterface]()
)

// codecFor returns the codec of a field, or nil if its type can hold no column.
func codecFor(f *schema.Field, t, synthetic reflect.Type) *Codec {
	meaning, text := meaningOf(f), holdsText(f)
	if f.Serializer != nil {
		return serializerCodec(f, t, synthetic, meaning, text)
	}
	if isCustom(t) {
		return customCodec(t, meaning, text)
	}
	if c := standInCodec(f, t); c != nil {
		return c
	}
	c := basic(t, meaning)
	if c != nil {
		c.text, c.raw = text, declaredAs(f, "bytea")
	}
	return c
}

// standInCodec returns the codec of a field whose column has, on PostgreSQL, a type that other databases lack; nil for any other.
func standInCodec(f *schema.Field, t reflect.Type) *Codec {
	network := declaredAs(f, "inet", "cidr", "macaddr") || f.TagSettings[standsForAddress] != ""
	switch {
	case isList(t):
		return arrayCodec(t, isArray(string(f.DataType)))
	case isTextual(t), network && isAddress(t):
		return textualCodec(t)
	case element(t) == durationType && (declaredAs(f, "interval") || f.TagSettings[standsForInterval] != ""):
		return intervalCodec(t, declaredAs(f, "interval"))
	default:
		return nil
	}
}

// valueCodec returns the codec of a type without a gorm serializer.
func valueCodec(t reflect.Type, meaning Meaning) *Codec {
	if isCustom(t) {
		return customCodec(t, meaning, false)
	}
	return basic(t, meaning)
}

func meaningOf(f *schema.Field) Meaning {
	switch {
	case declaredAs(f, "json"):
		return JSON
	case declaredAs(f, "decimal", "numeric"):
		return Decimal
	case declaredAs(f, "uuid"):
		return UUID
	default:
		return timeOfDay(f)
	}
}

// timeOfDay returns the meaning of a column that is declared as a DATE or a TIME. gorm takes the word
// "time" alone for a timestamp.
func timeOfDay(f *schema.Field) Meaning {
	declared := strings.ToLower(string(f.DataType))
	base, rest, _ := strings.Cut(declared, " ")
	if base, _, _ = strings.Cut(base, "("); strings.HasPrefix(rest, "(") {
		_, rest, _ = strings.Cut(rest, ") ")
	}
	switch {
	case base == "date":
		return Date
	case base == "timetz", base == "time" && strings.HasPrefix(rest, "with "):
		return ZonedClock
	case base == "time" && declared != "time":
		return Clock
	default:
		return Plain
	}
}

// holdsText reports whether the column is declared as a type that is sent as text.
func holdsText(f *schema.Field) bool {
	return declaredAs(f, "text", "varchar", "char", "string", "citext", "json", "xml", "uuid", "decimal", "numeric")
}

// holdsColumn reports whether a field of type t can be a column without a serializer.
func holdsColumn(t reflect.Type) bool { return isCustom(t) || basic(t, Plain) != nil }

func isCustom(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.PointerTo(t)
	return p.Implements(scannerType) || p.Implements(valuerType)
}

// customCodec serves types with a Scanner or a Valuer; the half that is missing is taken from the
// basic codec of the underlying kind.
func customCodec(t reflect.Type, meaning Meaning, text bool) *Codec {
	elem, pointer := t, t.Kind() == reflect.Pointer
	if pointer {
		elem = t.Elem()
	}
	scans, values := reflect.PointerTo(elem).Implements(scannerType), reflect.PointerTo(elem).Implements(valuerType)
	under := basic(elem, meaning)
	if under == nil && (!scans || !values) {
		return nil
	}
	standard := elem.PkgPath() == "database/sql" || elem.PkgPath() == "gorm.io/gorm"
	c := &Codec{
		Type: t, Kind: Custom, Pointer: pointer, Nullable: true, Meaning: meaning, text: text,
		Opaque: !valueOnly(elem), Deferred: scans && !standard || !valueOnly(elem),
	}
	inner := nullField(elem)
	if inner != nil {
		c.Bits, c.Instant = inner.Bits, inner.Kind == Time
	}
	scan := func(p memory.Ptr, src any) error { return under.Scan(p, src) }
	if scans {
		scan = func(p memory.Ptr, src any) error {
			if c.Instant || meaning == Date {
				var err error
				if src, err = meaning.dated(src); err != nil {
					return err
				}
			}
			return memory.Pointer(elem, p).(sql.Scanner).Scan(src) //nolint:errcheck,forcetypeassert // checked by Implements.
		}
	}
	bind := func(p memory.Ptr) (any, error) { return under.Bind(p) }
	if values {
		bind = func(p memory.Ptr) (any, error) {
			v, err := memory.Pointer(elem, p).(driver.Valuer).Value() //nolint:errcheck,forcetypeassert // checked by Implements.
			if err != nil {
				return nil, errs.Conceal(err, "the value of the %s was refused by its own method", elem)
			}
			return c.stored(v)
		}
	}
	c.finish(elem, scan, bind)
	c.cast = func(v any) (any, error) { return c.castCustom(elem, inner, scan, bind, v) }
	return c
}

// nullField returns the codec of the value inside sql.Null types and gorm.DeletedAt.
func nullField(t reflect.Type) *Codec {
	if t.PkgPath() != "database/sql" && t.PkgPath() != "gorm.io/gorm" || t.Kind() != reflect.Struct || t.NumField() != 2 {
		return nil
	}
	return basic(t.Field(0).Type, Plain)
}

// finish derives the functions that a type without a plain kind shares.
func (c *Codec) finish(elem reflect.Type, scan func(memory.Ptr, any) error, bind func(memory.Ptr) (any, error)) {
	c.Scan, c.Bind = scan, bind
	if c.Pointer {
		c.Scan = func(dst memory.Ptr, src any) error {
			if src == nil {
				*memory.At[memory.Ptr](dst) = nil
				return nil
			}
			p := memory.New(elem)
			if err := scan(p, src); err != nil {
				return err
			}
			*memory.At[memory.Ptr](dst) = p
			return nil
		}
		c.Bind = func(src memory.Ptr) (any, error) {
			p := *memory.At[memory.Ptr](src)
			if p == nil {
				return nil, nil //nolint:nilnil // nil is the driver's NULL.
			}
			return bind(p)
		}
	}
	size := c.Type.Size()
	c.Equal = func(a, b memory.Ptr) bool {
		if memory.Same(a, b, size) && !c.Opaque {
			return true
		}
		x, errX := c.Bind(a)
		y, errY := c.Bind(b)
		if errX != nil || errY != nil {
			return false
		}
		// Equal values may be stored in several ways: gob writes maps in any order.
		return c.EqualStored(x, y) ||
			c.Opaque && reflect.DeepEqual(memory.Value(c.Type, a).Interface(), memory.Value(c.Type, b).Interface())
	}
	c.Clone = func(dst, src memory.Ptr) {
		if c.Opaque || c.Pointer {
			if v, err := c.Bind(src); err == nil && c.Scan(dst, v) == nil {
				return
			}
		}
		memory.Copy(c.Type, dst, src)
	}
	c.Zero = func(p memory.Ptr) bool { return memory.Value(c.Type, p).IsZero() }
	c.Slab = func() (func(memory.Ptr, any) error, func(dst, src memory.Ptr)) { return c.Scan, c.Clone }
}

func (c *Codec) castCustom(
	elem reflect.Type, inner *Codec, scan func(memory.Ptr, any) error, bind func(memory.Ptr) (any, error), v any,
) (any, error) {
	p := memory.New(elem)
	switch rv := reflect.ValueOf(v); {
	case rv.Type() == elem:
		memory.Value(elem, p).Set(rv)
	case inner != nil:
		if valuer, ok := v.(driver.Valuer); ok {
			plain, err := valuer.Value()
			if err != nil || plain == nil {
				return nil, errNil()
			}
			v = plain
		}
		return inner.Cast(v)
	default:
		if valuer, ok := v.(driver.Valuer); ok {
			plain, err := valuer.Value()
			if err != nil {
				return nil, errs.Conceal(err, "the value of the %T was refused by its own method", v)
			}
			v = plain
		} else if plain, err := driver.DefaultParameterConverter.ConvertValue(v); err == nil {
			v = plain
		}
		if v == nil {
			return nil, errNil()
		}
		if err := scan(p, v); err != nil {
			return nil, errs.Conceal(err, "the %T is not a %s", v, elem)
		}
	}
	out, err := bind(p)
	if err == nil && out == nil {
		err = errNil()
	}
	return out, err
}

// noContext is given to gorm's serializers, which take a context: what they do here does not depend on
// the call.
var noContext = context.Background() //nolint:gochecknoglobals // never changes.

// serializerCodec serves columns with a gorm serializer, which knows a field by its schema and the
// struct it lives in; the struct is a scratch value of the synthetic type.
func serializerCodec(f *schema.Field, t, synthetic reflect.Type, meaning Meaning, text bool) *Codec {
	if f.TagSettings["SERIALIZER"] == "json" || f.TagSettings["JSON"] == "json" {
		meaning = JSON
	}
	c := &Codec{Type: t, Kind: Custom, Nullable: true, Opaque: true, Deferred: true, Meaning: meaning, text: text || meaning == JSON}
	ctx := noContext
	scan := func(dst memory.Ptr, src any) error {
		scratch := reflect.New(synthetic).Elem()
		if own, ok := memory.Pointer(t, dst).(schema.SerializerInterface); ok { // it scans itself, not the struct
			return own.Scan(ctx, f, scratch, src)
		}
		if _, ok := f.Serializer.(schema.JSONSerializer); ok {
			return scanJSON(t, dst, src)
		}
		if err := f.Serializer.Scan(ctx, f, scratch, src); err != nil {
			return err
		}
		memory.Value(t, dst).Set(f.ReflectValueOf(ctx, scratch))
		return nil
	}
	bind := func(src memory.Ptr) (any, error) {
		scratch := reflect.New(synthetic).Elem()
		held := memory.Value(t, src)
		f.ReflectValueOf(ctx, scratch).Set(held)
		var serializer schema.SerializerValuerInterface = f.Serializer
		if own, ok := reflect.TypeAssert[schema.SerializerValuerInterface](held); ok {
			serializer = own
		}
		v, err := serializer.Value(ctx, f, scratch, held.Interface())
		if err != nil {
			return nil, errs.Conceal(err, "the value of the %s was refused by its serializer", t)
		}
		return c.stored(v)
	}
	c.finish(t, scan, bind)
	c.cast = func(v any) (any, error) {
		p := memory.New(t)
		if rv := reflect.ValueOf(v); rv.Type().AssignableTo(t) {
			memory.Value(t, p).Set(rv)
			return bind(p)
		}
		// A value of another type is read as the serializer would read it back from the database.
		if _, err := driver.DefaultParameterConverter.ConvertValue(v); err != nil {
			if meaning != JSON {
				return nil, wrongType(v, "a "+t.String())
			}
		}
		if err := scan(p, v); err != nil {
			return nil, errs.Conceal(err, "the %T is not a %s", v, t)
		}
		return bind(p)
	}
	return c
}

// scanJSON reads what gorm's serializer of JSON reads, with all digits of its numbers.
func scanJSON(t reflect.Type, dst memory.Ptr, src any) error {
	out := reflect.New(t)
	var data []byte
	switch v := src.(type) {
	case nil:
	case []byte:
		data = v
	case string:
		data = []byte(v)
	default:
		var err error
		if data, err = json.Marshal(v); err != nil {
			return err
		}
	}
	if len(data) > 0 {
		if err := UnmarshalJSON(data, out.Interface()); err != nil {
			return err
		}
	}
	memory.Value(t, dst).Set(out.Elem())
	return nil
}

// stored checks what a Valuer returned and brings it into the form in which it is kept. Bytes for a
// column of text are bound as text, because connections that send values as text cannot know what the
// bytes are for.
func (c *Codec) stored(v any) (any, error) {
	switch v := v.(type) {
	case nil, int64, bool:
		return v, nil
	case []byte:
		if v == nil {
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		}
		if c.text && utf8.Valid(v) {
			return checkText(string(v))
		}
		return bytes.Clone(v), nil
	case string:
		return checkText(v)
	case float64:
		return checkFloat(v)
	case time.Time:
		return c.Meaning.boundTime(v)
	case driver.Valuer:
		if isNilPointer(v) { // as database/sql does
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		}
		inner, err := v.Value()
		if err != nil {
			return nil, errs.Conceal(err, "the value of the %T was refused by its own method", v)
		}
		return c.stored(inner)
	case uint64:
		if v > math.MaxInt64 {
			return nil, errs.New(errs.ErrInvalidValue, "more than a 64 bit integer holds")
		}
		return int64(v), nil
	}
	plain, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return nil, errs.Conceal(err, "unsupported type %T", v)
	}
	return plain, nil
}

func isNilPointer(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

// valueOnly reports whether a shallow copy of t shares nothing that can be written through.
func valueOnly(t reflect.Type) bool {
	if t.ConvertibleTo(timeType) && t.Kind() == reflect.Struct {
		return true
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64, reflect.String:
		return true
	case reflect.Array:
		return valueOnly(t.Elem())
	case reflect.Struct:
		for field := range t.Fields() {
			if !valueOnly(field.Type) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// EqualStored compares two values in the form in which they are kept, across the types in which
// drivers return them.
func (c *Codec) EqualStored(a, b any) bool {
	if a == nil || b == nil {
		return a == b
	}
	if x, ok := a.(time.Time); ok {
		y, err := toTime(b)
		return err == nil && SameTime(x, y)
	}
	if y, ok := b.(time.Time); ok {
		x, err := toTime(a)
		return err == nil && SameTime(x, y)
	}
	if x, ok := a.(float64); ok {
		if y, ok := b.(float64); ok {
			return x == y // -0 is 0
		}
	}
	x, errX := toString(a)
	y, errY := toString(b)
	if errX != nil || errY != nil {
		return false
	}
	if x == y {
		return true
	}
	switch c.Meaning {
	case JSON:
		return equalJSON([]byte(x), []byte(y))
	case Decimal:
		return equalDecimal(x, y)
	default:
		return false
	}
}

// String names the codec in messages of developers' mistakes.
func (c *Codec) String() string { return fmt.Sprintf("%s column", c.Type) }
