// SPDX-License-Identifier: MIT

// Package bulk writes to all rows of a query by one statement, without hooks.
package bulk

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// prepare makes a query ready for a write, which concerns all rows of a relation to one, too, but for a relation to one of many
// only that one.
func prepare(ctx context.Context, of *query.Spec) (context.Context, scope.Run, error) {
	ctx, run, err := ready(ctx, of)
	if err == nil {
		ctx = run.Handle.Writing(ctx)
	}
	return ctx, run, err
}

func ready(ctx context.Context, of *query.Spec) (context.Context, scope.Run, error) {
	if of.OneOfMany() && of.Parents == nil {
		return prepareOne(ctx, of)
	}
	if of.Link != nil && !of.Link.Many() && of.Parents == nil {
		of = of.Clone()
		of.Limited = nil
	}
	return scope.Prepare(ctx, of)
}

// prepareOne returns a query of the one row that the query picks.
func prepareOne(ctx context.Context, of *query.Spec) (context.Context, scope.Run, error) {
	ctx, run, err := scope.Prepare(ctx, of)
	if err != nil {
		return ctx, run, err
	}
	key, err := of.Model.Key()
	if err != nil {
		return ctx, run, err
	}
	one := query.New(of.Handle, of.Model)
	one.Trashed, one.Unscoped = query.WithTrashed, run.Unscoped
	one.Require(query.Among{Place: query.Place{Table: one.Table(), Column: key}, Sub: run.Spec})
	run.Spec = one
	return ctx, run, nil
}

// Update writes values to the rows of a query, with the timestamps of updates and the version. It returns their number.
func Update(ctx context.Context, of *query.Spec, values map[string]any) (int64, error) {
	ctx, run, err := prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	return query.Update(ctx, run.Handle, run.Spec, values)
}

// Increment adds by to a column of the rows of a query. It returns their number.
func Increment(ctx context.Context, of *query.Spec, column string, by any) (int64, error) {
	return step(ctx, of, column, by, query.Increment)
}

// Decrement subtracts by from a column of the rows of a query. It returns their number.
func Decrement(ctx context.Context, of *query.Spec, column string, by any) (int64, error) {
	return step(ctx, of, column, by, query.Decrement)
}

func step(
	ctx context.Context, of *query.Spec, column string, by any,
	write func(ctx context.Context, h *tx.Handle, spec *query.Spec, column string, by any) (int64, error),
) (int64, error) {
	ctx, run, err := prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	return write(ctx, run.Handle, run.Spec, column, by)
}

// Delete deletes the rows of a query, or marks them as deleted if the model has soft deletes. It returns their number.
func Delete(ctx context.Context, of *query.Spec) (int64, error) {
	ctx, run, err := prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	if run.Model.Deleted != nil {
		return query.Delete(ctx, run.Handle, run.Spec)
	}
	return remove(ctx, run)
}

// ForceDelete deletes the rows of a query, whether the model has soft deletes or not. It returns their number.
func ForceDelete(ctx context.Context, of *query.Spec) (int64, error) {
	ctx, run, err := prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	return remove(ctx, run)
}

func remove(ctx context.Context, run scope.Run) (int64, error) {
	if run.Link != nil && run.Link.Kind == meta.ManyToMany {
		return removeWithPivots(ctx, run)
	}
	return query.ForceDelete(ctx, run.Handle, run.Spec)
}

// Restore clears the time of deletion of the rows of a query. It returns their number.
func Restore(ctx context.Context, of *query.Spec) (int64, error) {
	ctx, run, err := prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	return query.Restore(ctx, run.Handle, run.Spec)
}

// removeWithPivots deletes the rows of a manyToMany relation and all pivot rows that point to them, in one transaction.
func removeWithPivots(ctx context.Context, run scope.Run) (n int64, err error) {
	if err := query.CheckWrite(run.Handle, run.Spec); err != nil {
		return 0, err
	}
	l := run.Link
	err = run.Handle.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		keys, err := relatedKeys(ctx, h, run.Spec)
		if err != nil || len(keys) == 0 {
			return err
		}
		pivots := query.New(h, l.Pivot.Model)
		pivots.Require(query.Match{Place: query.Place{Table: pivots.Table(), Column: l.Pivot.Related}, Keys: keys})
		if _, err := query.ForceDelete(ctx, h, pivots); err != nil {
			return err
		}
		rows := query.New(h, l.Model)
		rows.Trashed = query.WithTrashed
		rows.Require(query.Match{Place: query.Place{Table: rows.Table(), Column: l.Foreign}, Keys: keys})
		n, err = query.ForceDelete(ctx, h, rows)
		return err
	})
	return errs.Written(n, err), err
}

// relatedKeys returns the keys by which pivot rows point to the rows of a manyToMany relation.
func relatedKeys(ctx context.Context, h *tx.Handle, spec *query.Spec) ([]any, error) {
	column := spec.Link.Foreign
	found := spec.Clone()
	found.Columns, found.Outputs, found.Preloads = []query.Selection{{Column: column.Attr}}, nil, nil
	records, err := query.Select(ctx, h, found)
	if err != nil {
		return nil, err
	}
	keys := make([]any, len(records))
	for i, p := range records {
		if keys[i], err = column.Bind(column.At(p)); err != nil {
			return nil, err
		}
	}
	return keys, nil
}
