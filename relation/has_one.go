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

// Save inserts a related record with the key, or updates it if it has a row; see Create.
func (c *OneClient[P]) Save(ctx context.Context, record P) error {
	return c.c.Save(ctx, record)
}

// FindOrNew returns the related record with a primary key, or a new one with the key of the record, not saved. One
// statement.
func (c *OneClient[P]) FindOrNew(ctx context.Context, id any) (P, error) {
	return typed[P](c.c.findOrNew(ctx, id))
}

// FirstOrNew returns the first related record with the searched values, or a new one of these and further values, not
// saved. Without searched values any of them is found. One statement.
func (c *OneClient[P]) FirstOrNew(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrNew(ctx, search, values))
}

// FirstOrCreate is FirstOrNew that inserts the new record, as model.FirstOrCreate does.
func (c *OneClient[P]) FirstOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrCreate(ctx, search, values))
}

// UpdateOrCreate updates the first related record with the searched values by the further values, or inserts one of both,
// as model.UpdateOrCreate does.
func (c *OneClient[P]) UpdateOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.updateOrCreate(ctx, search, values))
}
