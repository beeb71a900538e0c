// SPDX-License-Identifier: MIT

package serialize

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// plan is how a model is serialized.
type plan struct {
	model     *meta.Model
	fields    []field
	names     []string // serialized names that can be picked
	relations []string // serialized names of relations
	size      int      // an estimate of a record's JSON
}

// field is a serialized field, or a computed value.
type field struct {
	name    string
	key     []byte         // "name":
	column  *meta.Column   // nil if it is none
	related *meta.Relation // nil if it is none
	omit    func(record memory.Ptr) bool
	append  func(dst []byte, record memory.Ptr) ([]byte, error)
	value   func(record memory.Ptr) any
}

var plans sync.Map //nolint:gochecknoglobals // a cache of a pure function of models.

func planOf(m *meta.Model) *plan {
	if p, ok := plans.Load(m); ok {
		return p.(*plan) //nolint:errcheck,forcetypeassert // only plans are stored.
	}
	kept, _ := plans.LoadOrStore(m, newPlan(m))
	return kept.(*plan) //nolint:errcheck,forcetypeassert // only plans are stored.
}

func newPlan(m *meta.Model) *plan {
	p := &plan{model: m, size: 2}
	for _, c := range m.Columns {
		n := len(p.fields)
		p.add(c.JSON, c.Offset, c.Codec, m.Serialize[c.Attr])
		if len(p.fields) > n {
			p.fields[n].column = c
		}
	}
	for _, v := range m.Virtuals {
		p.add(v.JSON, v.Offset, v.Codec, nil)
	}
	for _, r := range m.Relations {
		if !r.JSON.Hidden {
			p.fields = append(p.fields, field{name: r.JSON.Name, key: key(r.JSON.Name), related: r})
			p.relations = append(p.relations, r.JSON.Name)
		}
	}
	for _, c := range m.Computed {
		p.addFunc(c.Name, c.Func)
	}
	return p
}

func (p *plan) add(j meta.JSONField, offset uintptr, c *meta.Codec, fn func(memory.Ptr) any) {
	if j.Hidden {
		return
	}
	if fn != nil {
		p.addFunc(j.Name, fn)
	} else {
		f := field{name: j.Name, key: key(j.Name)}
		write, read := writer(c, j.String), reader(c, j.String)
		f.append = func(dst []byte, record memory.Ptr) ([]byte, error) { return write(dst, memory.Add(record, offset)) }
		f.value = func(record memory.Ptr) any { return read(memory.Add(record, offset)) }
		p.fields = append(p.fields, f)
		p.names = append(p.names, j.Name)
		p.size += len(f.key) + 16
	}
	if omit := omitter(c, j); omit != nil {
		p.fields[len(p.fields)-1].omit = func(record memory.Ptr) bool { return omit(memory.Add(record, offset)) }
	}
}

func (p *plan) addFunc(name string, fn func(memory.Ptr) any) {
	p.fields = append(p.fields, field{
		name: name, key: key(name),
		append: func(dst []byte, record memory.Ptr) ([]byte, error) { return appendAny(dst, fn(record)) },
		value:  fn,
	})
	p.names = append(p.names, name)
	p.size += len(name) + 20
}

func key(name string) []byte { return append(appendString(nil, name), ':') }

// omitter returns what omitempty and omitzero ask, as encoding/json understands them.
func omitter(c *meta.Codec, j meta.JSONField) func(memory.Ptr) bool {
	if inner, field := c.Behind(); inner != nil {
		omit := omitter(inner, j)
		if omit == nil {
			return nil
		}
		return func(p memory.Ptr) bool {
			p = field(p)
			return p == nil || omit(p)
		}
	}
	switch {
	case j.OmitZero && j.OmitEmpty:
		zero := zeroTest(c.Type)
		return func(p memory.Ptr) bool {
			v := memory.Value(c.Type, p)
			return isEmpty(v) || zero(v)
		}
	case j.OmitZero:
		zero := zeroTest(c.Type)
		return func(p memory.Ptr) bool { return zero(memory.Value(c.Type, p)) }
	case j.OmitEmpty:
		return func(p memory.Ptr) bool { return isEmpty(memory.Value(c.Type, p)) }
	default:
		return nil
	}
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

// zeroTest asks the type itself, where it has a method for that.
func zeroTest(t reflect.Type) func(v reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	asks := func(v reflect.Value) bool {
		z, ok := reflect.TypeAssert[zeroer](v)
		return ok && z.IsZero()
	}
	switch zeroerType := reflect.TypeFor[zeroer](); {
	case t.Kind() == reflect.Pointer && t.Implements(zeroerType):
		return func(v reflect.Value) bool { return v.IsNil() || asks(v) }
	case reflect.PointerTo(t).Implements(zeroerType):
		return func(v reflect.Value) bool { return asks(v.Addr()) }
	default:
		return reflect.Value.IsZero
	}
}

var (
	marshalerType = reflect.TypeFor[json.Marshaler]()
	textType      = reflect.TypeFor[encoding.TextMarshaler]()
	timeType      = reflect.TypeFor[time.Time]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	numberType    = reflect.TypeFor[json.Number]()
)

// marshals reports whether encoding/json would ask the type itself.
func marshals(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.PointerTo(t)
	return t != timeType && (p.Implements(marshalerType) || p.Implements(textType))
}

// writer returns the function that appends a field's JSON, byte for byte what encoding/json writes,
// but for types that wrap a value which may be NULL: those are the value, or null.
func writer(c *meta.Codec, asString bool) func(dst []byte, p memory.Ptr) ([]byte, error) {
	if inner, field := c.Behind(); inner != nil {
		write := writer(inner, asString)
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			if p = field(p); p == nil {
				return append(dst, "null"...), nil
			}
			return write(dst, p)
		}
	}
	if inner := meta.Wrapped(c.Type); inner != nil {
		return nullWriter(c.Type, writer(inner, asString))
	}
	if c.Type == rawType {
		return writeRaw
	}
	if marshals(c.Type) || c.Kind == meta.Custom {
		t := c.Type
		// By its address, because the method may have a pointer receiver.
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			return appendAny(dst, memory.Value(t, p).Addr().Interface())
		}
	}
	write := plainWriter(c)
	number := c.Type == numberType || c.Type == reflect.PointerTo(numberType)
	if number {
		write = func(dst []byte, p memory.Ptr) ([]byte, error) { return appendAny(dst, *memory.At[json.Number](p)) }
	}
	if asString && c.Kind != meta.Time && c.Kind != meta.Bytes {
		write = quoted(write, c.Kind == meta.String && !number)
	}
	if !c.Pointer {
		return write
	}
	return func(dst []byte, p memory.Ptr) ([]byte, error) {
		if p = *memory.At[memory.Ptr](p); p == nil {
			return append(dst, "null"...), nil
		}
		return write(dst, p)
	}
}

func plainWriter(c *meta.Codec) func(dst []byte, p memory.Ptr) ([]byte, error) {
	bits := c.Bits
	switch c.Kind {
	case meta.Bool:
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			return strconv.AppendBool(dst, *memory.At[bool](p)), nil
		}
	case meta.Int:
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			return strconv.AppendInt(dst, signed(p, bits), 10), nil
		}
	case meta.Uint:
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			return strconv.AppendUint(dst, unsigned(p, bits), 10), nil
		}
	case meta.Float:
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			if bits == 32 {
				return appendFloat(dst, float64(*memory.At[float32](p)), 32)
			}
			return appendFloat(dst, *memory.At[float64](p), 64)
		}
	case meta.String:
		return func(dst []byte, p memory.Ptr) ([]byte, error) { return appendString(dst, *memory.At[string](p)), nil }
	case meta.Time:
		return func(dst []byte, p memory.Ptr) ([]byte, error) { return appendTime(dst, *memory.At[time.Time](p)) }
	default:
		return func(dst []byte, p memory.Ptr) ([]byte, error) {
			b := *memory.At[[]byte](p)
			if b == nil {
				return append(dst, "null"...), nil
			}
			dst = append(dst, '"')
			return append(base64.StdEncoding.AppendEncode(dst, b), '"'), nil
		}
	}
}

func signed(p memory.Ptr, bits int) int64 {
	switch bits {
	case 8:
		return int64(*memory.At[int8](p))
	case 16:
		return int64(*memory.At[int16](p))
	case 32:
		return int64(*memory.At[int32](p))
	default:
		return *memory.At[int64](p)
	}
}

func unsigned(p memory.Ptr, bits int) uint64 {
	switch bits {
	case 8:
		return uint64(*memory.At[uint8](p))
	case 16:
		return uint64(*memory.At[uint16](p))
	case 32:
		return uint64(*memory.At[uint32](p))
	default:
		return *memory.At[uint64](p)
	}
}

// appendFloat writes a number in the form of ECMAScript, as encoding/json does.
func appendFloat(dst []byte, f float64, bits int) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst, fmt.Errorf("JSON has no %v", f)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (bits == 64 && (abs < 1e-6 || abs >= 1e21) ||
		bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21)) {
		format = 'e'
	}
	dst = strconv.AppendFloat(dst, f, format, -1, bits)
	if n := len(dst); format == 'e' && n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst, nil
}

func appendTime(dst []byte, t time.Time) ([]byte, error) {
	if y := t.Year(); y < 0 || y > 9999 {
		return dst, fmt.Errorf("year %d is outside of what JSON's dates hold", y)
	}
	dst = t.AppendFormat(append(dst, '"'), time.RFC3339Nano)
	return append(dst, '"'), nil
}

// quoted writes a number, boolean or text inside a string, for the option string of a json tag.
func quoted(write func([]byte, memory.Ptr) ([]byte, error), text bool) func([]byte, memory.Ptr) ([]byte, error) {
	return func(dst []byte, p memory.Ptr) ([]byte, error) {
		inner, err := write(nil, p)
		if err != nil {
			return dst, err
		}
		if text {
			return appendString(dst, string(inner)), nil
		}
		return append(append(append(dst, '"'), inner...), '"'), nil
	}
}

func writeRaw(dst []byte, p memory.Ptr) ([]byte, error) {
	raw := *memory.At[json.RawMessage](p)
	if raw == nil {
		return append(dst, "null"...), nil
	}
	b := bytes.NewBuffer(dst)
	if err := json.Compact(b, raw); err != nil {
		return dst, err
	}
	escaped := bytes.Buffer{}
	json.HTMLEscape(&escaped, b.Bytes()[len(dst):])
	return append(dst, escaped.Bytes()...), nil
}

func nullWriter(t reflect.Type, write func([]byte, memory.Ptr) ([]byte, error)) func([]byte, memory.Ptr) ([]byte, error) {
	value, valid := t.Field(0).Offset, t.Field(1).Offset
	return func(dst []byte, p memory.Ptr) ([]byte, error) {
		if !*memory.At[bool](memory.Add(p, valid)) {
			return append(dst, "null"...), nil
		}
		return write(dst, memory.Add(p, value))
	}
}

// reader returns the function that gives a field's plain value: what is in a pointer or a type that
// wraps a value which may be NULL, or nil.
func reader(c *meta.Codec, asString bool) func(p memory.Ptr) any {
	if inner, field := c.Behind(); inner != nil {
		read := reader(inner, asString)
		return func(p memory.Ptr) any {
			if p = field(p); p == nil {
				return nil
			}
			return read(p)
		}
	}
	if inner := meta.Wrapped(c.Type); inner != nil {
		read, valid := reader(inner, asString), c.Type.Field(1).Offset
		return func(p memory.Ptr) any {
			if !*memory.At[bool](memory.Add(p, valid)) {
				return nil
			}
			return read(p)
		}
	}
	return func(p memory.Ptr) any {
		t := c.Type
		if t.Kind() == reflect.Pointer {
			if p = *memory.At[memory.Ptr](p); p == nil {
				return nil
			}
			t = t.Elem()
		}
		v := memory.Value(t, p)
		if asString && (v.CanInt() || v.CanUint() || v.CanFloat() || v.Kind() == reflect.Bool) {
			return fmt.Sprint(v.Interface())
		}
		return v.Interface()
	}
}
