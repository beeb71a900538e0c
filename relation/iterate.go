// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"iter"
	"strconv"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

// eachRows is how many rows Each loads at a time.
const eachRows = 500

// Each yields the records one by one, in the order of the query, without holding a connection or open
// rows meanwhile. It loads batches by keyset where the order allows, one statement per batch; else in
// a transaction of PostgreSQL by a cursor, else all rows at once. Rows that change their place while
// the loop runs may be missed or seen again. Fetching hooks run once, Fetched hooks per batch. An
// error is yielded once, and ends the loop.
func (b *Builder[T]) Each(ctx context.Context) iter.Seq2[*T, error] {
	each := b.core.each(ctx)
	return func(yield func(*T, error) bool) {
		each(func(p memory.Ptr, err error) bool { return yield(memory.At[T](p), err) })
	}
}

//go:noinline
func (c *core) each(ctx context.Context) iter.Seq2[memory.Ptr, error] {
	return func(yield func(memory.Ptr, error) bool) {
		for batch, err := range batches(ctx, c.spec, eachRows, true) {
			if err != nil {
				yield(nil, failed(c.spec, "each", err))
				return
			}
			for _, p := range batch {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

// Chunk yields the records in lists of n, by keyset: changing rows inside the loop skips none. An
// order that has no keyset is an ErrUnsupported. A limit of the query bounds the whole loop. One
// statement per list; hooks run as in Each.
func (b *Builder[T]) Chunk(ctx context.Context, n int) iter.Seq2[[]*T, error] {
	chunk := b.core.chunk(ctx, n)
	return func(yield func([]*T, error) bool) {
		chunk(func(batch []memory.Ptr, err error) bool { return yield(list[T](batch, err)) })
	}
}

//go:noinline
func (c *core) chunk(ctx context.Context, n int) iter.Seq2[[]memory.Ptr, error] {
	return func(yield func([]memory.Ptr, error) bool) {
		if n < 1 {
			yield(nil, failed(c.spec, "chunk", errs.New(errs.ErrInvalidValue, "lists of %d records", n)))
			return
		}
		for batch, err := range batches(ctx, c.spec, n, false) {
			if err != nil {
				yield(nil, failed(c.spec, "chunk", err))
				return
			}
			if !yield(batch, nil) {
				return
			}
		}
	}
}

// batches yields the records in lists of n.
func batches(ctx context.Context, of *query.Spec, n int, otherwise bool) iter.Seq2[[]memory.Ptr, error] {
	return func(yield func([]memory.Ptr, error) bool) {
		ctx, h, spec, err := start(ctx, of, meta.Fetching)
		if err != nil {
			yield(nil, err)
			return
		}
		after := func(records []memory.Ptr, err error) ([]memory.Ptr, error) {
			if err == nil {
				err = afterMany(ctx, spec.Model, records, meta.Fetched)
			}
			return records, err
		}
		keys, noKeyset := keysetOf(spec)
		if noKeyset == nil {
			noKeyset = keysSelected(spec, keys)
		}
		switch {
		case noKeyset == nil:
			byKeyset(ctx, h, spec, keys, n, after, yield)
		case !otherwise:
			yield(nil, noKeyset)
		case h.InTransaction() && h.Dialect().Cursors:
			byCursor(ctx, h, spec, n, after, yield)
		default:
			records, err := after(load(ctx, h, spec))
			yield(records, err)
		}
	}
}

// keysSelected refuses a result that lacks a column of the keyset.
func keysSelected(spec *query.Spec, keys *keyset) error {
	if len(spec.Columns) == 0 {
		return nil
	}
	for _, p := range keys.parts {
		found := false
		for _, s := range spec.Columns {
			c, ok := ownColumn(spec, s.Column)
			found = found || ok && c == p.column || s.Column == "*"
		}
		if !found {
			return errs.New(errs.ErrUnsupported, "a keyset over %s.%s, which is not selected; select it too", keys.model.Name, p.column.Attr)
		}
	}
	return nil
}

type (
	afterFunc = func([]memory.Ptr, error) ([]memory.Ptr, error)
	yieldFunc = func([]memory.Ptr, error) bool
)

func byKeyset(ctx context.Context, h *tx.Handle, spec *query.Spec, keys *keyset, n int, after afterFunc, yield yieldFunc) {
	left := -1
	if spec.Limit != nil {
		left = *spec.Limit
	}
	var at position
	offset := spec.Offset
	for left != 0 {
		batch := spec.Clone()
		keys.apply(batch, at)
		size := n
		if left >= 0 {
			size = min(n, left)
		}
		batch.Limit, batch.Offset = &size, offset
		offset = nil // the next position is behind it
		records, err := after(load(ctx, h, batch))
		if err != nil || len(records) == 0 {
			if err != nil {
				yield(nil, err)
			}
			return
		}
		last, err := keys.of(records[len(records)-1]) // before the loop's body may change it
		if err != nil {
			yield(nil, err)
			return
		}
		if !yield(records, nil) || len(records) < size {
			return
		}
		at = last
		if left > 0 {
			left -= len(records)
		}
	}
}

// byCursor reads through a cursor of the transaction, which is closed whatever happens.
func byCursor(ctx context.Context, h *tx.Handle, spec *query.Spec, n int, after afterFunc, yield yieldFunc) {
	cursor, err := query.OpenCursor(ctx, h, spec, "kindred_each_"+strconv.FormatUint(h.Frame().Number(), 10))
	if err != nil {
		yield(nil, err)
		return
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for {
		records, err := cursor.Fetch(ctx, n)
		if err == nil {
			err = relate(ctx, h, records, spec)
		}
		records, err = after(records, err)
		if err != nil {
			yield(nil, err)
			return
		}
		if len(records) == 0 || !yield(records, nil) || len(records) < n {
			return
		}
	}
}
