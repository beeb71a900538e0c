// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// reader decodes rows from the values that pgx received.
type reader struct{}

// connection is what stdlib's connections offer.
type connection interface{ Conn() *pgx.Conn }

// formats asks for binary values of the types that decode knows, and for text of all others; these
// are also the formats of pgx's database/sql driver, so both ways of reading see the same values.
var formats = pgx.QueryResultFormatsByOID{ //nolint:gochecknoglobals // a constant table.
	pgtype.BoolOID: 1, pgtype.ByteaOID: 1, pgtype.DateOID: 1, pgtype.Float4OID: 1, pgtype.Float8OID: 1,
	pgtype.Int2OID: 1, pgtype.Int4OID: 1, pgtype.Int8OID: 1, pgtype.TimestampOID: 1, pgtype.TimestamptzOID: 1,
}

// Can reports whether the driver's connection is pgx's.
func (reader) Can(driverConn any) bool {
	_, ok := driverConn.(connection)
	return ok
}

// Read runs the statement and decodes its rows.
func (reader) Read(ctx context.Context, driverConn any, sql string, args []any, into dialect.Sink) error {
	c, ok := driverConn.(connection)
	if !ok || c.Conn().IsClosed() {
		return driver.ErrBadConn
	}
	all := make([]any, 0, len(args)+1)
	rows, err := c.Conn().Query(ctx, sql, append(append(all, formats), args...)...)
	if err != nil {
		return retriable(err)
	}
	defer rows.Close()
	if err := store(rows, into); err != nil {
		return err
	}
	rows.Close()
	return retriable(rows.Err())
}

func retriable(err error) error {
	if err != nil && pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

func store(rows pgx.Rows, into dialect.Sink) error {
	var columns []decoder
	s := &slabs{}
	for rows.Next() {
		if columns == nil {
			var err error
			if columns, err = decoders(rows.FieldDescriptions(), into, s); err != nil {
				return err
			}
		}
		record, extras := into.Row()
		for i, raw := range rows.RawValues() {
			if err := columns[i](record, extras, raw); err != nil {
				return fmt.Errorf("column %q: %w", rows.FieldDescriptions()[i].Name, err)
			}
		}
	}
	return nil
}

// decoder stores one raw value; nil is NULL.
type decoder func(record memory.Ptr, extras []any, raw []byte) error

func decoders(fields []pgconn.FieldDescription, into dialect.Sink, s *slabs) ([]decoder, error) {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
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
func decode(f *pgconn.FieldDescription, t *dialect.Target, into dialect.Sink, s *slabs) decoder {
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
func driverValue(f *pgconn.FieldDescription, s *slabs) func(raw []byte) (any, error) {
	if f.Format != pgtype.BinaryFormatCode {
		return func(raw []byte) (any, error) {
			if raw == nil {
				return nil, nil //nolint:nilnil // nil is NULL.
			}
			return s.text(raw), nil
		}
	}
	oid := f.DataTypeOID
	return func(raw []byte) (any, error) {
		if raw == nil {
			return nil, nil //nolint:nilnil // nil is NULL.
		}
		switch oid {
		case pgtype.BoolOID:
			return raw[0] != 0, nil
		case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
			return integer(raw), nil
		case pgtype.Float4OID, pgtype.Float8OID:
			return float(raw), nil
		case pgtype.DateOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
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
	if oid == pgtype.DateOID {
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
func (s *slabs) direct(f *pgconn.FieldDescription, c *meta.Codec) func(dst memory.Ptr, raw []byte) error {
	if f.Format != pgtype.BinaryFormatCode {
		if c.Kind != meta.String {
			return nil
		}
		return storeText(c.Pointer, s)
	}
	oid := f.DataTypeOID
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		if c.Kind == meta.Int && c.Bits == 64 {
			return storeValue(c.Pointer, &s.ints, func(raw []byte) (int64, error) { return integer(raw), nil })
		}
	case pgtype.Float4OID, pgtype.Float8OID:
		if c.Kind == meta.Float && c.Bits == 64 {
			return storeValue(c.Pointer, &s.floats, func(raw []byte) (float64, error) { return float(raw), nil })
		}
	case pgtype.BoolOID:
		if c.Kind == meta.Bool {
			return storeValue(c.Pointer, &s.bools, func(raw []byte) (bool, error) { return raw[0] != 0, nil })
		}
	case pgtype.DateOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
		if c.Kind == meta.Time {
			return storeValue(c.Pointer, &s.times, func(raw []byte) (time.Time, error) { return instant(oid, raw) })
		}
	case pgtype.ByteaOID:
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
