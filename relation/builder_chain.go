// SPDX-License-Identifier: MIT

package relation

import (
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/aggregate"
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/existence"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// Where adds a condition: (column, value), (column, operator, value), or a func(*Query) that adds a group of conditions in
// parentheses. The operators are = != < <= > >= like, not like, ilike, not ilike, in, not in.
//
//go:noinline
func (b *Builder[P]) Where(column any, args ...any) *Builder[P] {
	where(b.spec(), chain.Where, query.And, column, args)
	return b
}

// OrWhere is Where, joined by OR. A group says every other condition: OrWhere(func(q *relation.Query) { q.WhereIn("id",
// ids) }).
//
//go:noinline
func (b *Builder[P]) OrWhere(column any, args ...any) *Builder[P] {
	where(b.spec(), chain.Where, query.Or, column, args)
	return b
}

// WhereNot adds the opposite of a condition; see Where for its forms.
//
//go:noinline
func (b *Builder[P]) WhereNot(column any, args ...any) *Builder[P] {
	where(b.spec(), chain.Where, query.AndNot, column, args)
	return b
}

// WhereIn keeps rows whose column is in values: a slice of any length, which is bound as one value, or a query of one
// column. No row is in an empty slice.
//
//go:noinline
func (b *Builder[P]) WhereIn(column string, values any) *Builder[P] {
	chain.In(b.spec(), query.And, column, value(values))
	return b
}

// OrWhereIn is WhereIn, joined by OR.
//
//go:noinline
func (b *Builder[P]) OrWhereIn(column string, values any) *Builder[P] {
	chain.In(b.spec(), query.Or, column, value(values))
	return b
}

// WhereNotIn keeps rows whose column is not in values. Every row is outside of an empty slice.
//
//go:noinline
func (b *Builder[P]) WhereNotIn(column string, values any) *Builder[P] {
	chain.In(b.spec(), query.AndNot, column, value(values))
	return b
}

// WhereNull keeps rows whose column is NULL.
//
//go:noinline
func (b *Builder[P]) WhereNull(column string) *Builder[P] {
	chain.Null(b.spec(), query.And, column)
	return b
}

// OrWhereNull is WhereNull, joined by OR.
//
//go:noinline
func (b *Builder[P]) OrWhereNull(column string) *Builder[P] {
	chain.Null(b.spec(), query.Or, column)
	return b
}

// WhereNotNull keeps rows whose column is not NULL.
//
//go:noinline
func (b *Builder[P]) WhereNotNull(column string) *Builder[P] {
	chain.Null(b.spec(), query.AndNot, column)
	return b
}

// WhereBetween keeps rows whose column is between from and to, both included.
//
//go:noinline
func (b *Builder[P]) WhereBetween(column string, from, to any) *Builder[P] {
	chain.Between(b.spec(), query.And, column, from, to)
	return b
}

// WhereColumn compares two columns.
//
//go:noinline
func (b *Builder[P]) WhereColumn(left, op, right string) *Builder[P] {
	chain.Columns(b.spec(), query.And, left, op, right)
	return b
}

// WhereExists keeps rows for which sub has a row. In sub, columns of this query are named with their table:
// WhereColumn("posts.user_id", "=", "users.id").
//
//go:noinline
func (b *Builder[P]) WhereExists(sub *Query) *Builder[P] {
	chain.Exists(b.spec(), query.And, specOrNil(sub))
	return b
}

// WhereKey keeps the rows with the primary keys. The elements of a slice count as ids. Without ids it keeps no row.
//
//go:noinline
func (b *Builder[P]) WhereKey(ids ...any) *Builder[P] {
	chain.Keys(b.spec(), query.And, ids)
	return b
}

// WhereLike compares with LIKE of the database, which on SQLite ignores the case of ASCII letters.
//
//go:noinline
func (b *Builder[P]) WhereLike(column, pattern string) *Builder[P] {
	chain.Like(b.spec(), query.And, column, pattern)
	return b
}

// WhereILike is WhereLike that ignores case on every database.
//
//go:noinline
func (b *Builder[P]) WhereILike(column, pattern string) *Builder[P] {
	chain.ILike(b.spec(), query.And, column, pattern)
	return b
}

// WhereRaw adds SQL of the caller in parentheses. A ? stands for the next value, and for as many values as a slice has; ??
// is a question mark. Without values the text is sent as it is.
//
//go:noinline
func (b *Builder[P]) WhereRaw(sql string, args ...any) *Builder[P] {
	chain.Raw(b.spec(), chain.Where, query.And, sql, values(args))
	return b
}

// Select loads only these columns; "*" is all of the model, to be combined with others. A column of a joined table, or one
// renamed by "column as alias", arrives in Extras. A record that was loaded without its key cannot be saved.
//
//go:noinline
func (b *Builder[P]) Select(columns ...string) *Builder[P] {
	chain.Select(b.spec(), columns)
	return b
}

// SelectRaw selects SQL of the caller. A result column that is no column of the model arrives in Extras as the driver gives
// it. Without Select it is the whole selection; see WhereRaw for its values.
//
//go:noinline
func (b *Builder[P]) SelectRaw(sql string, args ...any) *Builder[P] {
	chain.SelectRaw(b.spec(), sql, values(args))
	return b
}

// Distinct drops rows that are equal in the selected columns.
//
//go:noinline
func (b *Builder[P]) Distinct() *Builder[P] {
	b.spec().Distinct = true
	return b
}

// Join joins the table of another registered model on left op right. Its soft deleted rows are left out, unless WithTrashed
// or OnlyTrashed is called too.
//
//go:noinline
func (b *Builder[P]) Join(table, left, op, right string) *Builder[P] {
	b.spec().Joins = append(b.spec().Joins, query.Join{Table: table, First: left, Op: op, Other: right})
	return b
}

// LeftJoin is Join that keeps rows without a partner.
//
//go:noinline
func (b *Builder[P]) LeftJoin(table, left, op, right string) *Builder[P] {
	b.spec().Joins = append(b.spec().Joins, query.Join{Left: true, Table: table, First: left, Op: op, Other: right})
	return b
}

// GroupBy groups rows. Without Select, the grouped columns are selected.
//
//go:noinline
func (b *Builder[P]) GroupBy(columns ...string) *Builder[P] {
	b.spec().Groups = append(b.spec().Groups, columns...)
	return b
}

// Having is Where on groups. It also knows the names that Aggregate and WithCount have declared.
//
//go:noinline
func (b *Builder[P]) Having(column any, args ...any) *Builder[P] {
	where(b.spec(), chain.Having, query.And, column, args)
	return b
}

// Aggregate selects an aggregate of the query itself: count, countDistinct, sum, avg, min or max of a column, or count of
// "*". It arrives in Extras under fn_column, or under the name that As gives.
//
//go:noinline
func (b *Builder[P]) Aggregate(fn, column string) *Builder[P] {
	chain.Aggregate(b.spec(), fn, column)
	return b
}

// As names the last aggregate.
//
//go:noinline
func (b *Builder[P]) As(name string) *Builder[P] {
	chain.As(b.spec(), name)
	return b
}

// OrderBy sorts by a column, or by a name that Aggregate, WithCount or Select has declared. The direction is Asc unless it
// is given. Further calls sort rows that are equal so far.
//
//go:noinline
func (b *Builder[P]) OrderBy(column string, dir ...Direction) *Builder[P] {
	chain.OrderBy(b.spec(), column, directions(dir)...)
	return b
}

// OrderByRaw sorts by SQL of the caller; see WhereRaw for its values.
//
//go:noinline
func (b *Builder[P]) OrderByRaw(sql string, args ...any) *Builder[P] {
	chain.OrderByRaw(b.spec(), sql, values(args))
	return b
}

// Latest sorts by a column, by the time of creation if none is named, the newest row first.
//
//go:noinline
func (b *Builder[P]) Latest(column ...string) *Builder[P] {
	chain.OrderByTime(b.spec(), column, string(Desc))
	return b
}

// Oldest sorts by a column, by the time of creation if none is named, the oldest row first.
//
//go:noinline
func (b *Builder[P]) Oldest(column ...string) *Builder[P] {
	chain.OrderByTime(b.spec(), column, string(Asc))
	return b
}

// Limit returns at most n rows.
//
//go:noinline
func (b *Builder[P]) Limit(n int) *Builder[P] {
	chain.Limit(b.spec(), n)
	return b
}

// Offset skips n rows.
//
//go:noinline
func (b *Builder[P]) Offset(n int) *Builder[P] {
	chain.Offset(b.spec(), n)
	return b
}

// LockForUpdate locks the rows until the transaction ends. SQLite locks the whole database for writing anyway, so there it
// does nothing.
//
//go:noinline
func (b *Builder[P]) LockForUpdate() *Builder[P] {
	b.spec().Lock.Mode = query.ForUpdate
	return b
}

// LockForShare keeps others from changing the rows until the transaction ends; see LockForUpdate.
//
//go:noinline
func (b *Builder[P]) LockForShare() *Builder[P] {
	b.spec().Lock.Mode = query.ForShare
	return b
}

// SkipLocked leaves out rows that others have locked. Without LockForUpdate or LockForShare, and on SQLite, it is an
// ErrUnsupported.
//
//go:noinline
func (b *Builder[P]) SkipLocked() *Builder[P] {
	b.spec().Lock.Wait = query.SkipLocked
	return b
}

// NoWait fails at once if others have locked a row. Without LockForUpdate or LockForShare, and on SQLite, it is an
// ErrUnsupported.
//
//go:noinline
func (b *Builder[P]) NoWait() *Builder[P] {
	b.spec().Lock.Wait = query.NoWait
	return b
}

// WithTrashed also returns soft deleted rows.
//
//go:noinline
func (b *Builder[P]) WithTrashed() *Builder[P] {
	chain.Trashed(b.spec(), query.WithTrashed)
	return b
}

// OnlyTrashed returns soft deleted rows only.
//
//go:noinline
func (b *Builder[P]) OnlyTrashed() *Builder[P] {
	chain.Trashed(b.spec(), query.OnlyTrashed)
	return b
}

// Scope adds the named scope of the model. Its conditions are a group, so that an OrWhere in the scope stays in it.
//
//go:noinline
func (b *Builder[P]) Scope(name string, args ...any) *Builder[P] {
	scope.Add(b.spec(), name, args)
	return b
}

// WithoutScope leaves out global scopes by name, all of them if none is named.
//
//go:noinline
func (b *Builder[P]) WithoutScope(names ...string) *Builder[P] {
	scope.Remove(b.spec(), names)
	return b
}

// Apply is the way out to gorm: fn gets an empty session of the model and returns it with conditions, joins, orders, limits
// or locking clauses, which the query takes over in parentheses, and with settings, such as dbresolver.Write, for a plugin
// that listens. Anything else that fn sets is an ErrUnsupported. Text given to gorm is not checked.
//
//go:noinline
func (b *Builder[P]) Apply(fn func(*gorm.DB) *gorm.DB) *Builder[P] {
	chain.Apply(b.spec(), fn)
	return b
}

// AllRows allows Update, Increment and Delete without a condition.
//
//go:noinline
func (b *Builder[P]) AllRows() *Builder[P] {
	b.spec().AllRows = true
	return b
}

// Has keeps rows with related rows, as many as n says; without it, at least one. The path may lead through several
// relations ("posts.comments"); the number is that of the last. It is a sub-query, not a statement of its own. As in
// Eloquent, what the definition of the relation says of its queries holds.
//
//go:noinline
func (b *Builder[P]) Has(path string, n ...CountCond) *Builder[P] {
	existence.Add(b.spec(), query.And, existence.Has{Path: path, Counts: counts(n)})
	return b
}

// DoesntHave keeps rows without related rows. Of a path, the first step is negated: the row has no post that has a comment.
//
//go:noinline
func (b *Builder[P]) DoesntHave(path string) *Builder[P] {
	existence.Add(b.spec(), query.AndNot, existence.Has{Path: path})
	return b
}

// WhereHas is Has of related rows for which the conditions of fn hold.
//
//go:noinline
func (b *Builder[P]) WhereHas(path string, fn func(*Query), n ...CountCond) *Builder[P] {
	existence.Add(b.spec(), query.And, existence.Has{Path: path, Refine: refine(fn), Counts: counts(n)})
	return b
}

// OrWhereHas is WhereHas, joined by OR.
//
//go:noinline
func (b *Builder[P]) OrWhereHas(path string, fn func(*Query), n ...CountCond) *Builder[P] {
	existence.Add(b.spec(), query.Or, existence.Has{Path: path, Refine: refine(fn), Counts: counts(n)})
	return b
}

// WhereDoesntHave is DoesntHave of related rows for which the conditions of fn hold.
//
//go:noinline
func (b *Builder[P]) WhereDoesntHave(path string, fn func(*Query)) *Builder[P] {
	existence.Add(b.spec(), query.AndNot, existence.Has{Path: path, Refine: refine(fn)})
	return b
}

// WithCount selects the number of related rows by a sub-query: into the field of that name, which is no column
// (PostsCount), else into Extras, under relation_count or the name in "posts as total".
//
//go:noinline
func (b *Builder[P]) WithCount(path string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: aggregate.Count, Refine: refineAll(fn)})
	return b
}

// WithSum selects the sum of a column of the related rows, NULL if there are none, under relation_sum_column; see
// WithCount.
//
//go:noinline
func (b *Builder[P]) WithSum(path, column string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: "sum", Column: column, Refine: refineAll(fn)})
	return b
}

// WithMin selects the smallest value of a column of the related rows, as its type; see WithSum.
//
//go:noinline
func (b *Builder[P]) WithMin(path, column string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: "min", Column: column, Refine: refineAll(fn)})
	return b
}

// WithMax selects the greatest value of a column of the related rows, as its type; see WithSum.
//
//go:noinline
func (b *Builder[P]) WithMax(path, column string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: "max", Column: column, Refine: refineAll(fn)})
	return b
}

// WithAvg selects the average of a column of the related rows; see WithSum.
//
//go:noinline
func (b *Builder[P]) WithAvg(path, column string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: "avg", Column: column, Refine: refineAll(fn)})
	return b
}

// WithExists selects whether there are related rows, as a bool, under relation_exists; see WithCount.
//
//go:noinline
func (b *Builder[P]) WithExists(path string, fn ...func(*Query)) *Builder[P] {
	aggregate.Select(b.spec(), aggregate.Aggregate{Path: path, Func: aggregate.Exists, Refine: refineAll(fn)})
	return b
}

// Preload loads a relation with the records: one statement per relation, however many records there are, and none if no
// record has a key. The path may lead through several relations ("posts.comments"), and name the columns to load
// ("author:id,name"; keys are added). fn adds to the query of the last relation: a limit counts per parent. Preloads of one
// relation are merged; one without columns loads all columns. fn runs before the first statement, and again if a hook adds
// to the relation.
//
// Related rows are matched by key. A relation to one is nil if there is no row, a list is empty. Several records that
// belong to one row share its record. Relations are loaded in the transaction of the query.
//
//go:noinline
func (b *Builder[P]) Preload(path string, fn ...func(*Query)) *Builder[P] {
	preload.Add(b.spec(), path, refineAll(fn)...)
	return b
}
