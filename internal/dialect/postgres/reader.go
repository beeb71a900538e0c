// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// The types of columns, by their numbers in pg_type, that come in binary form. They are those that
// pgx's database/sql driver asks for.
const (
	oidBool        = 16
	oidBytea       = 17
	oidInt8        = 20
	oidInt2        = 21
	oidInt4        = 23
	oidFloat4      = 700
	oidFloat8      = 701
	oidDate        = 1082
	oidTimestamp   = 1114
	oidTimestamptz = 1184
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
	columns, err := decoders(fields, into, &slabs{})
	if err != nil {
		return err
	}
	for more := true; more; more = rows.Next() {
		record, extras := into.Row()
		for i, raw := range rows.RawValues() {
			if err := columns[i](record, extras, raw); err != nil {
				return fmt.Errorf("column %q: %w", fields[i].name, err)
			}
		}
	}
	return rows.Err()
}

// decoder stores one raw value; nil is NULL.
type decoder func(record memory.Ptr, extras []any, raw []byte) error

func decoders(fields []field, into dialect.Sink, s *slabs) ([]decoder, error) {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].name
	}
	targets, err := into.Targets(names)
	if err != nil {
		return nil, err
	}
	out := make([]decoder, len(fields))
	for i := range fields {
		out[i] = decode(&fields[i], &targets[i], into, s)
	}
	return out, nil
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
	if !f.binary {
		return func(raw []byte) (any, error) {
			if raw == nil {
				return nil, nil //nolint:nilnil // nil is NULL.
			}
			return s.text(raw), nil
		}
	}
	oid := f.oid
	return func(raw []byte) (any, error) {
		if raw == nil {
			return nil, nil //nolint:nilnil // nil is NULL.
		}
		switch oid {
		case oidBool:
			return raw[0] != 0, nil
		case oidInt2, oidInt4, oidInt8:
			return integer(raw), nil
		case oidFloat4, oidFloat8:
			return float(raw), nil
		case oidDate, oidTimestamp, oidTimestamptz:
			return instant(oid, raw)
		default:
			return append([]byte{}, raw...), nil
		}
	}
}

func integer(raw []byte) int64 {
	switch len(raw) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(raw))) //nolint:gosec // two's complement on the wire.
	case 4:
		return int64(int32(binary.BigEndian.Uint32(raw))) //nolint:gosec // two's complement on the wire.
	default:
		return int64(binary.BigEndian.Uint64(raw)) //nolint:gosec // two's complement on the wire.
	}
}

func float(raw []byte) float64 {
	if len(raw) == 4 {
		return float64(math.Float32frombits(binary.BigEndian.Uint32(raw)))
	}
	return math.Float64frombits(binary.BigEndian.Uint64(raw))
}

// epoch is 2000-01-01, from which the server counts, in seconds since 1970.
const epoch = 946_684_800

func instant(oid uint32, raw []byte) (time.Time, error) {
	n := integer(raw)
	if oid == oidDate {
		if n == math.MaxInt32 || n == math.MinInt32 {
			return time.Time{}, errs.New(errs.ErrInvalidValue, "an infinite date fits no time.Time")
		}
		return time.Unix(epoch+n*86_400, 0).UTC(), nil
	}
	if n == math.MaxInt64 || n == math.MinInt64 {
		return time.Time{}, errs.New(errs.ErrInvalidValue, "an infinite timestamp fits no time.Time")
	}
	seconds, micros := n/1_000_000, n%1_000_000
	return time.Unix(epoch+seconds, micros*1000).UTC(), nil
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
func (s *slabs) direct(f *field, c *meta.Codec) func(dst memory.Ptr, raw []byte) error {
	if !f.binary {
		if c.Kind != meta.String {
			return nil
		}
		return storeText(c.Pointer, s)
	}
	oid := f.oid
	switch oid {
	case oidInt2, oidInt4, oidInt8:
		if c.Kind == meta.Int && c.Bits == 64 {
			return storeValue(c.Pointer, &s.ints, func(raw []byte) (int64, error) { return integer(raw), nil })
		}
	case oidFloat4, oidFloat8:
		if c.Kind == meta.Float && c.Bits == 64 {
			return storeValue(c.Pointer, &s.floats, func(raw []byte) (float64, error) { return float(raw), nil })
		}
	case oidBool:
		if c.Kind == meta.Bool {
			return storeValue(c.Pointer, &s.bools, func(raw []byte) (bool, error) { return raw[0] != 0, nil })
		}
	case oidDate, oidTimestamp, oidTimestamptz:
		if c.Kind == meta.Time {
			return storeValue(c.Pointer, &s.times, func(raw []byte) (time.Time, error) { return instant(oid, raw) })
		}
	case oidBytea:
		if c.Kind == meta.Bytes && !c.Pointer {
			return func(dst memory.Ptr, raw []byte) error {
				if raw != nil {
					raw = append([]byte{}, raw...)
				}
				*memory.At[[]byte](dst) = raw
				return nil
			}
		}
	}
	return nil
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
