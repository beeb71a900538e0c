// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// bulk inserts many rows as one array per column: INSERT … SELECT unnest($1::int8[]), ….
type bulk struct{}

// Types asks the server how it would bind the parameters of a plain INSERT.
func (bulk) Types(ctx context.Context, driverConn any, insert string) ([]string, error) {
	types, err := parameterTypes(ctx, driverConn, insert)
	if err != nil {
		return nil, err
	}
	for _, t := range types {
		if strings.HasPrefix(t, "_") { // an array
			return nil, nil
		}
	}
	return types, nil
}

// Append appends "SELECT unnest($1::int8[]), unnest($2::text[])::uuid". Text that is stored as another
// type is cast by the server, as it would cast a single parameter. Several unnest side by side advance
// together and are streamed; one in FROM, with all arrays, first collects the rows in a tuplestore,
// which takes the server a third longer.
func (bulk) Append(dst []byte, types []string, columns []dialect.BulkColumn, bind func([]byte, any) []byte) []byte {
	dst = append(dst, "SELECT "...)
	for i, t := range types {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		c := columns[i]
		dst = bind(append(dst, "unnest("...), c.Values)
		if c.Text && t != "text" {
			dst = append(append(dst, "::text[])::"...), t...)
			continue
		}
		dst = append(append(append(dst, "::"...), t...), "[])"...)
	}
	return dst
}

// Column checks that the values of a column can be elements of one array, which pgx makes of the list.
func (bulk) Column(values []any, typ string) (dialect.BulkColumn, error) {
	c := dialect.BulkColumn{Values: values, Text: boundAsText(typ)}
	var one any
	for _, v := range values {
		if v == nil {
			continue
		}
		switch v.(type) {
		case int64, string, float64, bool, time.Time, []byte:
		default:
			return c, errs.New(errs.ErrInvalidValue, "a %T cannot be inserted", v)
		}
		if one == nil {
			one = v
			_, c.Text = v.(string)
		} else if reflect.TypeOf(v) != reflect.TypeOf(one) {
			return c, errs.New(errs.ErrInvalidValue, "%T and %T in one column", one, v)
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
