// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// serve finds the handle that serves records of one model, and makes them records of its database.
func serve(ctx context.Context, list []*record.State) (context.Context, *tx.Handle, *meta.Model, error) {
	h, err := tx.ForRecord(ctx, list[0].Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	m, err := h.Database().Models.Model(list[0].Model.Type)
	if err != nil {
		return ctx, nil, nil, err
	}
	if h.InTransaction() {
		ctx = tx.With(ctx, h)
	}
	return ctx, h, m, nil
}

// Load is called by package model: it loads the relations of paths for records of one model, with
// missing only where they are not loaded.
func Load(ctx context.Context, _ door.Key, list []*record.State, paths []string, missing bool, fn ...func(*Query)) error {
	if len(list) == 0 || len(paths) == 0 {
		return nil
	}
	name := list[0].Model.Name
	ctx, h, m, err := serve(ctx, list)
	if err != nil {
		return errs.In(name, "load", err)
	}
	var tree []query.Preload
	for _, path := range paths {
		if tree, err = addPath(m, tree, path, fn, false); err != nil {
			return errs.In(name, "load", err)
		}
	}
	if missing {
		markMissing(tree)
	}
	return errs.In(name, "load", loadAll(ctx, h, owners(list), &query.Spec{Preloads: tree}))
}

func markMissing(tree []query.Preload) {
	for i := range tree {
		tree[i].Missing = true
		markMissing(tree[i].Children)
	}
}

// LoadAggregate is called by package model: it selects an aggregate of related rows for records of one
// model with one statement, soft deleted and scoped records included, and leaves them clean.
func LoadAggregate(
	ctx context.Context, _ door.Key, list []*record.State, path, fn, column string, refine ...func(*Query),
) error {
	if len(list) == 0 {
		return nil
	}
	name := list[0].Model.Name
	ctx, h, m, err := serve(ctx, list)
	if err == nil {
		err = loadAggregate(ctx, h, m, list, path, fn, column, refine)
	}
	return errs.In(name, "load aggregate", err)
}

func loadAggregate(
	ctx context.Context, h *tx.Handle, m *meta.Model, list []*record.State, path, fn, column string, refine []func(*Query),
) error {
	key, err := m.Key()
	if err != nil {
		return err
	}
	keys, err := keysOf(list, key)
	if err != nil {
		return err
	}
	c := core{query.New(h, m)}
	c.spec.Trashed = query.WithTrashed
	c.columns(key.Attr)
	c.with(path, fn, column, refine)
	if c.spec.Err != nil {
		return c.spec.Err
	}
	as := c.spec.Outputs[0].As
	c.spec.Require(query.Match{Place: query.Place{Table: m.Table, Column: key}, Keys: distinctKeys(key, keys)})
	rows, err := query.Select(ctx, h, c.spec)
	if err != nil {
		return err
	}
	byKey := make(map[any]memory.Ptr, len(rows))
	for _, p := range rows {
		v, err := key.Bind(key.At(p))
		if err != nil {
			return err
		}
		byKey[normalKey(key, v)] = p
	}
	field, virtual := m.Virtual(as)
	for i, s := range list {
		p, ok := byKey[normalKey(key, keys[i])]
		if !ok {
			return errs.New(errs.ErrNotFound, "the row of a %s", m.Name)
		}
		if virtual {
			field.Clone(memory.Add(s.Owner, field.Offset), memory.Add(p, field.Offset))
			continue
		}
		s.Extras()[as] = record.Of(m, p).Extras()[as]
	}
	return nil
}

func distinctKeys(c *meta.Column, keys []any) []any {
	seen := make(map[any]bool, len(keys))
	out := make([]any, 0, len(keys))
	for _, k := range keys {
		if text := normalKey(c, k); !seen[text] {
			seen[text] = true
			out = append(out, k)
		}
	}
	return out
}

// Reload is called by package model: it loads the relations of a record that are loaded once more.
func Reload(ctx context.Context, _ door.Key, h *tx.Handle, s *record.State) error {
	var tree []query.Preload
	for _, r := range s.Model.Relations {
		if !s.Loaded(r) {
			continue
		}
		l, err := r.Link()
		if err != nil {
			return err
		}
		tree = append(tree, query.Preload{Link: l})
	}
	return loadAll(ctx, h, []memory.Ptr{s.Owner}, &query.Spec{Preloads: tree})
}

// SetRelated is called by package model.
func SetRelated(_ door.Key, s *record.State, name string, value any) error {
	r, ok := s.Model.Relation(name)
	if !ok {
		return s.Model.UnknownRelation(name)
	}
	return setValue(r, s, value)
}

// PushRelated is called by package model.
func PushRelated(_ door.Key, s *record.State, name string, values []any) error {
	r, ok := s.Model.Relation(name)
	if !ok {
		return s.Model.UnknownRelation(name)
	}
	return pushValues(r, s, values)
}

// Push is called by package model: it saves a record and every record that is loaded with it.
func Push(ctx context.Context, _ door.Key, h *tx.Handle, s *record.State) error {
	return h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
		p := &push{h: inner, fresh: map[*record.State]bool{}, seen: map[*record.State]bool{}, pairs: map[pushedPair]bool{}}
		if err := p.save(ctx, s); err != nil {
			return err
		}
		for _, connect := range p.later {
			if err := connect(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// push saves the records of a graph, each once, and connects those that were new when it met them.
type push struct {
	h     *tx.Handle
	fresh map[*record.State]bool // the records that were met, and whether each was new
	seen  map[*record.State]bool // those that were saved, or are being saved
	pairs map[pushedPair]bool    // of which a pivot row was inserted
	later []func(ctx context.Context) error
}

// pushedPair is a pivot row of two records, by the column that comes first in the alphabet, so that it is the
// same from both sides.
type pushedPair struct {
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

// save saves what the record belongs to, the record, and what belongs to it.
func (p *push) save(ctx context.Context, s *record.State) error {
	if p.seen[s] || s.IsSubstitute() {
		return nil
	}
	p.isFresh(s)
	p.seen[s] = true
	m, err := p.h.Database().Models.Model(s.Model.Type)
	if err != nil {
		return err
	}
	if s.Model != m {
		s.Model = m
	}
	for _, parents := range []bool{true, false} {
		if !parents {
			if err := persist.Save(ctx, p.h, s, false); err != nil {
				return err
			}
		}
		for _, r := range m.Relations {
			if (r.Kind == meta.BelongsTo) != parents || !s.Loaded(r) {
				continue
			}
			l, err := r.Link()
			if err != nil {
				return err
			}
			for _, at := range related(r, s.Owner) {
				if err := p.relation(ctx, l, s, record.At(l.Model, at)); err != nil {
					return r.Error("push", err)
				}
			}
		}
	}
	return nil
}

// relation saves a related record, and connects one that is new.
func (p *push) relation(ctx context.Context, l *meta.Link, s, other *record.State) error {
	if other.IsSubstitute() || other.Deleted() {
		return nil
	}
	fresh := p.isFresh(other)
	switch l.Kind {
	case meta.BelongsTo:
		if err := p.save(ctx, other); err != nil || !fresh {
			return err
		}
		connect := func() error { return copyKey(l.Local, s.Owner, l.Foreign, other.Owner) }
		if !other.Persisted() { // it waits for s itself, so that its key comes after that of s
			p.later = append(p.later, func(ctx context.Context) error { return p.connected(ctx, s, connect) })
			return nil
		}
		return restoring(p.h, []*record.State{s}, connect)
	case meta.HasOne, meta.HasMany:
		if !fresh {
			return p.save(ctx, other)
		}
		return p.connected(ctx, other, func() error { return copyKey(l.Foreign, other.Owner, l.Local, s.Owner) })
	case meta.ManyToMany:
		if !fresh {
			return p.save(ctx, other)
		}
		return restoring(p.h, []*record.State{other}, func() error {
			if err := p.save(ctx, other); err != nil {
				return err
			}
			return p.attach(ctx, l, s, other)
		})
	default:
		return p.save(ctx, other)
	}
}

// connected sets a key of a record and saves it, again if it is saved already.
func (p *push) connected(ctx context.Context, s *record.State, connect func() error) error {
	return restoring(p.h, []*record.State{s}, func() error {
		if err := connect(); err != nil {
			return err
		}
		if p.seen[s] && s.Persisted() {
			return persist.Save(ctx, p.h, s, false)
		}
		return p.save(ctx, s)
	})
}

// attach inserts the pivot row of two records, unless it was inserted from the other side.
func (p *push) attach(ctx context.Context, l *meta.Link, s, other *record.State) error {
	if !other.Persisted() { // it waits for s, and will insert the row
		return nil
	}
	pair := pushedPair{l.Pivot.Model.Table, s, other}
	if l.Pivot.Owner.Name > l.Pivot.Related.Name {
		pair.first, pair.second = other, s
	}
	if p.pairs[pair] {
		return nil
	}
	p.pairs[pair] = true
	c := &Client{owner: s, name: l.Name}
	owner, err := c.key(l)
	if err != nil {
		return err
	}
	return (&pivots{c: c, l: l, h: p.h, owner: owner}).attachNew(ctx, []*record.State{other})
}
