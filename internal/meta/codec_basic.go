// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

type signed interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64
}

type unsigned interface {
	~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// basic returns the codec of a field type that is, or points to, a plain kind; nil for others.
func basic(t reflect.Type, meaning Meaning) *Codec {
	elem, pointer := t, false
	if t.Kind() == reflect.Pointer {
		elem, pointer = t.Elem(), true
	}
	c := &Codec{Type: t, Pointer: pointer, Nullable: pointer, Meaning: meaning}
	switch elem.Kind() {
	case reflect.Bool:
		boolCodec(c)
	case reflect.Int:
		signedCodec[int](c, elem.Bits())
	case reflect.Int8:
		signedCodec[int8](c, 8)
	case reflect.Int16:
		signedCodec[int16](c, 16)
	case reflect.Int32:
		signedCodec[int32](c, 32)
	case reflect.Int64:
		signedCodec[int64](c, 64)
	case reflect.Uint:
		unsignedCodec[uint](c, elem.Bits())
	case reflect.Uint8:
		unsignedCodec[uint8](c, 8)
	case reflect.Uint16:
		unsignedCodec[uint16](c, 16)
	case reflect.Uint32:
		unsignedCodec[uint32](c, 32)
	case reflect.Uint64:
		unsignedCodec[uint64](c, 64)
	case reflect.Float32:
		floatCodec[float32](c, 32)
	case reflect.Float64:
		floatCodec[float64](c, 64)
	case reflect.String:
		stringCodec(c)
	case reflect.Slice:
		if elem.Elem().Kind() != reflect.Uint8 {
			return nil
		}
		bytesCodec(c)
	case reflect.Struct:
		if !elem.ConvertibleTo(timeType) {
			return nil
		}
		timeCodec(c)
	default:
		return nil
	}
	return c
}

// plain completes c from the functions of its element type; a pointer is nil for NULL.
func plain[V any](c *Codec, scan func(*V, any) error, bind func(*V) (any, error), equal func(a, b *V) bool,
	clone func(*V) V, zero func(*V) bool,
) {
	if !c.Pointer {
		c.Scan = func(dst memory.Ptr, src any) error {
			if src == nil {
				var none V
				*memory.At[V](dst) = none
				return nil
			}
			return scan(memory.At[V](dst), src)
		}
		c.Bind = func(src memory.Ptr) (any, error) { return bind(memory.At[V](src)) }
		c.Equal = func(a, b memory.Ptr) bool { return equal(memory.At[V](a), memory.At[V](b)) }
		c.Clone = func(dst, src memory.Ptr) { *memory.At[V](dst) = clone(memory.At[V](src)) }
		c.Zero = func(p memory.Ptr) bool { return zero(memory.At[V](p)) }
		c.Slab = func() (func(memory.Ptr, any) error, func(dst, src memory.Ptr)) { return c.Scan, c.Clone }
		return
	}
	c.Slab = func() (func(memory.Ptr, any) error, func(dst, src memory.Ptr)) {
		values := &slab[V]{}
		return func(dst memory.Ptr, src any) error {
				if src == nil {
					*memory.At[*V](dst) = nil
					return nil
				}
				v := values.next()
				*memory.At[*V](dst) = v
				return scan(v, src)
			}, func(dst, src memory.Ptr) {
				v := *memory.At[*V](src)
				if v != nil {
					copied := values.next()
					*copied = clone(v)
					v = copied
				}
				*memory.At[*V](dst) = v
			}
	}
	c.Scan = func(dst memory.Ptr, src any) error {
		if src == nil {
			*memory.At[*V](dst) = nil
			return nil
		}
		v := new(V)
		if err := scan(v, src); err != nil {
			return err
		}
		*memory.At[*V](dst) = v
		return nil
	}
	c.Bind = func(src memory.Ptr) (any, error) {
		v := *memory.At[*V](src)
		if v == nil {
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		}
		return bind(v)
	}
	c.Equal = func(a, b memory.Ptr) bool {
		x, y := *memory.At[*V](a), *memory.At[*V](b)
		if x == nil || y == nil {
			return x == y
		}
		return equal(x, y)
	}
	c.Clone = func(dst, src memory.Ptr) {
		v := *memory.At[*V](src)
		if v == nil {
			*memory.At[*V](dst) = nil
			return
		}
		copied := clone(v)
		*memory.At[*V](dst) = &copied
	}
	c.Zero = func(p memory.Ptr) bool { return *memory.At[*V](p) == nil }
}

// slab hands out addresses of zero values.
type slab[V any] struct {
	free []V
	size int
}

const slabValues = 32

func (s *slab[V]) next() *V {
	if len(s.free) == 0 {
		s.size = min(max(1, s.size*4), slabValues)
		s.free = make([]V, s.size)
	}
	v := &s.free[0]
	s.free = s.free[1:]
	return v
}

func same[V comparable](a, b *V) bool { return *a == *b }

func copyOf[V any](v *V) V { return *v }

func isZero[V comparable](v *V) bool {
	var none V
	return *v == none
}

func boolCodec(c *Codec) {
	c.Kind = Bool
	plain(c,
		func(dst *bool, src any) (err error) { *dst, err = toBool(src); return err },
		func(v *bool) (any, error) { return *v, nil },
		same[bool], copyOf[bool], isZero[bool])
	c.cast = func(v any) (any, error) { return castBool(v) }
}

func signedCodec[V signed](c *Codec, bits int) {
	c.Kind, c.Bits = Int, bits
	plain(c,
		func(dst *V, src any) error {
			n, err := toInt(src)
			if err != nil {
				return err
			}
			if *dst = V(n); int64(*dst) != n {
				return outOfRange(c)
			}
			return nil
		},
		func(v *V) (any, error) { return int64(*v), nil },
		same[V], copyOf[V], isZero[V])
	c.cast = func(v any) (any, error) {
		n, err := castInt(v)
		if err == nil && int64(V(n)) != n {
			err = outOfRange(c)
		}
		return n, err
	}
}

func unsignedCodec[V unsigned](c *Codec, bits int) {
	c.Kind, c.Bits = Uint, bits
	plain(c,
		func(dst *V, src any) error {
			n, err := toInt(src)
			if err != nil {
				return err
			}
			if *dst = V(n); n < 0 || int64(*dst) != n {
				return outOfRange(c)
			}
			return nil
		},
		func(v *V) (any, error) {
			if uint64(*v) > math.MaxInt64 {
				return nil, errs.New(errs.ErrInvalidValue, "more than the 64 bit integers of the database hold")
			}
			return int64(*v), nil
		},
		same[V], copyOf[V], isZero[V])
	c.cast = func(v any) (any, error) {
		n, err := castInt(v)
		if err == nil && (n < 0 || int64(V(n)) != n) {
			err = outOfRange(c)
		}
		return n, err
	}
}

func floatCodec[V ~float32 | ~float64](c *Codec, bits int) {
	c.Kind, c.Bits = Float, bits
	plain(c,
		func(dst *V, src any) error {
			f, err := toFloat(src)
			*dst = V(f)
			return err
		},
		func(v *V) (any, error) { return checkFloat(float64(*v)) },
		same[V], copyOf[V], isZero[V])
	c.cast = func(v any) (any, error) {
		f, err := castFloat(v)
		if err != nil {
			return nil, err
		}
		if narrow := float64(V(f)); math.IsInf(narrow, 0) {
			return nil, outOfRange(c)
		}
		return checkFloat(float64(V(f)))
	}
}

func stringCodec(c *Codec) {
	c.Kind = String
	equal := same[string]
	switch c.Meaning {
	case JSON:
		equal = func(a, b *string) bool { return *a == *b || equalJSON([]byte(*a), []byte(*b)) }
	case Decimal:
		equal = func(a, b *string) bool { return *a == *b || equalDecimal(*a, *b) }
	case UUID:
		equal = func(a, b *string) bool { return strings.EqualFold(*a, *b) }
	default:
	}
	plain(c,
		func(dst *string, src any) (err error) { *dst, err = c.Meaning.toText(src); return err },
		func(v *string) (any, error) { return c.written(*v) },
		equal, copyOf[string], isZero[string])
	c.cast = func(v any) (any, error) {
		s, err := castText(v, c.Meaning)
		if err != nil {
			return nil, err
		}
		return c.written(s)
	}
}

// written returns a text as it is stored. PostgreSQL refuses what does not have the form that the
// column's type asks for, and SQLite would keep it. A UUID is one value in either case, and PostgreSQL
// keeps the lower one.
func (c *Codec) written(s string) (any, error) {
	valid, form := true, ""
	switch c.Meaning {
	case JSON:
		valid, form = json.Valid([]byte(s)), "JSON"
	case Decimal:
		_, valid = decimal(s)
		form = "a decimal number"
	case UUID:
		valid, form = isUUID(s), "a UUID"
		s = strings.ToLower(s)
	default:
	}
	if !valid {
		return nil, errs.New(errs.ErrInvalidValue, "this text is not %s", form)
	}
	if c.raw { // the server would read the text as an escaped form of bytes
		return []byte(s), nil
	}
	return checkText(s)
}

func bytesCodec(c *Codec) {
	c.Kind, c.Nullable = Bytes, true
	equal := func(a, b *[]byte) bool { return (*a == nil) == (*b == nil) && bytes.Equal(*a, *b) }
	bind := func(v *[]byte) (any, error) {
		if *v == nil {
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		}
		if c.text && utf8.Valid(*v) {
			return checkText(string(*v))
		}
		return *v, nil
	}
	if c.Meaning == JSON {
		equal = func(a, b *[]byte) bool {
			return bytes.Equal(*a, *b) || *a != nil && *b != nil && equalJSON(*a, *b)
		}
		bind = func(v *[]byte) (any, error) {
			if *v == nil {
				return nil, nil //nolint:nilnil // nil is the driver's NULL.
			}
			return c.written(string(*v))
		}
	}
	plain(c,
		func(dst *[]byte, src any) (err error) { *dst, err = toBytes(src); return err },
		bind, equal,
		func(v *[]byte) []byte { return bytes.Clone(*v) },
		func(v *[]byte) bool { return *v == nil })
	c.cast = func(v any) (any, error) {
		b, err := castBytes(v)
		if err != nil {
			return nil, err
		}
		return bind(&b)
	}
}

func timeCodec(c *Codec) {
	c.Kind, c.Instant = Time, true
	meaning := c.Meaning
	plain(c,
		func(dst *time.Time, src any) (err error) { *dst, err = meaning.readTime(src); return err },
		func(v *time.Time) (any, error) { return meaning.boundTime(*v) },
		func(a, b *time.Time) bool { return meaning.sameTime(*a, *b) },
		copyOf[time.Time],
		func(v *time.Time) bool { return v.IsZero() })
	c.cast = func(v any) (any, error) {
		t, err := castTime(v)
		if err != nil {
			return nil, err
		}
		return meaning.boundTime(t)
	}
}

func checkFloat(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errs.New(errs.ErrInvalidValue, "NaN and infinite numbers cannot be stored on every database; use NULL")
	}
	return f, nil
}

// checkText refuses what only one of the databases would take.
func checkText(s string) (any, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return nil, errs.New(errs.ErrInvalidValue, "text contains a NUL byte")
	}
	if !utf8.ValidString(s) {
		return nil, errs.New(errs.ErrInvalidValue, "text is not valid UTF-8")
	}
	return s, nil
}

func outOfRange(c *Codec) error {
	return errs.New(errs.ErrInvalidValue, "the number does not fit into %s", c.Type)
}
