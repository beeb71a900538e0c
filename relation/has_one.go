// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/meta"
)

// OneClient is the client of a hasOne relation; P is a pointer to the related model.
type OneClient[P any] struct{ c *Client }

// HasOne returns the client of a hasOne relation, named by the address of its field: &user.Profile. A field that is no such
// relation of owner is an error of the client's methods.
func HasOne[R any, P pointer[R]](owner Record, field *P) *OneClient[P] {
	return &OneClient[P]{fieldClient(owner, field, meta.HasOne)}
}

// Query returns a builder of the related rows. Its Update and Delete write only to these and run no hooks. An unsaved
// record is an ErrNotPersisted when the query runs.
func (c *OneClient[P]) Query() *Builder[P] {
	return (*Builder[P])(chain.Of(c.c.owner.Query()))
}

// Create inserts a related record with the key, after the record itself if that is new, in one transaction with hooks as in
// Save. If anything fails, both records are as before.
func (c *OneClient[P]) Create(ctx context.Context, record P) error {
	return c.c.Create(ctx, record)
}

// Save gives a related record the key of the owner, and inserts it, or updates it if it has a row, after inserting the
// owner if that is new, in one transaction with hooks as in Record.Save. A record that has a row and has not changed sends
// nothing. If anything fails, both records are as before.
func (c *OneClient[P]) Save(ctx context.Context, record P) error {
	return c.c.Save(ctx, record)
}

// FindOrNew returns the related record with a primary key, or a new one with the key of the record, not saved. One
// statement.
func (c *OneClient[P]) FindOrNew(ctx context.Context, id any) (P, error) {
	return typed[P](c.c.findOrNew(ctx, id))
}

// FirstOrNew returns the first related record with the searched values, or a new one of these and further values with the
// key of the owner, which is not saved. Values may name any column; nil searches for NULL; without searched values any
// related record is found. One SELECT; Finding and Found hooks run.
func (c *OneClient[P]) FirstOrNew(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrNew(ctx, search, values))
}

// FirstOrCreate returns the first related record with the searched values as it is, or inserts one of the searched and
// further values with the key of the owner, with hooks as in Save. It sends a SELECT if there is a row; else also an
// INSERT, and the SELECT again if another call was faster. With a unique index on the foreign key and the searched
// columns, concurrent calls insert one row. An owner without a row is an ErrNotPersisted.
func (c *OneClient[P]) FirstOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrCreate(ctx, search, values))
}

// UpdateOrCreate finds the first related record with the searched values under a lock, assigns the further values and
// saves it, or inserts a record of both with the key of the owner, in one transaction with hooks as in Save. It sends a
// SELECT, and at most one UPDATE, or one INSERT. An owner without a row is an ErrNotPersisted.
func (c *OneClient[P]) UpdateOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.updateOrCreate(ctx, search, values))
}
