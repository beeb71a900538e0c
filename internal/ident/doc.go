// SPDX-License-Identifier: MIT

// Package ident is the only code that turns a name into SQL text.
//
// Names come from two places, and each has its own check:
//
//   - [Valid] is for names that a caller or a client invents: aliases, result columns, names of
//     pivot columns without a model. It is a strict allow-list.
//   - [CheckRegistered] is for names that the program declares, such as the column of a gorm tag. It
//     allows every printable character.
//
// A name that passed its check is written with [Append], [AppendTable] or [AppendQualified]:
//
//	if !ident.Valid(alias) {
//		return fmt.Errorf("alias %s", ident.Quote(alias))
//	}
//	sql = append(sql, " AS "...)
//	sql = ident.Append(sql, '"', alias)
//
// # Quoting
//
// The quote byte is the dialect's: '"' for PostgreSQL, '`' for MySQL and SQLite. SQLite understands
// both, but takes a name in double quotes that is no column for a string, so a misspelt column would
// go unnoticed. Quoting does not rely on the checks: whatever [Append] is given, its output is one
// identifier and nothing else.
//
// # Error messages
//
// [Quote] makes a name safe to show, and [Suggest] finds the name that was probably meant.
package ident
