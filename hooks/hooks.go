// SPDX-License-Identifier: MIT

package hooks

import (
	"context"

	"github.com/kindred-orm/kindred/internal/meta"
)

// Moment is a point in the life of a record at which hooks run. Define registers functions for it: d.On(hooks.Saving, fn).
type Moment string

// The moments. Those of a write get the record; an error stops the write.
const (
	Creating   Moment = "creating"   // before the INSERT
	Created    Moment = "created"    // after the INSERT
	Updating   Moment = "updating"   // before the UPDATE, also if nothing has changed
	Updated    Moment = "updated"    // after the UPDATE
	Saving     Moment = "saving"     // before either
	Saved      Moment = "saved"      // after either
	Deleting   Moment = "deleting"   // before a DELETE or a soft delete
	Deleted    Moment = "deleted"    // after it
	Restoring  Moment = "restoring"  // before a soft delete is taken back
	Restored   Moment = "restored"   // after it
	Finding    Moment = "finding"    // gets the query of a call that returns one record
	Found      Moment = "found"      // gets the record
	Fetching   Moment = "fetching"   // gets the query of a call that returns many records
	Fetched    Moment = "fetched"    // gets the records
	Paginating Moment = "paginating" // gets the query of a page, before rows are counted
	Paginated  Moment = "paginated"  // gets the records of the page
	Committed  Moment = "committed"  // once, after the outermost commit of a transaction that wrote the record
	RolledBack Moment = "rolledBack" // once, after a rollback, also to a savepoint, has undone a write
)

// Without returns a context in which writes and queries run no hooks, neither methods nor functions of Define. Global
// scopes still hold, timestamps are still written.
func Without(ctx context.Context) context.Context { return meta.Quiet(ctx) }

// The methods that a model may have. Each runs at the moment of its name.
type (
	// CreatingHook is implemented by a model that acts before its record is inserted. An error stops the write and rolls it back.
	CreatingHook interface {
		Creating(ctx context.Context) error
	}
	// CreatedHook is implemented by a model that acts after its record was inserted, in the same transaction. An error rolls the write back.
	CreatedHook interface {
		Created(ctx context.Context) error
	}
	// UpdatingHook is implemented by a model that acts before the changes of its record are written, also if there are none. An error stops
	// the write and rolls it back.
	UpdatingHook interface {
		Updating(ctx context.Context) error
	}
	// UpdatedHook is implemented by a model that acts after the changes of its record were written, in the same transaction. An error rolls
	// the write back. Without changes it does not run.
	UpdatedHook interface {
		Updated(ctx context.Context) error
	}
	// SavingHook is implemented by a model that acts before its record is inserted or updated, after Creating or Updating. An error stops
	// the write and rolls it back.
	SavingHook interface {
		Saving(ctx context.Context) error
	}
	// SavedHook is implemented by a model that acts after its record was inserted or updated, in the same transaction, after Created or
	// Updated. An error rolls the write back.
	SavedHook interface {
		Saved(ctx context.Context) error
	}
	// DeletingHook is implemented by a model that acts before its row is deleted, or marked as soft deleted. An error stops the write and
	// rolls it back.
	DeletingHook interface {
		Deleting(ctx context.Context) error
	}
	// DeletedHook is implemented by a model that acts after its row was deleted, or marked, in the same transaction. An error rolls the
	// write back.
	DeletedHook interface {
		Deleted(ctx context.Context) error
	}
	// RestoringHook is implemented by a model that acts before the mark of a soft delete is taken away. An error stops the write and rolls it
	// back.
	RestoringHook interface {
		Restoring(ctx context.Context) error
	}
	// RestoredHook is implemented by a model that acts after the mark of a soft delete was taken away, in the same transaction. An error rolls
	// the write back.
	RestoredHook interface {
		Restored(ctx context.Context) error
	}
	// FoundHook is implemented by a model that acts after its record was read by a call that returns one record. An error is the error of
	// that call.
	FoundHook interface {
		Found(ctx context.Context) error
	}
	// CommittedHook is implemented by a model that acts once the outermost transaction that wrote its record is committed. It runs once for
	// a transaction. An error undoes nothing: the call returns ErrAfterCommit.
	CommittedHook interface {
		Committed(ctx context.Context) error
	}
	// RolledBackHook is implemented by a model that acts once a write of its record was rolled back, by the whole transaction or to a savepoint.
	// The record is as it was before the write.
	RolledBackHook interface {
		RolledBack(ctx context.Context) error
	}
)
