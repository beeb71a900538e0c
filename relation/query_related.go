// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/aggregate"
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/existence"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
)

// Has keeps rows with related rows, as many as n says; without it, at least one. The path may lead through several
// relations ("posts.comments"); the number is that of the last. It is a sub-query, not a statement of its own. As in
// Eloquent, what the definition of the relation says of its queries holds.
func (q *Query) Has(path string, n ...CountCond) *Query {
	existence.Add(q.spec(), query.And, existence.Has{Path: path, Counts: counts(n)})
	return q
}

// OrHas is Has, joined by OR.
func (q *Query) OrHas(path string, n ...CountCond) *Query {
	existence.Add(q.spec(), query.Or, existence.Has{Path: path, Counts: counts(n)})
	return q
}

// DoesntHave keeps rows without related rows. Of a path, the first step is negated: the row has no post that has a comment.
func (q *Query) DoesntHave(path string) *Query {
	existence.Add(q.spec(), query.AndNot, existence.Has{Path: path})
	return q
}

// OrDoesntHave is DoesntHave, joined by OR.
func (q *Query) OrDoesntHave(path string) *Query {
	existence.Add(q.spec(), query.OrNot, existence.Has{Path: path})
	return q
}

// WhereHas is Has of related rows for which the conditions of fn hold.
func (q *Query) WhereHas(path string, fn func(*Query), n ...CountCond) *Query {
	existence.Add(q.spec(), query.And, existence.Has{Path: path, Refine: refine(fn), Counts: counts(n)})
	return q
}

// OrWhereHas is WhereHas, joined by OR.
func (q *Query) OrWhereHas(path string, fn func(*Query), n ...CountCond) *Query {
	existence.Add(q.spec(), query.Or, existence.Has{Path: path, Refine: refine(fn), Counts: counts(n)})
	return q
}

// WhereDoesntHave is DoesntHave of related rows for which the conditions of fn hold.
func (q *Query) WhereDoesntHave(path string, fn func(*Query)) *Query {
	existence.Add(q.spec(), query.AndNot, existence.Has{Path: path, Refine: refine(fn)})
	return q
}

// OrWhereDoesntHave is WhereDoesntHave, joined by OR.
func (q *Query) OrWhereDoesntHave(path string, fn func(*Query)) *Query {
	existence.Add(q.spec(), query.OrNot, existence.Has{Path: path, Refine: refine(fn)})
	return q
}

// WhereRelation is WhereHas with one condition; see Where for its forms.
func (q *Query) WhereRelation(path, column string, args ...any) *Query {
	existence.Add(q.spec(), query.And, existence.Has{Path: path, Refine: condition(column, args)})
	return q
}

// OrWhereRelation is WhereRelation, joined by OR.
func (q *Query) OrWhereRelation(path, column string, args ...any) *Query {
	existence.Add(q.spec(), query.Or, existence.Has{Path: path, Refine: condition(column, args)})
	return q
}

// WithWhereHas is WhereHas, and preloads the rows that it looks for.
func (q *Query) WithWhereHas(path string, fn func(*Query), n ...CountCond) *Query {
	existence.Add(q.spec(), query.And, existence.Has{Path: path, Refine: refine(fn), Counts: counts(n)})
	preload.Add(q.spec(), path, refine(fn))
	return q
}

// WhereBelongsTo keeps rows that belong to a record, or to one of a slice of records. The relation is the only belongsTo to
// that model, unless it is named.
func (q *Query) WhereBelongsTo(parent any, relation ...string) *Query {
	existence.BelongsTo(q.spec(), parent, relation)
	return q
}

// WhereAttachedTo keeps rows that a manyToMany relation connects with a record, or with one of a slice of records. The
// relation is the only one to that model, unless it is named.
func (q *Query) WhereAttachedTo(related any, relation ...string) *Query {
	existence.AttachedTo(q.spec(), related, relation)
	return q
}

// WithCount selects the number of related rows by a sub-query: into the field of that name, which is no column
// (PostsCount), else into Extras, under relation_count or the name in "posts as total".
func (q *Query) WithCount(path string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: aggregate.Count, Refine: refineAll(fn)})
	return q
}

// WithSum selects the sum of a column of the related rows, NULL if there are none, under relation_sum_column; see
// WithCount.
func (q *Query) WithSum(path, column string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: "sum", Column: column, Refine: refineAll(fn)})
	return q
}

// WithMin selects the smallest value of a column of the related rows, as its type; see WithSum.
func (q *Query) WithMin(path, column string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: "min", Column: column, Refine: refineAll(fn)})
	return q
}

// WithMax selects the greatest value of a column of the related rows, as its type; see WithSum.
func (q *Query) WithMax(path, column string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: "max", Column: column, Refine: refineAll(fn)})
	return q
}

// WithAvg selects the average of a column of the related rows; see WithSum.
func (q *Query) WithAvg(path, column string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: "avg", Column: column, Refine: refineAll(fn)})
	return q
}

// WithExists selects whether there are related rows, as a bool, under relation_exists; see WithCount.
func (q *Query) WithExists(path string, fn ...func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: aggregate.Exists, Refine: refineAll(fn)})
	return q
}

// WithAggregate selects the aggregate that fn chooses by q.Aggregate("sum", "amount").As("total"); see WithCount.
func (q *Query) WithAggregate(path string, fn func(*Query)) *Query {
	aggregate.Select(q.spec(), aggregate.Aggregate{Path: path, Func: aggregate.Chosen, Refine: refineAll([]func(*Query){fn})})
	return q
}

// Preload loads a relation with the records: one statement per relation, however many records there are, and none if no
// record has a key. The path may lead through several relations ("posts.comments"), and name the columns to load
// ("author:id,name"; keys are added). fn adds to the query of the last relation: a limit counts per parent. Preloads of one
// relation are merged; one without columns loads all columns. fn runs before the first statement, and again if a hook adds
// to the relation.
//
// Related rows are matched by key. A relation to one is nil if there is no row, a list is empty. Several records that
// belong to one row share its record. Relations are loaded in the transaction of the query.
func (q *Query) Preload(path string, fn ...func(*Query)) *Query {
	preload.Add(q.spec(), path, refineAll(fn)...)
	return q
}

// PreloadOnce is Preload of a path that the query does not load already.
func (q *Query) PreloadOnce(path string) *Query {
	preload.AddOnce(q.spec(), path)
	return q
}

// GroupLimit loads at most n related rows per parent, the first in the order of GroupOrderBy, else of OrderBy, else the
// newest by key. Conditions hold before the rows are counted. In the query of one record's relation it is Limit.
func (q *Query) GroupLimit(n int) *Query {
	chain.GroupLimit(q.spec(), n)
	return q
}

// GroupOrderBy sorts the related rows of each parent for GroupLimit. Calls add up.
func (q *Query) GroupOrderBy(column string, dir ...Direction) *Query {
	chain.GroupOrderBy(q.spec(), column, directions(dir)...)
	return q
}
