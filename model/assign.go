// SPDX-License-Identifier: MIT

package model

import "github.com/kindred-orm/kindred/internal/record"

// Fill sets attributes from values that may come from outside, by attribute or column name, and sets to zero all others
// that mass assignment may set. With only, no other attribute is touched. What it refuses is what [Record.Merge] refuses:
// ErrGuarded, ErrUnknownAttribute, ErrInvalidValue. After an error nothing has changed. As Lucid's and Eloquent's fill,
// except that a name the model does not have is an error.
//
//go:noinline
func (r *Record[P]) Fill(attrs Attrs, only ...string) error {
	return refTo(r).fill("fill", (*record.State).Fill, attrs, only)
}

// Merge sets attributes from values that may come from outside, by attribute or column name.
//
// A guarded attribute is an ErrGuarded: the primary key, automatic timestamps, the columns of soft
// deletes and of the version, hidden fields, those marked model:"guarded", and as soon as one field
// is marked model:"fillable", all that are not. With only, all others are guarded too. A name that
// the model does not have is an ErrUnknownAttribute, a value that does not fit an ErrInvalidValue.
// Relations are ignored. After an error nothing has changed.
//
//go:noinline
func (r *Record[P]) Merge(attrs Attrs, only ...string) error {
	return refTo(r).fill("merge", (*record.State).Merge, attrs, only)
}
