// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/persist"
)

// Save writes the record: one INSERT if it has no row, else one UPDATE of the columns that have changed, the timestamp of updates
// and the version. A timestamp of updates that the caller has set is kept. If nothing has changed, nothing is sent. Afterwards
// the record equals its row, defaults and computed columns of the database included. What a trigger changes is not seen before the
// next Refresh, unless the model says [Definition.ReadBack].
//
// Creating or Updating and Saving hooks run before, Created or Updated and Saved hooks after the statement, all in one transaction:
// that of ctx or one of its own. Without hooks there is no transaction of its own. As in Lucid, a save without changes runs the
// hooks before, but not after. The function [SaveQuietly], and any write with a ctx of hooks.Without, runs none.
//
// Exactly one row is updated, found by the primary key as it was loaded; if there is none, or its version has changed, it is an
// ErrStale, never a second INSERT. A unique index that refuses the row is an ErrDuplicate. After an error the record is as before
// the call, and may be saved again.
//
//go:noinline
func (r *Record[P]) Save(ctx context.Context) error { return refTo(r).do(ctx, "save", persist.Save) }

// Delete removes the row by one DELETE, or for a model with soft deletes marks it by one UPDATE, between Deleting and
// Deleted hooks; a row that is marked already sends nothing. A row that is gone, or whose version has changed, is an
// ErrStale, a record without a row an ErrNotPersisted. Afterwards the record IsDeleted, and refuses writes with
// ErrDeleted, or is Trashed.
//
//go:noinline
func (r *Record[P]) Delete(ctx context.Context) error {
	return refTo(r).do(ctx, "delete", persist.Delete)
}

// ForceDelete removes the row, also that of a model with soft deletes, whether it is marked or not: one DELETE, between
// Deleting and Deleted hooks. A row that is gone, or whose version has changed, is an ErrStale, a record without a row an
// ErrNotPersisted.
//
//go:noinline
func (r *Record[P]) ForceDelete(ctx context.Context) error {
	return refTo(r).do(ctx, "force delete", persist.ForceDelete)
}

// Restore takes the mark of a soft deleted row away by one UPDATE, between Restoring and Restored hooks. If there is no
// mark, nothing is sent. A model without soft deletes is an ErrUnsupported.
//
//go:noinline
func (r *Record[P]) Restore(ctx context.Context) error {
	return refTo(r).do(ctx, "restore", persist.Restore)
}

// Touch refreshes the timestamp of updates, and the version, by one UPDATE, between Updating and Updated hooks. Changes of
// other columns stay pending. A model without such a timestamp is an ErrUnsupported.
//
//go:noinline
func (r *Record[P]) Touch(ctx context.Context) error {
	return refTo(r).do(ctx, "touch", persist.Touch)
}

// Increment adds by to a column in the database and takes over the result, so that concurrent calls all count: one UPDATE …
// RETURNING, between Updating and Updated hooks. Changes of other columns stay pending. As in Eloquent, the timestamp of updates is
// refreshed. A sum that the field's type does not hold is an ErrInvalidValue, and nothing is written.
//
//go:noinline
func (r *Record[P]) Increment(ctx context.Context, column string, by any) error {
	return refTo(r).increment(ctx, column, by)
}

// Decrement subtracts by from a column in the database and takes over the result, so that concurrent calls all count: one
// UPDATE … RETURNING, between Updating and Updated hooks. Changes of other columns stay pending. A result that the field's
// type does not hold is an ErrInvalidValue, and nothing is written.
//
//go:noinline
func (r *Record[P]) Decrement(ctx context.Context, column string, by any) error {
	return refTo(r).decrement(ctx, column, by)
}
