// SPDX-License-Identifier: MIT

package ident

import (
	"strings"
	"unicode/utf8"
)

// Append appends name to dst as one quoted identifier and returns the extended slice. The quote byte,
// '"' or '`', is doubled inside the name.
//
// The output is exactly one identifier for any name, checked or not. What no database accepts, NUL
// and bytes that are not UTF-8, is replaced by U+FFFD: NUL would end the statement early, and half a
// character could swallow the closing quote in a multi-byte encoding. Empty and overlong names are
// left for the database to refuse.
func Append(dst []byte, quote byte, name string) []byte {
	dst = append(dst, quote)
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			i++
			switch c {
			case 0:
				dst = utf8.AppendRune(dst, utf8.RuneError)
			case quote:
				dst = append(dst, quote, quote)
			default:
				dst = append(dst, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(name[i:])
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return append(dst, quote)
}

// AppendTable appends the name of a table, which may be qualified by its schema: it is split at its
// first dot, and each part is quoted by [Append].
func AppendTable(dst []byte, quote byte, table string) []byte {
	if schema, rest, qualified := strings.Cut(table, "."); qualified {
		dst = Append(dst, quote, schema)
		dst = append(dst, '.')
		table = rest
	}
	return Append(dst, quote, table)
}

// AppendQualified appends column, qualified by table as [AppendTable] writes it. A dot in column is
// part of its name. If table is empty, the column stands alone.
func AppendQualified(dst []byte, quote byte, table, column string) []byte {
	if table != "" {
		dst = AppendTable(dst, quote, table)
		dst = append(dst, '.')
	}
	return Append(dst, quote, column)
}
