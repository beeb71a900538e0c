// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

func isAfterCommit(err error) bool { return errors.Is(err, errs.ErrAfterCommit) }

// written is the number of rows that a call has written: none next to an error that undid it.
func written(n int64, err error) int64 {
	if err != nil && !isAfterCommit(err) {
		return 0
	}
	return n
}

// Associate makes the record belong to parent and saves it, after parent if that is new, in one
// transaction: one statement, two with a new parent, none if nothing changes. The loaded relation
// follows. Only for belongsTo.
func (c *Client) Associate(ctx context.Context, parent any) error {
	ctx, h, l, err := c.begin(ctx)
	if err == nil && l.Kind != meta.BelongsTo {
		err = errKind(l, "Associate", "belongsTo")
	}
	var p *record.State
	if err == nil {
		p, err = open(l, parent)
	}
	if err == nil {
		err = persist.Writable(c.owner)
	}
	if err == nil && p.Deleted() {
		err = errs.New(errs.ErrDeleted, "the row of this %s was deleted", l.Model.Name)
	}
	if err != nil {
		return c.failed("associate", err)
	}
	c.owner.Model, p.Model = l.Owner, l.Model
	return c.failed("associate", c.point(ctx, h, l, p))
}

// point writes the foreign key of the record, and lets the loaded relation follow.
func (c *Client) point(ctx context.Context, h *tx.Handle, l *meta.Link, p *record.State) error {
	return restoring(h, []*record.State{c.owner}, func() error {
		write := func(ctx context.Context, h *tx.Handle) error {
			if err := c.setKey(l, p); err != nil {
				return err
			}
			if err := persist.Save(ctx, h, c.owner, false); err != nil && !isAfterCommit(err) {
				return err
			}
			c.follow(h, l, p)
			return nil
		}
		if p == nil || p.Persisted() {
			return write(ctx, h)
		}
		return h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
			if err := persist.Save(ctx, inner, p, false); err != nil {
				return err
			}
			return write(ctx, inner)
		})
	})
}

func (c *Client) setKey(l *meta.Link, p *record.State) error {
	if p == nil {
		if l.Local.NotNull || !l.Local.Nullable {
			return errs.New(errs.ErrUnsupported, "%s.%s cannot be NULL; delete the %s, or associate another %s",
				l.Owner.Name, l.Local.Attr, l.Owner.Name, l.Model.Name)
		}
		return l.Local.Scan(l.Local.At(c.owner.Owner), nil)
	}
	return copyKey(l.Local, c.owner.Owner, l.Foreign, p.Owner)
}

// follow sets the loaded relation, until a rollback.
func (c *Client) follow(h *tx.Handle, l *meta.Link, p *record.State) {
	owner := c.owner
	at := memory.At[memory.Ptr](memory.Add(owner.Owner, l.Offset))
	before, loaded := *at, owner.Loaded(l.Relation)
	var now memory.Ptr
	if p != nil {
		now = p.Owner
	}
	*at = now
	owner.SetLoaded(l.Relation, true)
	if h.InTransaction() {
		h.Frame().Enlist(func() {
			if at := memory.At[memory.Ptr](memory.Add(owner.Owner, l.Offset)); *at == now {
				*at = before
				owner.SetLoaded(l.Relation, loaded)
			}
		})
	}
}

// Dissociate sets the foreign key to NULL and saves the record: one statement. The loaded relation is
// nothing then; the parent stays. A key that cannot be NULL is an ErrUnsupported. Only for belongsTo.
func (c *Client) Dissociate(ctx context.Context) error {
	ctx, h, l, err := c.begin(ctx)
	if err == nil && l.Kind != meta.BelongsTo {
		err = errKind(l, "Dissociate", "belongsTo")
	}
	if err == nil {
		err = persist.Writable(c.owner)
	}
	if err == nil {
		c.owner.Model = l.Owner
		err = c.point(ctx, h, l, nil)
	}
	return c.failed("dissociate", err)
}

// Set makes the record belong to parent, which must be saved, in memory: nothing is sent before Save.
// Only for belongsTo.
func (c *Client) Set(parent any) error {
	l, err := c.link()
	if err == nil && l.Kind != meta.BelongsTo {
		err = errKind(l, "Set", "belongsTo")
	}
	var p *record.State
	if err == nil {
		p, err = open(l, parent)
	}
	if err == nil && p.Deleted() {
		err = errs.New(errs.ErrDeleted, "the row of this %s was deleted", l.Model.Name)
	}
	if err == nil && !p.Persisted() {
		err = errs.New(errs.ErrNotPersisted, "the %s has no key yet; Associate saves it", l.Model.Name)
	}
	if err == nil {
		err = c.setKey(l, p)
	}
	if err != nil {
		return c.failed("set", err)
	}
	setRelatedOne(l.Relation, c.owner.Owner, p.Owner)
	return nil
}

// Unset makes the record belong to nothing, in memory; see Set.
func (c *Client) Unset() error {
	l, err := c.link()
	if err == nil && l.Kind != meta.BelongsTo {
		err = errKind(l, "Unset", "belongsTo")
	}
	if err == nil {
		err = c.setKey(l, nil)
	}
	if err != nil {
		return c.failed("unset", err)
	}
	setRelatedOne(l.Relation, c.owner.Owner, nil)
	return nil
}
