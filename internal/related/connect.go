// SPDX-License-Identifier: MIT

// Package related makes queries of related rows: it joins what lies between the related model and the owner of a relation,
// and adds what the definition of the relation says.
package related

import (
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Connect turns spec, a query of the related model, into a query of the relation. It joins the tables between the related model and the
// owner, and returns the column that holds the owner's key.
func Connect(spec *query.Spec, l *meta.Link) query.Place {
	spec.Link = l
	if !l.Through() {
		return step(spec, l, spec.Table())
	}
	table := spec.Table()
	for i := len(l.Path) - 1; ; i-- {
		place := step(spec, l.Path[i], table)
		if narrowStep(spec, l.Path[i], table, place.Table); i == 0 {
			return place
		}
		owner := l.Path[i].Owner
		s := query.Source{Model: owner, Alias: spec.FreeAlias(owner.Table)}
		s.On, s.Other = query.Place{Table: s.Name(), Column: l.Path[i].Local}, place
		spec.Sources = append(spec.Sources, s)
		table = s.Name()
	}
}

// step joins the pivot table of a relation, if it has one, to its related table. It returns the column that holds the key of
// the relation's owner.
func step(spec *query.Spec, l *meta.Link, table string) query.Place {
	place := query.Place{Table: table, Column: l.Foreign}
	if l.Kind != meta.ManyToMany {
		return place
	}
	s := query.Source{Model: l.Pivot.Model, Alias: spec.FreeAlias(l.Pivot.Model.Table)}
	s.On, s.Other = query.Place{Table: s.Name(), Column: l.Pivot.Related}, place
	spec.Sources = append(spec.Sources, s)
	if spec.Link == l {
		spec.Pivot = s.Name()
	}
	return query.Place{Table: s.Name(), Column: l.Pivot.Owner}
}

// narrowStep adds what the definition of a relation on the way says of its related table and of its pivot table. Both are
// given by their names in the query.
func narrowStep(spec *query.Spec, l *meta.Link, table, pivot string) {
	if len(l.Narrow) > 0 {
		key, err := l.Model.Key()
		sub := spec.Sub(l.Model)
		narrow(sub, l.Narrow)
		sub.Orders = nil
		if err == nil {
			err = sub.Err
		}
		if err != nil {
			spec.Fail(err)
			return
		}
		spec.Require(query.Among{Place: query.Place{Table: table, Column: key}, Sub: sub})
	}
	if len(l.OnPivot) > 0 {
		link, name, orders := spec.Link, spec.Pivot, spec.Orders
		spec.Link, spec.Pivot = l, pivot
		narrow(spec, l.OnPivot)
		spec.Link, spec.Pivot, spec.Orders = link, name, orders
	}
}

// narrow runs functions that add to a query. The conditions of each are a group, which an OR cannot leave.
func narrow(spec *query.Spec, fns []meta.Refine) {
	for _, fn := range fns {
		spec.Narrow(func(s *query.Spec) { fn(s) })
	}
}

// Refine adds what the definition of a relation says of its queries.
func Refine(spec *query.Spec, l *meta.Link) {
	narrow(spec, l.OnQuery)
	narrow(spec, l.OnPivot)
	if len(l.OfMany) > 0 {
		pick(spec, l)
	}
}

// pick keeps one row per owner: the first in the order, among the rows that the query asks for.
func pick(spec *query.Spec, l *meta.Link) {
	key, err := l.Model.Key()
	if err != nil {
		spec.Fail(err)
		return
	}
	first := 1
	spec.Limited, spec.Picked = &first, nil
	for _, one := range l.OfMany {
		spec.Picked = append(spec.Picked, pickOrder(l.Model, one, key)...)
	}
}

// RefinePivot adds what the definition of a relation says of its pivot rows to a query of these.
func RefinePivot(spec *query.Spec, l *meta.Link) { narrow(spec, l.OnPivot) }

// Choose keeps, in a sub-query of a relation to one of many, the row that comes first among all of its owner: conditions of the
// sub-query judge that row, and choose no other. Whether it may be soft deleted, and outside of global scopes, is as in the
// sub-query.
func Choose(sub *query.Spec, l *meta.Link) {
	if !sub.OneOfMany() {
		return
	}
	key, err := sub.Model.Key()
	if err != nil {
		sub.Fail(err)
		return
	}
	all := sub.Sub(sub.Model)
	all.Trashed, all.Unscoped = sub.Trashed, sub.Unscoped
	all.Require(query.Same{
		A: query.Place{Table: all.Table(), Column: l.Foreign}, B: query.Place{Table: sub.Table(), Column: l.Foreign},
	})
	narrow(all, l.OnQuery)
	all.Orders, all.Limit = sub.Picked, sub.Limited
	scope.AddGlobal(all)
	sub.Require(query.Among{Place: query.Place{Table: sub.Table(), Column: key}, Sub: all})
	sub.Picked, sub.Limited = nil, nil
}

// pickOrder is the order in which the one of many comes first. NULL is neither the least nor the greatest value.
func pickOrder(m *meta.Model, one meta.OneOfMany, key *meta.Column) []query.Order {
	var orders []query.Order
	for _, name := range one.Columns {
		c, ok := m.Column(name)
		orders = append(orders, query.Order{Column: name, Desc: one.Desc, NullsLast: ok && c.Nullable && !c.NotNull})
		if c == key { // no two rows have the same
			return orders
		}
	}
	if len(one.Columns) == 0 && len(m.Created) > 0 {
		orders = append(orders, query.Order{Column: m.Created[0].Attr, Desc: one.Desc})
	}
	return append(orders, query.Order{Column: key.Attr, Desc: one.Desc})
}

// Sub returns a query of the related rows as a sub-query of outer: those that belong to the row of outer. Where only their number
// can matter, and the pivot rows tell it, it is a query of the pivot rows.
func Sub(outer *query.Spec, l *meta.Link, fns ...func(*query.Spec)) *query.Spec {
	if unrefined(fns) && guarded(outer.Handle, l) {
		return PivotSub(outer, l)
	}
	sub := outer.Sub(l.Model)
	place := Connect(sub, l)
	sub.Require(query.Same{A: place, B: query.Place{Table: outer.Table(), Column: l.Local}})
	Refine(sub, l)
	for _, fn := range fns {
		sub.Narrow(fn)
	}
	scope.AddGlobal(sub)
	sub.Orders = nil
	return sub
}

func unrefined(fns []func(*query.Spec)) bool {
	for _, fn := range fns {
		if fn != nil {
			return false
		}
	}
	return true
}

// guarded reports whether every pivot row leads to a related row that queries of the relation see: nothing hides related rows,
// and the database has a foreign key.
func guarded(h *tx.Handle, l *meta.Link) bool {
	return ByPivot(l) && h != nil && h.Database().Guarded(l.Pivot.Model.Table, l.Pivot.Related.Name)
}

// ByPivot reports whether the pivot rows alone decide which related rows the queries of a relation see.
func ByPivot(l *meta.Link) bool {
	return l.Kind == meta.ManyToMany && l.Model.Deleted == nil && len(l.Model.Globals)+len(l.OnQuery) == 0
}

// PivotSub returns a query of the pivot rows as a sub-query of outer: those that point to the row of outer.
func PivotSub(outer *query.Spec, l *meta.Link) *query.Spec {
	sub := outer.Sub(l.Pivot.Model)
	sub.Pivot = sub.Table()
	sub.Require(query.Same{
		A: query.Place{Table: sub.Table(), Column: l.Pivot.Owner}, B: query.Place{Table: outer.Table(), Column: l.Local},
	})
	RefinePivot(sub, l)
	scope.AddGlobal(sub)
	sub.Orders = nil
	return sub
}

// SelectPivot selects the keys and the declared columns of the pivot rows.
func SelectPivot(spec *query.Spec, l *meta.Link) {
	if l.Kind != meta.ManyToMany {
		return
	}
	for _, c := range append([]*meta.Column{l.Pivot.Owner, l.Pivot.Related}, l.Pivot.Columns...) {
		SelectPivotColumn(spec, c)
	}
}

// SelectPivotColumn selects a column of the pivot rows. A column that JSON hides does not become an extra: only the pivot record has it.
func SelectPivotColumn(spec *query.Spec, c *meta.Column) {
	name := query.PivotPrefix + c.Name
	for i := range spec.Outputs {
		if spec.Outputs[i].As == name {
			return
		}
	}
	// Both keys are compared with other columns, so they are not NULL.
	l := spec.Link
	sure := l != nil && (c == l.Pivot.Owner || c == l.Pivot.Related)
	spec.Outputs = append(spec.Outputs, query.Output{
		As: name, Place: query.Place{Table: spec.Pivot, Column: c}, Sure: sure, Hidden: c.JSON.Hidden, Pivot: l != nil && l.Pivot.Typed,
	})
}
