// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Refresh replaces the values of all columns by those of the row, soft deleted or not; extras stay. Pending changes are lost, and
// loaded relations are loaded once more. If the row is gone it is an ErrNotFound. One statement, and one per loaded relation; Found
// hooks run.
//
//go:noinline
func (r *Record[P]) Refresh(ctx context.Context) error { return refTo(r).do(ctx, "refresh", refresh) }

// Fresh loads the row anew, soft deleted or not, as another record; this one stays as it is. If the row is gone it is an
// ErrNotFound. One statement; Found hooks run.
//
//go:noinline
func (r *Record[P]) Fresh(ctx context.Context) (P, error) {
	p, err := refTo(r).fresh(ctx)
	return memory.As[P](p), err
}
