// SPDX-License-Identifier: MIT

package relation

import (
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
)

// preload adds the relations of a path to those that are loaded with the records of the query.
func (c *core) preload(path string, refine []func(*Query), once bool) {
	list, err := addPath(c.spec.Model, c.spec.Preloads, path, refine, once)
	if err != nil {
		c.fail(err)
		return
	}
	c.spec.Preloads = list
}

// addPath merges a path such as "posts.author:id,name" into a tree of relations of m. What is there
// already gets the further functions, columns and relations; with once it is left alone.
func addPath(m *meta.Model, list []query.Preload, path string, refine []func(*Query), once bool) ([]query.Preload, error) {
	step, rest, nested := strings.Cut(path, ".")
	name, columns, limited := strings.Cut(step, ":")
	l, err := m.LinkOf(name)
	if err != nil {
		return nil, err
	}
	p := query.Preload{Link: l}
	list = slices.Clone(list)
	at := indexOf(list, l.Relation)
	known := at >= 0
	if known {
		p = list[at]
		p.Query = nil
	}
	if limited {
		if p.Columns, err = addColumns(l, p.Columns, columns, known && len(p.Columns) == 0); err != nil {
			return nil, l.Error("preload", err)
		}
	} else if !nested || !known {
		p.Columns = nil
	}
	switch {
	case nested:
		if p.Children, err = addPath(l.Model, p.Children, rest, refine, once); err != nil {
			return nil, err
		}
	case !known || !once:
		p.Refine = slices.Clone(p.Refine)
		for _, fn := range refine {
			if fn != nil {
				p.Refine = append(p.Refine, fn)
			}
		}
	}
	if known {
		list[at] = p
		return list, nil
	}
	return append(list, p), nil
}

// addColumns reads "id,name". With all, every column is loaded already.
func addColumns(l *meta.Link, to []string, names string, all bool) ([]string, error) {
	to = slices.Clone(to)
	for name := range strings.SplitSeq(names, ",") {
		name = strings.Trim(name, " ")
		column, ok := l.Model.Column(name)
		if !ok {
			if name == "" {
				return nil, errs.New(errs.ErrUnknownColumn, "an empty name among the columns %s", ident.Quote(names))
			}
			return nil, l.Model.UnknownColumn(name)
		}
		if !slices.Contains(to, column.Attr) {
			to = append(to, column.Attr)
		}
	}
	if all {
		return nil, nil
	}
	return to, nil
}

// Preload loads a relation with the records: one statement per relation, however many records there
// are, and none if no record has a key. The path may lead through several relations
// ("posts.comments"), and name the columns to load ("author:id,name"; keys are added). fn adds to the
// query of the last relation: a limit counts per parent. Preloads of one relation are merged. fn runs before the
// first statement, and again if a hook adds to the relation.
//
// Related rows are matched by key. A relation to one is nil if there is no row, a list is empty. Several
// records that belong to one row share its record. Relations are loaded in the transaction of the query.
//
//go:noinline
func (c *Chain[S]) Preload(path string, fn ...func(*Query)) S {
	c.core.preload(path, fn, false)
	return c.self
}

// PreloadOnce is Preload of what is not to be loaded already.
//
//go:noinline
func (c *Chain[S]) PreloadOnce(path string) S {
	c.core.preload(path, nil, true)
	return c.self
}

// GroupLimit loads at most n related rows per parent, the first in the order of GroupOrderBy, else of
// OrderBy, else the newest by key. Conditions hold before the rows are counted. In the query of one
// record's relation it is Limit.
//
//go:noinline
func (c *Chain[S]) GroupLimit(n int) S {
	c.core.groupLimit(n)
	return c.self
}

// GroupOrderBy sorts the related rows of each parent for GroupLimit. Calls add up.
//
//go:noinline
func (c *Chain[S]) GroupOrderBy(column string, dir ...Direction) S {
	c.core.groupOrderBy(column, dir)
	return c.self
}

func (c *core) groupLimit(n int) {
	if n < 0 {
		c.fail(errs.New(errs.ErrInvalidValue, "a limit of %d", n))
		return
	}
	if c.spec.Link == nil {
		c.fail(errs.New(errs.ErrUnsupported, "GroupLimit outside of a relation; Limit limits a query"))
		return
	}
	c.spec.Limited = &n
}

func (c *core) groupOrderBy(column string, dir []Direction) {
	if c.spec.Link == nil {
		c.fail(errs.New(errs.ErrUnsupported, "GroupOrderBy outside of a relation; OrderBy sorts a query"))
		return
	}
	orders := c.spec.Orders
	c.spec.Orders = slices.Clip(c.spec.Picked)
	c.orderBy(column, dir...)
	c.spec.Picked, c.spec.Orders = c.spec.Orders, orders
}
