// SPDX-License-Identifier: MIT

package relation

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
)

// aggregate functions of relations.
const (
	countRows = "count"
	anyRow    = "exists"
	byCaller  = "" // the function that the callback chooses
)

// with selects an aggregate of the related rows by a sub-query. path may end in " as alias".
func (c *core) with(path, fn, column string, refine []func(*Query)) {
	output, err := c.aggregateOf(path, fn, column, refine)
	if err == nil {
		err = c.freeAlias(output.As)
	}
	if err != nil {
		c.fail(err)
		return
	}
	c.spec.Outputs = append(c.spec.Outputs, output)
}

func (c *core) aggregateOf(path, fn, column string, refine []func(*Query)) (query.Output, error) {
	name, as, err := cutAlias(path)
	if err != nil {
		return query.Output{}, err
	}
	if strings.Contains(name, ".") {
		return query.Output{}, errs.New(errs.ErrUnsupported, "an aggregate of %s; it is of one relation, a through relation for more",
			ident.Quote(name))
	}
	l, err := c.spec.Model.LinkOf(name)
	if err != nil {
		return query.Output{}, err
	}
	sub := inside(c.spec, l, refine...)
	given := core{sub}
	if fn != countRows && fn != anyRow && fn != byCaller {
		given.aggregate(fn, column)
	}
	if sub.Err == nil && fn == byCaller && len(sub.Aggregates) == 0 {
		given.fail(errs.New(errs.ErrUnsupported, `WithAggregate whose function names no aggregate; call q.Aggregate("sum", "amount")`))
	}
	if sub.Err != nil {
		return query.Output{}, l.Error("aggregate", sub.Err)
	}
	sub.Limit, sub.Offset = nil, nil
	o := query.Output{Sub: sub, Exists: fn == anyRow, As: as}
	if o.Exists {
		o.Codec = meta.CodecOf[bool]()
	}
	switch {
	case o.As != "":
	case sub.As != "":
		o.As = sub.As
	default:
		o.As = defaultAlias(l, fn, sub)
	}
	return o, nil
}

// defaultAlias is relation_function or relation_function_column.
func defaultAlias(l *meta.Link, fn string, sub *query.Spec) string {
	name := meta.Snake(l.Field)
	if len(sub.Aggregates) == 0 {
		return name + "_" + fn
	}
	a := sub.Aggregates[0]
	if fn == byCaller && a.Named {
		return a.As
	}
	return name + "_" + meta.Snake(a.As)
}

// cutAlias reads "comments as total".
func cutAlias(path string) (name, alias string, err error) {
	name, alias, ok := strings.Cut(path, " as ")
	if !ok {
		return path, "", nil
	}
	if !ident.Valid(alias) {
		return "", "", errs.New(errs.ErrUnknownColumn, "%s is no alias; use letters, digits and underscores", ident.Quote(alias))
	}
	return name, alias, nil
}

// freeAlias refuses an alias that is a column, or that the query selects already.
func (c *core) freeAlias(alias string) error {
	if _, taken := c.spec.Model.Column(alias); taken && !c.spec.Model.Loose {
		return errs.New(errs.ErrUnknownColumn, "the alias %s is a column of %s; choose another", ident.Quote(alias), c.spec.Model.Name)
	}
	for i := range c.spec.Outputs {
		if c.spec.Outputs[i].As == alias {
			return errs.New(errs.ErrUnknownColumn, "the alias %s is given twice", ident.Quote(alias))
		}
	}
	return nil
}

// WithCount selects the number of related rows by a sub-query: into the field of that name, which is
// no column (PostsCount), else into Extras, under relation_count or the name in "posts as total".
//
//go:noinline
func (c *Chain[S]) WithCount(path string, fn ...func(*Query)) S {
	c.core.with(path, countRows, "", fn)
	return c.self
}

// WithSum selects the sum of a column of the related rows, NULL if there are none, under
// relation_sum_column; see WithCount.
//
//go:noinline
func (c *Chain[S]) WithSum(path, column string, fn ...func(*Query)) S {
	c.core.with(path, "sum", column, fn)
	return c.self
}

// WithMin selects the smallest value of a column of the related rows, as its type; see WithSum.
//
//go:noinline
func (c *Chain[S]) WithMin(path, column string, fn ...func(*Query)) S {
	c.core.with(path, "min", column, fn)
	return c.self
}

// WithMax selects the greatest value of a column of the related rows, as its type; see WithSum.
//
//go:noinline
func (c *Chain[S]) WithMax(path, column string, fn ...func(*Query)) S {
	c.core.with(path, "max", column, fn)
	return c.self
}

// WithAvg selects the average of a column of the related rows; see WithSum.
//
//go:noinline
func (c *Chain[S]) WithAvg(path, column string, fn ...func(*Query)) S {
	c.core.with(path, "avg", column, fn)
	return c.self
}

// WithExists selects whether there are related rows, as a bool, under relation_exists; see WithCount.
//
//go:noinline
func (c *Chain[S]) WithExists(path string, fn ...func(*Query)) S {
	c.core.with(path, anyRow, "", fn)
	return c.self
}

// WithAggregate selects the aggregate that fn chooses by q.Aggregate("sum", "amount").As("total"); see
// WithCount.
//
//go:noinline
func (c *Chain[S]) WithAggregate(path string, fn func(*Query)) S {
	c.core.with(path, byCaller, "", []func(*Query){fn})
	return c.self
}
