// SPDX-License-Identifier: MIT

package save

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// belonging is a record that is made to belong to another one.
type belonging struct {
	child *record.State
	link  *meta.Link
}

// belongingOf returns a record with a belongsTo relation.
func belongingOf(owner related.Owner, l *meta.Link, method string) (belonging, error) {
	return belonging{owner.State, l}, related.CheckKind(l.Relation, method, meta.BelongsTo)
}

// Associate makes a record belong to a parent and saves it, after the parent if that is new, in one transaction.
func Associate(ctx context.Context, owner related.Owner, parent any) error {
	return owner.Error("associate", associate(ctx, owner, parent))
}

func associate(ctx context.Context, owner related.Owner, given any) error {
	ctx, h, l, err := owner.Serve(ctx)
	if err != nil {
		return err
	}
	b, err := belongingOf(owner, l, "Associate")
	if err != nil {
		return err
	}
	parent, err := b.parent(given)
	if err != nil {
		return err
	}
	if err := persist.Writable(b.child); err != nil {
		return err
	}
	b.child.Model, parent.Model = l.Owner, l.Model
	return b.save(h.Writing(ctx), h, parent)
}

// Dissociate sets the foreign key of a record to NULL and saves it: one statement.
func Dissociate(ctx context.Context, owner related.Owner) error {
	return owner.Error("dissociate", dissociate(ctx, owner))
}

func dissociate(ctx context.Context, owner related.Owner) error {
	ctx, h, l, err := owner.Serve(ctx)
	if err != nil {
		return err
	}
	b, err := belongingOf(owner, l, "Dissociate")
	if err != nil {
		return err
	}
	if err := persist.Writable(b.child); err != nil {
		return err
	}
	b.child.Model = l.Owner
	return b.save(h.Writing(ctx), h, nil)
}

// Set makes a record belong to a saved parent, in memory.
func Set(owner related.Owner, parent any) error { return owner.Error("set", set(owner, parent)) }

func set(owner related.Owner, given any) error {
	l, err := owner.Link()
	if err != nil {
		return err
	}
	b, err := belongingOf(owner, l, "Set")
	if err != nil {
		return err
	}
	parent, err := b.parent(given)
	if err != nil {
		return err
	}
	if !parent.Persisted() {
		return errs.New(errs.ErrNotPersisted, "the %s has no key yet; Associate saves it", l.Model.Name)
	}
	if err := b.setKey(parent); err != nil {
		return err
	}
	record.SetOne(l.Relation, b.child.Owner, parent.Owner)
	return nil
}

// Unset makes a record belong to nothing, in memory.
func Unset(owner related.Owner) error { return owner.Error("unset", unset(owner)) }

func unset(owner related.Owner) error {
	l, err := owner.Link()
	if err != nil {
		return err
	}
	b, err := belongingOf(owner, l, "Unset")
	if err != nil {
		return err
	}
	if err := b.setKey(nil); err != nil {
		return err
	}
	record.SetOne(l.Relation, b.child.Owner, nil)
	return nil
}

// parent returns the state of a parent that the caller gives, whose row was not deleted.
func (b belonging) parent(given any) (*record.State, error) {
	s, err := related.Record(b.link, given)
	if err == nil && s.Deleted() {
		err = related.ErrOwnerDeleted(b.link.Model)
	}
	return s, err
}

// save writes the foreign key, and sets the loaded relation. A parent that is new is saved first.
func (b belonging) save(ctx context.Context, h *tx.Handle, parent *record.State) error {
	list := []*record.State{b.child}
	if parent == nil || parent.Persisted() {
		return persist.Changing(ctx, h, list, func(ctx context.Context, h *tx.Handle) error { return b.write(ctx, h, parent) })
	}
	return record.Atomic(ctx, h, list, func(ctx context.Context, h *tx.Handle) error {
		if err := persist.Save(ctx, h, parent); err != nil {
			return err
		}
		return b.write(ctx, h, parent)
	})
}

func (b belonging) write(ctx context.Context, h *tx.Handle, parent *record.State) error {
	if err := b.setKey(parent); err != nil {
		return err
	}
	if err := persist.Save(ctx, h, b.child); err != nil {
		return err
	}
	b.setRelated(h, parent)
	return nil
}

// setKey sets the foreign key to the key of a parent, or to NULL.
func (b belonging) setKey(parent *record.State) error {
	l := b.link
	if parent != nil {
		return key.Copy(b.child, l.Local, parent, l.Foreign)
	}
	if l.Local.NotNull || !l.Local.Nullable {
		return errs.New(errs.ErrUnsupported, "%s.%s cannot be NULL; delete the %s, or associate another %s",
			l.Owner.Name, l.Local.Attr, l.Owner.Name, l.Model.Name)
	}
	return l.Local.Scan(l.Local.At(b.child.Owner), nil)
}

// setRelated sets the loaded relation, until a rollback.
func (b belonging) setRelated(h *tx.Handle, parent *record.State) {
	r, child := b.link.Relation, b.child
	field := func() *memory.Ptr { return memory.At[memory.Ptr](memory.Add(child.Owner, r.Offset)) }
	before, loaded := *field(), child.Loaded(r)
	var now memory.Ptr
	if parent != nil {
		now = parent.Owner
	}
	record.SetOne(r, child.Owner, now)
	if !h.InTransaction() {
		return
	}
	h.Frame().EnlistFunc(func() {
		if *field() == now {
			*field() = before
			child.SetLoaded(r, loaded)
		}
	})
}
