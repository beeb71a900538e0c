// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"database/sql/driver"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/kindred-orm/kindred/internal/errs"
)

// bulk inserts many rows as one array per column: INSERT … SELECT unnest($1::int8[]), ….
type bulk struct{}

// Types asks the server how it would bind the parameters of a plain INSERT.
func (bulk) Types(ctx context.Context, driverConn any, insert string) ([]string, error) {
	c, ok := driverConn.(connection)
	if !ok {
		return nil, nil
	}
	if c.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	described, err := c.Conn().PgConn().Prepare(ctx, "", insert, nil)
	if err != nil {
		return nil, retriable(err)
	}
	types := make([]string, len(described.ParamOIDs))
	for i, oid := range described.ParamOIDs {
		known, ok := c.Conn().TypeMap().TypeForOID(oid)
		if !ok || strings.HasPrefix(known.Name, "_") {
			return nil, nil
		}
		types[i] = known.Name
	}
	return types, nil
}

// Append appends "SELECT unnest($1::int8[]), unnest($2::text[])::uuid". Text that is stored as another
// type is cast by the server, as it would cast a single parameter. Several unnest side by side advance
// together and are streamed; one in FROM, with all arrays, first collects the rows in a tuplestore,
// which takes the server a third longer.
func (bulk) Append(dst []byte, types []string, values []any, bind func([]byte, any) []byte) []byte {
	dst = append(dst, "SELECT "...)
	for i, t := range types {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = bind(append(dst, "unnest("...), values[i])
		if c, ok := values[i].(*column); ok && c.text && t != "text" {
			dst = append(append(dst, "::text[])::"...), t...)
			continue
		}
		dst = append(append(append(dst, "::"...), t...), "[])"...)
	}
	return dst
}

// Values returns the values of one column as an array that pgx encodes.
func (bulk) Values(values []any, typ string) (any, error) {
	c := &column{values: values, text: boundAsText(typ)}
	for _, v := range values {
		if v == nil {
			continue
		}
		switch v.(type) {
		case int64, string, float64, bool, time.Time, []byte:
		default:
			return nil, errs.New(errs.ErrInvalidValue, "a %T cannot be inserted", v)
		}
		if c.one == nil {
			c.one = v
			_, c.text = v.(string)
		} else if reflect.TypeOf(v) != reflect.TypeOf(c.one) {
			return nil, errs.New(errs.ErrInvalidValue, "%T and %T in one column", c.one, v)
		}
	}
	return c, nil
}

// boundAsText reports whether values of the type are bound as text, so that the text of the statement
// is the same for a column of NULL only.
func boundAsText(typ string) bool {
	switch typ {
	case "int2", "int4", "int8", "float4", "float8", "bool", "date", "timestamp", "timestamptz", "bytea":
		return false
	default:
		return true
	}
}

// column is a list of bound values of one type, and of nil, as a one-dimensional array for pgx.
type column struct {
	values []any
	one    any // a value that is not nil
	text   bool
}

// Dimensions returns the length.
func (c *column) Dimensions() []pgtype.ArrayDimension {
	return []pgtype.ArrayDimension{{Length: int32(len(c.values)), LowerBound: 1}} //nolint:gosec // bulkRows at most.
}

// Index returns a value.
func (c *column) Index(i int) any { return c.values[i] }

// IndexType returns a value of the type that all have.
func (c *column) IndexType() any { return c.one }
