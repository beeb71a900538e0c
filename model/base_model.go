// SPDX-License-Identifier: MIT

package model

import (
	"reflect"
	"unsafe"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/relation"
)

type (
	// Attrs are values of columns by attribute name ("FullName", "Home.City") or column name ("full_name").
	Attrs = relation.Attrs
	// Builder is the query of one model, which [Query] returns; see relation.Builder for its methods.
	Builder[T any] = relation.Builder[*T]
	// Page is one page of records with its place among all pages; see relation.Page.
	Page[T any] = relation.Page[*T]
	// CursorPage is one page of records that was found by a cursor; see relation.CursorPage.
	CursorPage[T any] = relation.CursorPage[*T]
)

// BaseModel is embedded by value as the first field of a model, with the model itself as T:
//
//	type User struct {
//		model.BaseModel[User]
//		…
//	}
//
// See [Record] for its methods.
type BaseModel[T any] = Record[*T]

// Record is what [BaseModel] adds to a model; P is a pointer to it. The zero value is a new record, so literals work. Its methods,
// by file:
//
//   - state: [Record.IsNew], [Record.Dirty], [Record.Extras] and others (state.go)
//   - mass assignment: [Record.Fill], [Record.Merge] (assign.go)
//   - writing: [Record.Save], [Record.Delete], [Record.Increment] and others (persist.go)
//   - reading again: [Record.Refresh], [Record.Fresh], [Record.WithLock] (reload.go)
//   - relations: [Record.Related], [Record.Load], [Record.Push] and others (relations.go)
//   - output: [Record.MarshalJSON], [Record.UnmarshalJSON], [Record.ToObject], LogValue, Format (output.go)
//
// What fewer programs call is a function of this package that takes the record, so that a model costs the compiler less.
//
// A call finds its database in this order: the transaction in ctx on the record's database, the open transaction the record was
// loaded from, its database, the handle in ctx; else it is ErrUnbound.
//
// A copy of a record (*u) shares nothing with it, but go vet reports it. Several goroutines may read a record at a
// time, such as one that a preload shares between its parents; what changes a record, or loads into it, needs it alone.
type Record[P any] struct {
	_ noCopy
	printed[P]
}

// noCopy makes go vet report records that are copied.
type noCopy struct{}

// Lock and Unlock are what go vet looks for.
func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Model is the constraint of functions that serve any model: P is a pointer to a struct T that embeds BaseModel[T] by
// value. A type that embeds another BaseModel does not compile.
type Model[T any] interface {
	*T
	isModel(*T)
}

// isModel is what only a base model has, and only for its own model.
//
//go:noinline
func (r *Record[P]) isModel(P) {}

// refTo returns the record that r is embedded in, without its type parameter. It is the one place where a base model becomes its
// record. This holds because BaseModel is the first field of its model, so both have one address, and because a type that embeds it
// in any other way is refused before the record is touched: entry points take a Model, DB.Register checks the layout, and
// everything that a record does goes through ref.state, which compiles the type first.
func refTo[P any](r *Record[P]) ref {
	return ref{
		slot: memory.At[*record.State](memory.Ptr(&r.slot.State)), owner: memory.Ptr(unsafe.Pointer(r)), typ: reflect.TypeFor[P]().Elem(), //nolint:unconvert // a Ptr is what memory takes.
	}
}

// stateOf returns the state of a record that an entry point was given, as a pointer to its struct.
func stateOf(rec any) (*record.State, error) {
	owner := memory.OfAny(rec)
	if owner == nil {
		return nil, errs.New(errs.ErrUnsupported, "a nil %T is no record", rec)
	}
	m, err := meta.First(reflect.TypeOf(rec).Elem())
	if err != nil {
		return nil, err
	}
	return record.At(m, owner), nil
}

// statesOf returns the states of records that an entry point was given, as a slice of pointers to their struct.
func statesOf(records any) ([]*record.State, error) {
	v := reflect.ValueOf(records)
	list := make([]*record.State, v.Len())
	for i := range list {
		var err error
		if list[i], err = stateOf(v.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

var _ = meta.DefineBy(define)
