// SPDX-License-Identifier: MIT

package relation

import (
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/query"
)

// core does what the methods of a chain say. It has no type parameter, so that the compiler makes it
// once, and not once more for every model. Its methods that are short enough to be inlined into those
// of a chain are kept from it.
type core struct{ spec *query.Spec }

// where adds a condition.
func (c *core) where(or bool, n query.Node) {
	c.spec.Where = append(c.spec.Where, query.Term{Or: or, Node: n})
}

// fail keeps a mistake for the terminal.
func (c *core) fail(err error) {
	c.spec.Fail(err)
}

// condition adds what Where and its kin are given: column and value, column, operator and value, or
// a function that adds a group of conditions.
func (c *core) condition(to *query.Group, or, not bool, column any, args []any) {
	var node query.Node
	switch column := column.(type) {
	case string:
		switch len(args) {
		case 1:
			node = query.NewCompare(column, "=", args[0])
		case 2:
			op, ok := args[0].(string)
			if !ok {
				c.fail(errs.New(errs.ErrUnsupported, "an operator of type %T; it is a string such as \"=\"", args[0]))
				return
			}
			value := args[1]
			if sub, ok := subquery(value); ok && strings.HasSuffix(strings.ToLower(op), "in") {
				value = sub
			}
			node = query.NewCompare(column, op, value)
		default:
			c.fail(errs.New(errs.ErrInvalidValue, "a condition on %s with %d arguments; give a value, or an operator and a value",
				ident.Quote(column), len(args)))
			return
		}
	case func(*Query):
		if len(args) > 0 {
			c.fail(errs.New(errs.ErrInvalidValue, "a group of conditions takes no further arguments"))
			return
		}
		group, err := c.group(column)
		if err != nil {
			c.fail(err)
			return
		}
		node = query.Nested{Group: group}
	default:
		c.fail(errs.New(errs.ErrUnsupported, "a condition on a %T; name a column, or pass a func(*relation.Query)", column))
		return
	}
	*to = append(*to, query.Term{Or: or, Not: not, Node: node})
}

// group collects the conditions that fn adds.
func (c *core) group(fn func(*Query)) (query.Group, error) {
	if fn == nil {
		return nil, errs.New(errs.ErrInvalidValue, "a nil function for a group of conditions")
	}
	spec := query.New(c.spec.Handle, c.spec.Model)
	spec.Alias, spec.Outer, spec.Related = c.spec.Alias, c.spec, c.spec.Related
	spec.Link, spec.Pivot = c.spec.Link, c.spec.Pivot
	inner := newQuery(spec)
	inner.group = true
	fn(inner)
	if spec.Err != nil {
		return nil, spec.Err
	}
	if !spec.OnlyConditions() {
		return nil, errs.New(errs.ErrUnsupported, "a group holds conditions only; order, limit, select and join on the query itself")
	}
	for name := range spec.Unscoped {
		if c.spec.Unscoped == nil {
			c.spec.Unscoped = map[string]bool{}
		}
		c.spec.Unscoped[name] = true
	}
	if len(spec.Where) == 0 {
		return nil, errs.New(errs.ErrInvalidValue, "an empty group of conditions")
	}
	return spec.Where, nil
}

func (c *core) apply(fn func(*gorm.DB) *gorm.DB) {
	if fn == nil {
		c.fail(errs.New(errs.ErrInvalidValue, "Apply of a nil function"))
		return
	}
	c.spec.Applied = append(c.spec.Applied, fn)
}

func (c *core) in(or, not bool, column string, values any) {
	if sub, ok := subquery(values); ok {
		values = sub
	}
	c.where(or, query.In{Column: column, Not: not, Values: values})
}

func (c *core) exists(or, not bool, sub *Query) {
	if sub == nil {
		c.fail(errs.New(errs.ErrInvalidValue, "WhereExists of a nil query"))
		return
	}
	c.where(or, query.Exists{Not: not, Sub: sub.scoped()})
}

func (c *core) keys(not bool, ids []any) {
	list, err := keyList(c.spec.Model, flatten(ids))
	if err != nil {
		c.fail(err)
		return
	}
	c.where(false, query.Keys{Not: not, IDs: list})
}

//go:noinline
func (c *core) columns(columns ...string) {
	for _, column := range columns {
		c.spec.Columns = append(c.spec.Columns, query.Selection{Column: column})
	}
}

//go:noinline
func (c *core) rawColumns(sql string, args ...any) {
	r := raw(sql, args)
	c.spec.Columns = append(c.spec.Columns, query.Selection{Raw: &r})
}

//go:noinline
func (c *core) join(table, left, op, right string) {
	c.spec.Joins = append(c.spec.Joins, query.Join{Table: table, First: left, Op: op, Other: right})
}

//go:noinline
func (c *core) leftJoin(table, left, op, right string) {
	c.spec.Joins = append(c.spec.Joins, query.Join{Left: true, Table: table, First: left, Op: op, Other: right})
}

//go:noinline
func (c *core) groupBy(columns ...string) {
	c.spec.Groups = append(c.spec.Groups, columns...)
}

//go:noinline
func (c *core) rawHaving(sql string, args ...any) {
	c.spec.Having = append(c.spec.Having, query.Term{Node: raw(sql, args)})
}

func (c *core) aggregate(fn, column string) {
	name := fn
	if column != "*" {
		name = fn + "_" + column
		if known, ok := c.spec.Model.Column(column); ok {
			name = fn + "_" + known.Name
		}
	}
	c.spec.Aggregates = append(c.spec.Aggregates, query.Aggregate{Func: fn, Column: column, As: name})
}

func (c *core) as(name string) {
	n := len(c.spec.Aggregates)
	if n == 0 && c.spec.Related && ident.Valid(name) { // of the count that the sub-query is
		c.spec.As = name
		return
	}
	if n == 0 {
		c.fail(errs.New(errs.ErrUnsupported, "As(%s) without an Aggregate before it", ident.Quote(name)))
		return
	}
	if !ident.Valid(name) {
		c.fail(errs.New(errs.ErrUnknownColumn, "%s is no alias; use letters, digits and underscores", ident.Quote(name)))
		return
	}
	if _, taken := c.spec.Model.Column(name); taken {
		c.fail(errs.New(errs.ErrUnknownColumn, "the alias %s is a column of %s; choose another", ident.Quote(name), c.spec.Model.Name))
		return
	}
	for _, a := range c.spec.Aggregates[:n-1] {
		if a.As == name {
			c.fail(errs.New(errs.ErrUnknownColumn, "the alias %s is given twice", ident.Quote(name)))
			return
		}
	}
	c.spec.Aggregates[n-1].As, c.spec.Aggregates[n-1].Named = name, true
}

func (c *core) orderBy(column string, dir ...Direction) {
	order := query.Order{Column: column}
	if len(dir) > 1 {
		c.fail(errs.New(errs.ErrUnsupported, "OrderBy(%s) with %d directions", ident.Quote(column), len(dir)))
		return
	}
	if len(dir) == 1 {
		switch dir[0] {
		case Asc:
		case Desc:
			order.Desc = true
		default:
			c.fail(errs.New(errs.ErrUnsupported, "direction %s; use relation.Asc or relation.Desc", ident.Quote(string(dir[0]))))
			return
		}
	}
	c.spec.Orders = append(c.spec.Orders, order)
}

//go:noinline
func (c *core) rawOrder(sql string, args ...any) {
	r := raw(sql, args)
	c.spec.Orders = append(c.spec.Orders, query.Order{Raw: &r})
}

func (c *core) byTime(dir Direction, column []string) {
	if len(column) > 0 {
		c.orderBy(column[0], dir)
		return
	}
	if len(c.spec.Model.Created) == 0 {
		c.fail(errs.New(errs.ErrUnknownColumn, "%s has no timestamp of creation; name the column to sort by", c.spec.Model.Name))
		return
	}
	c.orderBy(c.spec.Model.Created[0].Attr, dir)
}

func (c *core) limit(n int) {
	if n < 0 {
		c.fail(errs.New(errs.ErrInvalidValue, "a limit of %d", n))
		return
	}
	c.spec.Limit = &n
}

func (c *core) offset(n int) {
	if n < 0 {
		c.fail(errs.New(errs.ErrInvalidValue, "an offset of %d", n))
		return
	}
	c.spec.Offset = &n
}

func (c *core) forPage(page, perPage int) {
	offset, err := pageOffset(&page, perPage)
	if err != nil {
		c.fail(err)
		return
	}
	c.spec.Limit, c.spec.Offset = &perPage, &offset
}

func (c *core) trashed(t query.Trashed) {
	if c.spec.Model.Deleted == nil {
		c.fail(errs.New(errs.ErrUnsupported, "%s has no soft deletes; give it a gorm.DeletedAt field", c.spec.Model.Name))
		return
	}
	c.spec.Trashed = t
}

func (c *core) scope(name string, args ...any) {
	m := c.spec.Model
	fn, ok := m.Scopes[name].(func(q *Query, args ...any))
	if !ok {
		known := make([]string, 0, len(m.Scopes))
		for scope := range m.Scopes {
			known = append(known, scope)
		}
		c.fail(errs.New(errs.ErrUnknownScope, "%s has no scope %s%s", m.Name, ident.Quote(name), errs.DidYouMean(name, known)))
		return
	}
	if group := c.spec.Isolate(func() { fn(newQuery(c.spec), args...) }); len(group) > 0 {
		c.where(false, query.Nested{Group: group})
		return
	}
}

func (c *core) withoutScope(names ...string) {
	if c.spec.Unscoped == nil {
		c.spec.Unscoped = map[string]bool{}
	}
	if len(names) == 0 {
		c.spec.Unscoped[allScopes] = true
	}
	for _, name := range names {
		if !hasGlobal(c.spec.Model, name) {
			c.fail(errs.New(errs.ErrUnknownScope, "%s has no global scope %s", c.spec.Model.Name, ident.Quote(name)))
			return
		}
		c.spec.Unscoped[name] = true
	}
}

//go:noinline
func (c *core) null(or, not bool, column string) { c.where(or, query.Null{Column: column, Not: not}) }

//go:noinline
func (c *core) between(or, not bool, column string, from, to any) {
	c.where(or, query.Between{Column: column, Not: not, From: from, To: to})
}

//go:noinline
func (c *core) like(or, not, fold bool, column, pattern string) {
	c.where(or, query.Like{Column: column, Not: not, Fold: fold, Pattern: pattern})
}

//go:noinline
func (c *core) compared(or bool, left, op, right string) {
	c.where(or, query.Columns{Left: left, Op: op, Right: right})
}

//go:noinline
func (c *core) raw(or bool, sql string, args []any) { c.where(or, raw(sql, args)) }
