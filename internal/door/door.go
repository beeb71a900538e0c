// SPDX-License-Identifier: MIT

// Package door lets Kindred's packages reach the state of a record through exported methods that
// nobody else can call: their arguments cannot be made outside.
package door

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// Key opens the doors.
type Key = meta.Key

// State is the state of a record.
type State = record.State

// Record is implemented by every struct that embeds the base model.
type Record interface {
	KindredState(Key) *State
}

// Open returns the state of a record given as a pointer to a model. The error says what v is instead.
func Open(v any) (*State, error) {
	r, ok := v.(Record)
	if !ok {
		return nil, errs.New(errs.ErrUnsupported, "a %T is no model; it needs a pointer to a struct that embeds model.BaseModel", v)
	}
	if reflect.ValueOf(v).Kind() == reflect.Pointer && memory.OfAny(v) == nil {
		return nil, errs.New(errs.ErrUnsupported, "a nil %T is no record", v)
	}
	s := r.KindredState(Key{})
	if s == nil {
		return nil, errs.New(errs.ErrUnsupported, "%T was refused as a model; Register it to see why", v)
	}
	return s, nil
}

// Pointer returns the record as a pointer to its struct in an interface.
func Pointer(s *State) any { return memory.Pointer(s.Model.Type, s.Owner) }
