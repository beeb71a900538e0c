// SPDX-License-Identifier: MIT

package relation

import (
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// Select loads only these columns; "*" is all of the model, to be combined with others. A column of a joined table, or one
// renamed by "column as alias", arrives in Extras. A record that was loaded without its key cannot be saved.
func (q *Query) Select(columns ...string) *Query {
	chain.Select(q.spec(), columns)
	return q
}

// SelectRaw selects SQL of the caller. A result column that is no column of the model arrives in Extras as the driver gives
// it. Without Select it is the whole selection; see WhereRaw for its values.
func (q *Query) SelectRaw(sql string, args ...any) *Query {
	chain.SelectRaw(q.spec(), sql, values(args))
	return q
}

// Distinct drops rows that are equal in the selected columns.
func (q *Query) Distinct() *Query {
	q.spec().Distinct = true
	return q
}

// Join joins the table of another registered model on left op right. Its soft deleted rows are left out, unless WithTrashed
// or OnlyTrashed is called too.
func (q *Query) Join(table, left, op, right string) *Query {
	q.spec().Joins = append(q.spec().Joins, query.Join{Table: table, First: left, Op: op, Other: right})
	return q
}

// LeftJoin is Join that keeps rows without a partner.
func (q *Query) LeftJoin(table, left, op, right string) *Query {
	q.spec().Joins = append(q.spec().Joins, query.Join{Left: true, Table: table, First: left, Op: op, Other: right})
	return q
}

// GroupBy groups rows. Without Select, the grouped columns are selected.
func (q *Query) GroupBy(columns ...string) *Query {
	q.spec().Groups = append(q.spec().Groups, columns...)
	return q
}

// Having is Where on groups. It also knows the names that Aggregate and WithCount have declared.
func (q *Query) Having(column any, args ...any) *Query {
	where(q.spec(), chain.Having, query.And, column, args)
	return q
}

// HavingRaw is WhereRaw on groups.
func (q *Query) HavingRaw(sql string, args ...any) *Query {
	chain.Raw(q.spec(), chain.Having, query.And, sql, values(args))
	return q
}

// Aggregate selects an aggregate of the query itself: count, countDistinct, sum, avg, min or max of a column, or count of
// "*". It arrives in Extras under fn_column, or under the name that As gives.
func (q *Query) Aggregate(fn, column string) *Query {
	chain.Aggregate(q.spec(), fn, column)
	return q
}

// As names the last aggregate.
func (q *Query) As(name string) *Query {
	chain.As(q.spec(), name)
	return q
}

// OrderBy sorts by a column, or by a name that Aggregate, WithCount or Select has declared. The direction is Asc unless it
// is given. Further calls sort rows that are equal so far.
func (q *Query) OrderBy(column string, dir ...Direction) *Query {
	chain.OrderBy(q.spec(), column, directions(dir)...)
	return q
}

// OrderByRaw sorts by SQL of the caller; see WhereRaw for its values.
func (q *Query) OrderByRaw(sql string, args ...any) *Query {
	chain.OrderByRaw(q.spec(), sql, values(args))
	return q
}

// Latest sorts by a column, by the time of creation if none is named, the newest row first.
func (q *Query) Latest(column ...string) *Query {
	chain.OrderByTime(q.spec(), column, string(Desc))
	return q
}

// Oldest sorts by a column, by the time of creation if none is named, the oldest row first.
func (q *Query) Oldest(column ...string) *Query {
	chain.OrderByTime(q.spec(), column, string(Asc))
	return q
}

// Reorder drops the orders so far.
func (q *Query) Reorder() *Query {
	q.spec().Orders = nil
	return q
}

// Limit returns at most n rows.
func (q *Query) Limit(n int) *Query {
	chain.Limit(q.spec(), n)
	return q
}

// Offset skips n rows.
func (q *Query) Offset(n int) *Query {
	chain.Offset(q.spec(), n)
	return q
}

// ForPage is the limit and offset of a page, counted from 1; a page below 1 is the first.
func (q *Query) ForPage(page, perPage int) *Query {
	chain.ForPage(q.spec(), page, perPage)
	return q
}

// LockForUpdate locks the rows until the transaction ends. SQLite locks the whole database for writing anyway, so there it
// does nothing.
func (q *Query) LockForUpdate() *Query {
	q.spec().Lock.Mode = query.ForUpdate
	return q
}

// LockForShare keeps others from changing the rows until the transaction ends; see LockForUpdate.
func (q *Query) LockForShare() *Query {
	q.spec().Lock.Mode = query.ForShare
	return q
}

// SkipLocked leaves out rows that others have locked. Without LockForUpdate or LockForShare, and on SQLite, it is an
// ErrUnsupported.
func (q *Query) SkipLocked() *Query {
	q.spec().Lock.Wait = query.SkipLocked
	return q
}

// NoWait fails at once if others have locked a row. Without LockForUpdate or LockForShare, and on SQLite, it is an
// ErrUnsupported.
func (q *Query) NoWait() *Query {
	q.spec().Lock.Wait = query.NoWait
	return q
}

// OnPrimary has the primary answer the query, and load its relations, where gorm's dbresolver sends reads to replicas. Without that
// plugin it does nothing. model.WithPrimary does the same for all calls with a context.
func (q *Query) OnPrimary() *Query {
	q.spec().Primary = true
	return q
}

// WithTrashed also returns soft deleted rows.
func (q *Query) WithTrashed() *Query {
	chain.Trashed(q.spec(), query.WithTrashed)
	return q
}

// OnlyTrashed returns soft deleted rows only.
func (q *Query) OnlyTrashed() *Query {
	chain.Trashed(q.spec(), query.OnlyTrashed)
	return q
}

// Scope adds the named scope of the model. Its conditions are a group, so that an OrWhere in the scope stays in it.
func (q *Query) Scope(name string, args ...any) *Query {
	scope.Add(q.spec(), name, args)
	return q
}

// WithoutScope leaves out global scopes by name, all of them if none is named.
func (q *Query) WithoutScope(names ...string) *Query {
	scope.Remove(q.spec(), names)
	return q
}

// Apply is the way out to gorm: fn gets an empty session of the model and returns it with conditions, joins, orders, limits
// or locking clauses, which the query takes over in parentheses, and with settings, such as dbresolver.Write, for a plugin
// that listens. Anything else that fn sets is an ErrUnsupported. Text given to gorm is not checked.
func (q *Query) Apply(fn func(*gorm.DB) *gorm.DB) *Query {
	chain.Apply(q.spec(), fn)
	return q
}

// Sideload gives every record of the result values of the caller, which model.Sideloaded returns.
func (q *Query) Sideload(values Attrs) *Query {
	q.spec().Sideload = values
	return q
}

// ReadOnly loads records without the snapshot that finds changes. Saving one is an ErrUnsupported.
func (q *Query) ReadOnly() *Query {
	q.spec().ReadOnly = true
	return q
}

// AutoLoad has Get load a relation that is not loaded, for all records of the result at once. The records keep each other
// in memory.
func (q *Query) AutoLoad() *Query {
	q.spec().AutoLoad = true
	return q
}

// AllRows allows Update, Increment and Delete without a condition.
func (q *Query) AllRows() *Query {
	q.spec().AllRows = true
	return q
}
