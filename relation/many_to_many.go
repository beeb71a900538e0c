// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/meta"
)

// ManyToManyClient is the client of a manyToMany relation; P is a pointer to the related model.
type ManyToManyClient[P any] struct{ c *Client }

// ManyToMany returns the client of a manyToMany relation, named by the address of its field: &user.Skills. A field that is
// no such relation of owner is an error of the client's methods.
func ManyToMany[R any, P pointer[R]](owner Record, field *[]P) *ManyToManyClient[P] {
	return &ManyToManyClient[P]{fieldClient(owner, field, meta.ManyToMany)}
}

// Query returns a builder of the related rows. Its Update writes only to these and runs no hooks; its Delete removes them
// and the pivot rows that point to them, in one transaction. An unsaved record is an ErrNotPersisted when the query runs.
func (c *ManyToManyClient[P]) Query() *Builder[P] {
	return (*Builder[P])(chain.Of(c.c.owner.Query()))
}

// Create inserts a related record and a pivot row with the attributes, after the record itself if that is new, in one
// transaction with hooks as in Save. If anything fails, both records are as before.
func (c *ManyToManyClient[P]) Create(ctx context.Context, record P, pivot ...Attrs) error {
	return c.c.Create(ctx, record, pivot...)
}

// Save inserts or updates a related record and connects it. The pivot row of a pair that exists is updated if the
// attributes differ. The record has the pivot values among its extras then.
func (c *ManyToManyClient[P]) Save(ctx context.Context, record P, pivot ...Attrs) error {
	return c.c.Save(ctx, record, pivot...)
}

// SaveDuplicate inserts or updates a related record, and always inserts a pivot row, also if the pair exists; where the
// pair is unique, that is an ErrDuplicate. One transaction, with hooks as in Record.Save.
func (c *ManyToManyClient[P]) SaveDuplicate(ctx context.Context, record P, pivot ...Attrs) error {
	return c.c.SaveDuplicate(ctx, record, pivot...)
}

// CreateMany inserts related records and their pivot rows in one transaction: one INSERT per chunk and set of columns,
// hooks as in model.CreateMany, and one INSERT of all pivot rows. pivot is left out, or has the attributes of every record.
func (c *ManyToManyClient[P]) CreateMany(ctx context.Context, records []P, pivot ...Attrs) error {
	return c.c.CreateMany(ctx, records, pivot...)
}

// SaveMany saves related records in one transaction, one INSERT for the new ones and an UPDATE for every other one that
// changes, and connects them as Save does.
func (c *ManyToManyClient[P]) SaveMany(ctx context.Context, records []P, pivot ...Attrs) error {
	return c.c.SaveMany(ctx, records, pivot...)
}

// FindOrNew returns the related record with a primary key, or a new one with the key of the record, not saved. One
// statement.
func (c *ManyToManyClient[P]) FindOrNew(ctx context.Context, id any) (P, error) {
	return typed[P](c.c.findOrNew(ctx, id))
}

// FirstOrNew returns the first related record with the searched values, or a new one of these and further values with the
// key of the owner, which is not saved. Values may name any column; nil searches for NULL; without searched values any
// related record is found. One SELECT; Finding and Found hooks run.
func (c *ManyToManyClient[P]) FirstOrNew(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrNew(ctx, search, values))
}

// FirstOrCreate returns the first related record with the searched values as it is, or inserts one of the searched and
// further values with the key of the owner, and connected by a pivot row, with hooks as in Save. It sends a SELECT if
// there is a row; else also an INSERT, and the SELECT again if another call was faster. With a unique index on the foreign
// key and the searched columns, concurrent calls insert one row. An owner without a row is an ErrNotPersisted.
func (c *ManyToManyClient[P]) FirstOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrCreate(ctx, search, values))
}

// UpdateOrCreate finds the first related record with the searched values under a lock, assigns the further values and
// saves it, or inserts a record of both with the key of the owner, and connected by a pivot row, in one transaction with
// hooks as in Save. It sends a SELECT, and at most one UPDATE, or an INSERT and one of the pivot row. An owner without a
// row is an ErrNotPersisted.
func (c *ManyToManyClient[P]) UpdateOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.updateOrCreate(ctx, search, values))
}

// FetchOrCreateMany returns a related record for each of the rows, in their order: the one that has the row's values in
// the key columns, as it is, or a new one of the row with the key of the owner, which is inserted, and connected by a
// pivot row. Rows with equal keys share a record. One transaction: a SELECT, and one INSERT per set of written columns and
// per chunk, and one INSERT of pivot rows; no rows, no statement. A row that lacks a key column is an ErrMissingKey.
func (c *ManyToManyClient[P]) FetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.fetchOrCreateMany(ctx, keys, rows))
}

// UpdateOrCreateMany returns a related record for each of the rows, in their order: the one that has the row's values in
// the key columns, which is locked, given the row's values and saved, or a new one of the row with the key of the owner,
// which is inserted, and connected by a pivot row. One transaction: a SELECT that locks, one INSERT per set of written
// columns and per chunk, and one INSERT of pivot rows, and one UPDATE for every record that changes; no rows, no
// statement. A row that lacks a key column is an ErrMissingKey.
func (c *ManyToManyClient[P]) UpdateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.updateOrCreateMany(ctx, keys, rows))
}

// PivotQuery returns a query of the pivot rows of the record: its conditions, Update and Delete concern only these. Without
// a pivot model, destinations are *[]relation.Attrs and *relation.Attrs.
func (c *ManyToManyClient[P]) PivotQuery() *Query {
	return c.c.PivotQuery()
}

// Attach inserts a pivot row per link, in the order of the related ids: one statement. A link is an id, a saved record,
// Pivot of one of these with attributes, or a slice of links. It always inserts: a pair that a unique index forbids is an
// ErrDuplicate, and nothing is attached; SyncWithoutDetaching leaves out pairs that exist.
func (c *ManyToManyClient[P]) Attach(ctx context.Context, links ...any) error {
	return c.c.Attach(ctx, links...)
}

// AttachEach inserts a pivot row per link by one INSERT, as Attach does, after calling fn with each related id, which has
// the type of the related key, and the attributes of its row, which fn may change. An error of a name or value comes
// before the statement.
func (c *ManyToManyClient[P]) AttachEach(ctx context.Context, fn func(id any, row Attrs), links ...any) error {
	return c.c.AttachEach(ctx, fn, links...)
}

// Detach deletes the pivot rows of related ids or records by one statement, and returns how many. No ids, no statement.
func (c *ManyToManyClient[P]) Detach(ctx context.Context, ids ...any) (int64, error) {
	return c.c.Detach(ctx, ids...)
}

// DetachAll deletes all pivot rows of the relation by one statement, and returns how many.
func (c *ManyToManyClient[P]) DetachAll(ctx context.Context) (int64, error) {
	return c.c.DetachAll(ctx)
}

// UpdateExistingPivot writes attributes to the pivot rows of one related id or record, and returns how many there are: one
// UPDATE, after a SELECT where the rows have a timestamp of updates.
func (c *ManyToManyClient[P]) UpdateExistingPivot(ctx context.Context, id any, values Attrs) (int64, error) {
	return c.c.UpdateExistingPivot(ctx, id, values)
}

// Sync makes the pivot rows those of the links, and returns what it did: one SELECT, at most one DELETE and one INSERT, and
// an UPDATE per row whose given attributes differ, all in one transaction. Nothing is written if nothing differs. Sync of
// nothing detaches all. See Client.Sync.
func (c *ManyToManyClient[P]) Sync(ctx context.Context, links ...any) (Changes, error) {
	return c.c.Sync(ctx, links...)
}

// SyncWithoutDetaching attaches the links that are missing and updates those whose given attributes differ, and leaves
// other pivot rows alone: one SELECT, at most one INSERT, and an UPDATE per row that differs, in one transaction. It
// returns what it did. No links, no statement.
func (c *ManyToManyClient[P]) SyncWithoutDetaching(ctx context.Context, links ...any) (Changes, error) {
	return c.c.SyncWithoutDetaching(ctx, links...)
}

// SyncWithPivotValues makes the pivot rows those of the links, as Sync does, and gives all of them the attributes in
// values; attributes that a link has of its own count before them. It returns what it did.
func (c *ManyToManyClient[P]) SyncWithPivotValues(ctx context.Context, values Attrs, links ...any) (Changes, error) {
	return c.c.SyncWithPivotValues(ctx, values, links...)
}

// Toggle detaches the links that are attached and attaches those that are not, and returns what it did: one SELECT, at most
// one DELETE and one INSERT, in one transaction.
func (c *ManyToManyClient[P]) Toggle(ctx context.Context, links ...any) (Changes, error) {
	return c.c.Toggle(ctx, links...)
}
