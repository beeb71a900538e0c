// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// rows are the related rows, for finders that make new ones.
func (c *Client) rows(ctx context.Context, op string) (context.Context, *Rows, error) {
	ctx, h, l, err := c.begin(ctx)
	if err != nil {
		return ctx, nil, err
	}
	if l.Kind != meta.HasOne && l.Kind != meta.HasMany && l.Kind != meta.ManyToMany {
		return ctx, nil, errKind(l, op, "hasOne, hasMany and manyToMany")
	}
	owner, err := c.key(l)
	if err != nil {
		return ctx, nil, err
	}
	r := &Rows{h: h, m: l.Model, spec: c.specOf(l)}
	r.spec.Limited = nil
	if l.Kind == meta.ManyToMany {
		p := &pivots{c: c, l: l, owner: owner}
		r.wrote = func(ctx context.Context, h *tx.Handle, list []*record.State) error {
			return p.on(h).attachNew(ctx, list)
		}
	} else {
		r.adopt = func(s *record.State) error { return copyKey(l.Foreign, s.Owner, l.Local, c.owner.Owner) }
	}
	return ctx, r, r.spec.Err
}

// attachNew inserts the pivot rows of records that were inserted.
func (p *pivots) attachNew(ctx context.Context, list []*record.State) error {
	keys, err := keysOf(list, p.l.Foreign)
	if err != nil {
		return err
	}
	targets := make([]link, len(keys))
	for i, key := range keys {
		targets[i].key = key
	}
	rows, err := p.insert(ctx, targets)
	if err != nil {
		return err
	}
	for i, s := range list {
		carryPivot(p.l, s, rows[i])
	}
	return nil
}

// lookup runs a finder of one record and returns its address.
func (c *Client) lookup(
	ctx context.Context, op string, search, values Attrs, call func(l *Lookup, ctx context.Context) (*record.State, error),
) (memory.Ptr, error) {
	ctx, rows, err := c.rows(ctx, op)
	var l *Lookup
	if err == nil {
		l, err = rows.Lookup(search, values)
	}
	var s *record.State
	if err == nil {
		s, err = call(l, ctx)
	}
	if s == nil || err != nil && !isAfterCommit(err) {
		return nil, c.failed(op, err)
	}
	return s.Owner, c.failed(op, err)
}

// batch runs a finder of several records and returns their addresses.
func (c *Client) batch(
	ctx context.Context, op string, keys []string, list []Attrs,
	call func(b *Batch, ctx context.Context) ([]*record.State, error),
) ([]memory.Ptr, error) {
	ctx, rows, err := c.rows(ctx, op)
	var b *Batch
	if err == nil {
		b, err = rows.Batch(keys, list)
	}
	var all []*record.State
	if err == nil {
		all, err = call(b, ctx)
	}
	if err != nil && !isAfterCommit(err) {
		return nil, c.failed(op, err)
	}
	out := make([]memory.Ptr, len(all))
	for i, s := range all {
		out[i] = s.Owner
	}
	return out, c.failed(op, err)
}

// findOrNew returns the related record with a key, or a new one.
func (c *Client) findOrNew(ctx context.Context, id any) (memory.Ptr, error) {
	ctx, rows, err := c.rows(ctx, "find or new")
	if err != nil {
		return nil, c.failed("find or new", err)
	}
	p, err := find(ctx, rows.on(rows.h), id)
	if errors.Is(err, errs.ErrNotFound) {
		var s *record.State
		if s, err = rows.make(); err == nil {
			p = s.Owner
		}
	}
	return p, c.failed("find or new", err)
}

// into runs a finder and stores what it returns.
func (c *Client) into(op string, dest any, call func() (memory.Ptr, error)) error {
	l, err := c.link()
	if err == nil {
		err = fits(l.Model, dest)
	}
	if err != nil {
		return c.failed(op, err)
	}
	p, err := call()
	if p != nil {
		store(l.Model, dest, p)
	}
	return err
}

// intoList is into for several records.
func (c *Client) intoList(op string, dest any, call func() ([]memory.Ptr, error)) error {
	l, err := c.link()
	if err != nil {
		return c.failed(op, err)
	}
	q := newQuery(query.New(nil, l.Model))
	list, err := q.list(dest)
	if err != nil {
		return c.failed(op, err)
	}
	records, err := call()
	if err == nil || isAfterCommit(err) {
		q.fill(list, records)
	}
	return err
}

// FindOrNew stores the related record with a primary key in dest, a pointer to a pointer to the model,
// or a new one with the key of the record, not saved. One statement. For hasOne, hasMany and manyToMany, like the
// finders that follow.
func (c *Client) FindOrNew(ctx context.Context, dest, id any) error {
	return c.into("find or new", dest, func() (memory.Ptr, error) { return c.findOrNew(ctx, id) })
}

// FirstOrNew is model.FirstOrNew among the related rows. Without searched values any of them will do.
func (c *Client) FirstOrNew(ctx context.Context, dest any, search, values Attrs) error {
	return c.into("first or new", dest, func() (memory.Ptr, error) {
		return c.lookup(ctx, "first or new", search, values, (*Lookup).FirstOrNew)
	})
}

// FirstOrCreate is model.FirstOrCreate among the related rows; for manyToMany a new record is attached.
func (c *Client) FirstOrCreate(ctx context.Context, dest any, search, values Attrs) error {
	return c.into("first or create", dest, func() (memory.Ptr, error) {
		return c.lookup(ctx, "first or create", search, values, (*Lookup).FirstOrCreate)
	})
}

// UpdateOrCreate is model.UpdateOrCreate among the related rows; for manyToMany a new record is attached.
func (c *Client) UpdateOrCreate(ctx context.Context, dest any, search, values Attrs) error {
	return c.into("update or create", dest, func() (memory.Ptr, error) {
		return c.lookup(ctx, "update or create", search, values, (*Lookup).UpdateOrCreate)
	})
}

// FetchOrCreateMany is model.FetchOrCreateMany among the related rows; dest is a pointer to a slice.
func (c *Client) FetchOrCreateMany(ctx context.Context, dest any, keys []string, rows []Attrs) error {
	return c.intoList("fetch or create many", dest, func() ([]memory.Ptr, error) {
		return c.batch(ctx, "fetch or create many", keys, rows, (*Batch).FetchOrCreate)
	})
}

// UpdateOrCreateMany is model.UpdateOrCreateMany among the related rows; dest is a pointer to a slice.
func (c *Client) UpdateOrCreateMany(ctx context.Context, dest any, keys []string, rows []Attrs) error {
	return c.intoList("update or create many", dest, func() ([]memory.Ptr, error) {
		return c.batch(ctx, "update or create many", keys, rows, (*Batch).UpdateOrCreate)
	})
}
