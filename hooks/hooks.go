// SPDX-License-Identifier: MIT

package hooks

import (
	"context"

	"github.com/kindred-orm/kindred/internal/meta"
)

// Moment is a point in the life of a record at which hooks run.
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

// Without returns a context in which writes and queries run no hooks.
func Without(ctx context.Context) context.Context { return meta.Quiet(ctx) }

// The methods that a model may have. Each runs at the moment of its name.
type (
	// CreatingHook runs before a record is inserted.
	CreatingHook interface {
		Creating(ctx context.Context) error
	}
	// CreatedHook runs after a record was inserted.
	CreatedHook interface {
		Created(ctx context.Context) error
	}
	// UpdatingHook runs before a record's changes are written, also if there are none.
	UpdatingHook interface {
		Updating(ctx context.Context) error
	}
	// UpdatedHook runs after a record's changes were written.
	UpdatedHook interface {
		Updated(ctx context.Context) error
	}
	// SavingHook runs before a record is inserted or updated.
	SavingHook interface {
		Saving(ctx context.Context) error
	}
	// SavedHook runs after a record was inserted or updated.
	SavedHook interface {
		Saved(ctx context.Context) error
	}
	// DeletingHook runs before a record is deleted.
	DeletingHook interface {
		Deleting(ctx context.Context) error
	}
	// DeletedHook runs after a record was deleted.
	DeletedHook interface {
		Deleted(ctx context.Context) error
	}
	// RestoringHook runs before a soft delete is taken back.
	RestoringHook interface {
		Restoring(ctx context.Context) error
	}
	// RestoredHook runs after a soft delete was taken back.
	RestoredHook interface {
		Restored(ctx context.Context) error
	}
	// FoundHook runs after the record was read by a call that returns one record.
	FoundHook interface {
		Found(ctx context.Context) error
	}
	// CommittedHook runs after the outermost transaction that wrote the record was committed.
	CommittedHook interface {
		Committed(ctx context.Context) error
	}
	// RolledBackHook runs after a write of the record was rolled back.
	RolledBackHook interface {
		RolledBack(ctx context.Context) error
	}
)
