// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/persist"
)

// Save writes the record: one INSERT if it has no row, else one UPDATE of the columns that have
// changed, the timestamp of updates and the version. If nothing has changed, nothing is sent.
// Afterwards the record equals its row, defaults of the database included.
//
// Creating or Updating and Saving hooks run before, Created or Updated and Saved hooks after the
// statement, all in one transaction: that of ctx or one of its own. Without hooks there is no
// transaction of its own. As in Lucid, a save without changes runs the hooks before, but not after.
//
// Exactly one row is updated, found by the primary key as it was loaded; if there is none, or its
// version has changed, it is an ErrStale, never a second INSERT. A unique index that refuses the row
// is an ErrDuplicate. After an error the record is as before the call, and may be saved again.
//
//go:noinline
func (b *BaseModel[T]) Save(ctx context.Context) error { return b.ref().save(ctx, false) }

// SaveQuietly is Save without hooks.
//
//go:noinline
func (b *BaseModel[T]) SaveQuietly(ctx context.Context) error { return b.ref().save(ctx, true) }

// Delete deletes the record's row with one statement, between Deleting and Deleted hooks. A model
// with soft deletes is marked as deleted instead; if it is marked already, nothing is sent. A row
// that is gone, or whose version has changed, is an ErrStale.
//
//go:noinline
func (b *BaseModel[T]) Delete(ctx context.Context) error {
	return b.ref().delete(ctx, "delete", false, false)
}

// DeleteQuietly is Delete without hooks.
//
//go:noinline
func (b *BaseModel[T]) DeleteQuietly(ctx context.Context) error {
	return b.ref().delete(ctx, "delete", true, false)
}

// ForceDelete is Delete of the row itself, for models with soft deletes.
//
//go:noinline
func (b *BaseModel[T]) ForceDelete(ctx context.Context) error {
	return b.ref().delete(ctx, "force delete", false, true)
}

// Restore takes the mark of deletion from a soft deleted record with one statement, between
// Restoring and Restored hooks. If there is no mark, nothing is sent.
//
//go:noinline
func (b *BaseModel[T]) Restore(ctx context.Context) error {
	return b.ref().do(ctx, "restore", persist.Restore)
}

// Touch refreshes the timestamp of updates with one statement, between Updating and Updated hooks.
// Changes of other columns stay pending.
//
//go:noinline
func (b *BaseModel[T]) Touch(ctx context.Context) error {
	return b.ref().do(ctx, "touch", persist.Touch)
}

// Increment adds by to a column in the database and takes over the result, so that concurrent calls
// all count: one UPDATE … RETURNING, between Updating and Updated hooks. Changes of other columns
// stay pending. As in Eloquent, the timestamp of updates is refreshed. A sum that the field's type
// does not hold is an ErrInvalidValue, and nothing is written.
//
//go:noinline
func (b *BaseModel[T]) Increment(ctx context.Context, column string, by any) error {
	return b.ref().increment(ctx, "increment", column, by, false)
}

// Decrement is Increment downwards.
//
//go:noinline
func (b *BaseModel[T]) Decrement(ctx context.Context, column string, by any) error {
	return b.ref().increment(ctx, "decrement", column, by, true)
}
