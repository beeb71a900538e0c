// SPDX-License-Identifier: MIT

package mysql

import (
	"strconv"
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/ident"
)

// numeric is the condition that a column is one of numbers.
const numeric = " WHERE EXISTS (SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE())" +
	" AND TABLE_NAME = ? AND COLUMN_NAME = ? AND NUMERIC_PRECISION IS NOT NULL)"

// decimal is the widest type of exact numbers.
const decimal = " AS DECIMAL(65,30))"

// rowsOf is how a list of rows is written behind a SELECT: what comes before the first, between two, and behind each.
type rowsOf struct{ first, next, end string }

// How MariaDB, MySQL and old MySQL write a list of rows.
var (
	valuesOfMariaDB = rowsOf{" UNION ALL VALUES (", ", (", ")"}              //nolint:gochecknoglobals // a constant.
	valuesOfMySQL   = rowsOf{" UNION ALL VALUES ROW(", ", ROW(", ")"}        //nolint:gochecknoglobals // a constant.
	selects         = rowsOf{" UNION ALL SELECT ", " UNION ALL SELECT ", ""} //nolint:gochecknoglobals // a constant.
)

// pairs returns a function that joins two lists. A list begins with the column in
// a SELECT of no row, from which it takes its collation. It does not take the type: values that a column of numbers would hold as
// numbers are compared as such by a second join.
func (rows rowsOf) pairs() func(dst []byte, a, b dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	return func(dst []byte, a, b dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
		dst = appendValues(append(dst, "WITH a(n, v) AS ("...), rows, a, bind)
		dst = appendValues(append(dst, "), b(n, v) AS ("...), rows, b, bind)
		dst = append(dst, ") SELECT a.n, b.n FROM a JOIN b ON a.v = b.v UNION SELECT a.n, b.n FROM a JOIN b ON CAST(CONCAT(a.v)"+decimal+
			" = CAST(CONCAT(b.v)"+decimal...)
		database, table, qualified := strings.Cut(a.Table(), ".")
		if !qualified {
			database, table = "", database
		}
		parts := strings.Split(numeric, "?")
		for i, v := range []string{database, table, a.Column.Name} {
			dst = bind(append(dst, parts[i]...), v)
		}
		return append(dst, parts[len(parts)-1]...), nil
	}
}

func appendValues(dst []byte, rows rowsOf, list dialect.List, bind func([]byte, any) []byte) []byte {
	table := list.Table()
	dst = ident.AppendQualified(append(dst, "SELECT 0, "...), '`', table, list.Column.Name)
	dst = ident.AppendTable(append(dst, " FROM "...), '`', table)
	dst = append(dst, " WHERE FALSE"...)
	before := rows.first
	for i, v := range list.Values {
		dst = strconv.AppendInt(append(dst, before...), int64(i), 10)
		dst = append(bind(append(dst, ", "...), v), rows.end...)
		before = rows.next
	}
	return dst
}
