// SPDX-License-Identifier: MIT

package preload

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Select runs a query that is ready to run, and loads the relations that it asks for.
func Select(ctx context.Context, run scope.Run) ([]memory.Ptr, error) {
	records, err := query.Select(ctx, run.Handle, run.Spec)
	if err != nil {
		return nil, err
	}
	return records, Complete(ctx, run, records)
}

// Complete loads the relations that a query asks for into its records, and sets their inverse relation to the owner of the query.
func Complete(ctx context.Context, run scope.Run, records []memory.Ptr) error {
	if run.Parent != nil {
		if err := setInverse(run.Link, run.Parent, records); err != nil {
			return err
		}
	}
	return load(ctx, run.Handle, records, run.Spec)
}

// Paths loads the relations of paths into records of one model.
func Paths(ctx context.Context, list []*record.State, paths []string, refine ...func(*query.Spec)) error {
	return loadPaths(ctx, list, paths, refine, func([]query.Preload) {})
}

// Missing loads those relations of paths that records of one model do not have.
func Missing(ctx context.Context, list []*record.State, paths []string) error {
	return loadPaths(ctx, list, paths, nil, markMissing)
}

func markMissing(tree []query.Preload) {
	for i := range tree {
		tree[i].Missing = true
		markMissing(tree[i].Children)
	}
}

func loadPaths(
	ctx context.Context, list []*record.State, paths []string, refine []func(*query.Spec), mark func([]query.Preload),
) error {
	if len(list) == 0 || len(paths) == 0 {
		return nil
	}
	name := list[0].Model.Name
	ctx, h, m, err := serve(ctx, list[0])
	if err != nil {
		return errs.In(name, "load", err)
	}
	var tree []query.Preload
	for _, path := range paths {
		if tree, err = addPath(m, tree, path, refine); err != nil {
			return errs.In(name, "load", err)
		}
	}
	mark(tree)
	return errs.In(name, "load", load(ctx, h, record.Owners(list), &query.Spec{Preloads: tree}))
}

// serve returns the handle that serves a record, and its model as the handle's database knows it.
func serve(ctx context.Context, s *record.State) (context.Context, *tx.Handle, *meta.Model, error) {
	ctx, h, err := tx.ForRecord(ctx, s.Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	m, err := h.Database().Models.Model(s.Model.Type)
	return ctx, h, m, err
}

// Again loads the relations of a record that are loaded already once more.
func Again(ctx context.Context, h *tx.Handle, s *record.State) error {
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
	return load(ctx, h, []memory.Ptr{s.Owner}, &query.Spec{Preloads: tree})
}

// Siblings loads a relation for all records that were loaded together with one and lack it.
func Siblings(ctx context.Context, s *record.State, r *meta.Relation) error {
	ctx, h, m, err := serve(ctx, s)
	if err != nil {
		return err
	}
	l, err := m.LinkOf(r.Name)
	if err != nil {
		return err
	}
	return load(ctx, h, s.Siblings(), &query.Spec{AutoLoad: true, Preloads: []query.Preload{{Link: l, Missing: true}}})
}

// load loads the relations that a query asks for into records.
func load(ctx context.Context, h *tx.Handle, records []memory.Ptr, of *query.Spec) error {
	if len(records) == 0 {
		return nil
	}
	if err := Prepare(h, of); err != nil {
		return err
	}
	for i := range of.Preloads {
		p := &of.Preloads[i]
		b := &batch{h: h, preload: p, link: p.Link, of: of, owners: records}
		if err := b.run(ctx); err != nil {
			return p.Link.Error("load", err)
		}
	}
	return nil
}

// batch loads one relation of many records.
type batch struct {
	h       *tx.Handle
	preload *query.Preload // prepared
	link    *meta.Link
	of      *query.Spec // the query of the owners
	owners  []memory.Ptr

	index  *key.Index // numbers the keys, without NULL
	number []int32    // of each owner's key
}

func (b *batch) run(ctx context.Context) error {
	if b.preload.Missing {
		if err := b.keepMissing(ctx); err != nil || len(b.owners) == 0 {
			return err
		}
	}
	if err := b.collectKeys(); err != nil {
		return err
	}
	if b.index.Len() == 0 {
		return b.distribute(ctx, query.Result{})
	}
	ctx, run, err := scope.PrepareOn(ctx, b.h, b.query(), meta.Fetching)
	if err != nil {
		return err
	}
	if err := Prepare(b.h, run.Spec); err != nil {
		return err
	}
	result, err := query.SelectRelated(ctx, b.h, run.Spec)
	if err != nil {
		return err
	}
	if err := load(ctx, b.h, result.Records, run.Spec); err != nil {
		return err
	}
	if err := b.distribute(ctx, result); err != nil {
		return err
	}
	return b.link.Model.Hooks.RunMany(ctx, result.Records, meta.Fetched)
}

// query returns the query of the related rows of all owners. What the query of the owners says of records holds for it too,
// unless it says so itself.
func (b *batch) query() *query.Spec {
	spec := *b.preload.Query // it is not changed before it is cloned to run
	spec.ReadOnly, spec.AutoLoad = spec.ReadOnly || b.of.ReadOnly, spec.AutoLoad || b.of.AutoLoad
	if spec.Sideload == nil {
		spec.Sideload = b.of.Sideload
	}
	parents := *spec.Parents
	parents.Keys = b.index.Values()
	spec.Parents = &parents
	return &spec
}

// keepMissing returns the owners that do not have the relation. In the others it loads what is missing at deeper levels.
func (b *batch) keepMissing(ctx context.Context) error {
	var missing, further []memory.Ptr
	for _, owner := range b.owners {
		if record.Of(b.link.Owner, owner).Loaded(b.link.Relation) {
			further = append(further, record.Related(b.link.Relation, owner)...)
		} else {
			missing = append(missing, owner)
		}
	}
	b.owners = missing
	if len(b.preload.Children) == 0 || len(further) == 0 {
		return nil
	}
	var distinct []memory.Ptr
	seen := make(map[memory.Ptr]bool, len(further))
	for _, p := range further {
		if !seen[p] {
			seen[p] = true
			record.At(b.link.Model, p) // it may be a literal
			distinct = append(distinct, p)
		}
	}
	return load(ctx, b.h, distinct, &query.Spec{Preloads: b.preload.Children})
}

// collectKeys numbers the keys of the owners.
func (b *batch) collectKeys() error {
	column := b.link.Local
	b.index = key.NewIndex(column, b.link.Foreign, len(b.owners))
	b.number = make([]int32, len(b.owners))
	for i, owner := range b.owners {
		s := record.Of(b.link.Owner, owner)
		if !s.Selected(column) {
			return key.ErrNotSelected(column)
		}
		if column.AutoKey && !s.Persisted() && column.Zero(column.At(owner)) { // nothing can belong to it yet
			b.number[i] = key.None
			continue
		}
		n, _, err := b.index.Add(column.At(owner))
		if err != nil {
			return err
		}
		b.number[i] = n
	}
	return nil
}
