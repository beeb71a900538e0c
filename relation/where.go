// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/query"
)

// Where adds a condition: (column, value), (column, operator, value), or a func(*Query) that adds a
// group in parentheses. Operators are = != < <= > >= like, not like, ilike, not ilike, in, not in.
//
//go:noinline
func (c *Chain[S]) Where(column any, args ...any) S {
	c.core.condition(&c.core.spec.Where, false, false, column, args)
	return c.self
}

// OrWhere is Where, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhere(column any, args ...any) S {
	c.core.condition(&c.core.spec.Where, true, false, column, args)
	return c.self
}

// WhereNot adds the opposite of a condition; see Where for its forms.
//
//go:noinline
func (c *Chain[S]) WhereNot(column any, args ...any) S {
	c.core.condition(&c.core.spec.Where, false, true, column, args)
	return c.self
}

// OrWhereNot is WhereNot, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNot(column any, args ...any) S {
	c.core.condition(&c.core.spec.Where, true, true, column, args)
	return c.self
}

// WhereIn keeps rows whose column is in values: a slice of any length, which is bound as one value,
// or a query of one column. Nothing is in an empty slice.
//
//go:noinline
func (c *Chain[S]) WhereIn(column string, values any) S {
	c.core.in(false, false, column, values)
	return c.self
}

// OrWhereIn is WhereIn, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereIn(column string, values any) S {
	c.core.in(true, false, column, values)
	return c.self
}

// WhereNotIn keeps rows whose column is not in values. Everything is outside of an empty slice.
//
//go:noinline
func (c *Chain[S]) WhereNotIn(column string, values any) S {
	c.core.in(false, true, column, values)
	return c.self
}

// OrWhereNotIn is WhereNotIn, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotIn(column string, values any) S {
	c.core.in(true, true, column, values)
	return c.self
}

// WhereNull keeps rows whose column is NULL.
//
//go:noinline
func (c *Chain[S]) WhereNull(column string) S {
	c.core.null(false, false, column)
	return c.self
}

// OrWhereNull is WhereNull, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNull(column string) S {
	c.core.null(true, false, column)
	return c.self
}

// WhereNotNull keeps rows whose column is not NULL.
//
//go:noinline
func (c *Chain[S]) WhereNotNull(column string) S {
	c.core.null(false, true, column)
	return c.self
}

// OrWhereNotNull is WhereNotNull, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotNull(column string) S {
	c.core.null(true, true, column)
	return c.self
}

// WhereBetween keeps rows whose column is between from and to, both included.
//
//go:noinline
func (c *Chain[S]) WhereBetween(column string, from, to any) S {
	c.core.between(false, false, column, from, to)
	return c.self
}

// OrWhereBetween is WhereBetween, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereBetween(column string, from, to any) S {
	c.core.between(true, false, column, from, to)
	return c.self
}

// WhereNotBetween keeps rows whose column is outside of from and to.
//
//go:noinline
func (c *Chain[S]) WhereNotBetween(column string, from, to any) S {
	c.core.between(false, true, column, from, to)
	return c.self
}

// OrWhereNotBetween is WhereNotBetween, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotBetween(column string, from, to any) S {
	c.core.between(true, true, column, from, to)
	return c.self
}

// WhereLike compares with LIKE of the database, which on SQLite ignores the case of ASCII letters.
//
//go:noinline
func (c *Chain[S]) WhereLike(column, pattern string) S {
	c.core.like(false, false, false, column, pattern)
	return c.self
}

// OrWhereLike is WhereLike, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereLike(column, pattern string) S {
	c.core.like(true, false, false, column, pattern)
	return c.self
}

// WhereNotLike is the opposite of WhereLike.
//
//go:noinline
func (c *Chain[S]) WhereNotLike(column, pattern string) S {
	c.core.like(false, true, false, column, pattern)
	return c.self
}

// OrWhereNotLike is WhereNotLike, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotLike(column, pattern string) S {
	c.core.like(true, true, false, column, pattern)
	return c.self
}

// WhereILike is WhereLike ignoring case on every database.
//
//go:noinline
func (c *Chain[S]) WhereILike(column, pattern string) S {
	c.core.like(false, false, true, column, pattern)
	return c.self
}

// OrWhereILike is WhereILike, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereILike(column, pattern string) S {
	c.core.like(true, false, true, column, pattern)
	return c.self
}

// WhereNotILike is the opposite of WhereILike.
//
//go:noinline
func (c *Chain[S]) WhereNotILike(column, pattern string) S {
	c.core.like(false, true, true, column, pattern)
	return c.self
}

// OrWhereNotILike is WhereNotILike, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotILike(column, pattern string) S {
	c.core.like(true, true, true, column, pattern)
	return c.self
}

// WhereColumn compares two columns.
//
//go:noinline
func (c *Chain[S]) WhereColumn(left, op, right string) S {
	c.core.compared(false, left, op, right)
	return c.self
}

// OrWhereColumn is WhereColumn, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereColumn(left, op, right string) S {
	c.core.compared(true, left, op, right)
	return c.self
}

// WhereExists keeps rows for which sub has a row. In sub, columns of this query are named with their
// table: WhereColumn("posts.user_id", "=", "users.id").
//
//go:noinline
func (c *Chain[S]) WhereExists(sub *Query) S {
	c.core.exists(false, false, sub)
	return c.self
}

// OrWhereExists is WhereExists, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereExists(sub *Query) S {
	c.core.exists(true, false, sub)
	return c.self
}

// WhereNotExists keeps rows for which sub has no row.
//
//go:noinline
func (c *Chain[S]) WhereNotExists(sub *Query) S {
	c.core.exists(false, true, sub)
	return c.self
}

// OrWhereNotExists is WhereNotExists, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereNotExists(sub *Query) S {
	c.core.exists(true, true, sub)
	return c.self
}

// WhereRaw adds SQL of the caller in parentheses. A ? stands for the next value, a slice for as many
// as it has; ?? is a question mark. Without values the text is sent as it is.
//
//go:noinline
func (c *Chain[S]) WhereRaw(sql string, args ...any) S {
	c.core.raw(false, sql, args)
	return c.self
}

// OrWhereRaw is WhereRaw, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereRaw(sql string, args ...any) S {
	c.core.raw(true, sql, args)
	return c.self
}

func raw(sql string, args []any) query.Raw {
	values := make([]any, len(args))
	for i, v := range args {
		if sub, ok := subquery(v); ok {
			v = sub
		}
		values[i] = v
	}
	return query.Raw{SQL: sql, Args: values}
}

// WhereKey keeps the rows with the primary keys; a slice among ids is taken apart. No key keeps no row.
//
//go:noinline
func (c *Chain[S]) WhereKey(ids ...any) S {
	c.core.keys(false, ids)
	return c.self
}

// WhereKeyNot keeps the rows without the primary keys.
//
//go:noinline
func (c *Chain[S]) WhereKeyNot(ids ...any) S {
	c.core.keys(true, ids)
	return c.self
}
