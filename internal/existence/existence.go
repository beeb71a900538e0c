// SPDX-License-Identifier: MIT

// Package existence adds conditions about related rows to queries: whether there are any, how many, and which.
package existence

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
)

// Count compares the number of related rows.
type Count struct {
	Op string
	N  int
}

// Has is the condition that there are related rows.
type Has struct {
	Path   string            // relations separated by dots
	Refine func(*query.Spec) // conditions of the related rows; may be nil
	Counts []Count           // how many rows the last relation has; none is at least one, and more than one is a mistake
}

// Add adds the condition to a query.
func Add(spec *query.Spec, how query.Logic, has Has) {
	node, none, err := has.node(spec)
	if err != nil {
		spec.Fail(err)
		return
	}
	not := how.Not != none
	if exists, ok := node.(query.Exists); ok {
		exists.Not = not
		node = exists
	} else if not {
		node = query.Nested{Group: query.Group{{Logic: query.AndNot, Node: node}}}
	}
	spec.Add(how.Plain(), node)
}

// node returns the condition, and whether it must be negated.
func (has Has) node(spec *query.Spec) (node query.Node, none bool, err error) {
	if len(has.Counts) > 1 {
		return nil, false, errs.New(errs.ErrInvalidValue, "%s with %d counts", ident.Quote(has.Path), len(has.Counts))
	}
	first, rest, nested := strings.Cut(has.Path, ".")
	l, err := spec.Model.LinkOf(first)
	if err != nil {
		return nil, false, err
	}
	if !nested {
		sub := related.Sub(spec, l, has.Refine)
		if sub.Err != nil {
			return nil, false, l.Error("has", sub.Err)
		}
		related.Choose(sub, l)
		node, none = amount(sub, has.Counts)
		return node, none, nil
	}
	sub := related.Sub(spec, l, func(*query.Spec) {}) // the condition is on the related rows
	related.Choose(sub, l)
	has.Path = rest
	Add(sub, query.And, has)
	if sub.Err != nil {
		return nil, false, l.Error("has", sub.Err)
	}
	return query.Exists{Sub: sub}, false, nil
}

// amount returns the condition that sub has the number of rows that a count asks for. Where only "any" or "none" matters, it
// returns EXISTS, and whether it must be negated.
func amount(sub *query.Spec, counts []Count) (node query.Node, none bool) {
	if len(counts) == 0 {
		return query.Exists{Sub: sub}, false
	}
	n := counts[0]
	if len(sub.Aggregates) == 0 {
		switch n {
		case Count{">=", 1}, Count{">", 0}:
			return query.Exists{Sub: sub}, false
		case Count{"<", 1}, Count{"<=", 0}, Count{"=", 0}:
			return query.Exists{Sub: sub}, true
		}
	}
	return query.Amount{Sub: sub, Op: n.Op, N: n.N}, false
}

// BelongsTo adds the condition that a row belongs to a record, or to one of a slice. The relation is named, or the only
// belongsTo to that model.
func BelongsTo(spec *query.Spec, parent any, names []string) {
	l, keys, err := keysOf(spec, parent, reference{"WhereBelongsTo", meta.BelongsTo, names})
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Add(query.And, query.Match{Place: query.Place{Table: spec.Table(), Column: l.Local}, Keys: keys, Of: l.Foreign})
}

// AttachedTo adds the condition that a pivot row connects a row with a record, or with one of a slice. The relation is named,
// or the only manyToMany to that model.
func AttachedTo(spec *query.Spec, other any, names []string) {
	l, keys, err := keysOf(spec, other, reference{"WhereAttachedTo", meta.ManyToMany, names})
	if err != nil {
		spec.Fail(err)
		return
	}
	var sub *query.Spec
	var place query.Place
	if related.ByPivot(l) { // the records exist
		sub = related.PivotSub(spec, l)
		place = query.Place{Table: sub.Table(), Column: l.Pivot.Related}
	} else {
		sub = related.Sub(spec, l, func(*query.Spec) {})
		place = query.Place{Table: sub.Table(), Column: l.Foreign}
	}
	sub.Require(query.Match{Place: place, Keys: keys, Of: l.Foreign})
	spec.Add(query.And, query.Exists{Sub: sub})
}

// reference is how a method of a builder refers to a relation.
type reference struct {
	method string
	kind   string
	names  []string // of the relation; none is the only one that fits
}

// keysOf returns the keys of records that a method was given, and the relation that leads to them.
func keysOf(spec *query.Spec, given any, ref reference) (*meta.Link, []any, error) {
	records, err := record.List(given)
	if err != nil {
		return nil, nil, err
	}
	l, err := ref.link(spec.Model, records)
	if err != nil {
		return nil, nil, err
	}
	keys, err := key.OfAllSaved(records, l.Foreign)
	return l, keys, l.Error(ref.method, err)
}

func (ref reference) link(m *meta.Model, records []*record.State) (*meta.Link, error) {
	if len(records) == 0 {
		return nil, errs.New(errs.ErrInvalidValue, "%s of no record", ref.method)
	}
	if len(ref.names) > 1 {
		return nil, errs.New(errs.ErrInvalidValue, "%s with %d relations", ref.method, len(ref.names))
	}
	t := records[0].Model.Type
	for _, s := range records {
		if s.Model.Type != t {
			return nil, errs.New(errs.ErrInvalidValue, "%s of a %s and a %s", ref.method, t.Name(), s.Model.Name)
		}
	}
	var fitting []*meta.Relation
	for _, r := range m.Relations {
		if r.Kind == ref.kind && r.Related == t && (len(ref.names) == 0 || ref.names[0] == r.Name || ref.names[0] == r.Field) {
			fitting = append(fitting, r)
		}
	}
	switch {
	case len(fitting) == 1:
		return fitting[0].Link()
	case len(fitting) > 1:
		return nil, errs.New(errs.ErrUnknownRelation, "%s.%s and %s.%s both are %s to %s; name one",
			m.Name, fitting[0].Name, m.Name, fitting[1].Name, ref.kind, t.Name())
	case len(ref.names) == 0:
		return nil, errs.New(errs.ErrUnknownRelation, "%s has no %s relation to %s", m.Name, ref.kind, t.Name())
	}
	if _, ok := m.Relation(ref.names[0]); !ok {
		return nil, m.UnknownRelation(ref.names[0])
	}
	return nil, errs.New(errs.ErrUnsupported, "%s.%s is no %s to %s", m.Name, ref.names[0], ref.kind, t.Name())
}
