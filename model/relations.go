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

// Related returns the client of a relation, which reads and writes the related rows of this record. The name is lower
// camel case ("activePosts") or that of the field. The client is never nil: a name that is no relation is an
// ErrUnknownRelation of its methods.
//
//go:noinline
func (r *Record[P]) Related(name string) *relation.Client { return refTo(r).related(name) }

// Load loads the relations of a path, such as "posts.comments" or "author:id,name", whether they are loaded or not: one
// SELECT per relation. fn adds to the query of the last one. A name that is no relation is an ErrUnknownRelation, and
// nothing is sent. As load of Lucid and Eloquent.
//
//go:noinline
func (r *Record[P]) Load(ctx context.Context, path string, fn ...func(*relation.Query)) error {
	return refTo(r).load(ctx, path, fn)
}

// LoadMissing loads those relations of the paths that are not loaded, by one SELECT for each; none if all are. As
// Eloquent's loadMissing and Lucid's loadOnce.
//
//go:noinline
func (r *Record[P]) LoadMissing(ctx context.Context, paths ...string) error {
	return refTo(r).loadMissing(ctx, paths)
}

// LoadCount counts the related rows, those for which the conditions of fn hold, by one SELECT. The number goes into the
// field of its name that is no column (PostsCount with gorm:"-"), else into Extras, as posts_count or the name in "posts
// as total". The record stays clean. Sums and other aggregates are methods of Related, such as
// user.Related("orders").LoadSum(ctx, "total"). As loadCount of Lucid and Eloquent.
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
	rec, _ := memory.Pointer(r.typ, r.owner).(relation.Record)
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

// Load loads the relations of a path into all records of a slice, whether they are loaded or not: one SELECT per relation
// for all of them. fn adds to the query of the last one. Without records nothing is sent.
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

// LoadMissing loads the relations of the paths into those records of a slice that lack them: one SELECT per relation for
// all of them, none if no record lacks it.
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

// LoadCount counts the related rows of each record of a slice by one SELECT for all. The numbers go where
// [Record.LoadCount] puts them. Without records nothing is sent.
func LoadCount[T any, P Model[T]](ctx context.Context, records []P, path string, fn ...func(*relation.Query)) error {
	return loadAggregate(ctx, records, aggregate.Aggregate{Path: path, Func: aggregate.Count, Refine: refineAll(fn)})
}

// LoadAggregate selects the aggregate of related rows that fn chooses by q.Aggregate("sum", "amount"), and may name by As,
// for each record of a slice: one SELECT for all. The value goes into the field of its name that is no column, else into
// Extras. Without records nothing is sent.
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

// RelationOf returns the metadata of a relation of T, with its keys looked up. The name is lower camel case or that of the
// field; a name that is no relation is an ErrUnknownRelation. As Lucid's $getRelation.
func RelationOf[T any, P Model[T]](name string) (*relation.Relation, error) {
	return relation.Describe(reflect.Zero(reflect.TypeFor[P]()).Interface(), name)
}
