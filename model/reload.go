// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Refresh replaces the values of all columns by those of the row, soft deleted or not; extras stay.
// Pending changes are lost, and loaded relations are loaded once more. If the row is gone it is an
// ErrNotFound. One statement, and one per loaded relation; Found hooks run.
//
//go:noinline
func (b *BaseModel[T]) Refresh(ctx context.Context) error { return b.ref().do(ctx, "refresh", refresh) }

// Fresh loads the row anew, soft deleted or not, as another record; this one stays as it is. If the
// row is gone it is an ErrNotFound. One statement; Found hooks run.
//
//go:noinline
func (b *BaseModel[T]) Fresh(ctx context.Context) (*T, error) {
	p, err := b.ref().fresh(ctx)
	return memory.At[T](p), err
}

// WithLock opens a transaction, or a savepoint in that of ctx, loads the row anew under a lock
// (SELECT … FOR UPDATE; SQLite locks the database) and calls fn with it. The transaction is committed
// if fn returns nil. This record stays as it is. If the row is gone it is an ErrNotFound.
//
//go:noinline
func (b *BaseModel[T]) WithLock(ctx context.Context, fn func(ctx context.Context, locked *T) error) error {
	return b.ref().withLock(ctx, func(ctx context.Context, p memory.Ptr) error { return fn(ctx, memory.At[T](p)) })
}
