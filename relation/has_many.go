// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/meta"
)

// ManyClient is the client of a hasMany relation; P is a pointer to the related model.
type ManyClient[P any] struct{ c *Client }

// HasMany returns the client of a hasMany relation, named by the address of its field: &user.Posts. A field that is no such
// relation of owner is an error of the client's methods.
func HasMany[R any, P pointer[R]](owner Record, field *[]P) *ManyClient[P] {
	return &ManyClient[P]{fieldClient(owner, field, meta.HasMany)}
}

// Query returns a builder of the related rows. Its Update and Delete write only to these and run no hooks. An unsaved
// record is an ErrNotPersisted when the query runs.
func (c *ManyClient[P]) Query() *Builder[P] {
	return (*Builder[P])(chain.Of(c.c.owner.Query()))
}

// Create inserts a related record with the key, after the record itself if that is new, in one transaction with hooks as in
// Save. If anything fails, both records are as before.
func (c *ManyClient[P]) Create(ctx context.Context, record P) error {
	return c.c.Create(ctx, record)
}

// Save gives a related record the key of the owner, and inserts it, or updates it if it has a row, after inserting the
// owner if that is new, in one transaction with hooks as in Record.Save. A record that has a row and has not changed sends
// nothing. If anything fails, both records are as before.
func (c *ManyClient[P]) Save(ctx context.Context, record P) error {
	return c.c.Save(ctx, record)
}

// CreateMany inserts related records with the key in one transaction: one INSERT per chunk and set of columns, hooks as in
// model.CreateMany.
func (c *ManyClient[P]) CreateMany(ctx context.Context, records []P) error {
	return c.c.CreateMany(ctx, records)
}

// SaveMany saves related records with the key in one transaction: one INSERT for the new ones, an UPDATE for every other
// one that changes.
func (c *ManyClient[P]) SaveMany(ctx context.Context, records []P) error {
	return c.c.SaveMany(ctx, records)
}

// FindOrNew returns the related record with a primary key, or a new one with the key of the record, not saved. One
// statement.
func (c *ManyClient[P]) FindOrNew(ctx context.Context, id any) (P, error) {
	return typed[P](c.c.findOrNew(ctx, id))
}

// FirstOrNew returns the first related record with the searched values, or a new one of these and further values with the
// key of the owner, which is not saved. Values may name any column; nil searches for NULL; without searched values any
// related record is found. One SELECT; Finding and Found hooks run.
func (c *ManyClient[P]) FirstOrNew(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrNew(ctx, search, values))
}

// FirstOrCreate returns the first related record with the searched values as it is, or inserts one of the searched and
// further values with the key of the owner, with hooks as in Save. It sends a SELECT if there is a row; else also an
// INSERT, and the SELECT again if another call was faster. With a unique index on the foreign key and the searched
// columns, concurrent calls insert one row. An owner without a row is an ErrNotPersisted.
func (c *ManyClient[P]) FirstOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrCreate(ctx, search, values))
}

// UpdateOrCreate finds the first related record with the searched values under a lock, assigns the further values and
// saves it, or inserts a record of both with the key of the owner, in one transaction with hooks as in Save. It sends a
// SELECT, and at most one UPDATE, or one INSERT. An owner without a row is an ErrNotPersisted.
func (c *ManyClient[P]) UpdateOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.updateOrCreate(ctx, search, values))
}

// FetchOrCreateMany returns a related record for each of the rows, in their order: the one that has the row's values in
// the key columns, as it is, or a new one of the row with the key of the owner, which is inserted. Rows with equal keys
// share a record. One transaction: a SELECT, and one INSERT per set of written columns and per chunk; no rows, no
// statement. A row that lacks a key column is an ErrMissingKey.
func (c *ManyClient[P]) FetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.fetchOrCreateMany(ctx, keys, rows))
}

// UpdateOrCreateMany returns a related record for each of the rows, in their order: the one that has the row's values in
// the key columns, which is locked, given the row's values and saved, or a new one of the row with the key of the owner,
// which is inserted. One transaction: a SELECT that locks, one INSERT per set of written columns and per chunk, and one
// UPDATE for every record that changes; no rows, no statement. A row that lacks a key column is an ErrMissingKey.
func (c *ManyClient[P]) UpdateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.updateOrCreateMany(ctx, keys, rows))
}
