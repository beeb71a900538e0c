// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// load runs a query and loads the relations that it asks for.
func load(ctx context.Context, h *tx.Handle, spec *query.Spec) ([]memory.Ptr, error) {
	records, err := query.Select(ctx, h, spec)
	if err != nil {
		return nil, err
	}
	return records, relate(ctx, h, records, spec)
}

// relate gives the records of a query the one that it is a relation of, and the relations that it asks for.
func relate(ctx context.Context, h *tx.Handle, records []memory.Ptr, spec *query.Spec) error {
	if spec.Parent != nil {
		if err := leadBack(spec.Link, spec.Parent, records); err != nil {
			return err
		}
	}
	return loadAll(ctx, h, records, spec)
}

// plainLimit makes the limit per parent that of a query which is of one parent.
func plainLimit(spec *query.Spec) {
	if spec.Limited != nil && (spec.Limit == nil || *spec.Limit > *spec.Limited) {
		spec.Limit = spec.Limited
	}
	spec.Orders = append(slices.Clip(spec.Picked), spec.Orders...)
	spec.Limited, spec.Picked = nil, nil
}

// prepare makes the queries of the relations that a query loads, and theirs, so that mistakes in them are
// found before anything is sent. asked are those that a path of the caller names; any other that leads back to
// one above it is left for when there are records, as a function of a relation may ask for the relation
// itself, and so on without end.
func prepare(h *tx.Handle, of *query.Spec, asked []query.Preload, above ...*meta.Relation) error {
	list := slices.Clone(of.Preloads)
	for i := range list {
		p := &list[i]
		if p.Query != nil || slices.Contains(above, p.Link.Relation) && indexOf(asked, p.Link.Relation) < 0 {
			continue
		}
		spec, err := prepared(h, p, of, above)
		if err != nil {
			return p.Link.Error("load", err)
		}
		p.Query = spec
	}
	of.Preloads = list
	return nil
}

func prepared(h *tx.Handle, p *query.Preload, of *query.Spec, above []*meta.Relation) (*query.Spec, error) {
	if err := keySelected(of, p.Link.Local); err != nil {
		return nil, err
	}
	spec := relatedQuery(h, p)
	if spec.Err != nil {
		return nil, spec.Err
	}
	if err := prepare(h, spec, p.Children, append(slices.Clip(above), p.Link.Relation)...); err != nil {
		return nil, err
	}
	// What no function has added to is right, and what a hook will add to cannot be judged yet.
	refined := len(p.Refine)+len(p.Link.OnQuery)+len(p.Link.OnPivot)+len(p.Link.OfMany) > 0
	if !refined || len(p.Link.Model.Hooks.Query[meta.Fetching]) > 0 {
		return spec, nil
	}
	check := spec.Clone()
	applyScopes(check)
	return spec, query.CheckRelated(h, check)
}

func indexOf(list []query.Preload, r *meta.Relation) int {
	return slices.IndexFunc(list, func(p query.Preload) bool { return p.Link.Relation == r })
}

// keySelected refuses a query whose records would lack a key that a relation starts from.
func keySelected(of *query.Spec, key *meta.Column) error {
	columns := of.Columns
	if len(columns) == 0 {
		for _, name := range of.Groups {
			columns = append(columns, query.Selection{Column: name})
		}
	}
	if len(columns) == 0 {
		return nil
	}
	for _, s := range columns {
		if c, ok := ownColumn(of, s.Column); s.Raw != nil || s.Column == "*" || ok && c == key {
			return nil
		}
	}
	return errNotSelected(key)
}

func errNotSelected(key *meta.Column) error {
	return errs.New(errs.ErrMissingKey, "the %s was loaded without %s; select it too", key.Model.Name, key.Attr)
}

// loadAll loads the relations that a query asks for, of its records, or of records that the caller has.
func loadAll(ctx context.Context, h *tx.Handle, records []memory.Ptr, of *query.Spec) error {
	if len(records) == 0 {
		return nil
	}
	if err := prepare(h, of, nil); err != nil {
		return err
	}
	for i := range of.Preloads {
		p := &of.Preloads[i]
		e := &eager{h: h, p: p, l: p.Link, of: of, parents: records, foreign: p.Query.Parents.Place}
		if err := e.run(ctx); err != nil {
			return p.Link.Error("load", err)
		}
	}
	return nil
}

// eager loads one relation of many records.
type eager struct {
	h       *tx.Handle
	p       *query.Preload // prepared
	l       *meta.Link
	of      *query.Spec // the query of the parents
	parents []memory.Ptr

	keys    []any       // of the parents, each once, without NULL
	groups  keyed       // the number of each key
	parent  []int32     // the number of each parent's key
	foreign query.Place // what tells whose a row is
}

func (e *eager) run(ctx context.Context) error {
	if e.p.Missing {
		if err := e.onlyMissing(ctx); err != nil || len(e.parents) == 0 {
			return err
		}
	}
	if err := e.collect(); err != nil {
		return err
	}
	if len(e.keys) == 0 {
		return e.assign(query.Result{})
	}
	ctx, h, spec, err := startOn(ctx, e.h, e.inheriting(), meta.Fetching)
	if err != nil {
		return err
	}
	parents := *spec.Parents
	parents.Keys = e.keys
	spec.Parents = &parents
	result, err := query.SelectRelated(ctx, h, spec)
	if err != nil {
		return err
	}
	if err := loadAll(ctx, h, result.Records, spec); err != nil {
		return err
	}
	if err := e.assign(result); err != nil {
		return err
	}
	return afterMany(ctx, e.l.Model, result.Records, meta.Fetched)
}

// inheriting returns the query with what that of the parents says of records, unless it says so itself.
func (e *eager) inheriting() *query.Spec {
	spec := e.p.Query.Clone()
	spec.ReadOnly, spec.AutoLoad = spec.ReadOnly || e.of.ReadOnly, spec.AutoLoad || e.of.AutoLoad
	if spec.Sideload == nil {
		spec.Sideload = e.of.Sideload
	}
	return spec
}

// onlyMissing leaves the parents that do not have the relation, after loading what is missing further
// down in those that have it.
func (e *eager) onlyMissing(ctx context.Context) error {
	var missing, further []memory.Ptr
	for _, p := range e.parents {
		s := record.Of(e.l.Owner, p)
		if !s.Loaded(e.l.Relation) {
			missing = append(missing, p)
			continue
		}
		further = append(further, related(e.l.Relation, p)...)
	}
	e.parents = missing
	if len(e.p.Children) == 0 || len(further) == 0 {
		return nil
	}
	for _, p := range further {
		record.At(e.l.Model, p) // it may be a literal
	}
	return loadAll(ctx, e.h, distinct(further), &query.Spec{Preloads: e.p.Children})
}

// related returns the records that a relation field holds.
func related(r *meta.Relation, owner memory.Ptr) []memory.Ptr {
	at := memory.Add(owner, r.Offset)
	if r.Many() {
		return slices.DeleteFunc(slices.Clone(*memory.At[[]memory.Ptr](at)), func(p memory.Ptr) bool { return p == nil })
	}
	if p := *memory.At[memory.Ptr](at); p != nil {
		return []memory.Ptr{p}
	}
	return nil
}

func distinct(list []memory.Ptr) []memory.Ptr {
	seen := make(map[memory.Ptr]bool, len(list))
	return slices.DeleteFunc(list, func(p memory.Ptr) bool {
		if seen[p] {
			return true
		}
		seen[p] = true
		return false
	})
}

// collect groups the parents by their key.
func (e *eager) collect() error {
	key := e.l.Local
	e.groups = newKeyed(key, e.l.Foreign, len(e.parents))
	e.parent = make([]int32, len(e.parents))
	for i, p := range e.parents {
		s := record.Of(e.l.Owner, p)
		if !s.Selected(key) {
			return errNotSelected(key)
		}
		if key.AutoKey && !s.Persisted() && key.Zero(key.At(p)) { // nothing can belong to it yet
			e.parent[i] = -1
			continue
		}
		group, fresh, err := e.groups.add(key.At(p))
		if err != nil {
			return err
		}
		e.parent[i] = group
		if fresh {
			v, err := key.Bind(key.At(p))
			if err != nil {
				return err
			}
			e.keys = append(e.keys, v)
		}
	}
	return nil
}

// relatedQuery returns the query of the related rows, of parents whose keys are not known yet.
func relatedQuery(h *tx.Handle, p *query.Preload) *query.Spec {
	l := p.Link
	spec := query.New(h, l.Model)
	spec.Parents = &query.Parents{
		Match: query.Match{Place: connect(spec, l)}, Owner: &query.Place{Table: l.Owner.Table, Column: l.Local},
	}
	selectPivot(spec, l)
	refine(spec, l)
	for _, name := range p.Columns {
		spec.Columns = append(spec.Columns, query.Selection{Column: name})
	}
	for _, fn := range p.Refine {
		narrow(spec, fn)
	}
	for _, child := range p.Children {
		spec.Preloads = mergePreload(spec.Preloads, child)
	}
	addKeys(spec)
	return spec
}

// addKeys selects the keys that a narrower selection leaves out: the primary key, what tells whose the
// rows are, and what further relations start from.
func addKeys(spec *query.Spec) {
	if len(spec.Columns) == 0 {
		return
	}
	add := func(c *meta.Column) {
		for _, s := range spec.Columns {
			if known, ok := spec.Model.Column(s.Column); s.Column == "*" || ok && known == c {
				return
			}
		}
		spec.Columns = append(slices.Clip(spec.Columns), query.Selection{Column: c.Attr})
	}
	if len(spec.Groups) > 0 || spec.Distinct {
		return
	}
	for _, key := range spec.Model.Keys {
		add(key)
	}
	if spec.Parents.Place.Table == spec.Table() {
		add(spec.Parents.Place.Column)
	}
	for _, child := range spec.Preloads {
		add(child.Link.Local)
	}
}

// mergePreload adds a relation to a list that may have it already.
func mergePreload(list []query.Preload, p query.Preload) []query.Preload {
	at := indexOf(list, p.Link.Relation)
	if at < 0 {
		return append(slices.Clip(list), p)
	}
	list = slices.Clone(list)
	q := list[at]
	q.Query = nil
	q.Refine = append(slices.Clip(q.Refine), p.Refine...)
	if len(q.Columns) == 0 || len(p.Columns) == 0 {
		q.Columns = nil
	} else {
		q.Columns = append(slices.Clip(q.Columns), p.Columns...)
	}
	for _, child := range p.Children {
		q.Children = mergePreload(q.Children, child)
	}
	list[at] = q
	return list
}

// assign gives every parent its related records.
func (e *eager) assign(result query.Result) error {
	children := make([]int32, len(result.Records)) // the group of each
	for i, p := range result.Records {
		group, err := e.groups.find(memory.Add(p, result.Key), e.foreign.Column)
		if err != nil {
			return err
		}
		children[i] = group
	}
	if e.l.Many() {
		e.assignMany(result.Records, children)
	} else if err := e.assignOne(result.Records, children); err != nil {
		return err
	}
	return e.inverse()
}

// assignMany cuts the lists of all parents from one, in the order of the result.
func (e *eager) assignMany(records []memory.Ptr, groups []int32) {
	counts := make([]int, e.groups.len()+1)
	for _, g := range groups {
		if g >= 0 {
			counts[g+1]++
		}
	}
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
	sorted := make([]memory.Ptr, len(records))
	next := slices.Clone(counts)
	for i, g := range groups {
		if g >= 0 {
			sorted[next[g]] = records[i]
			next[g]++
		}
	}
	taken := make([]bool, e.groups.len())
	for i, p := range e.parents {
		var list []memory.Ptr
		if g := e.parent[i]; g >= 0 {
			list = sorted[counts[g]:counts[g+1]:counts[g+1]]
			if taken[g] { // parents with one key get lists of their own
				list = slices.Clone(list)
			}
			taken[g] = true
		}
		if list == nil {
			list = []memory.Ptr{}
		}
		setRelated(e.l.Relation, p, list)
	}
}

// assignOne gives every parent the first record of its key.
func (e *eager) assignOne(records []memory.Ptr, groups []int32) error {
	first := make([]memory.Ptr, e.groups.len())
	for i, g := range groups {
		if g >= 0 && first[g] == nil {
			first[g] = records[i]
		}
	}
	for i, p := range e.parents {
		var one memory.Ptr
		if g := e.parent[i]; g >= 0 {
			one = first[g]
		}
		if one == nil && e.l.HasDefault {
			var err error
			if one, err = fallback(e.h, e.l, p); err != nil {
				return err
			}
		}
		setRelatedOne(e.l.Relation, p, one)
	}
	return nil
}

// setRelated sets a relation to many. The list is not copied.
func setRelated(r *meta.Relation, owner memory.Ptr, list []memory.Ptr) {
	*memory.At[[]memory.Ptr](memory.Add(owner, r.Offset)) = list
	record.Of(r.Owner, owner).SetLoaded(r, true)
}

// setRelatedOne sets a relation to one; nil is none.
func setRelatedOne(r *meta.Relation, owner, one memory.Ptr) {
	*memory.At[memory.Ptr](memory.Add(owner, r.Offset)) = one
	record.Of(r.Owner, owner).SetLoaded(r, true)
}

// inverse gives the loaded records the parent that they were loaded from.
func (e *eager) inverse() error {
	if e.l.Inverse == "" {
		return nil
	}
	for _, p := range e.parents {
		if err := leadBack(e.l, p, related(e.l.Relation, p)); err != nil {
			return err
		}
	}
	return nil
}

// leadBack gives records the parent that they were loaded from, as the inverse of the relation.
func leadBack(l *meta.Link, parent memory.Ptr, children []memory.Ptr) error {
	back, ok := l.Model.Relation(l.Inverse)
	if !ok {
		return l.Model.UnknownRelation(l.Inverse)
	}
	for _, child := range children {
		if record.Of(l.Model, child) != nil {
			setRelatedOne(back, child, parent)
		}
	}
	return nil
}

// fallback makes the record that stands for a missing one. It is not saved, and Push leaves it alone.
func fallback(h *tx.Handle, l *meta.Link, owner memory.Ptr) (memory.Ptr, error) {
	s := record.Make(l.Model)
	s.Handle = h
	s.Substitute()
	if l.Kind == meta.HasOne {
		if err := copyKey(l.Foreign, s.Owner, l.Local, owner); err != nil {
			return nil, err
		}
	}
	switch given := l.Default.(type) {
	case nil:
	case Attrs:
		if err := s.Assign(given); err != nil {
			return nil, err
		}
	default:
		reflect.ValueOf(given).Call([]reflect.Value{
			reflect.NewAt(l.Related, s.Owner), reflect.NewAt(l.Owner.Type, owner),
		})
	}
	return s.Owner, nil
}

// copyKey sets a foreign key to the key of another record.
func copyKey(dst *meta.Column, to memory.Ptr, src *meta.Column, from memory.Ptr) error {
	v, err := src.Bind(src.At(from))
	if err != nil {
		return err
	}
	if v == nil && !dst.Nullable {
		return errs.New(errs.ErrMissingKey, "%s.%s is NULL", src.Model.Name, src.Attr)
	}
	return dst.Scan(dst.At(to), v)
}
