// SPDX-License-Identifier: MIT

package model

import "github.com/kindred-orm/kindred/internal/errs"

// The errors that callers tell apart, with errors.Is. The text of what is returned names the model, the field and the way out;
// it never holds a value. Where gorm has a sentinel of the same meaning, errors.Is finds that too: gorm.ErrDuplicatedKey in
// ErrDuplicate, ErrForeignKeyViolated in ErrForeignKey, ErrMissingWhereClause in ErrMissingWhere, ErrUnsupportedRelation in
// ErrUnknownRelation, ErrInvalidTransaction in ErrTxDone.
var (
	// ErrNotFound occurs when a row was required and there is none. errors.Is finds gorm.ErrRecordNotFound in it too.
	ErrNotFound = errs.ErrNotFound
	// ErrUnbound occurs when a call has no database: neither the record nor the context holds one.
	ErrUnbound = errs.ErrUnbound
	// ErrStale occurs when a record is written whose row is gone, or whose version in the table is another one.
	ErrStale = errs.ErrStale
	// ErrDeleted occurs when a record is used whose row was deleted through it.
	ErrDeleted = errs.ErrDeleted
	// ErrTxDone occurs when a transaction is used that was committed or rolled back.
	ErrTxDone = errs.ErrTxDone
	// ErrUnknownColumn occurs when a query names neither a column of the model nor an alias that it declares.
	ErrUnknownColumn = errs.ErrUnknownColumn
	// ErrUnknownRelation occurs when a name is not a relation of the model.
	ErrUnknownRelation = errs.ErrUnknownRelation
	// ErrUnknownAttribute occurs when a key of Attrs or of JSON is not an attribute of the model.
	ErrUnknownAttribute = errs.ErrUnknownAttribute
	// ErrGuarded occurs when Fill, Merge or Decode meets an attribute that they may not set, or an update a column that it
	// may not write.
	ErrGuarded = errs.ErrGuarded
	// ErrInvalidKey occurs when a value cannot be a key of the model.
	ErrInvalidKey = errs.ErrInvalidKey
	// ErrInvalidValue occurs when a value does not fit its column or field.
	ErrInvalidValue = errs.ErrInvalidValue
	// ErrMissingKey occurs when a model has no primary key, a relation no column to match by, or a record no value for it.
	ErrMissingKey = errs.ErrMissingKey
	// ErrNotLoaded occurs when a relation is read that was not loaded, or a column is needed that the query did not select.
	ErrNotLoaded = errs.ErrNotLoaded
	// ErrNotPersisted occurs when a record has no row yet and the call needs one.
	ErrNotPersisted = errs.ErrNotPersisted
	// ErrUnsupported occurs when the model, the relation or the database cannot do what is asked. The text names the way out.
	ErrUnsupported = errs.ErrUnsupported
	// ErrDuplicate occurs when a unique index refuses a row.
	ErrDuplicate = errs.ErrDuplicate
	// ErrForeignKey occurs when a foreign key refuses a write.
	ErrForeignKey = errs.ErrForeignKey
	// ErrConflict occurs when the database ends a statement in favour of another transaction: it could not put them in a serial
	// order, met a deadlock, or waited too long for a lock. The transaction can be begun again.
	ErrConflict = errs.ErrConflict
	// ErrMissingWhere occurs when a bulk write has no condition. AllRows allows it.
	ErrMissingWhere = errs.ErrMissingWhere
	// ErrNotUnique occurs when Sole finds more than one row.
	ErrNotUnique = errs.ErrNotUnique
	// ErrUnknownScope occurs when a name is not a scope of the model.
	ErrUnknownScope = errs.ErrUnknownScope
	// ErrInvalidCursor occurs when a text is not a cursor of a query with this order.
	ErrInvalidCursor = errs.ErrInvalidCursor
	// ErrCommitUnknown occurs when the database does not answer a COMMIT, or outside of a transaction a statement that writes, so
	// that nobody knows whether the data is stored. The records are as after a rollback.
	ErrCommitUnknown = errs.ErrCommitUnknown
	// ErrAfterCommit occurs when a transaction is committed and work that waited for the commit fails.
	ErrAfterCommit = errs.ErrAfterCommit
)

// Error reports an operation on a model that failed. Unwrap returns the cause.
type Error = errs.Error

// FieldError reports what is wrong with one field of a model. Field is the name of the attribute, and for JSON the serialized
// name; a name that is unknown or guarded is as it was given. The errors of Fill, Merge and serialize.Decode wrap one for each
// field, and so do errors about a value in a query or write.
type FieldError = errs.FieldError

// ConstraintError reports a write that a constraint of the database refused. Kind is "unique", "foreign key", "not null" or
// "check"; Table, Name and Columns hold what the database says. errors.Is finds ErrDuplicate in it for a unique index,
// ErrForeignKey for a foreign key, and ErrInvalidValue otherwise.
type ConstraintError = errs.ConstraintError
