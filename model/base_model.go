// SPDX-License-Identifier: MIT

package model

import (
	"reflect"
	"unsafe"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/relation"
)

type (
	// Attrs are column values by attribute or column name.
	Attrs = relation.Attrs
	// Builder is the builder of one model.
	Builder[T any] = relation.Builder[T]
	// Page is one page of records.
	Page[T any] = relation.Page[T]
	// CursorPage is one page found by keyset.
	CursorPage[T any] = relation.CursorPage[T]
)

// noCopy makes go vet report records that are copied.
type noCopy struct{}

// Lock and Unlock are what go vet looks for.
func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// BaseModel is embedded by value as the first field of a model, with the model itself as T:
//
//	type User struct {
//		model.BaseModel[User]
//		…
//	}
//
// The zero value is a new record, so literals work. Its abilities, by file:
//
//   - state: [BaseModel.IsNew] and its kin, [BaseModel.Dirty], [BaseModel.Extras] (state.go)
//   - mass assignment: [BaseModel.Fill], [BaseModel.Merge] (assign.go)
//   - writing: [BaseModel.Save], [BaseModel.Delete], [BaseModel.Increment] … (persist.go)
//   - reading again: [BaseModel.Refresh], [BaseModel.Fresh], [BaseModel.WithLock] (reload.go)
//   - output: [BaseModel.MarshalJSON], [BaseModel.Serialize], LogValue, Format (output.go)
//
// A call finds its database in this order: the transaction in ctx on the record's database, the open
// transaction the record was loaded from, its database, the handle in ctx; else it is ErrUnbound.
//
// A copy of a record (*u) shares nothing with it, but go vet reports it. A record must not be used
// by several goroutines at a time.
type BaseModel[T any] struct {
	_ noCopy
	identity[T]
}

// Model is the constraint of every typed entry point: a pointer to a struct that embeds
// BaseModel of itself.
type Model[T any] interface {
	*T
	isModel(*T)
}

// isModel is what only a base model has.
//
//go:noinline
func (b *BaseModel[T]) isModel(*T) {}

// self returns the record that b is embedded in. It is the one place where a base model becomes its
// record. This holds because BaseModel is the first field of T, so both have one address, and
// because a type that embeds it in any other way is refused before the result is used: entry points
// take a Model[T], DB.Register checks the layout, and everything that a record does goes through
// state, which compiles the type first.
//
//go:noinline
func (b *BaseModel[T]) self() *T { return (*T)(unsafe.Pointer(b)) }

// ref returns the record for what does not depend on its type.
//
//go:noinline
func (b *BaseModel[T]) ref() ref {
	return ref{slot: &b.st, owner: memory.Of(b.self()), typ: reflect.TypeFor[T]()}
}

// KindredState is for Kindred's own packages, which alone can make the key. It returns nil if the
// type was refused as a model.
//
//go:noinline
func (b *BaseModel[T]) KindredState(door.Key) *door.State {
	return b.ref().known()
}

// KindredDefine is for Kindred's own packages, which alone can make the key: it adds what the
// methods of the model say to a draft of its facts.
//
//go:noinline
func (b *BaseModel[T]) KindredDefine(_ meta.Key, d *meta.Draft) {
	d.State = unsafe.Offsetof(b.identity) + unsafe.Offsetof(b.st)
	d.Owner, d.Base = reflect.TypeFor[T](), reflect.TypeFor[*BaseModel[T]]().Elem()
	if d.Type == d.Owner { // else the embedding is wrong, and b is no part of a T
		define(d, b.ref())
	}
}

// refOf returns a record that an entry point was given.
func refOf[T any, P Model[T]](rec P) (ref, error) {
	if rec == nil {
		return ref{}, errs.New(errs.ErrUnsupported, "a nil %T is no record", rec)
	}
	r, ok := any(rec).(interface{ ref() ref })
	if !ok {
		return ref{}, errs.New(errs.ErrUnsupported, "a %T is no model", rec)
	}
	return r.ref(), nil
}
