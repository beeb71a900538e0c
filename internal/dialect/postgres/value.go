// SPDX-License-Identifier: MIT

package postgres

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
)

// The types of columns that do not arrive as text, by their numbers in pg_type.
const (
	oidBool        = 16
	oidBytea       = 17
	oidInt8        = 20
	oidInt2        = 21
	oidInt4        = 23
	oidOID         = 26
	oidXID         = 28
	oidCID         = 29
	oidJSON        = 114
	oidXML         = 142
	oidFloat4      = 700
	oidFloat8      = 701
	oidDate        = 1082
	oidTimestamp   = 1114
	oidTimestamptz = 1184
	oidJSONB       = 3802
)

// form is the Go type that a column's value has in database/sql.
type form uint8

const (
	text     form = iota
	document      // text that the driver returns as bytes
	boolean
	whole
	unsigned
	floating
	timed
	raw
)

// formOf returns the form of a column's type, the one that pgx's database/sql driver gives it.
func formOf(oid uint32) form {
	switch oid {
	case oidBool:
		return boolean
	case oidBytea:
		return raw
	case oidInt2, oidInt4, oidInt8:
		return whole
	case oidOID, oidXID, oidCID:
		return unsigned
	case oidFloat4, oidFloat8:
		return floating
	case oidDate, oidTimestamp, oidTimestamptz:
		return timed
	case oidJSON, oidJSONB, oidXML:
		return document
	default:
		return text
	}
}

// The functions below return how a column of a result is read. Without the binary protocol, which
// poolers may forbid, all values arrive as text.

func (f *field) bools() func(b []byte) (bool, error) {
	if f.binary {
		return func(b []byte) (bool, error) { return b[0] != 0, nil }
	}
	return func(b []byte) (bool, error) { return b[0] == 't', nil }
}

func (f *field) integers() func(b []byte) (int64, error) {
	switch {
	case f.binary && formOf(f.oid) == unsigned:
		return func(b []byte) (int64, error) { return int64(binary.BigEndian.Uint32(b)), nil }
	case f.binary:
		return func(b []byte) (int64, error) { return integer(b), nil }
	default:
		return func(b []byte) (int64, error) {
			n, err := strconv.ParseInt(string(b), 10, 64)
			return n, unread(err, "an integer")
		}
	}
}

func (f *field) floats() func(b []byte) (float64, error) {
	if f.binary {
		return func(b []byte) (float64, error) { return float(b), nil }
	}
	bits := 64
	if f.oid == oidFloat4 {
		bits = 32
	}
	return func(b []byte) (float64, error) {
		n, err := strconv.ParseFloat(string(b), bits)
		return n, unread(err, "a number")
	}
}

func (f *field) times() func(b []byte) (time.Time, error) {
	if !f.binary {
		return meta.ParseServerTime
	}
	if f.oid == oidDate {
		return func(b []byte) (time.Time, error) { return day(integer(b)), nil }
	}
	return func(b []byte) (time.Time, error) { return instant(integer(b)), nil }
}

// infinite returns how a column says "infinity" and "-infinity", which the driver returns as text; ""
// is any other time.
func (f *field) infinite() func(b []byte) string {
	if !f.binary {
		return func(b []byte) string {
			switch string(b) {
			case meta.Infinity, meta.NegativeInfinity:
				return string(b)
			}
			return ""
		}
	}
	first, last := int64(math.MinInt64), int64(math.MaxInt64)
	if f.oid == oidDate {
		first, last = math.MinInt32, math.MaxInt32
	}
	return func(b []byte) string {
		switch integer(b) {
		case first:
			return meta.NegativeInfinity
		case last:
			return meta.Infinity
		}
		return ""
	}
}

func (f *field) bytes() func(b []byte) ([]byte, error) {
	if f.binary || formOf(f.oid) != raw {
		return func(b []byte) ([]byte, error) { return append([]byte{}, b...), nil }
	}
	return unescape
}

// unescape reads the text of a bytea, in the form hex or, by the setting bytea_output, in the form escape.
func unescape(b []byte) ([]byte, error) {
	if digits, ok := bytes.CutPrefix(b, []byte(`\x`)); ok {
		out := make([]byte, hex.DecodedLen(len(digits)))
		_, err := hex.Decode(out, digits)
		return out, unread(err, "bytes")
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] != '\\':
			out = append(out, b[i])
		case i+1 < len(b) && b[i+1] == '\\':
			out = append(out, '\\')
			i++
		case i+3 < len(b):
			n, err := strconv.ParseUint(string(b[i+1:i+4]), 8, 8)
			if err != nil {
				return nil, unread(err, "bytes")
			}
			out = append(out, byte(n))
			i += 3
		default:
			return nil, errs.Unread(nil, "bytes")
		}
	}
	return out, nil
}

func unread(err error, as string) error {
	if err == nil {
		return nil
	}
	return errs.Unread(err, as)
}

func integer(b []byte) int64 {
	switch len(b) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(b))) //nolint:gosec // two's complement on the wire.
	case 4:
		return int64(int32(binary.BigEndian.Uint32(b))) //nolint:gosec // two's complement on the wire.
	default:
		return int64(binary.BigEndian.Uint64(b)) //nolint:gosec // two's complement on the wire.
	}
}

func float(b []byte) float64 {
	if len(b) == 4 {
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b))
}

// epoch is 2000-01-01, from which the server counts, in seconds since 1970.
const epoch = 946_684_800

// day returns the date that is n days from the epoch.
func day(n int64) time.Time {
	switch n {
	case math.MaxInt32:
		return meta.LastTime
	case math.MinInt32:
		return meta.FirstTime
	}
	return time.Unix(epoch+n*86_400, 0).UTC()
}

// instant returns the time that is n microseconds from the epoch.
func instant(n int64) time.Time {
	switch n {
	case math.MaxInt64:
		return meta.LastTime
	case math.MinInt64:
		return meta.FirstTime
	}
	seconds, micros := n/1_000_000, n%1_000_000
	return time.Unix(epoch+seconds, micros*1000).UTC()
}
