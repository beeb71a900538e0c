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

// Save inserts a related record with the key, or updates it if it has a row; see Create.
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

// FirstOrNew returns the first related record with the searched values, or a new one of these and further values, not
// saved. Without searched values any of them is found. One statement.
func (c *ManyClient[P]) FirstOrNew(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrNew(ctx, search, values))
}

// FirstOrCreate is FirstOrNew that inserts the new record, as model.FirstOrCreate does.
func (c *ManyClient[P]) FirstOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.firstOrCreate(ctx, search, values))
}

// UpdateOrCreate updates the first related record with the searched values by the further values, or inserts one of both,
// as model.UpdateOrCreate does.
func (c *ManyClient[P]) UpdateOrCreate(ctx context.Context, search, values Attrs) (P, error) {
	return typed[P](c.c.updateOrCreate(ctx, search, values))
}

// FetchOrCreateMany returns, for each row, the related record with its values in the key columns, and inserts what is
// missing, as model.FetchOrCreateMany does.
func (c *ManyClient[P]) FetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.fetchOrCreateMany(ctx, keys, rows))
}

// UpdateOrCreateMany is FetchOrCreateMany that updates the records that exist by their rows.
func (c *ManyClient[P]) UpdateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]P, error) {
	return typedList[P](c.c.updateOrCreateMany(ctx, keys, rows))
}
