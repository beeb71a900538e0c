// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/query"
)

// WherePivot is Where on a column of the pivot row, in a query of a manyToMany relation or of its pivot rows. A name that
// was not declared is taken for a column if it is well formed, unless the relation has a pivot model, which knows its
// columns.
func (q *Query) WherePivot(column string, args ...any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivot", column); ok {
		chain.Condition(q.spec(), chain.Where, query.And, name, values(args))
	}
	return q
}

// OrWherePivot is WherePivot, joined by OR.
func (q *Query) OrWherePivot(column string, args ...any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivot", column); ok {
		chain.Condition(q.spec(), chain.Where, query.Or, name, values(args))
	}
	return q
}

// WherePivotNot is WhereNot on a column of the pivot row.
func (q *Query) WherePivotNot(column string, args ...any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotNot", column); ok {
		chain.Condition(q.spec(), chain.Where, query.AndNot, name, values(args))
	}
	return q
}

// OrWherePivotNot is WherePivotNot, joined by OR.
func (q *Query) OrWherePivotNot(column string, args ...any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotNot", column); ok {
		chain.Condition(q.spec(), chain.Where, query.OrNot, name, values(args))
	}
	return q
}

// WherePivotIn is WhereIn on a column of the pivot row.
func (q *Query) WherePivotIn(column string, values any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotIn", column); ok {
		chain.In(q.spec(), query.And, name, value(values))
	}
	return q
}

// OrWherePivotIn is WherePivotIn, joined by OR.
func (q *Query) OrWherePivotIn(column string, values any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotIn", column); ok {
		chain.In(q.spec(), query.Or, name, value(values))
	}
	return q
}

// WherePivotNotIn is WhereNotIn on a column of the pivot row.
func (q *Query) WherePivotNotIn(column string, values any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotNotIn", column); ok {
		chain.In(q.spec(), query.AndNot, name, value(values))
	}
	return q
}

// OrWherePivotNotIn is WherePivotNotIn, joined by OR.
func (q *Query) OrWherePivotNotIn(column string, values any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotNotIn", column); ok {
		chain.In(q.spec(), query.OrNot, name, value(values))
	}
	return q
}

// WherePivotNull is WhereNull on a column of the pivot row.
func (q *Query) WherePivotNull(column string) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotNull", column); ok {
		chain.Null(q.spec(), query.And, name)
	}
	return q
}

// OrWherePivotNull is WherePivotNull, joined by OR.
func (q *Query) OrWherePivotNull(column string) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotNull", column); ok {
		chain.Null(q.spec(), query.Or, name)
	}
	return q
}

// WherePivotNotNull is WhereNotNull on a column of the pivot row.
func (q *Query) WherePivotNotNull(column string) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotNotNull", column); ok {
		chain.Null(q.spec(), query.AndNot, name)
	}
	return q
}

// OrWherePivotNotNull is WherePivotNotNull, joined by OR.
func (q *Query) OrWherePivotNotNull(column string) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotNotNull", column); ok {
		chain.Null(q.spec(), query.OrNot, name)
	}
	return q
}

// WherePivotBetween is WhereBetween on a column of the pivot row.
func (q *Query) WherePivotBetween(column string, from, to any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotBetween", column); ok {
		chain.Between(q.spec(), query.And, name, from, to)
	}
	return q
}

// OrWherePivotBetween is WherePivotBetween, joined by OR.
func (q *Query) OrWherePivotBetween(column string, from, to any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotBetween", column); ok {
		chain.Between(q.spec(), query.Or, name, from, to)
	}
	return q
}

// WherePivotNotBetween is WhereNotBetween on a column of the pivot row.
func (q *Query) WherePivotNotBetween(column string, from, to any) *Query {
	if name, ok := chain.Pivot(q.spec(), "WherePivotNotBetween", column); ok {
		chain.Between(q.spec(), query.AndNot, name, from, to)
	}
	return q
}

// OrWherePivotNotBetween is WherePivotNotBetween, joined by OR.
func (q *Query) OrWherePivotNotBetween(column string, from, to any) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrWherePivotNotBetween", column); ok {
		chain.Between(q.spec(), query.OrNot, name, from, to)
	}
	return q
}

// OrderByPivot sorts by a column of the pivot row; see WherePivot.
func (q *Query) OrderByPivot(column string, dir ...Direction) *Query {
	if name, ok := chain.Pivot(q.spec(), "OrderByPivot", column); ok {
		chain.OrderBy(q.spec(), name, directions(dir)...)
	}
	return q
}

// PivotColumns selects further columns of the pivot row, which arrive in Extras as pivot_column. Keys and declared columns
// always do.
func (q *Query) PivotColumns(columns ...string) *Query {
	chain.PivotColumns(q.spec(), columns)
	return q
}
