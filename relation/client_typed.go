// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// The typed clients have the methods of their kind, with *R in place of any. The methods of Client say
// what they do.
type (
	// OneClient is the client of a hasOne relation.
	OneClient[R any] struct{ c *Client }
	// ManyClient is the client of a hasMany relation.
	ManyClient[R any] struct{ c *Client }
	// BelongsToClient is the client of a belongsTo relation.
	BelongsToClient[R any] struct{ c *Client }
	// ManyToManyClient is the client of a manyToMany relation.
	ManyToManyClient[R any] struct{ c *Client }
	// ThroughClient is the client of a hasManyThrough or hasOneThrough relation, which is only read.
	ThroughClient[R any] struct{ c *Client }
)

// HasOne returns the client of a hasOne relation, named by the address of its field: &user.Profile. A
// field that is no such relation of owner is an error of the client's methods.
func HasOne[R any](owner Record, field **R) *OneClient[R] {
	return &OneClient[R]{fieldClient(owner, field, meta.HasOne)}
}

// HasMany is HasOne for hasMany.
func HasMany[R any](owner Record, field *[]*R) *ManyClient[R] {
	return &ManyClient[R]{fieldClient(owner, field, meta.HasMany)}
}

// BelongsTo is HasOne for belongsTo.
func BelongsTo[R any](owner Record, field **R) *BelongsToClient[R] {
	return &BelongsToClient[R]{fieldClient(owner, field, meta.BelongsTo)}
}

// ManyToMany is HasOne for manyToMany.
func ManyToMany[R any](owner Record, field *[]*R) *ManyToManyClient[R] {
	return &ManyToManyClient[R]{fieldClient(owner, field, meta.ManyToMany)}
}

// Through is HasOne for hasManyThrough.
func Through[R any](owner Record, field *[]*R) *ThroughClient[R] {
	return &ThroughClient[R]{fieldClient(owner, field, meta.HasManyThrough)}
}

// ThroughOne is HasOne for hasOneThrough.
func ThroughOne[R any](owner Record, field **R) *ThroughClient[R] {
	return &ThroughClient[R]{fieldClient(owner, field, meta.HasOneThrough)}
}

// builder is Query with records of type R.
func builder[R any](c *Client) *Builder[R] { return fromSpec[R](c.spec()) }

func typedOne[R any](p memory.Ptr, err error) (*R, error) { return memory.At[R](p), err }

// Query is Client.Query.
func (c *OneClient[R]) Query() *Builder[R] {
	return builder[R](c.c)
}

// Query is Client.Query.
func (c *ManyClient[R]) Query() *Builder[R] {
	return builder[R](c.c)
}

// Query is Client.Query.
func (c *BelongsToClient[R]) Query() *Builder[R] {
	return builder[R](c.c)
}

// Query is Client.Query.
func (c *ManyToManyClient[R]) Query() *Builder[R] {
	return builder[R](c.c)
}

// Query is Client.Query.
func (c *ThroughClient[R]) Query() *Builder[R] {
	return builder[R](c.c)
}

// Create is Client.Create.
func (c *OneClient[R]) Create(ctx context.Context, record *R) error {
	return c.c.Create(ctx, record)
}

// Save is Client.Save.
func (c *OneClient[R]) Save(ctx context.Context, record *R) error {
	return c.c.Save(ctx, record)
}

// FindOrNew is Client.FindOrNew.
func (c *OneClient[R]) FindOrNew(ctx context.Context, id any) (*R, error) {
	return typedOne[R](c.c.findOrNew(ctx, id))
}

// FirstOrNew is Client.FirstOrNew.
func (c *OneClient[R]) FirstOrNew(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or new", search, values, (*Lookup).FirstOrNew))
}

// FirstOrCreate is Client.FirstOrCreate.
func (c *OneClient[R]) FirstOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or create", search, values, (*Lookup).FirstOrCreate))
}

// UpdateOrCreate is Client.UpdateOrCreate.
func (c *OneClient[R]) UpdateOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "update or create", search, values, (*Lookup).UpdateOrCreate))
}

// Create is Client.Create.
func (c *ManyClient[R]) Create(ctx context.Context, record *R) error {
	return c.c.Create(ctx, record)
}

// Save is Client.Save.
func (c *ManyClient[R]) Save(ctx context.Context, record *R) error {
	return c.c.Save(ctx, record)
}

// CreateMany is Client.CreateMany.
func (c *ManyClient[R]) CreateMany(ctx context.Context, records []*R) error {
	return c.c.CreateMany(ctx, records)
}

// SaveMany is Client.SaveMany.
func (c *ManyClient[R]) SaveMany(ctx context.Context, records []*R) error {
	return c.c.SaveMany(ctx, records)
}

// FindOrNew is Client.FindOrNew.
func (c *ManyClient[R]) FindOrNew(ctx context.Context, id any) (*R, error) {
	return typedOne[R](c.c.findOrNew(ctx, id))
}

// FirstOrNew is Client.FirstOrNew.
func (c *ManyClient[R]) FirstOrNew(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or new", search, values, (*Lookup).FirstOrNew))
}

// FirstOrCreate is Client.FirstOrCreate.
func (c *ManyClient[R]) FirstOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or create", search, values, (*Lookup).FirstOrCreate))
}

// UpdateOrCreate is Client.UpdateOrCreate.
func (c *ManyClient[R]) UpdateOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "update or create", search, values, (*Lookup).UpdateOrCreate))
}

// FetchOrCreateMany is Client.FetchOrCreateMany.
func (c *ManyClient[R]) FetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]*R, error) {
	return list[R](c.c.batch(ctx, "fetch or create many", keys, rows, (*Batch).FetchOrCreate))
}

// UpdateOrCreateMany is Client.UpdateOrCreateMany.
func (c *ManyClient[R]) UpdateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]*R, error) {
	return list[R](c.c.batch(ctx, "update or create many", keys, rows, (*Batch).UpdateOrCreate))
}

// Associate is Client.Associate.
func (c *BelongsToClient[R]) Associate(ctx context.Context, parent *R) error {
	return c.c.Associate(ctx, parent)
}

// Dissociate is Client.Dissociate.
func (c *BelongsToClient[R]) Dissociate(ctx context.Context) error {
	return c.c.Dissociate(ctx)
}

// Set is Client.Set.
func (c *BelongsToClient[R]) Set(parent *R) error {
	return c.c.Set(parent)
}

// Unset is Client.Unset.
func (c *BelongsToClient[R]) Unset() error {
	return c.c.Unset()
}

// Create is Client.Create.
func (c *ManyToManyClient[R]) Create(ctx context.Context, record *R, pivot ...Attrs) error {
	return c.c.Create(ctx, record, pivot...)
}

// Save is Client.Save.
func (c *ManyToManyClient[R]) Save(ctx context.Context, record *R, pivot ...Attrs) error {
	return c.c.Save(ctx, record, pivot...)
}

// SaveDuplicate is Client.SaveDuplicate.
func (c *ManyToManyClient[R]) SaveDuplicate(ctx context.Context, record *R, pivot ...Attrs) error {
	return c.c.SaveDuplicate(ctx, record, pivot...)
}

// CreateMany is Client.CreateMany.
func (c *ManyToManyClient[R]) CreateMany(ctx context.Context, records []*R, pivot ...Attrs) error {
	return c.c.CreateMany(ctx, records, pivot...)
}

// SaveMany is Client.SaveMany.
func (c *ManyToManyClient[R]) SaveMany(ctx context.Context, records []*R, pivot ...Attrs) error {
	return c.c.SaveMany(ctx, records, pivot...)
}

// FindOrNew is Client.FindOrNew.
func (c *ManyToManyClient[R]) FindOrNew(ctx context.Context, id any) (*R, error) {
	return typedOne[R](c.c.findOrNew(ctx, id))
}

// FirstOrNew is Client.FirstOrNew.
func (c *ManyToManyClient[R]) FirstOrNew(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or new", search, values, (*Lookup).FirstOrNew))
}

// FirstOrCreate is Client.FirstOrCreate.
func (c *ManyToManyClient[R]) FirstOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "first or create", search, values, (*Lookup).FirstOrCreate))
}

// UpdateOrCreate is Client.UpdateOrCreate.
func (c *ManyToManyClient[R]) UpdateOrCreate(ctx context.Context, search, values Attrs) (*R, error) {
	return typedOne[R](c.c.lookup(ctx, "update or create", search, values, (*Lookup).UpdateOrCreate))
}

// FetchOrCreateMany is Client.FetchOrCreateMany.
func (c *ManyToManyClient[R]) FetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]*R, error) {
	return list[R](c.c.batch(ctx, "fetch or create many", keys, rows, (*Batch).FetchOrCreate))
}

// UpdateOrCreateMany is Client.UpdateOrCreateMany.
func (c *ManyToManyClient[R]) UpdateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]*R, error) {
	return list[R](c.c.batch(ctx, "update or create many", keys, rows, (*Batch).UpdateOrCreate))
}

// PivotQuery is Client.PivotQuery.
func (c *ManyToManyClient[R]) PivotQuery() *Query {
	return c.c.PivotQuery()
}

// Attach is Client.Attach.
func (c *ManyToManyClient[R]) Attach(ctx context.Context, links ...any) error {
	return c.c.Attach(ctx, links...)
}

// AttachEach is Client.AttachEach.
func (c *ManyToManyClient[R]) AttachEach(ctx context.Context, fn func(id any, row Attrs), links ...any) error {
	return c.c.AttachEach(ctx, fn, links...)
}

// Detach is Client.Detach.
func (c *ManyToManyClient[R]) Detach(ctx context.Context, ids ...any) (int64, error) {
	return c.c.Detach(ctx, ids...)
}

// DetachAll is Client.DetachAll.
func (c *ManyToManyClient[R]) DetachAll(ctx context.Context) (int64, error) {
	return c.c.DetachAll(ctx)
}

// UpdateExistingPivot is Client.UpdateExistingPivot.
func (c *ManyToManyClient[R]) UpdateExistingPivot(ctx context.Context, id any, values Attrs) (int64, error) {
	return c.c.UpdateExistingPivot(ctx, id, values)
}

// Sync is Client.Sync.
func (c *ManyToManyClient[R]) Sync(ctx context.Context, links ...any) (Changes, error) {
	return c.c.Sync(ctx, links...)
}

// SyncWithoutDetaching is Client.SyncWithoutDetaching.
func (c *ManyToManyClient[R]) SyncWithoutDetaching(ctx context.Context, links ...any) (Changes, error) {
	return c.c.SyncWithoutDetaching(ctx, links...)
}

// SyncWithPivotValues is Client.SyncWithPivotValues.
func (c *ManyToManyClient[R]) SyncWithPivotValues(ctx context.Context, values Attrs, links ...any) (Changes, error) {
	return c.c.SyncWithPivotValues(ctx, values, links...)
}

// Toggle is Client.Toggle.
func (c *ManyToManyClient[R]) Toggle(ctx context.Context, links ...any) (Changes, error) {
	return c.c.Toggle(ctx, links...)
}
