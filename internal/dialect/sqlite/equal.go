// SPDX-License-Identifier: MIT

package sqlite

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/ident"
)

// number is the condition that a value is a number, or a text that a column of numbers makes a number of.
const number = `(typeof(%.v) <> 'text' OR %.v GLOB '*[0-9]*' AND ltrim(%.v, '+-') NOT GLOB '*[^.0-9]*' AND %.v NOT GLOB '*.*.*')`

// numeric is the condition that the declared type of a column makes it one of numbers, by the rules of
// https://www.sqlite.org/datatype3.html#determination_of_column_affinity
const numeric = ` AND EXISTS (SELECT 1 FROM pragma_table_xinfo(?, ?) WHERE name = ? COLLATE NOCASE AND type <> '' AND ` +
	`(type LIKE '%INT%' OR NOT (type LIKE '%CHAR%' OR type LIKE '%CLOB%' OR type LIKE '%TEXT%' OR type LIKE '%BLOB%')))`

// appendPairs joins two lists. A list begins with the column in a SELECT of no row, from which it takes its
// collation. It does not take the affinity: values that a column of numbers would hold as numbers are compared
// as such by a second join.
func appendPairs(dst []byte, a, b dialect.List, bind func([]byte, any) []byte) (_ []byte, err error) {
	if dst, err = appendValues(append(dst, "WITH a(n, v) AS ("...), a, bind); err != nil {
		return dst, err
	}
	if dst, err = appendValues(append(dst, "), b(n, v) AS ("...), b, bind); err != nil {
		return dst, err
	}
	dst = append(dst, ") SELECT a.n, b.n FROM a JOIN b ON a.v = b.v UNION SELECT a.n, b.n FROM a JOIN b "+
		"ON CAST(a.v AS NUMERIC) = CAST(b.v AS NUMERIC) WHERE "...)
	dst = append(dst, strings.ReplaceAll(number, "%", "a")...)
	dst = append(dst, " AND "...)
	dst = append(dst, strings.ReplaceAll(number, "%", "b")...)
	var database any // NULL is wherever SQLite finds the table
	table := a.Table()
	if schema, name, qualified := strings.Cut(table, "."); qualified {
		database, table = schema, name
	}
	parts := strings.Split(numeric, "?")
	for i, v := range []any{table, database, a.Column.Name} {
		dst = bind(append(dst, parts[i]...), v)
	}
	return append(dst, parts[len(parts)-1]...), nil
}

func appendValues(dst []byte, list dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	text, element, err := jsonOf(list.Values)
	if err != nil {
		return dst, err
	}
	table := list.Table()
	dst = ident.AppendQualified(append(dst, "SELECT 0, "...), '`', table, list.Column.Name)
	dst = ident.AppendTable(append(dst, " FROM "...), '`', table)
	dst = append(dst, " WHERE 0 UNION ALL SELECT key, "...)
	dst = append(dst, element...)
	return append(bind(append(dst, " FROM json_each("...), text), ')'), nil
}
