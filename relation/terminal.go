// SPDX-License-Identifier: MIT

package relation

import "context"

// The terminals that do not return records are the same for every builder.

// Sum stores the sum of a column in dest, a pointer to a number; zero if there are no rows, or nil if
// dest points to a pointer. One statement, no hooks.
//
//go:noinline
func (c *Chain[S]) Sum(ctx context.Context, column string, dest any) error {
	return c.core.calculate(ctx, "sum", column, dest)
}

// Avg stores the average of a column in dest; see Sum.
//
//go:noinline
func (c *Chain[S]) Avg(ctx context.Context, column string, dest any) error {
	return c.core.calculate(ctx, "avg", column, dest)
}

// Min stores the least value of a column in dest; see Sum.
//
//go:noinline
func (c *Chain[S]) Min(ctx context.Context, column string, dest any) error {
	return c.core.calculate(ctx, "min", column, dest)
}

// Max stores the greatest value of a column in dest; see Sum.
//
//go:noinline
func (c *Chain[S]) Max(ctx context.Context, column string, dest any) error {
	return c.core.calculate(ctx, "max", column, dest)
}

// Count returns how many rows the query has, groups and distinct rows counted as such. The order is
// dropped. One statement, no hooks.
//
//go:noinline
func (c *Chain[S]) Count(ctx context.Context) (int64, error) {
	return c.core.count(ctx)
}

// Exists reports whether the query has a row. One statement, no hooks.
//
//go:noinline
func (c *Chain[S]) Exists(ctx context.Context) (bool, error) {
	return c.core.any(ctx)
}

// Pluck stores the values of one column in dest, a pointer to a slice; NULL is the zero value of its
// elements. One statement, no hooks.
//
//go:noinline
func (c *Chain[S]) Pluck(ctx context.Context, column string, dest any) error {
	return c.core.pluck(ctx, column, dest)
}

// Update writes values, by attribute or column name, to all rows of the query with one statement, and
// with them the timestamp of updates and the version. It runs no hooks, may name any column, and
// returns the number of rows. Without a condition it is an ErrMissingWhere, unless AllRows is called.
//
//go:noinline
func (c *Chain[S]) Update(ctx context.Context, values Attrs) (int64, error) {
	return c.core.update(ctx, values)
}

// Increment adds by to a column of all rows of the query with one statement; see Update.
//
//go:noinline
func (c *Chain[S]) Increment(ctx context.Context, column string, by any) (int64, error) {
	return c.core.step(ctx, "increment", column, by, false)
}

// Decrement subtracts by from a column of all rows of the query with one statement; see Update.
//
//go:noinline
func (c *Chain[S]) Decrement(ctx context.Context, column string, by any) (int64, error) {
	return c.core.step(ctx, "decrement", column, by, true)
}

// Delete deletes all rows of the query with one statement, or marks them as deleted if the model has
// soft deletes. It runs no hooks and returns the number of rows. Without a condition it is an
// ErrMissingWhere, unless AllRows is called.
//
//go:noinline
func (c *Chain[S]) Delete(ctx context.Context) (int64, error) {
	return c.core.remove(ctx, "delete", false)
}

// ToSQL returns the SELECT of the query with its values, global scopes included, and sends nothing.
//
//go:noinline
func (c *Chain[S]) ToSQL() (sql string, args []any, err error) {
	return c.core.sql()
}
