// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/meta"
)

// BelongsToClient is the client of a belongsTo relation; P is a pointer to the related model.
type BelongsToClient[P any] struct{ c *Client }

// BelongsTo returns the client of a belongsTo relation, named by the address of its field: &post.Author. A field that is no
// such relation of owner is an error of the client's methods.
func BelongsTo[R any, P pointer[R]](owner Record, field *P) *BelongsToClient[P] {
	return &BelongsToClient[P]{fieldClient(owner, field, meta.BelongsTo)}
}

// Query returns a builder of the related row. A key that is NULL finds nothing.
func (c *BelongsToClient[P]) Query() *Builder[P] {
	return (*Builder[P])(chain.Of(c.c.owner.Query()))
}

// Associate makes the record belong to parent and saves it, after parent if that is new, in one transaction: one statement,
// two with a new parent, none if nothing changes. The loaded relation is parent then.
func (c *BelongsToClient[P]) Associate(ctx context.Context, parent P) error {
	return c.c.Associate(ctx, parent)
}

// Dissociate sets the foreign key to NULL and saves the record: one statement. The loaded relation is nothing then; the
// parent stays. A key that cannot be NULL is an ErrUnsupported.
func (c *BelongsToClient[P]) Dissociate(ctx context.Context) error {
	return c.c.Dissociate(ctx)
}

// Set makes the record belong to parent, which must be saved, in memory: nothing is sent before Save.
func (c *BelongsToClient[P]) Set(parent P) error {
	return c.c.Set(parent)
}

// Unset makes the record belong to nothing, in memory: nothing is sent before Save. A key that cannot be NULL is an
// ErrUnsupported.
func (c *BelongsToClient[P]) Unset() error {
	return c.c.Unset()
}
