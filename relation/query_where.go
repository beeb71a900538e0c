// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/query"
)

// Where adds a condition: (column, value), (column, operator, value), or a func(*Query) that adds a group of conditions in
// parentheses. The operators are = != < <= > >= like, not like, ilike, not ilike, in, not in.
func (q *Query) Where(column any, args ...any) *Query {
	where(q.spec(), chain.Where, query.And, column, args)
	return q
}

// OrWhere is Where, joined by OR. A group says every other condition: OrWhere(func(q *relation.Query) { q.WhereIn("id",
// ids) }).
func (q *Query) OrWhere(column any, args ...any) *Query {
	where(q.spec(), chain.Where, query.Or, column, args)
	return q
}

// WhereNot adds the opposite of a condition; see Where for its forms.
func (q *Query) WhereNot(column any, args ...any) *Query {
	where(q.spec(), chain.Where, query.AndNot, column, args)
	return q
}

// OrWhereNot is WhereNot, joined by OR.
func (q *Query) OrWhereNot(column any, args ...any) *Query {
	where(q.spec(), chain.Where, query.OrNot, column, args)
	return q
}

// WhereIn keeps rows whose column is in values: a slice of any length, which is bound as one value, or a query of one
// column. No row is in an empty slice.
func (q *Query) WhereIn(column string, values any) *Query {
	chain.In(q.spec(), query.And, column, value(values))
	return q
}

// OrWhereIn is WhereIn, joined by OR.
func (q *Query) OrWhereIn(column string, values any) *Query {
	chain.In(q.spec(), query.Or, column, value(values))
	return q
}

// WhereNotIn keeps rows whose column is not in values. Every row is outside of an empty slice.
func (q *Query) WhereNotIn(column string, values any) *Query {
	chain.In(q.spec(), query.AndNot, column, value(values))
	return q
}

// OrWhereNotIn is WhereNotIn, joined by OR.
func (q *Query) OrWhereNotIn(column string, values any) *Query {
	chain.In(q.spec(), query.OrNot, column, value(values))
	return q
}

// WhereNull keeps rows whose column is NULL.
func (q *Query) WhereNull(column string) *Query {
	chain.Null(q.spec(), query.And, column)
	return q
}

// OrWhereNull is WhereNull, joined by OR.
func (q *Query) OrWhereNull(column string) *Query {
	chain.Null(q.spec(), query.Or, column)
	return q
}

// WhereNotNull keeps rows whose column is not NULL.
func (q *Query) WhereNotNull(column string) *Query {
	chain.Null(q.spec(), query.AndNot, column)
	return q
}

// OrWhereNotNull is WhereNotNull, joined by OR.
func (q *Query) OrWhereNotNull(column string) *Query {
	chain.Null(q.spec(), query.OrNot, column)
	return q
}

// WhereBetween keeps rows whose column is between from and to, both included.
func (q *Query) WhereBetween(column string, from, to any) *Query {
	chain.Between(q.spec(), query.And, column, from, to)
	return q
}

// OrWhereBetween is WhereBetween, joined by OR.
func (q *Query) OrWhereBetween(column string, from, to any) *Query {
	chain.Between(q.spec(), query.Or, column, from, to)
	return q
}

// WhereNotBetween keeps rows whose column is outside of from and to.
func (q *Query) WhereNotBetween(column string, from, to any) *Query {
	chain.Between(q.spec(), query.AndNot, column, from, to)
	return q
}

// OrWhereNotBetween is WhereNotBetween, joined by OR.
func (q *Query) OrWhereNotBetween(column string, from, to any) *Query {
	chain.Between(q.spec(), query.OrNot, column, from, to)
	return q
}

// WhereLike compares with LIKE of the database, which on SQLite ignores the case of ASCII letters.
func (q *Query) WhereLike(column, pattern string) *Query {
	chain.Like(q.spec(), query.And, column, pattern)
	return q
}

// OrWhereLike is WhereLike, joined by OR.
func (q *Query) OrWhereLike(column, pattern string) *Query {
	chain.Like(q.spec(), query.Or, column, pattern)
	return q
}

// WhereNotLike is the opposite of WhereLike.
func (q *Query) WhereNotLike(column, pattern string) *Query {
	chain.Like(q.spec(), query.AndNot, column, pattern)
	return q
}

// OrWhereNotLike is WhereNotLike, joined by OR.
func (q *Query) OrWhereNotLike(column, pattern string) *Query {
	chain.Like(q.spec(), query.OrNot, column, pattern)
	return q
}

// WhereILike is WhereLike that ignores case on every database.
func (q *Query) WhereILike(column, pattern string) *Query {
	chain.ILike(q.spec(), query.And, column, pattern)
	return q
}

// OrWhereILike is WhereILike, joined by OR.
func (q *Query) OrWhereILike(column, pattern string) *Query {
	chain.ILike(q.spec(), query.Or, column, pattern)
	return q
}

// WhereNotILike is the opposite of WhereILike.
func (q *Query) WhereNotILike(column, pattern string) *Query {
	chain.ILike(q.spec(), query.AndNot, column, pattern)
	return q
}

// OrWhereNotILike is WhereNotILike, joined by OR.
func (q *Query) OrWhereNotILike(column, pattern string) *Query {
	chain.ILike(q.spec(), query.OrNot, column, pattern)
	return q
}

// WhereColumn compares two columns.
func (q *Query) WhereColumn(left, op, right string) *Query {
	chain.Columns(q.spec(), query.And, left, op, right)
	return q
}

// OrWhereColumn is WhereColumn, joined by OR.
func (q *Query) OrWhereColumn(left, op, right string) *Query {
	chain.Columns(q.spec(), query.Or, left, op, right)
	return q
}

// WhereExists keeps rows for which sub has a row. In sub, columns of this query are named with their table:
// WhereColumn("posts.user_id", "=", "users.id").
func (q *Query) WhereExists(sub *Query) *Query {
	chain.Exists(q.spec(), query.And, specOrNil(sub))
	return q
}

// OrWhereExists is WhereExists, joined by OR.
func (q *Query) OrWhereExists(sub *Query) *Query {
	chain.Exists(q.spec(), query.Or, specOrNil(sub))
	return q
}

// WhereNotExists keeps rows for which sub has no row.
func (q *Query) WhereNotExists(sub *Query) *Query {
	chain.Exists(q.spec(), query.AndNot, specOrNil(sub))
	return q
}

// OrWhereNotExists is WhereNotExists, joined by OR.
func (q *Query) OrWhereNotExists(sub *Query) *Query {
	chain.Exists(q.spec(), query.OrNot, specOrNil(sub))
	return q
}

// WhereRaw adds SQL of the caller in parentheses. A ? stands for the next value, and for as many values as a slice has; ??
// is a question mark. Without values the text is sent as it is.
func (q *Query) WhereRaw(sql string, args ...any) *Query {
	chain.Raw(q.spec(), chain.Where, query.And, sql, values(args))
	return q
}

// OrWhereRaw is WhereRaw, joined by OR.
func (q *Query) OrWhereRaw(sql string, args ...any) *Query {
	chain.Raw(q.spec(), chain.Where, query.Or, sql, values(args))
	return q
}

// WhereKey keeps the rows with the primary keys. The elements of a slice count as ids. Without ids it keeps no row.
func (q *Query) WhereKey(ids ...any) *Query {
	chain.Keys(q.spec(), query.And, ids)
	return q
}

// WhereKeyNot keeps the rows without the primary keys.
func (q *Query) WhereKeyNot(ids ...any) *Query {
	chain.Keys(q.spec(), query.AndNot, ids)
	return q
}
