// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/relation"
)

// Related returns the client of a relation by its lower camel or Go name. It is never nil; a wrong name
// is an ErrUnknownRelation of its methods.
//
//go:noinline
func (b *BaseModel[T]) Related(name string) *relation.Client { return relation.Of(b, name) }

// Load loads a relation, whether it is loaded or not: one statement per relation on the path. See
// Builder.Preload.
//
//go:noinline
func (b *BaseModel[T]) Load(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return b.ref().load(ctx, path, fn)
}

// LoadMissing loads those relations of the paths that are not loaded, one statement each.
//
//go:noinline
func (b *BaseModel[T]) LoadMissing(ctx context.Context, paths ...string) error {
	return b.ref().loadMissing(ctx, paths)
}

// LoadCount selects the number of related rows with one statement, into the field of that name or Extras;
// see Builder.WithCount. The record stays clean.
//
//go:noinline
func (b *BaseModel[T]) LoadCount(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "count", "", fn...)
}

// LoadSum is LoadCount for Builder.WithSum.
//
//go:noinline
func (b *BaseModel[T]) LoadSum(ctx context.Context, path, column string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "sum", column, fn...)
}

// LoadMin is LoadCount for Builder.WithMin.
//
//go:noinline
func (b *BaseModel[T]) LoadMin(ctx context.Context, path, column string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "min", column, fn...)
}

// LoadMax is LoadCount for Builder.WithMax.
//
//go:noinline
func (b *BaseModel[T]) LoadMax(ctx context.Context, path, column string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "max", column, fn...)
}

// LoadAvg is LoadCount for Builder.WithAvg.
//
//go:noinline
func (b *BaseModel[T]) LoadAvg(ctx context.Context, path, column string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "avg", column, fn...)
}

// LoadExists is LoadCount for Builder.WithExists.
//
//go:noinline
func (b *BaseModel[T]) LoadExists(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "exists", "", fn...)
}

// LoadAggregate is LoadCount for Builder.WithAggregate.
//
//go:noinline
func (b *BaseModel[T]) LoadAggregate(ctx context.Context, path string, fn func(*relation.Query)) error {
	return b.ref().loadAggregate(ctx, path, "", "", fn)
}

// IsLoaded reports whether a relation was loaded or set, be it to nothing.
//
//go:noinline
func (b *BaseModel[T]) IsLoaded(name string) bool {
	return b.ref().loaded(name)
}

// SetRelated sets a loaded relation in memory: to nil, a record, or a slice of records.
//
//go:noinline
func (b *BaseModel[T]) SetRelated(name string, value any) error {
	return b.ref().setRelated(name, value)
}

// PushRelated adds records to a loaded relation in memory; a relation to one is set.
//
//go:noinline
func (b *BaseModel[T]) PushRelated(name string, values ...any) error {
	return b.ref().pushRelated(name, values)
}

// Push saves the record and, recursively, all records of loaded relations in one transaction: first what
// it belongs to, then the record, then the rest. New related records get their keys, those of manyToMany
// a pivot row; related records that have a row already are saved, but not connected. Records that are clean
// send nothing; defaults that stand for missing ones are left alone.
//
//go:noinline
func (b *BaseModel[T]) Push(ctx context.Context) error {
	return b.ref().do(ctx, "push", push)
}

func (r ref) load(ctx context.Context, path string, fn []func(*relation.Query)) error {
	s, err := r.state()
	if err == nil {
		err = relation.Load(ctx, door.Key{}, []*record.State{s}, []string{path}, false, fn...)
	}
	return r.in("load", err)
}

func (r ref) loadMissing(ctx context.Context, paths []string) error {
	s, err := r.state()
	if err == nil {
		err = relation.Load(ctx, door.Key{}, []*record.State{s}, paths, true)
	}
	return r.in("load", err)
}

func (r ref) loadAggregate(ctx context.Context, path, fn, column string, refine ...func(*relation.Query)) error {
	s, err := r.state()
	if err == nil {
		err = relation.LoadAggregate(ctx, door.Key{}, []*record.State{s}, path, fn, column, refine...)
	}
	return r.in("load aggregate", err)
}

func (r ref) loaded(name string) bool {
	s := r.known()
	if s == nil {
		return false
	}
	named, ok := s.Model.Relation(name)
	return ok && s.Loaded(named)
}

func (r ref) setRelated(name string, value any) error {
	s, err := r.state()
	if err == nil {
		err = relation.SetRelated(door.Key{}, s, name, value)
	}
	return r.in("set related", err)
}

func (r ref) pushRelated(name string, values []any) error {
	s, err := r.state()
	if err == nil {
		err = relation.PushRelated(door.Key{}, s, name, values)
	}
	return r.in("push related", err)
}

func push(ctx context.Context, h *tx.Handle, s *record.State) error {
	return relation.Push(ctx, door.Key{}, h, s)
}

// statesOf returns the states of records that an entry point was given.
func statesOf[T any, P Model[T]](records []P) ([]*record.State, error) {
	refs, err := refsOf[T](records)
	if err != nil {
		return nil, err
	}
	list := make([]*record.State, len(refs))
	for i, r := range refs {
		if list[i], err = r.state(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Load is BaseModel.Load for a slice of records: one statement per relation for all.
func Load[T any, P Model[T]](ctx context.Context, records []P, path string, fn ...func(*relation.Query)) error {
	list, err := statesOf[T](records)
	if err != nil {
		return err
	}
	return relation.Load(ctx, door.Key{}, list, []string{path}, false, fn...)
}

// LoadMissing is BaseModel.LoadMissing for a slice of records: one statement per relation for those that
// do not have it.
func LoadMissing[T any, P Model[T]](ctx context.Context, records []P, paths ...string) error {
	list, err := statesOf[T](records)
	if err != nil {
		return err
	}
	return relation.Load(ctx, door.Key{}, list, paths, true)
}

// LoadCount is BaseModel.LoadCount for a slice of records: one statement for all.
func LoadCount[T any, P Model[T]](ctx context.Context, records []P, path string, fn ...func(*relation.Query)) error {
	list, err := statesOf[T](records)
	if err != nil {
		return err
	}
	return relation.LoadAggregate(ctx, door.Key{}, list, path, "count", "", fn...)
}

// LoadAggregate is BaseModel.LoadAggregate for a slice of records: one statement for all.
func LoadAggregate[T any, P Model[T]](ctx context.Context, records []P, path string, fn func(*relation.Query)) error {
	list, err := statesOf[T](records)
	if err != nil {
		return err
	}
	return relation.LoadAggregate(ctx, door.Key{}, list, path, "", "", fn)
}

// RelationOf returns the metadata of a relation of T, booted. The name is the lower camel or the Go name.
func RelationOf[T any, P Model[T]](name string) (*relation.Relation, error) {
	m, err := meta.First(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	r, ok := m.Relation(name)
	if !ok {
		return nil, (ref{typ: m.Type}).in("relation", m.UnknownRelation(name))
	}
	out := relation.Metadata(door.Key{}, r)
	return out, out.Boot()
}
