// SPDX-License-Identifier: MIT

package save

import (
	"context"

	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Push saves a record and every record that is loaded with it, in one transaction.
func Push(ctx context.Context, h *tx.Handle, s *record.State) error {
	return h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		p := &push{fresh: map[*record.State]bool{}, seen: map[*record.State]bool{}, pairs: map[pair]bool{}}
		if err := p.save(ctx, h, s); err != nil {
			return err
		}
		for _, connect := range p.later {
			if err := connect(ctx, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// push saves the records of a graph, each once, and connects those that were new when it met them.
type push struct {
	fresh map[*record.State]bool // the records that were met, and whether each was new
	seen  map[*record.State]bool // those that were saved, or are being saved
	pairs map[pair]bool          // of which a pivot row was inserted
	later []func(ctx context.Context, h *tx.Handle) error
}

// pair is a pivot row of two records. The first is the one whose key column comes first in the alphabet, so that the pair is the
// same from both sides.
type pair struct {
	table         string
	first, second *record.State
}

// isFresh reports whether a record was new when it was met for the first time.
func (p *push) isFresh(s *record.State) bool {
	fresh, met := p.fresh[s]
	if !met {
		fresh = !s.Persisted()
		p.fresh[s] = fresh
	}
	return fresh
}

// save saves the records that a record belongs to, the record, and the records that belong to it.
func (p *push) save(ctx context.Context, h *tx.Handle, s *record.State) error {
	if p.seen[s] || s.IsSubstitute() {
		return nil
	}
	p.isFresh(s)
	p.seen[s] = true
	m, err := h.Database().Models.Model(s.Model.Type)
	if err != nil {
		return err
	}
	if s.Model != m { // a record that is only read may be shared
		s.Model = m
	}
	belongsTo := func(r *meta.Relation) bool { return r.Kind == meta.BelongsTo }
	if err := p.relations(ctx, h, s, belongsTo); err != nil {
		return err
	}
	if err := persist.Save(ctx, h, s); err != nil {
		return err
	}
	return p.relations(ctx, h, s, func(r *meta.Relation) bool { return !belongsTo(r) })
}

// relations saves the records of the loaded relations that are of some kinds.
func (p *push) relations(ctx context.Context, h *tx.Handle, s *record.State, of func(*meta.Relation) bool) error {
	for _, r := range s.Model.Relations {
		if !of(r) || !s.Loaded(r) {
			continue
		}
		l, err := r.Link()
		if err != nil {
			return err
		}
		for _, at := range record.Related(r, s.Owner) {
			if err := p.related(ctx, h, l, s, record.At(l.Model, at)); err != nil {
				return r.Error("push", err)
			}
		}
	}
	return nil
}

// related saves a related record, and connects one that is new.
func (p *push) related(ctx context.Context, h *tx.Handle, l *meta.Link, s, other *record.State) error {
	switch {
	case other.IsSubstitute() || other.Deleted():
		return nil
	case !p.isFresh(other):
		return p.save(ctx, h, other)
	}
	switch l.Kind {
	case meta.BelongsTo:
		return p.parent(ctx, h, l, s, other)
	case meta.HasOne, meta.HasMany:
		return p.connect(ctx, h, other, func() error { return key.Copy(other, l.Foreign, s, l.Local) })
	case meta.ManyToMany:
		return record.Part(ctx, h, []*record.State{other}, func(ctx context.Context, h *tx.Handle) error {
			if err := p.save(ctx, h, other); err != nil {
				return err
			}
			return p.attach(ctx, h, l, s, other)
		})
	default:
		return p.save(ctx, h, other)
	}
}

// parent saves a new record that s belongs to, and sets the key of s.
func (p *push) parent(ctx context.Context, h *tx.Handle, l *meta.Link, s, parent *record.State) error {
	if err := p.save(ctx, h, parent); err != nil {
		return err
	}
	setKey := func() error { return key.Copy(s, l.Local, parent, l.Foreign) }
	if !parent.Persisted() { // it waits for s itself, so that its key comes after that of s
		p.later = append(p.later, func(ctx context.Context, h *tx.Handle) error { return p.connect(ctx, h, s, setKey) })
		return nil
	}
	return record.Guard(h, s, setKey)
}

// connect sets a key of a record and saves it, again if it is saved already.
func (p *push) connect(ctx context.Context, h *tx.Handle, s *record.State, setKey func() error) error {
	return record.Part(ctx, h, []*record.State{s}, func(ctx context.Context, h *tx.Handle) error {
		if err := setKey(); err != nil {
			return err
		}
		if p.seen[s] && s.Persisted() {
			return persist.Save(ctx, h, s)
		}
		return p.save(ctx, h, s)
	})
}

// attach inserts the pivot row of two records, unless it was inserted from the other side.
func (p *push) attach(ctx context.Context, h *tx.Handle, l *meta.Link, s, other *record.State) error {
	if !other.Persisted() { // it waits for s, and will insert the row
		return nil
	}
	one := pair{l.Pivot.Model.Table, s, other}
	if l.Pivot.Owner.Name > l.Pivot.Related.Name {
		one.first, one.second = other, s
	}
	if p.pairs[one] {
		return nil
	}
	p.pairs[one] = true
	return pivot.AttachNew(ctx, h, l, related.Owner{State: s, Name: l.Name}, []*record.State{other})
}
