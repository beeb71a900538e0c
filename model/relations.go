// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/aggregate"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/save"
	"github.com/kindred-orm/kindred/relation"
)

// Related returns the client of a relation by its lower camel or Go name. It is never nil; a wrong name is an ErrUnknownRelation of
// its methods.
//
//go:noinline
func (r *Record[P]) Related(name string) *relation.Client { return refTo(r).related(name) }

// Load loads a relation, whether it is loaded or not: one statement per relation on the path. See Builder.Preload.
//
//go:noinline
func (r *Record[P]) Load(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return refTo(r).load(ctx, path, fn)
}

// LoadMissing loads those relations of the paths that are not loaded, one statement each.
//
//go:noinline
func (r *Record[P]) LoadMissing(ctx context.Context, paths ...string) error {
	return refTo(r).loadMissing(ctx, paths)
}

// LoadCount selects the number of related rows by one statement, into the field of that name or Extras; see Builder.WithCount. The
// record stays clean. Sums and other aggregates are methods of Related, such as user.Related("orders").LoadSum(ctx, "total").
//
//go:noinline
func (r *Record[P]) LoadCount(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return refTo(r).loadCount(ctx, path, fn)
}

// Push saves the record and, recursively, all records of loaded relations in one transaction: first what it belongs to, then the
// record, then the rest. New related records get their keys, those of manyToMany a pivot row; related records that have a row
// already are saved, but not connected. Records that are clean send nothing; defaults that stand for missing ones are left alone.
//
//go:noinline
func (r *Record[P]) Push(ctx context.Context) error { return refTo(r).do(ctx, "push", save.Push) }

func (r ref) related(name string) *relation.Client {
	rec, _ := memory.Pointer(r.typ, r.owner).(relation.Record) //nolint:errcheck // a nil record is an error of the client.
	return relation.Of(rec, name)
}

func (r ref) load(ctx context.Context, path string, fn []func(*relation.Query)) error {
	s, err := r.state()
	if err == nil {
		err = preload.Paths(ctx, []*record.State{s}, []string{path}, refineAll(fn)...)
	}
	return r.in("load", err)
}

func (r ref) loadMissing(ctx context.Context, paths []string) error {
	s, err := r.state()
	if err == nil {
		err = preload.Missing(ctx, []*record.State{s}, paths)
	}
	return r.in("load", err)
}

func (r ref) loadCount(ctx context.Context, path string, fn []func(*relation.Query)) error {
	s, err := r.state()
	if err == nil {
		err = aggregate.Load(ctx, []*record.State{s}, aggregate.Aggregate{Path: path, Func: aggregate.Count, Refine: refineAll(fn)})
	}
	return r.in("load aggregate", err)
}

// Load is Record.Load for a slice of records: one statement per relation for all.
func Load[T any, P Model[T]](ctx context.Context, records []P, path string, fn ...func(*relation.Query)) error {
	return load(ctx, records, path, fn)
}

func load(ctx context.Context, records any, path string, fn []func(*relation.Query)) error {
	list, err := statesOf(records)
	if err != nil {
		return err
	}
	return preload.Paths(ctx, list, []string{path}, refineAll(fn)...)
}

// LoadMissing is Record.LoadMissing for a slice of records: one statement per relation for those that do not have it.
func LoadMissing[T any, P Model[T]](ctx context.Context, records []P, paths ...string) error {
	return loadMissing(ctx, records, paths)
}

func loadMissing(ctx context.Context, records any, paths []string) error {
	list, err := statesOf(records)
	if err != nil {
		return err
	}
	return preload.Missing(ctx, list, paths)
}

// LoadCount is Record.LoadCount for a slice of records: one statement for all.
func LoadCount[T any, P Model[T]](ctx context.Context, records []P, path string, fn ...func(*relation.Query)) error {
	return loadAggregate(ctx, records, aggregate.Aggregate{Path: path, Func: aggregate.Count, Refine: refineAll(fn)})
}

// LoadAggregate selects the aggregate that fn chooses by q.Aggregate("sum", "amount") for a slice of records: one statement for
// all. See Query.WithAggregate.
func LoadAggregate[T any, P Model[T]](ctx context.Context, records []P, path string, fn func(*relation.Query)) error {
	return loadAggregate(ctx, records, aggregate.Aggregate{
		Path: path, Func: aggregate.Chosen, Refine: []func(*query.Spec){refine(fn)},
	})
}

func loadAggregate(ctx context.Context, records any, a aggregate.Aggregate) error {
	list, err := statesOf(records)
	if err != nil {
		return err
	}
	return aggregate.Load(ctx, list, a)
}

// RelationOf returns the metadata of a relation of T, booted. The name is the lower camel or the Go name.
func RelationOf[T any, P Model[T]](name string) (*relation.Relation, error) {
	return relation.Describe(reflect.Zero(reflect.TypeFor[P]()).Interface(), name)
}
