// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/query"
)

// pivotName returns the name of a pivot column in the query, with its table in front.
func (c *core) pivotName(method, column string) (string, bool) {
	if c.spec.Pivot == "" {
		c.fail(errPivot(method))
		return "", false
	}
	model := c.spec.Model
	if c.spec.Link != nil {
		model = c.spec.Link.Pivot.Model
	}
	known, ok := model.Column(column)
	if !ok {
		c.fail(model.UnknownColumn(column))
		return "", false
	}
	return c.spec.Pivot + "." + known.Name, true
}

func (c *core) pivot(or, not bool, method, column string, args []any) {
	if name, ok := c.pivotName(method, column); ok {
		c.condition(&c.spec.Where, or, not, name, args)
	}
}

func (c *core) pivotNode(or bool, method, column string, node func(name string) query.Node) {
	if name, ok := c.pivotName(method, column); ok {
		c.where(or, node(name))
	}
}

func (c *core) pivotIn(or, not bool, method, column string, values any) {
	if sub, ok := subquery(values); ok {
		values = sub
	}
	c.pivotNode(or, method, column, func(name string) query.Node {
		return query.In{Column: name, Not: not, Values: values}
	})
}

//go:noinline
func (c *core) pivotNull(or, not bool, method, column string) {
	c.pivotNode(or, method, column, func(name string) query.Node { return query.Null{Column: name, Not: not} })
}

//go:noinline
func (c *core) pivotBetween(or, not bool, method, column string, from, to any) {
	c.pivotNode(or, method, column, func(name string) query.Node {
		return query.Between{Column: name, Not: not, From: from, To: to}
	})
}

func (c *core) orderByPivot(column string, dir []Direction) {
	if name, ok := c.pivotName("OrderByPivot", column); ok {
		c.orderBy(name, dir...)
	}
}

func (c *core) pivotColumns(columns []string) {
	for _, column := range columns {
		if _, ok := c.pivotName("PivotColumns", column); !ok {
			return
		}
		if c.spec.Link == nil { // the query is of the pivot table itself
			c.columns(column)
			continue
		}
		if known, ok := c.spec.Link.Pivot.Model.Column(column); ok {
			c.spec.Outputs = append([]query.Output(nil), c.spec.Outputs...)
			selectPivotColumn(c.spec, known)
		}
	}
}

// WherePivot is Where on a column of the pivot row, in a query of a manyToMany relation or of its
// pivot rows. A name that was not declared is taken for a column if it is well formed, unless the
// relation has a pivot model, which knows its columns.
//
//go:noinline
func (c *Chain[S]) WherePivot(column string, args ...any) S {
	c.core.pivot(false, false, "WherePivot", column, args)
	return c.self
}

// WherePivotNot is WhereNot on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotNot(column string, args ...any) S {
	c.core.pivot(false, true, "WherePivotNot", column, args)
	return c.self
}

// WherePivotIn is WhereIn on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotIn(column string, values any) S {
	c.core.pivotIn(false, false, "WherePivotIn", column, values)
	return c.self
}

// WherePivotNotIn is WhereNotIn on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotNotIn(column string, values any) S {
	c.core.pivotIn(false, true, "WherePivotNotIn", column, values)
	return c.self
}

// WherePivotNull is WhereNull on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotNull(column string) S {
	c.core.pivotNull(false, false, "WherePivotNull", column)
	return c.self
}

// WherePivotNotNull is WhereNotNull on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotNotNull(column string) S {
	c.core.pivotNull(false, true, "WherePivotNotNull", column)
	return c.self
}

// WherePivotBetween is WhereBetween on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotBetween(column string, from, to any) S {
	c.core.pivotBetween(false, false, "WherePivotBetween", column, from, to)
	return c.self
}

// WherePivotNotBetween is WhereNotBetween on a column of the pivot row.
//
//go:noinline
func (c *Chain[S]) WherePivotNotBetween(column string, from, to any) S {
	c.core.pivotBetween(false, true, "WherePivotNotBetween", column, from, to)
	return c.self
}

// OrWherePivot is WherePivot, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivot(column string, args ...any) S {
	c.core.pivot(true, false, "OrWherePivot", column, args)
	return c.self
}

// OrWherePivotNot is WherePivotNot, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotNot(column string, args ...any) S {
	c.core.pivot(true, true, "OrWherePivotNot", column, args)
	return c.self
}

// OrWherePivotIn is WherePivotIn, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotIn(column string, values any) S {
	c.core.pivotIn(true, false, "OrWherePivotIn", column, values)
	return c.self
}

// OrWherePivotNotIn is WherePivotNotIn, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotNotIn(column string, values any) S {
	c.core.pivotIn(true, true, "OrWherePivotNotIn", column, values)
	return c.self
}

// OrWherePivotNull is WherePivotNull, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotNull(column string) S {
	c.core.pivotNull(true, false, "OrWherePivotNull", column)
	return c.self
}

// OrWherePivotNotNull is WherePivotNotNull, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotNotNull(column string) S {
	c.core.pivotNull(true, true, "OrWherePivotNotNull", column)
	return c.self
}

// OrWherePivotBetween is WherePivotBetween, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotBetween(column string, from, to any) S {
	c.core.pivotBetween(true, false, "OrWherePivotBetween", column, from, to)
	return c.self
}

// OrWherePivotNotBetween is WherePivotNotBetween, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWherePivotNotBetween(column string, from, to any) S {
	c.core.pivotBetween(true, true, "OrWherePivotNotBetween", column, from, to)
	return c.self
}

// OrderByPivot sorts by a column of the pivot row; see WherePivot.
//
//go:noinline
func (c *Chain[S]) OrderByPivot(column string, dir ...Direction) S {
	c.core.orderByPivot(column, dir)
	return c.self
}

// PivotColumns selects further columns of the pivot row, which arrive in Extras as pivot_column; keys
// and declared columns always do.
//
//go:noinline
func (c *Chain[S]) PivotColumns(columns ...string) S {
	c.core.pivotColumns(columns)
	return c.self
}
