// SPDX-License-Identifier: MIT

package model

import "github.com/kindred-orm/kindred/internal/errs"

// The errors that callers branch on, with errors.Is. Their texts name model, field and the way out.
var (
	// ErrNotFound: no row. It is also gorm.ErrRecordNotFound.
	ErrNotFound = errs.ErrNotFound
	// ErrUnbound: neither record nor context knows a database.
	ErrUnbound = errs.ErrUnbound
	// ErrStale: the row is gone, or was changed since a record with a version was loaded.
	ErrStale = errs.ErrStale
	// ErrDeleted: the record's row was deleted through it.
	ErrDeleted = errs.ErrDeleted
	// ErrTxDone: the transaction was committed or rolled back.
	ErrTxDone = errs.ErrTxDone
	// ErrUnknownColumn: a name in a query is no column, or no alias that it declares.
	ErrUnknownColumn = errs.ErrUnknownColumn
	// ErrUnknownRelation: a name is no relation of the model.
	ErrUnknownRelation = errs.ErrUnknownRelation
	// ErrUnknownAttribute: a key of Attrs or JSON is no attribute of the model.
	ErrUnknownAttribute = errs.ErrUnknownAttribute
	// ErrGuarded: mass assignment may not set the attribute, or an update may not write it.
	ErrGuarded = errs.ErrGuarded
	// ErrInvalidKey: a value cannot be a key of the model.
	ErrInvalidKey = errs.ErrInvalidKey
	// ErrInvalidValue: a value does not fit its column.
	ErrInvalidValue = errs.ErrInvalidValue
	// ErrMissingKey: a model, relation or record lacks a key that it needs.
	ErrMissingKey = errs.ErrMissingKey
	// ErrNotLoaded: something is needed that the query did not select.
	ErrNotLoaded = errs.ErrNotLoaded
	// ErrNotPersisted: the record has no row yet.
	ErrNotPersisted = errs.ErrNotPersisted
	// ErrUnsupported: the model, relation or database cannot do this.
	ErrUnsupported = errs.ErrUnsupported
	// ErrDuplicate: a unique index refused the row.
	ErrDuplicate = errs.ErrDuplicate
	// ErrForeignKey: a foreign key refused the write.
	ErrForeignKey = errs.ErrForeignKey
	// ErrMissingWhere: a bulk write without a condition; AllRows allows it.
	ErrMissingWhere = errs.ErrMissingWhere
	// ErrNotUnique: several rows where Sole expects one.
	ErrNotUnique = errs.ErrNotUnique
	// ErrUnknownScope: a name is no scope of the model.
	ErrUnknownScope = errs.ErrUnknownScope
	// ErrInvalidCursor: a text is no cursor of this order.
	ErrInvalidCursor = errs.ErrInvalidCursor
	// ErrCommitUnknown: the database did not answer a COMMIT. The records are as after a rollback.
	ErrCommitUnknown = errs.ErrCommitUnknown
	// ErrAfterCommit: the transaction is committed, but work that waited for it failed.
	ErrAfterCommit = errs.ErrAfterCommit
)

// Error is a failed operation on a model.
type Error = errs.Error

// FieldError is an error about one field of a model. Field is the attribute, for JSON the serialized name;
// a name that is unknown or guarded is as it was given. The errors of Fill, Merge and serialize.Decode, and those about values in
// queries and writes are, or wrap, one.
type FieldError = errs.FieldError

// ConstraintError is a write that the database refused: Kind is "unique", "foreign key", "not null"
// or "check". It is ErrDuplicate, ErrForeignKey or ErrInvalidValue to errors.Is.
type ConstraintError = errs.ConstraintError
