// SPDX-License-Identifier: MIT

package postgres

import (
	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/ident"
)

// appendPairs joins two lists whose elements have the types of their columns.
func appendPairs(dst []byte, a, b dialect.List, bind func([]byte, any) []byte) (_ []byte, err error) {
	dst = append(dst, "SELECT a.n - 1, b.n - 1 FROM unnest("...)
	if dst, err = appendArray(dst, a, bind); err != nil {
		return dst, err
	}
	dst = append(dst, ") WITH ORDINALITY AS a(v, n) JOIN unnest("...)
	if dst, err = appendArray(dst, b, bind); err != nil {
		return dst, err
	}
	return append(dst, ") WITH ORDINALITY AS b(v, n) ON a.v = b.v"...), nil
}

func appendTyped(dst []byte, list dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	dst, err := appendArray(append(dst, " = ANY("...), list, bind)
	return append(dst, ')'), err
}

// appendArray appends an array that has the type and the collation of the list's column. What is concatenated
// with an array takes its type from it, and the sub-query reads no row.
func appendArray(dst []byte, list dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	values, err := array(list.Column, list.Values)
	if err != nil {
		return dst, err
	}
	table := list.Table()
	dst = ident.AppendQualified(append(dst, "ARRAY(SELECT "...), '"', table, list.Column.Name)
	dst = ident.AppendTable(append(dst, " FROM "...), '"', table)
	return bind(append(dst, " WHERE false) || "...), values), nil
}
