// SPDX-License-Identifier: MIT

package relation

import (
	"math"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/query"
)

// Select loads only these columns; "*" is all of the model, to be combined with others. A column of a joined table, or one renamed by "column as alias",
// arrives in Extras. A record that was loaded without its key cannot be saved.
//
//go:noinline
func (c *Chain[S]) Select(columns ...string) S {
	c.core.columns(columns...)
	return c.self
}

// SelectRaw selects SQL of the caller; what is no column of the model arrives in Extras as the driver
// gives it. Without Select it is the whole selection; see WhereRaw for its values.
//
//go:noinline
func (c *Chain[S]) SelectRaw(sql string, args ...any) S {
	c.core.rawColumns(sql, args...)
	return c.self
}

// Distinct drops rows that are equal in the selected columns.
//
//go:noinline
func (c *Chain[S]) Distinct() S {
	c.core.spec.Distinct = true
	return c.self
}

// Join joins the table of another registered model on left op right. Its soft deleted rows are left
// out, unless WithTrashed or OnlyTrashed is called too.
//
//go:noinline
func (c *Chain[S]) Join(table, left, op, right string) S {
	c.core.join(table, left, op, right)
	return c.self
}

// LeftJoin is Join that keeps rows without a partner.
//
//go:noinline
func (c *Chain[S]) LeftJoin(table, left, op, right string) S {
	c.core.leftJoin(table, left, op, right)
	return c.self
}

// GroupBy groups rows. Without Select, the grouped columns are selected.
//
//go:noinline
func (c *Chain[S]) GroupBy(columns ...string) S {
	c.core.groupBy(columns...)
	return c.self
}

// Having is Where on groups. It also knows the names that Aggregate has declared.
//
//go:noinline
func (c *Chain[S]) Having(column any, args ...any) S {
	c.core.condition(&c.core.spec.Having, false, false, column, args)
	return c.self
}

// HavingRaw is WhereRaw on groups.
//
//go:noinline
func (c *Chain[S]) HavingRaw(sql string, args ...any) S {
	c.core.rawHaving(sql, args...)
	return c.self
}

// Aggregate selects an aggregate of the query itself: count, countDistinct, sum, avg, min or max of
// a column, or count of "*". It arrives in Extras under fn_column, or the name that As gives.
//
//go:noinline
func (c *Chain[S]) Aggregate(fn, column string) S {
	c.core.aggregate(fn, column)
	return c.self
}

// As names the last aggregate.
//
//go:noinline
func (c *Chain[S]) As(name string) S {
	c.core.as(name)
	return c.self
}

// OrderBy sorts by a column, or by a name that Aggregate or Select has declared. Orders add up.
//
//go:noinline
func (c *Chain[S]) OrderBy(column string, dir ...Direction) S {
	c.core.orderBy(column, dir...)
	return c.self
}

// OrderByRaw sorts by SQL of the caller; see WhereRaw for its values.
//
//go:noinline
func (c *Chain[S]) OrderByRaw(sql string, args ...any) S {
	c.core.rawOrder(sql, args...)
	return c.self
}

// Latest sorts by a column, created_at if none is named, the newest first.
//
//go:noinline
func (c *Chain[S]) Latest(column ...string) S {
	c.core.byTime(Desc, column)
	return c.self
}

// Oldest sorts by a column, created_at if none is named, the oldest first.
//
//go:noinline
func (c *Chain[S]) Oldest(column ...string) S {
	c.core.byTime(Asc, column)
	return c.self
}

// Reorder drops the orders so far.
//
//go:noinline
func (c *Chain[S]) Reorder() S {
	c.core.spec.Orders = nil
	return c.self
}

// Limit returns at most n rows.
//
//go:noinline
func (c *Chain[S]) Limit(n int) S {
	c.core.limit(n)
	return c.self
}

// Offset skips n rows.
//
//go:noinline
func (c *Chain[S]) Offset(n int) S {
	c.core.offset(n)
	return c.self
}

// ForPage is the limit and offset of a page, counted from 1; a page below is the first.
//
//go:noinline
func (c *Chain[S]) ForPage(page, perPage int) S {
	c.core.forPage(page, perPage)
	return c.self
}

// pageOffset returns how many rows are before a page, and corrects the page.
func pageOffset(page *int, perPage int) (int, error) {
	*page = max(1, *page)
	if perPage < 1 {
		return 0, errs.New(errs.ErrInvalidValue, "%d rows per page", perPage)
	}
	if *page-1 > math.MaxInt32/perPage*2 {
		return 0, errs.New(errs.ErrInvalidValue, "page %d of %d rows is beyond what a query can skip", *page, perPage)
	}
	return (*page - 1) * perPage, nil
}

// LockForUpdate locks the rows until the transaction ends. SQLite locks the whole database for
// writing anyway, so there it does nothing.
//
//go:noinline
func (c *Chain[S]) LockForUpdate() S {
	c.core.spec.Lock.Mode = query.ForUpdate
	return c.self
}

// LockForShare keeps others from changing the rows until the transaction ends; see LockForUpdate.
//
//go:noinline
func (c *Chain[S]) LockForShare() S {
	c.core.spec.Lock.Mode = query.ForShare
	return c.self
}

// SkipLocked leaves out rows that others have locked. Not on SQLite.
//
//go:noinline
func (c *Chain[S]) SkipLocked() S {
	c.core.spec.Lock.Wait = query.SkipLocked
	return c.self
}

// NoWait fails at once if others have locked a row. Not on SQLite.
//
//go:noinline
func (c *Chain[S]) NoWait() S {
	c.core.spec.Lock.Wait = query.NoWait
	return c.self
}

// WithTrashed also returns soft deleted rows.
//
//go:noinline
func (c *Chain[S]) WithTrashed() S {
	c.core.trashed(query.WithTrashed)
	return c.self
}

// OnlyTrashed returns soft deleted rows only.
//
//go:noinline
func (c *Chain[S]) OnlyTrashed() S {
	c.core.trashed(query.OnlyTrashed)
	return c.self
}
