// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Builder is the builder of one model. It is made by model.Query. A builder may be run any number of
// times; it may not be changed by one goroutine while another one uses it.
type Builder[T any] struct {
	Chain[*Builder[T]]

	own query.Spec
}

// NewBuilder is called by model.Query. h may be nil for the database in the context; err is what is
// wrong with the model, and returned by the terminal.
func NewBuilder[T any](h *tx.Handle, m *meta.Model, err error) *Builder[T] {
	b := &Builder[T]{own: query.Spec{Handle: h, Model: m, Err: err}}
	b.Chain = newChain(b, &b.own, fromSpec[T])
	return b
}

func fromSpec[T any](spec *query.Spec) *Builder[T] {
	c := &Builder[T]{own: *spec}
	c.Chain = newChain(c, &c.own, fromSpec[T])
	return c
}

func errNoDatabase() error {
	return errs.New(errs.ErrUnbound, "the builder has no database; give model.Query one")
}

// Query returns a copy of the builder for places that take a *Query, such as sub-queries.
func (b *Builder[T]) Query() *Query { return newQuery(b.core.spec.Clone()) }

// All returns all records. One statement; Fetching and Fetched hooks run.
func (b *Builder[T]) All(ctx context.Context) ([]*T, error) {
	return list[T](b.core.all(ctx))
}

// First returns the first record in the order of the query, or any if it has none; ErrNotFound if
// there is none. One statement; Finding and Found hooks run.
func (b *Builder[T]) First(ctx context.Context) (*T, error) {
	p, err := b.core.first(ctx)
	return memory.At[T](p), err
}

// Sole returns the only record; ErrNotFound if there is none, ErrNotUnique if there are several. One
// statement; Finding and Found hooks run.
func (b *Builder[T]) Sole(ctx context.Context) (*T, error) {
	p, err := b.core.sole(ctx)
	return memory.At[T](p), err
}

// Find returns the record with a primary key, within the conditions of the query; ErrNotFound if
// there is none. A key that is not of the column's type is an ErrInvalidKey, and nothing is sent: an
// integer may be given as its canonical text, nothing else is converted. A composite key is given as
// Attrs or as a []any in the order of its fields. One statement; Finding and Found hooks run.
func (b *Builder[T]) Find(ctx context.Context, id any) (*T, error) {
	p, err := b.core.find(ctx, id)
	return memory.At[T](p), err
}

// FindBy returns the first record whose column has a value; see First.
func (b *Builder[T]) FindBy(ctx context.Context, column string, value any) (*T, error) {
	p, err := b.core.findBy(ctx, column, value)
	return memory.At[T](p), err
}

// FindMany returns the records with the primary keys in the order of the keys, each once; keys
// without a row are left out. A slice among ids is taken apart. One statement, none without ids;
// Fetching and Fetched hooks run.
func (b *Builder[T]) FindMany(ctx context.Context, ids ...any) ([]*T, error) {
	return list[T](b.core.findMany(ctx, ids))
}

// ForceDelete deletes all rows of the query for good, soft deleted or not according to WithTrashed;
// see Delete.
func (b *Builder[T]) ForceDelete(ctx context.Context) (int64, error) {
	return b.core.remove(ctx, "force delete", true)
}

// Restore takes the mark of deletion from all soft deleted rows of the query with one statement. It
// runs no hooks and returns the number of rows; see Delete for conditions.
func (b *Builder[T]) Restore(ctx context.Context) (int64, error) { return b.core.restore(ctx) }

// list returns records as pointers to their type; none with an error.
func list[T any](records []memory.Ptr, err error) ([]*T, error) {
	if err != nil {
		return nil, err
	}
	return memory.Pointers[T](records), nil
}
