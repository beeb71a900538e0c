// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// reader decodes rows from the values that pgx received.
type reader struct{}

// Can reports whether the driver's connection is pgx's.
func (reader) Can(driverConn any) bool { return isPgx(driverConn) }

// Read runs the statement and decodes its rows.
func (reader) Read(ctx context.Context, driverConn any, sql string, args []any, into dialect.Sink) error {
	return read(ctx, driverConn, sql, args, into)
}

// Unprepared returns the argument that keeps pgx from using what it knows of a statement of the same text.
func (reader) Unprepared(driverConn any) any { return unprepared(driverConn) }

// store stores the rows, of which the first has been read.
func store(rows rawRows, into dialect.Sink) error {
	fields := fieldsOf(rows)
	targets, err := targetsOf(fields, into)
	if err != nil {
		return err
	}
	columns, s := make([]decoder, len(fields)), &slabs{}
	for i := range fields {
		columns[i] = decode(&fields[i], &targets[i], into, s)
	}
	for more := true; more; more = rows.Next() {
		record, extras := into.Row()
		for i, raw := range rows.RawValues() {
			if err := columns[i](record, extras, raw); err != nil {
				return targets[i].Failed(err)
			}
		}
	}
	return rows.Err()
}

// decoder stores one raw value; nil is NULL.
type decoder func(record memory.Ptr, extras []any, raw []byte) error

func targetsOf(fields []field, into dialect.Sink) ([]dialect.Target, error) {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].name
	}
	return into.Targets(names)
}

// decode picks the decoder of a column: a direct one where the type of the column and the kind of
// the field fit, else one that goes through the driver's value.
func decode(f *field, t *dialect.Target, into dialect.Sink, s *slabs) decoder {
	value := driverValue(f, s)
	if t.Extra >= 0 {
		return func(_ memory.Ptr, extras []any, raw []byte) (err error) {
			extras[t.Extra], err = value(raw)
			return err
		}
	}
	c, offset := t.Codec, t.Offset
	if c.Kind != meta.Custom {
		if direct := s.direct(f, c); direct != nil {
			return func(record memory.Ptr, _ []any, raw []byte) error { return direct(memory.Add(record, offset), raw) }
		}
	}
	return func(record memory.Ptr, _ []any, raw []byte) error {
		v, err := value(raw)
		if err != nil {
			return err
		}
		if c.Deferred {
			into.Later(record, t, v)
			return nil
		}
		return t.Scan(memory.Add(record, offset), v)
	}
}

// driverValue decodes to what the database/sql driver would return.
func driverValue(f *field, s *slabs) func(raw []byte) (any, error) {
	switch formOf(f.oid) {
	case boolean:
		return boxed(f.bools())
	case whole, unsigned:
		return boxed(f.integers())
	case floating:
		return boxed(f.floats())
	case timed:
		return boxedTime(f)
	case raw, document:
		return boxed(f.bytes())
	default:
		return boxed(func(b []byte) (string, error) { return s.text(b), nil })
	}
}

// boxed puts what read returns into an interface, where NULL is nil.
func boxed[V any](read func(b []byte) (V, error)) func(b []byte) (any, error) {
	return func(b []byte) (any, error) {
		if b == nil {
			return nil, nil //nolint:nilnil // nil is NULL.
		}
		v, err := read(b)
		return v, err
	}
}

func boxedTime(f *field) func(b []byte) (any, error) {
	read, infinite := f.times(), f.infinite()
	return func(b []byte) (any, error) {
		if b == nil {
			return nil, nil //nolint:nilnil // nil is NULL.
		}
		if word := infinite(b); word != "" {
			return word, nil
		}
		v, err := read(b)
		return v, err
	}
}

// slabs are the allocations that the values of one result share, small enough that a value which
// is kept alone keeps little else alive.
type slabs struct {
	texts   strings.Builder
	size    int
	strings slab[string]
	ints    slab[int64]
	times   slab[time.Time]
	floats  slab[float64]
	bools   slab[bool]
}

const textChunk = 4 << 10

func (s *slabs) text(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	if s.texts.Cap()-s.texts.Len() < len(raw) {
		s.size = min(max(64, s.size*4), textChunk)
		s.texts = strings.Builder{}
		s.texts.Grow(max(s.size, len(raw)))
	}
	at := s.texts.Len()
	s.texts.Write(raw)
	return s.texts.String()[at:]
}

// slab hands out addresses of values for fields that are pointers.
type slab[V any] struct {
	free []V
	size int
}

func (s *slab[V]) next(v V) *V {
	if len(s.free) == 0 {
		s.size = min(max(1, s.size*4), 32)
		s.free = make([]V, s.size)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	*p = v
	return p
}

// direct returns a decoder that stores into the field without boxing, or nil.
func (s *slabs) direct(f *field, c *meta.Codec) func(dst memory.Ptr, b []byte) error {
	switch form := formOf(f.oid); {
	case c.Kind == meta.String && (form == text || form == document):
		return storeText(c.Pointer, s)
	case c.Kind == meta.Int && c.Bits == 64 && form == whole:
		return storeValue(c.Pointer, &s.ints, f.integers())
	case c.Kind == meta.Float && c.Bits == 64 && form == floating:
		return storeValue(c.Pointer, &s.floats, f.floats())
	case c.Kind == meta.Bool && form == boolean:
		return storeValue(c.Pointer, &s.bools, f.bools())
	case c.Kind == meta.Time && form == timed:
		return storeValue(c.Pointer, &s.times, f.times())
	case c.Kind == meta.Bytes && !c.Pointer && (form == raw || form == document):
		return storeBytes(f.bytes())
	default:
		return nil
	}
}

func storeBytes(read func(b []byte) ([]byte, error)) func(dst memory.Ptr, b []byte) error {
	return func(dst memory.Ptr, b []byte) (err error) {
		if b == nil {
			*memory.At[[]byte](dst) = nil
			return nil
		}
		*memory.At[[]byte](dst), err = read(b)
		return err
	}
}

func storeText(pointer bool, s *slabs) func(dst memory.Ptr, raw []byte) error {
	if pointer {
		return func(dst memory.Ptr, raw []byte) error {
			if raw == nil {
				*memory.At[*string](dst) = nil
				return nil
			}
			*memory.At[*string](dst) = s.strings.next(s.text(raw))
			return nil
		}
	}
	return func(dst memory.Ptr, raw []byte) error {
		*memory.At[string](dst) = s.text(raw)
		return nil
	}
}

func storeValue[V any](pointer bool, s *slab[V], read func(raw []byte) (V, error)) func(dst memory.Ptr, raw []byte) error {
	if pointer {
		return func(dst memory.Ptr, raw []byte) error {
			if raw == nil {
				*memory.At[*V](dst) = nil
				return nil
			}
			v, err := read(raw)
			*memory.At[*V](dst) = s.next(v)
			return err
		}
	}
	return func(dst memory.Ptr, raw []byte) error {
		if raw == nil {
			var none V
			*memory.At[V](dst) = none
			return nil
		}
		v, err := read(raw)
		*memory.At[V](dst) = v
		return err
	}
}
