// SPDX-License-Identifier: MIT

package model

import (
	"time"

	"github.com/kindred-orm/kindred/internal/query"
)

// Extras are the result columns of a record that are no fields of its model, by their own names: counts, values of pivot
// rows, results of SelectRaw. As Lucid's $extras.
//
// The typed getters convert from the types in which drivers return values. A value that is missing, NULL or not of the
// type is the zero value; Has tells a missing one from the others.
type Extras map[string]any

func extra[V any](e Extras, name string) V {
	var v V
	if err := query.Store(&v, e[name]); err != nil {
		var none V
		return none
	}
	return v
}

// Has reports whether the result had a column of that name, be it NULL.
func (e Extras) Has(name string) bool {
	_, ok := e[name]
	return ok
}

// Int64 returns the value of that name as an integer, 0 if there is none. A text of digits is one; a fraction is not.
func (e Extras) Int64(name string) int64 { return extra[int64](e, name) }

// Float64 returns the value of that name as a float, 0 if there is none.
func (e Extras) Float64(name string) float64 { return extra[float64](e, name) }

// String returns the value of that name as text, "" if there is none.
func (e Extras) String(name string) string { return extra[string](e, name) }

// Bool returns the value of that name as a boolean, false if there is none. 0 and 1, which SQLite stores for booleans, are
// false and true.
func (e Extras) Bool(name string) bool { return extra[bool](e, name) }

// Time returns the value of that name as a time in UTC, the zero time if there is none.
func (e Extras) Time(name string) time.Time { return extra[time.Time](e, name) }
