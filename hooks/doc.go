// SPDX-License-Identifier: MIT

// Package hooks names the moments in the life of a record at which a model's own code runs.
//
// A model takes part by a method with the moment's name:
//
//	func (u *User) Saving(ctx context.Context) error { return u.hashPassword() }
//
// or by functions that its Define method registers, any number per moment:
//
//	d.On(hooks.Saving, func(ctx context.Context, u *User) error { … })
//
// # Order
//
// A new record runs Creating, Saving, INSERT, Created, Saved; a changed one Updating, Saving,
// UPDATE, Updated, Saved. Hooks of one moment run in this order: the method, then what Define has
// registered. The context that a hook gets carries the transaction of the write, so what it saves
// with that context belongs to the same transaction.
//
// # Errors
//
// An error or panic of a hook stops the write and rolls it back, in the database and in memory.
// [Committed] hooks run when the outermost transaction is committed, and cannot undo it: their error is ErrAfterCommit.
//
// # Silence
//
// Functions of package model whose names end in Quietly run no hooks, nor do Insert, Upsert and the bulk writes of a query.
// [Without] silences every write and query that gets its context.
package hooks
