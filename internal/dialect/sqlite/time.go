// SPDX-License-Identifier: MIT

package sqlite

import (
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/meta"
)

// instantSQL brings a stored time, X, into the form in which Kindred stores it, so that times of
// other programs are compared and sorted as the instants that they are: SQLite's CURRENT_TIMESTAMP, text
// in other zones or without one, and numbers since 1970. It makes the statement fail at any other value.
//
//nolint:gochecknoglobals // constant.
var instantSQL = strings.NewReplacer("\n", " ", "\t", "").Replace(`(CASE
	WHEN X IS NULL OR substr(X, -6) = '+00:00' AND substr(X, 11, 1) = ' ' THEN X
	WHEN typeof(X) = 'integer' THEN CASE
		WHEN abs(X) <= 253402300799 THEN datetime(X, 'unixepoch') || '+00:00'
		WHEN abs(X) <= 253402300799999 THEN datetime(X / 1000 - (X % 1000 < 0), 'unixepoch')
			|| rtrim(rtrim(printf('.%03d', (X % 1000 + 1000) % 1000), '0'), '.') || '+00:00'
		WHEN abs(X) <= 253402300799999999 THEN datetime(X / 1000000 - (X % 1000000 < 0), 'unixepoch')
			|| rtrim(rtrim(printf('.%06d', (X % 1000000 + 1000000) % 1000000), '0'), '.') || '+00:00'
		ELSE datetime(X / 1000000000 - (X % 1000000000 < 0), 'unixepoch')
			|| rtrim(rtrim(printf('.%06d', (X % 1000000000 + 1000000000) % 1000000000 / 1000), '0'), '.') || '+00:00'
		END
	ELSE coalesce(datetime(substr(X, 1, 19) || CASE
			WHEN X GLOB '*[0-9] [+-][0-9][0-9][0-9][0-9]*' THEN substr(substr(X, 20 + instr(substr(X, 20), ' ')), 1, 3)
				|| ':' || substr(substr(X, 20 + instr(substr(X, 20), ' ')), 4, 2)
			WHEN length(X) > 19 AND X GLOB '*[+-][0-9][0-9]:[0-9][0-9]' THEN substr(X, -6)
			ELSE '' END)
		|| CASE WHEN substr(X, 20, 1) = '.' THEN rtrim(rtrim(substr(X, 20,
			min(7, length(X) - 19 - length(ltrim(substr(X, 21), '0123456789')))), '0'), '.') ELSE '' END
		|| '+00:00', json_extract('{}', 'a time in a form that is not known' || substr(X, 1, 0)))
	END)`)

// unknownForm is what the driver says where instantSQL met a value that is no time.
const unknownForm = "a time in a form that is not known"

// appendInstant appends the comparable form of a column, which column appends.
func appendInstant(dst []byte, c *meta.Column, column func([]byte) []byte) []byte {
	name := string(column(nil))
	if c.Meaning == meta.Date {
		return append(append(append(dst, "substr("...), name...), ", 1, 10)"...)
	}
	return append(dst, strings.ReplaceAll(instantSQL, "X", name)...)
}

// appendNear appends a condition that an index answers, and that is true for every stored form of a
// time with the property: text may be written in any zone, and numbers come before all text.
func appendNear(dst []byte, op string, at time.Time, column func([]byte) []byte, bind func([]byte, any) []byte) []byte {
	const zone = 24 * time.Hour
	before, behind := at.Add(-zone).Format(time.DateOnly), at.Add(zone).Format(time.DateOnly)+"Z"
	if at.Add(zone).Year() > 9999 {
		behind = ":" // behind all digits
	}
	switch op {
	case "<", "<=":
		return bind(append(column(dst), " < "...), behind)
	case ">", ">=":
		dst = bind(append(column(append(dst, '(')), " > "...), before)
	case "=":
		dst = bind(append(column(append(dst, '(')), " > "...), before)
		dst = bind(append(column(append(dst, " AND "...)), " < "...), behind)
	default:
		return append(dst, "1 = 1"...)
	}
	return append(column(append(dst, " OR "...)), " < '')"...)
}
