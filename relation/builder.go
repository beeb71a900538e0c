// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"iter"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/paging"
	"github.com/kindred-orm/kindred/internal/query"
)

// Builder is the builder of one model; P is a pointer to it. model.Query returns one, and model.Builder is its usual name. A
// builder may be run any number of times. It may not be changed by one goroutine while another one uses it.
//
// It has the conditions that most programs use. A [Query] has the others, too: Use adds them to the builder, and Untyped returns
// a copy of the builder that has them.
//
// The compiler makes the methods of a builder anew for every model, so each is one call of what has no type parameter.
type Builder[P any] chain.Chain

func (b *Builder[P]) spec() *query.Spec { return (*chain.Chain)(b).Spec() }

// Clone returns a builder that can go on without changing this one.
//
//go:noinline
func (b *Builder[P]) Clone() *Builder[P] { return (*Builder[P])((*chain.Chain)(b).Clone()) }

// Untyped returns a copy of the builder as a [Query], which has every condition and every way to run: for sub-queries, and for
// what a builder does not have. Conditions that are added to the copy are not added to the builder; Use does that.
//
//go:noinline
func (b *Builder[P]) Untyped() *Query { return (*Query)((*chain.Chain)(b).Clone()) }

// Use calls fn with the builder as a [Query]: for conditions that a builder does not have, and for those that several builders,
// preloads and existence conditions share.
//
//go:noinline
func (b *Builder[P]) Use(fn func(*Query)) *Builder[P] {
	fn((*Query)(b))
	return b
}

// When calls then if cond holds, else otherwise if it is given.
//
//go:noinline
func (b *Builder[P]) When(cond bool, then func(*Builder[P]), otherwise ...func(*Builder[P])) *Builder[P] {
	switch {
	case cond:
		then(b)
	case len(otherwise) == 1:
		otherwise[0](b)
	case len(otherwise) > 1:
		b.spec().Fail(errOtherwise(len(otherwise)))
	}
	return b
}

// All returns all records. One statement; Fetching and Fetched hooks run.
//
//go:noinline
func (b *Builder[P]) All(ctx context.Context) ([]P, error) {
	records, err := find.All(ctx, b.spec())
	return list[P](b.spec(), "all", records, err)
}

// First returns the first record in the order of the query, any record if the query has no order, or ErrNotFound. One statement;
// Finding and Found hooks run.
//
//go:noinline
func (b *Builder[P]) First(ctx context.Context) (P, error) {
	p, err := find.First(ctx, b.spec())
	return one[P](b.spec(), "first", p, err)
}

// Sole returns the only record, ErrNotFound if there is none, or ErrNotUnique if there are several. One statement; Finding and
// Found hooks run.
//
//go:noinline
func (b *Builder[P]) Sole(ctx context.Context) (P, error) {
	p, err := find.Sole(ctx, b.spec())
	return one[P](b.spec(), "sole", p, err)
}

// Find returns the record with a primary key, within the conditions of the query, or ErrNotFound. A key that is not of the
// column's type is an ErrInvalidKey, and nothing is sent: an integer may be given as its canonical text, nothing else is
// converted. A composite key is given as Attrs, or as a []any in the order of its fields. One statement; Finding and Found hooks
// run.
//
//go:noinline
func (b *Builder[P]) Find(ctx context.Context, id any) (P, error) {
	p, err := find.ByKey(ctx, b.spec(), id)
	return one[P](b.spec(), "find", p, err)
}

// FindBy returns the first record whose column has a value; see First.
//
//go:noinline
func (b *Builder[P]) FindBy(ctx context.Context, column string, value any) (P, error) {
	p, err := find.By(ctx, b.spec(), column, value)
	return one[P](b.spec(), "find by", p, err)
}

// FindMany returns the records with the primary keys in the order of the keys, each once. Keys without a row are left out. The
// elements of a slice count as ids. One statement, none without ids; Fetching and Fetched hooks run.
//
//go:noinline
func (b *Builder[P]) FindMany(ctx context.Context, ids ...any) ([]P, error) {
	records, err := find.ByKeys(ctx, b.spec(), ids)
	return list[P](b.spec(), "find many", records, err)
}

// Each yields the records one by one, in the order of the query, without holding a connection or open rows meanwhile. It loads
// batches by keyset where the order allows, one statement per batch; else by a cursor in a transaction of PostgreSQL, else all
// rows at once. Rows that change their place while the loop runs may be missed or seen again. Fetching hooks run once, Fetched
// hooks per batch. An error is yielded once, and ends the loop.
//
//go:noinline
func (b *Builder[P]) Each(ctx context.Context) iter.Seq2[P, error] {
	spec := b.spec()
	return func(yield func(P, error) bool) {
		paging.Each(ctx, spec)(func(p memory.Ptr, err error) bool { return yield(memory.As[P](p), spec.Error("each", err)) })
	}
}

// Chunk yields the records in lists of n, by keyset: changing rows inside the loop skips none. NULL is the greatest value of the
// order, on every database. An order that has no keyset is an
// ErrUnsupported. A limit of the query bounds the whole loop. One statement per list; hooks run as in Each.
//
//go:noinline
func (b *Builder[P]) Chunk(ctx context.Context, n int) iter.Seq2[[]P, error] {
	spec := b.spec()
	return func(yield func([]P, error) bool) {
		paging.Chunk(ctx, spec, n)(func(records []memory.Ptr, err error) bool {
			return yield(list[P](spec, "chunk", records, err))
		})
	}
}

// Count returns how many rows the query has, groups and distinct rows counted as such. The order is dropped. One statement, no
// hooks.
//
//go:noinline
func (b *Builder[P]) Count(ctx context.Context) (int64, error) { return (*Query)(b).Count(ctx) }

// Exists reports whether the query has a row. One statement, no hooks.
//
//go:noinline
func (b *Builder[P]) Exists(ctx context.Context) (bool, error) { return (*Query)(b).Exists(ctx) }

// Pluck stores the values of one column in dest, a pointer to a slice. NULL becomes the zero value of its elements. One statement,
// no hooks.
//
//go:noinline
func (b *Builder[P]) Pluck(ctx context.Context, column string, dest any) error {
	return (*Query)(b).Pluck(ctx, column, dest)
}

// Sum stores the sum of a column in dest, a pointer to a number: zero if there are no rows, nil if dest points to a pointer. One
// statement, no hooks.
//
//go:noinline
func (b *Builder[P]) Sum(ctx context.Context, column string, dest any) error {
	return (*Query)(b).Sum(ctx, column, dest)
}

// Avg stores the average of a column in dest; see Sum.
//
//go:noinline
func (b *Builder[P]) Avg(ctx context.Context, column string, dest any) error {
	return (*Query)(b).Avg(ctx, column, dest)
}

// Min stores the smallest value of a column in dest; see Sum.
//
//go:noinline
func (b *Builder[P]) Min(ctx context.Context, column string, dest any) error {
	return (*Query)(b).Min(ctx, column, dest)
}

// Max stores the greatest value of a column in dest; see Sum.
//
//go:noinline
func (b *Builder[P]) Max(ctx context.Context, column string, dest any) error {
	return (*Query)(b).Max(ctx, column, dest)
}

// Update writes values, by attribute or column name, to all rows of the query by one statement, and with them the timestamp of
// updates and the version. It runs no hooks, may name any column, and returns the number of rows. Without a condition it is an
// ErrMissingWhere, unless AllRows is called.
//
//go:noinline
func (b *Builder[P]) Update(ctx context.Context, values Attrs) (int64, error) {
	return (*Query)(b).Update(ctx, values)
}

// Increment adds by to a column of all rows of the query by one statement; see Update. Decrement is a method of Untyped.
//
//go:noinline
func (b *Builder[P]) Increment(ctx context.Context, column string, by any) (int64, error) {
	return (*Query)(b).Increment(ctx, column, by)
}

// Delete deletes all rows of the query by one statement, or marks them as deleted if the model has soft deletes. It runs no hooks
// and returns the number of rows. Without a condition it is an ErrMissingWhere, unless AllRows is called.
//
//go:noinline
func (b *Builder[P]) Delete(ctx context.Context) (int64, error) { return (*Query)(b).Delete(ctx) }

// ForceDelete deletes all rows of the query, those of a model with soft deletes too; see Delete.
//
//go:noinline
func (b *Builder[P]) ForceDelete(ctx context.Context) (int64, error) {
	return (*Query)(b).ForceDelete(ctx)
}

// Restore takes the mark of deletion from all soft deleted rows of the query by one statement. It runs no hooks and returns the
// number of rows; see Delete for conditions.
//
//go:noinline
func (b *Builder[P]) Restore(ctx context.Context) (int64, error) { return (*Query)(b).Restore(ctx) }

// ToSQL returns the SELECT of the query with its values, global scopes included, and sends nothing.
//
//go:noinline
func (b *Builder[P]) ToSQL() (sql string, args []any, err error) { return (*Query)(b).ToSQL() }

// one returns a record as a pointer to its type, nil with an error.
func one[P any](spec *query.Spec, op string, p memory.Ptr, err error) (P, error) {
	if err != nil {
		p, err = nil, spec.Error(op, err)
	}
	return memory.As[P](p), err
}

// list returns records as pointers to their type, nil with an error.
func list[P any](spec *query.Spec, op string, records []memory.Ptr, err error) ([]P, error) {
	if err != nil {
		return nil, spec.Error(op, err)
	}
	return memory.List[P](records), nil
}
