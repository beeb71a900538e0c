// SPDX-License-Identifier: MIT

// Package related makes queries of related rows: it joins what lies between the related model and the owner of a relation,
// and adds what the definition of the relation says.
package related

import (
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// Connect makes spec, a query of the related model, one of a relation. It joins the tables between the related model and the
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
	for _, one := range l.OfMany {
		pick(spec, l, one)
	}
}

// RefinePivot adds what the definition of a relation says of its pivot rows to a query of these.
func RefinePivot(spec *query.Spec, l *meta.Link) { narrow(spec, l.OnPivot) }

// pick keeps the one row of each owner that comes first in an order. Further conditions on the query may then leave nothing,
// but do not pick another row.
func pick(spec *query.Spec, l *meta.Link, one meta.OneOfMany) {
	key, err := l.Model.Key()
	if err != nil {
		spec.Fail(err)
		return
	}
	sub := spec.Sub(l.Model)
	sub.Require(query.Same{
		A: query.Place{Table: sub.Table(), Column: l.Foreign}, B: query.Place{Table: spec.Table(), Column: l.Foreign},
	})
	narrow(sub, l.OnQuery)
	sub.Orders = pickOrder(l.Model, one, key)
	scope.AddGlobal(sub)
	first := 1
	sub.Limit = &first
	spec.Require(query.Among{Place: query.Place{Table: spec.Table(), Column: key}, Sub: sub})
}

// pickOrder is the order in which the one of many comes first. NULL is neither the least nor the greatest value.
func pickOrder(m *meta.Model, one meta.OneOfMany, key *meta.Column) []query.Order {
	var orders []query.Order
	for _, name := range one.Columns {
		c, ok := m.Column(name)
		orders = append(orders, query.Order{Column: name, Desc: one.Desc, NullsLast: ok && c.Nullable && !c.NotNull})
	}
	if len(one.Columns) == 0 && len(m.Created) > 0 {
		orders = append(orders, query.Order{Column: m.Created[0].Attr, Desc: one.Desc})
	}
	return append(orders, query.Order{Column: key.Attr, Desc: one.Desc})
}

// Sub returns a query of the related rows as a sub-query of outer: those that belong to the row of outer.
func Sub(outer *query.Spec, l *meta.Link, fns ...func(*query.Spec)) *query.Spec {
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

// SelectPivot selects the keys and the declared columns of the pivot rows.
func SelectPivot(spec *query.Spec, l *meta.Link) {
	if l.Kind != meta.ManyToMany {
		return
	}
	for _, c := range append([]*meta.Column{l.Pivot.Owner, l.Pivot.Related}, l.Pivot.Columns...) {
		SelectPivotColumn(spec, c)
	}
}

// SelectPivotColumn selects a column of the pivot rows.
func SelectPivotColumn(spec *query.Spec, c *meta.Column) {
	name := query.PivotPrefix + c.Name
	for i := range spec.Outputs {
		if spec.Outputs[i].As == name {
			return
		}
	}
	// Both keys are compared with other columns, so they are not NULL.
	sure := spec.Link != nil && (c == spec.Link.Pivot.Owner || c == spec.Link.Pivot.Related)
	spec.Outputs = append(spec.Outputs, query.Output{As: name, Place: query.Place{Table: spec.Pivot, Column: c}, Sure: sure})
}
