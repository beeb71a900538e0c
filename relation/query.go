// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/bulk"
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/existence"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/paging"
	"github.com/kindred-orm/kindred/internal/query"
)

type (
	// Attrs are column values by attribute or column name.
	Attrs = map[string]any
	// Direction is an order.
	Direction string
	// CountCond compares a number of related rows; see Count.
	CountCond existence.Count
)

// The directions of an order.
const (
	Asc  Direction = "asc"
	Desc Direction = "desc"
)

// Count is the last argument of Has and WhereHas: relation.Count(">=", 3).
func Count(op string, n int) CountCond { return CountCond{Op: op, N: n} }

// Query is the builder that has every condition. Scopes, hooks, groups of conditions and the functions of Preload and WhereHas
// get one, and [Builder.Untyped] and [Client.Query] return one. Its model is known only when the program runs, so results go
// into a destination: a pointer that fits the model.
type Query chain.Chain

func (q *Query) spec() *query.Spec { return (*chain.Chain)(q).Spec() }

// Clone returns a query that can go on without changing this one.
func (q *Query) Clone() *Query { return (*Query)((*chain.Chain)(q).Clone()) }

// Use calls fn with the query, for conditions that several queries share.
func (q *Query) Use(fn func(*Query)) *Query {
	fn(q)
	return q
}

// When calls then if cond holds, else otherwise if it is given.
func (q *Query) When(cond bool, then func(*Query), otherwise ...func(*Query)) *Query {
	switch {
	case cond:
		then(q)
	case len(otherwise) == 1:
		otherwise[0](q)
	case len(otherwise) > 1:
		q.spec().Fail(errOtherwise(len(otherwise)))
	}
	return q
}

// Unless calls then if cond does not hold, else otherwise if it is given.
func (q *Query) Unless(cond bool, then func(*Query), otherwise ...func(*Query)) *Query {
	return q.When(!cond, then, otherwise...)
}

func errOtherwise(n int) error {
	return errs.New(errs.ErrUnsupported, "When with %d functions for the other case; it calls one", n)
}

// IsRelatedSubQuery reports whether the query is a sub-query of the relation, as in WhereHas and WithCount, for functions of
// OnQuery that sort or limit.
func (q *Query) IsRelatedSubQuery() bool { return q.spec().Related }

// All loads all records into dest, a pointer to a slice of pointers to the model. One statement; Fetching and Fetched hooks run.
func (q *Query) All(ctx context.Context, dest any) error {
	spec := q.spec()
	return spec.Error("all", storeList(spec, dest, func() ([]memory.Ptr, error) { return find.All(ctx, spec) }))
}

// First loads the first record into dest, a pointer to a pointer to the model, or a pointer to the model itself, whose content is
// replaced. It returns ErrNotFound if there is none. One statement; Finding and Found hooks run.
func (q *Query) First(ctx context.Context, dest any) error {
	spec := q.spec()
	return spec.Error("first", storeOne(spec, dest, func() (memory.Ptr, error) { return find.First(ctx, spec) }))
}

// Find loads the record with a primary key into dest; see First. A malformed key is an ErrInvalidKey, and nothing is sent.
func (q *Query) Find(ctx context.Context, dest, id any) error {
	spec := q.spec()
	return spec.Error("find", storeOne(spec, dest, func() (memory.Ptr, error) { return find.ByKey(ctx, spec, id) }))
}

// Paginate loads a page, counted from 1, into dest; see [Builder.Paginate].
func (q *Query) Paginate(ctx context.Context, dest any, page, perPage int) (Meta, error) {
	spec := q.spec()
	var facts Meta
	err := storeList(spec, dest, func() ([]memory.Ptr, error) {
		found, err := paging.Number(ctx, spec, page, perPage)
		facts = newMeta(found, perPage)
		return found.Records, err
	})
	if err != nil {
		return Meta{}, spec.Error("paginate", err)
	}
	return facts, nil
}

// Count returns how many rows the query has, groups and distinct rows counted as such. The order is dropped. One statement, no
// hooks.
func (q *Query) Count(ctx context.Context) (int64, error) {
	n, err := find.Count(ctx, q.spec())
	return n, q.spec().Error("count", err)
}

// Exists reports whether the query has a row. One statement, no hooks.
func (q *Query) Exists(ctx context.Context) (bool, error) {
	ok, err := find.Exists(ctx, q.spec())
	return ok, q.spec().Error("exists", err)
}

// Pluck stores the values of one column in dest, a pointer to a slice. NULL becomes the zero value of its elements. One statement,
// no hooks.
func (q *Query) Pluck(ctx context.Context, column string, dest any) error {
	return q.spec().Error("pluck", find.Pluck(ctx, q.spec(), column, dest))
}

// Sum stores the sum of a column in dest, a pointer to a number: zero if there are no rows, nil if dest points to a pointer. One
// statement, no hooks.
func (q *Query) Sum(ctx context.Context, column string, dest any) error {
	return q.spec().Error("sum", find.Aggregate(ctx, q.spec(), "sum", column, dest))
}

// Avg stores the average of a column in dest; see Sum.
func (q *Query) Avg(ctx context.Context, column string, dest any) error {
	return q.spec().Error("avg", find.Aggregate(ctx, q.spec(), "avg", column, dest))
}

// Min stores the least value of a column in dest; see Sum.
func (q *Query) Min(ctx context.Context, column string, dest any) error {
	return q.spec().Error("min", find.Aggregate(ctx, q.spec(), "min", column, dest))
}

// Max stores the greatest value of a column in dest; see Sum.
func (q *Query) Max(ctx context.Context, column string, dest any) error {
	return q.spec().Error("max", find.Aggregate(ctx, q.spec(), "max", column, dest))
}

// Update writes values, by attribute or column name, to all rows of the query by one statement, and with them the timestamp of
// updates and the version. It runs no hooks, may name any column, and returns the number of rows. Without a condition it is an
// ErrMissingWhere, unless AllRows is called.
func (q *Query) Update(ctx context.Context, values Attrs) (int64, error) {
	n, err := bulk.Update(ctx, q.spec(), values)
	return n, q.spec().Error("update", err)
}

// Increment adds by to a column of all rows of the query by one statement; see Update.
func (q *Query) Increment(ctx context.Context, column string, by any) (int64, error) {
	n, err := bulk.Increment(ctx, q.spec(), column, by)
	return n, q.spec().Error("increment", err)
}

// Decrement subtracts by from a column of all rows of the query by one statement; see Update.
func (q *Query) Decrement(ctx context.Context, column string, by any) (int64, error) {
	n, err := bulk.Decrement(ctx, q.spec(), column, by)
	return n, q.spec().Error("decrement", err)
}

// Delete deletes all rows of the query by one statement, or marks them as deleted if the model has soft deletes. It runs no hooks
// and returns the number of rows. Without a condition it is an ErrMissingWhere, unless AllRows is called.
func (q *Query) Delete(ctx context.Context) (int64, error) {
	n, err := bulk.Delete(ctx, q.spec())
	return n, q.spec().Error("delete", err)
}

// ForceDelete deletes all rows of the query, those of a model with soft deletes too; see Delete.
func (q *Query) ForceDelete(ctx context.Context) (int64, error) {
	n, err := bulk.ForceDelete(ctx, q.spec())
	return n, q.spec().Error("force delete", err)
}

// Restore takes the mark of deletion from all soft deleted rows of the query by one statement. It runs no hooks and returns the
// number of rows; see Delete for conditions.
func (q *Query) Restore(ctx context.Context) (int64, error) {
	n, err := bulk.Restore(ctx, q.spec())
	return n, q.spec().Error("restore", err)
}

// ToSQL returns the SELECT of the query with its values, global scopes included, and sends nothing.
func (q *Query) ToSQL() (sql string, args []any, err error) {
	sql, args, err = find.SQL(q.spec())
	return sql, args, q.spec().Error("to SQL", err)
}
