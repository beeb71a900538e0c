// SPDX-License-Identifier: MIT

// Package find runs queries for records and for values, and the calls that find a record or make one.
package find

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Prepare makes a query for records ready to run. It finds the mistakes of the relations to be loaded, too.
func Prepare(ctx context.Context, of *query.Spec, moments ...meta.Moment) (context.Context, scope.Run, error) {
	ctx, run, err := scope.Prepare(ctx, of, moments...)
	if err == nil {
		err = preload.Prepare(run.Handle, run.Spec)
	}
	return ctx, run, err
}

// All returns all records of a query: one statement. Fetching and Fetched hooks run.
func All(ctx context.Context, of *query.Spec) ([]memory.Ptr, error) {
	ctx, run, err := Prepare(ctx, of, meta.Fetching)
	if err != nil {
		return nil, err
	}
	records, err := preload.Select(ctx, run)
	if err != nil {
		return nil, err
	}
	return records, run.Model.Hooks.RunMany(ctx, records, meta.Fetched)
}

// First returns the first record of a query, or ErrNotFound: one statement. Finding and Found hooks run.
func First(ctx context.Context, of *query.Spec) (memory.Ptr, error) {
	ctx, records, err := atMost(ctx, of, 1)
	switch {
	case err != nil:
		return nil, err
	case len(records) == 0:
		return nil, errs.ErrNotFound
	}
	return records[0], of.Model.Hooks.RunFound(ctx, records[0])
}

// Sole returns the only record of a query, ErrNotFound or ErrNotUnique: one statement. Finding and Found hooks run.
func Sole(ctx context.Context, of *query.Spec) (memory.Ptr, error) {
	ctx, records, err := atMost(ctx, of, 2)
	switch {
	case err != nil:
		return nil, err
	case len(records) == 0:
		return nil, errs.ErrNotFound
	case len(records) > 1:
		return nil, errs.New(errs.ErrNotUnique, "%s; First takes one of them", of.Model.Name)
	}
	return records[0], of.Model.Hooks.RunFound(ctx, records[0])
}

// atMost returns the first n records of a query.
func atMost(ctx context.Context, of *query.Spec, n int) (context.Context, []memory.Ptr, error) {
	ctx, run, err := Prepare(ctx, of, meta.Finding)
	if err != nil {
		return ctx, nil, err
	}
	if run.Limit == nil || *run.Limit > n {
		run.Limit = &n
	}
	records, err := preload.Select(ctx, run)
	return ctx, records, err
}

// ByKey returns the record with a primary key among those of a query, or ErrNotFound: one statement. The key is checked before
// anything is sent. Finding and Found hooks run.
func ByKey(ctx context.Context, of *query.Spec, id any) (memory.Ptr, error) {
	if of.Err != nil {
		return nil, of.Err
	}
	keys, err := key.Values(of.Model, id)
	if err != nil {
		return nil, err
	}
	if of.All() && len(of.Model.Globals) == 0 && len(of.Model.Hooks.Query[meta.Finding]) == 0 {
		return alive(ctx, of, keys)
	}
	spec := of.Clone()
	for i, c := range spec.Model.Keys {
		spec.Require(query.Bound{Column: c, Value: keys[i]})
	}
	return First(ctx, spec)
}

// alive is ByKey among all rows of a model, by a statement that is kept.
func alive(ctx context.Context, of *query.Spec, keys []any) (memory.Ptr, error) {
	ctx, h, err := tx.ForArgument(ctx, of.Handle)
	if err != nil {
		return nil, err
	}
	if of.Primary {
		ctx = h.Writing(ctx)
	}
	record, err := query.Alive(ctx, h, of.Model, keys)
	switch {
	case err != nil:
		return nil, err
	case record == nil:
		return nil, errs.ErrNotFound
	}
	return record, of.Model.Hooks.RunFound(ctx, record)
}

// By returns the first record of a query whose column has a value; see First.
func By(ctx context.Context, of *query.Spec, column string, value any) (memory.Ptr, error) {
	spec := of.Clone()
	spec.Add(query.And, query.NewCompare(column, "=", value))
	return First(ctx, spec)
}

// ByKeys returns the records of a query with the primary keys, in the order of the keys, each once: one statement, none
// without keys. Keys without a row are left out. Fetching and Fetched hooks run.
func ByKeys(ctx context.Context, of *query.Spec, ids []any) ([]memory.Ptr, error) {
	if of.Err != nil {
		return nil, of.Err
	}
	keys, err := key.List(of.Model, ids)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	spec, column := of.Clone(), of.Model.Keys[0]
	index := key.NewIndex(column, column, len(keys))
	for _, k := range keys {
		index.AddBound(k)
	}
	index.AssumeDistinct()
	spec.Require(query.Keys{IDs: index.Values()})
	if len(spec.Columns) > 0 { // the records are put into order by their keys
		spec.Columns = append(spec.Columns, query.Selection{Column: column.Attr})
	}
	ctx, run, err := Prepare(ctx, spec, meta.Fetching)
	if err != nil {
		return nil, err
	}
	records, err := preload.Select(ctx, run)
	if err != nil {
		return nil, err
	}
	fields := make([]memory.Ptr, len(records))
	for i, record := range records {
		fields[i] = column.At(record)
	}
	numbers, err := index.Resolve(ctx, run.Handle, column, fields, key.ByValues)
	if err != nil {
		return nil, err
	}
	if err := run.Model.Hooks.RunMany(ctx, records, meta.Fetched); err != nil {
		return nil, err
	}
	ordered := make([]memory.Ptr, index.Len())
	for i, n := range numbers {
		if n != key.None {
			ordered[n] = records[i]
		}
	}
	out := make([]memory.Ptr, 0, len(records))
	for _, record := range ordered {
		if record != nil {
			out = append(out, record)
		}
	}
	return out, nil
}
