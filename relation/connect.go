// SPDX-License-Identifier: MIT

package relation

import (
	"strconv"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
)

// alias returns a name for a table that neither the query nor one around it uses: "" if the table's
// own name is free.
func alias(spec *query.Spec, table string) string {
	if !spec.Knows(table) {
		return ""
	}
	for n := 1; ; n++ {
		if name := table + "_" + strconv.Itoa(n); !spec.Knows(name) {
			return name
		}
	}
}

// connect makes spec, a query of the related model, one of a relation: it joins what lies between,
// and returns the column that tells whose a row is. It is equal to the owner's key.
func connect(spec *query.Spec, l *meta.Link) query.Place {
	spec.Link = l
	if !l.Through() {
		return hop(spec, l, spec.Table())
	}
	at := spec.Table()
	for i := len(l.Path) - 1; ; i-- {
		place := hop(spec, l.Path[i], at)
		if passed(spec, l.Path[i], at, place.Table); i == 0 {
			return place
		}
		owner := l.Path[i].Owner
		s := query.Source{Model: owner, Alias: alias(spec, owner.Table)}
		s.On, s.Other = query.Place{Table: s.Name(), Column: l.Path[i].Local}, place
		spec.Sources = append(spec.Sources, s)
		at = s.Name()
	}
}

// hop is connect for one relation, whose related table is known by the name at.
func hop(spec *query.Spec, l *meta.Link, at string) query.Place {
	place := query.Place{Table: at, Column: l.Foreign}
	if l.Kind != meta.ManyToMany {
		return place
	}
	s := query.Source{Model: l.Pivot.Model, Alias: alias(spec, l.Pivot.Model.Table)}
	s.On, s.Other = query.Place{Table: s.Name(), Column: l.Pivot.Related}, place
	spec.Sources = append(spec.Sources, s)
	if spec.Link == l {
		spec.Pivot = s.Name()
	}
	return query.Place{Table: s.Name(), Column: l.Pivot.Owner}
}

// passed applies what the definition of a relation on the way says, to its table, known by the name
// at, and to its pivot rows.
func passed(spec *query.Spec, l *meta.Link, at, pivot string) {
	if len(l.Narrow) > 0 {
		sub := query.New(spec.Handle, l.Model)
		sub.Outer, sub.Related, sub.Alias = spec, true, alias(spec, l.Model.Table)
		for _, fn := range l.Narrow {
			narrow(sub, fn)
		}
		sub.Orders = nil
		key, err := l.Model.Key()
		if err == nil {
			err = sub.Err
		}
		if err != nil {
			spec.Fail(err)
			return
		}
		spec.Require(query.Among{Place: query.Place{Table: at, Column: key}, Sub: sub})
	}
	if len(l.OnPivot) > 0 {
		of, own := spec.Link, spec.Pivot
		spec.Link, spec.Pivot = l, pivot
		orders := spec.Orders
		for _, fn := range l.OnPivot {
			narrow(spec, fn)
		}
		spec.Link, spec.Pivot, spec.Orders = of, own, orders
	}
}

// selectPivot selects the keys and declared columns of the pivot rows.
func selectPivot(spec *query.Spec, l *meta.Link) {
	if l.Kind != meta.ManyToMany {
		return
	}
	for _, c := range append([]*meta.Column{l.Pivot.Owner, l.Pivot.Related}, l.Pivot.Columns...) {
		selectPivotColumn(spec, c)
	}
}

func selectPivotColumn(spec *query.Spec, c *meta.Column) {
	name := query.PivotPrefix + c.Name
	for i := range spec.Outputs {
		if spec.Outputs[i].As == name {
			return
		}
	}
	sure := spec.Link != nil && (c == spec.Link.Pivot.Owner || c == spec.Link.Pivot.Related) // it is compared with another
	spec.Outputs = append(spec.Outputs, query.Output{As: name, Place: query.Place{Table: spec.Pivot, Column: c}, Sure: sure})
}

// refine applies what the definition of a relation says of its queries. The conditions of each function
// are a group, which an OR cannot leave.
func refine(spec *query.Spec, l *meta.Link) {
	for _, fn := range l.OnQuery {
		narrow(spec, fn)
	}
	for _, fn := range l.OnPivot {
		narrow(spec, fn)
	}
	for _, fn := range l.OfMany {
		if pick, ok := fn.(func(*Query) error); ok {
			ofMany(spec, l, pick)
		}
	}
}

// narrow runs a function that adds to a query, and keeps its conditions together.
func narrow(spec *query.Spec, fn any) {
	add, ok := fn.(func(*Query))
	if !ok || add == nil {
		return
	}
	if group := spec.Isolate(func() { add(newQuery(spec)) }); len(group) > 0 {
		spec.Require(query.Nested{Group: group})
	}
}

// ofMany keeps the one row of each parent that comes first in an order. Further conditions on the
// query may then leave nothing, but do not pick another row.
func ofMany(spec *query.Spec, l *meta.Link, pick func(*Query) error) {
	sub := query.New(spec.Handle, l.Model)
	sub.Outer, sub.Related, sub.Alias = spec, true, alias(spec, l.Model.Table)
	sub.Require(query.Same{
		A: query.Place{Table: sub.Table(), Column: l.Foreign}, B: query.Place{Table: spec.Table(), Column: l.Foreign},
	})
	for _, fn := range l.OnQuery {
		narrow(sub, fn)
	}
	sub.Orders = nil
	if err := pick(newQuery(sub)); err != nil {
		spec.Fail(err)
		return
	}
	applyScopes(sub)
	first := 1
	sub.Limit = &first
	key, err := l.Model.Key()
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Require(query.Among{Place: query.Place{Table: spec.Table(), Column: key}, Sub: sub})
}

// inside returns a query of the related model as a sub-query of outer: the rows that belong to the row
// of outer. fns add to it.
func inside(outer *query.Spec, l *meta.Link, fns ...func(*Query)) *query.Spec {
	sub := query.New(outer.Handle, l.Model)
	sub.Outer, sub.Related, sub.Alias = outer, true, alias(outer, l.Model.Table)
	place := connect(sub, l)
	sub.Require(query.Same{A: place, B: query.Place{Table: outer.Table(), Column: l.Local}})
	refine(sub, l)
	for _, fn := range fns {
		if fn != nil {
			narrow(sub, fn)
		}
	}
	applyScopes(sub)
	sub.Orders = nil
	return sub
}

// errPivot is the error for a method that is about pivot rows, in a query without.
func errPivot(method string) error {
	return errs.New(errs.ErrUnsupported, "%s outside of a manyToMany relation, which has pivot rows", method)
}
