// SPDX-License-Identifier: MIT

package find

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// Count returns how many rows a query has: one statement, without hooks.
func Count(ctx context.Context, of *query.Spec) (int64, error) {
	ctx, run, err := scope.Prepare(ctx, of)
	if err != nil {
		return 0, err
	}
	return query.Count(ctx, run.Handle, run.Spec)
}

// Exists reports whether a query has a row: one statement, without hooks.
func Exists(ctx context.Context, of *query.Spec) (bool, error) {
	ctx, run, err := scope.Prepare(ctx, of)
	if err != nil {
		return false, err
	}
	return query.Any(ctx, run.Handle, run.Spec)
}

// Aggregate stores an aggregate of a column in dest: one statement, without hooks.
func Aggregate(ctx context.Context, of *query.Spec, fn, column string, dest any) error {
	ctx, run, err := scope.Prepare(ctx, of)
	if err != nil {
		return err
	}
	return query.Calculate(ctx, run.Handle, run.Spec, query.Aggregate{Func: fn, Column: column}, dest)
}

// Pluck stores the values of one column in dest: one statement, without hooks.
func Pluck(ctx context.Context, of *query.Spec, column string, dest any) error {
	ctx, run, err := scope.Prepare(ctx, of)
	if err != nil {
		return err
	}
	return query.Pluck(ctx, run.Handle, run.Spec, column, dest)
}

// SQL returns the SELECT of a query with its values, and sends nothing.
func SQL(of *query.Spec) (sql string, args []any, err error) {
	if of.Err != nil {
		return "", nil, of.Err
	}
	if of.Handle == nil {
		return "", nil, errs.New(errs.ErrUnbound, "the builder has no database; give model.Query one")
	}
	s, err := query.Compile(of.Handle, scope.InSubquery(of))
	return s.SQL, s.Args, err
}
