// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
)

// bulk inserts many rows as one array per column: INSERT … SELECT … FROM unnest($1::int8[], …).
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

// Append appends "SELECT c1, c2::uuid FROM unnest($1::int8[], $2::text[]) AS v(c1, c2)". Text that is
// stored as another type is cast by the server, as it would cast a single parameter.
func (bulk) Append(dst []byte, types []string, values []any, bind func([]byte, any) []byte) []byte {
	dst = append(dst, "SELECT "...)
	for i, t := range types {
		dst = comma(dst, i)
		dst = strconv.AppendInt(append(dst, 'c'), int64(i), 10)
		if isStrings(values[i]) && t != "text" {
			dst = append(append(dst, "::"...), t...)
		}
	}
	dst = append(dst, " FROM unnest("...)
	for i, t := range types {
		dst = comma(dst, i)
		dst = bind(dst, values[i])
		if isStrings(values[i]) {
			t = "text"
		}
		dst = append(append(append(dst, "::"...), t...), "[]"...)
	}
	dst = append(dst, ") AS v("...)
	for i := range types {
		dst = comma(dst, i)
		dst = strconv.AppendInt(append(dst, 'c'), int64(i), 10)
	}
	return append(dst, ')')
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		dst = append(dst, ", "...)
	}
	return dst
}

func isStrings(v any) bool {
	switch v.(type) {
	case []string, []*string:
		return true
	default:
		return false
	}
}

// Values returns the values of one column as a slice that pgx encodes, of pointers if some are NULL.
func (bulk) Values(column []any, typ string) (any, error) {
	for _, v := range column {
		switch v.(type) {
		case nil:
		case int64:
			return columnOf[int64](column)
		case string:
			return columnOf[string](column)
		case float64:
			return columnOf[float64](column)
		case bool:
			return columnOf[bool](column)
		case time.Time:
			return columnOf[time.Time](column)
		case []byte:
			return columnOf[[]byte](column)
		default:
			return nil, errs.New(errs.ErrInvalidValue, "a %T cannot be inserted", v)
		}
	}
	return nulls(typ, len(column)), nil
}

// nulls is a column of NULL only, in the form that values of the type would have, so that the text of
// the statement stays the same.
func nulls(typ string, n int) any {
	switch typ {
	case "int2", "int4", "int8":
		return make([]*int64, n)
	case "float4", "float8":
		return make([]*float64, n)
	case "bool":
		return make([]*bool, n)
	case "date", "timestamp", "timestamptz":
		return make([]*time.Time, n)
	case "bytea":
		return make([][]byte, n)
	default:
		return make([]*string, n)
	}
}

func columnOf[V any](column []any) (any, error) {
	values := make([]V, len(column))
	var pointers []*V
	for i, v := range column {
		if v == nil {
			if pointers == nil {
				pointers = make([]*V, len(column))
				for j := range i {
					pointers[j] = &values[j]
				}
			}
			continue
		}
		one, ok := v.(V)
		if !ok {
			return nil, errs.New(errs.ErrInvalidValue, "%T and %T in one column", one, v)
		}
		values[i] = one
		if pointers != nil {
			pointers[i] = &values[i]
		}
	}
	if pointers != nil {
		return pointers, nil
	}
	return values, nil
}
