// SPDX-License-Identifier: MIT

package paging

import (
	"context"
	"iter"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// eachRows is how many rows Each loads at a time.
const eachRows = 500

// Each yields the records of a query one by one. Between two batches it holds neither a connection nor open rows.
func Each(ctx context.Context, of *query.Spec) iter.Seq2[memory.Ptr, error] {
	return func(yield func(memory.Ptr, error) bool) {
		for list, err := range batches(ctx, of, eachRows, anyOrder) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, p := range list {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

// Chunk yields the records of a query in lists of n, by keyset.
func Chunk(ctx context.Context, of *query.Spec, n int) iter.Seq2[[]memory.Ptr, error] {
	if n < 1 {
		return func(yield func([]memory.Ptr, error) bool) {
			yield(nil, errs.New(errs.ErrInvalidValue, "lists of %d records", n))
		}
	}
	return batches(ctx, of, n, keysetOnly)
}

// way is how batches read a query.
type way uint8

const (
	keysetOnly way = iota
	anyOrder       // the order of the database; one without a keyset is read by a cursor of the transaction, or at once
)

// loop is a query that is read in batches.
type loop struct {
	ctx   context.Context //nolint:containedctx // a loop is one call.
	run   scope.Run
	n     int
	yield func([]memory.Ptr, error) bool
}

// batches yields the records of a query in lists of n. An error is the last that it yields.
func batches(ctx context.Context, of *query.Spec, n int, how way) iter.Seq2[[]memory.Ptr, error] {
	return func(yield func([]memory.Ptr, error) bool) {
		ctx, run, err := find.Prepare(ctx, of, meta.Fetching)
		if err != nil {
			yield(nil, err)
			return
		}
		l := &loop{ctx: ctx, run: run, n: n, yield: yield}
		order, err := keysetOf(run.Spec)
		switch {
		case err == nil && (how == keysetOnly || !order.placesNulls()):
			l.byKeyset(order)
		case how == keysetOnly:
			yield(nil, err)
		case run.Handle.InTransaction() && run.Handle.Dialect().Cursors:
			l.byCursor() //nolint:contextcheck // the loop has it.
		default:
			records, err := l.fetched(preload.Select(ctx, run))
			yield(records, err)
		}
	}
}

// fetched runs the Fetched hooks on a batch.
func (l *loop) fetched(records []memory.Ptr, err error) ([]memory.Ptr, error) {
	if err == nil {
		err = l.run.Model.Hooks.RunMany(l.ctx, records, meta.Fetched)
	}
	if err != nil {
		return nil, err
	}
	return records, nil
}

// byKeyset reads by one statement per batch, each of which starts behind the last record of the one before.
func (l *loop) byKeyset(order *keyset) {
	left := -1
	if l.run.Limit != nil {
		left = *l.run.Limit
	}
	var at position
	offset := l.run.Offset
	for left != 0 {
		size := l.n
		if left >= 0 {
			size = min(size, left)
		}
		batch := scope.Run{Spec: l.run.Clone(), Handle: l.run.Handle}
		order.apply(batch.Spec, at)
		batch.Limit, batch.Offset = &size, offset
		offset = nil // the next position is behind it
		records, err := l.fetched(preload.Select(l.ctx, batch))
		if err != nil {
			l.yield(nil, err)
			return
		}
		if len(records) == 0 {
			return
		}
		if at, err = order.of(records[len(records)-1]); err != nil { // before the body of the loop may change it
			l.yield(nil, err)
			return
		}
		if !l.yield(records, nil) || len(records) < size {
			return
		}
		if left > 0 {
			left -= len(records)
		}
	}
}

// byCursor reads through a cursor of the transaction, which it closes in any case.
func (l *loop) byCursor() {
	h := l.run.Handle
	cursor, err := query.OpenCursor(l.ctx, h, l.run.Spec, h.Frame().Number())
	if err != nil {
		l.yield(nil, err)
		return
	}
	defer cursor.Close(context.WithoutCancel(l.ctx))
	for {
		records, err := cursor.Fetch(l.ctx, l.n)
		if err == nil {
			err = preload.Complete(l.ctx, l.run, records)
		}
		if records, err = l.fetched(records, err); err != nil {
			l.yield(nil, err)
			return
		}
		if len(records) == 0 || !l.yield(records, nil) || len(records) < l.n {
			return
		}
	}
}
