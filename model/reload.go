// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Refresh reads the row again, soft deleted or not and without scopes, and replaces the values of all columns by it: one
// SELECT, and one per loaded relation, which is loaded once more. Pending changes are lost, extras stay. Found hooks run.
// A row that is gone is an ErrNotFound, a record without a row an ErrNotPersisted.
//
//go:noinline
func (r *Record[P]) Refresh(ctx context.Context) error { return refTo(r).do(ctx, "refresh", refresh) }

// Fresh reads the row again, soft deleted or not and without scopes, as another record: one SELECT; Found hooks run. This
// record stays as it is. A row that is gone is an ErrNotFound, a record without a row an ErrNotPersisted. As Eloquent's
// fresh.
//
//go:noinline
func (r *Record[P]) Fresh(ctx context.Context) (P, error) {
	p, err := refTo(r).fresh(ctx)
	return memory.As[P](p), err
}
