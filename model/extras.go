// SPDX-License-Identifier: MIT

package model

import (
	"time"

	"github.com/kindred-orm/kindred/internal/query"
)

// Extras are the result columns that are no fields of a model, by their own names. The typed getters
// convert across the types in which drivers return values; a missing, NULL or unfit value is the
// zero value.
type Extras map[string]any

func extra[V any](e Extras, name string) V {
	var v V
	if err := query.Store(&v, e[name]); err != nil {
		var none V
		return none
	}
	return v
}

// Has reports whether the result had a column of that name, NULL or not.
func (e Extras) Has(name string) bool {
	_, ok := e[name]
	return ok
}

// Int64 returns the value as an integer.
func (e Extras) Int64(name string) int64 { return extra[int64](e, name) }

// Float64 returns the value as a float.
func (e Extras) Float64(name string) float64 { return extra[float64](e, name) }

// String returns the value as text.
func (e Extras) String(name string) string { return extra[string](e, name) }

// Bool returns the value as a boolean; SQLite's 0 and 1 are booleans too.
func (e Extras) Bool(name string) bool { return extra[bool](e, name) }

// Time returns the value as a time in UTC.
func (e Extras) Time(name string) time.Time { return extra[time.Time](e, name) }
