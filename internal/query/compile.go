// SPDX-License-Identifier: MIT

package query

import (
	"strings"
	"sync"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// compiler writes the SQL of one statement.
type compiler struct {
	d       *dialect.Dialect
	h       *tx.Handle
	buf     []byte
	args    []any
	scope   *scope
	queries int  // sub-queries so far
	having  bool // names may be those of aggregates
	// spelled makes an order repeat the expression of an alias, where SELECT does not know the alias.
	spelled bool
	// expressions allows an argument to be an SQL expression.
	expressions bool
	settings    tx.Settings // that Apply has made, for plugins
	locks       bool        // it ends in a lock
}

// scope holds the tables that a query, or a sub-query of it, can name.
type scope struct {
	spec    *Spec
	tables  []table
	outer   *scope
	applied []applied
}

type table struct {
	name   string
	model  *meta.Model
	source bool // joined by the framework
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }} //nolint:gochecknoglobals // a pool.

func newCompiler(h *tx.Handle, spec *Spec) (*compiler, error) {
	if spec.Err != nil {
		return nil, spec.Err
	}
	c := &compiler{d: h.Dialect(), h: h, buf: (*buffers.Get().(*[]byte))[:0]} //nolint:errcheck,forcetypeassert // a pool of one type.
	return c, c.enter(spec)
}

// done returns the statement and gives the buffer back.
func (c *compiler) done() tx.Statement {
	s := tx.Statement{Table: c.scope.spec.Model.Table, Model: c.scope.spec.Model.Name, SQL: string(c.buf), Args: c.args, Expressions: c.expressions, Settings: c.settings, Primary: c.locks || c.scope.spec.Primary}
	if l := c.scope.spec.Link; l != nil {
		s.Relation = l.Owner.Name + "." + l.Name
	}
	buf := c.buf
	buffers.Put(&buf)
	return s
}

// enter adds the tables of spec to the scope. A joined table must belong to a model.
func (c *compiler) enter(spec *Spec) error {
	s := &scope{spec: spec, outer: c.scope, tables: []table{{name: spec.Table(), model: spec.Model}}}
	c.scope = s
	for _, join := range spec.Joins {
		m, ok := c.h.Database().Models.Table(join.Table)
		if !ok {
			return errs.New(errs.ErrUnknownColumn, "no registered model has the table %s%s", ident.Quote(join.Table),
				errs.DidYouMean(join.Table, c.h.Database().Models.TableNames()))
		}
		s.tables = append(s.tables, table{name: join.Table, model: m})
	}
	for i := range spec.Sources {
		s.tables = append(s.tables, table{name: spec.Sources[i].Name(), model: spec.Sources[i].Model, source: true})
	}
	return nil
}

func (c *compiler) leave() { c.scope = c.scope.outer }

func (c *compiler) text(parts ...string) {
	for _, part := range parts {
		c.buf = append(c.buf, part...)
	}
}

func (c *compiler) column(table string, column *meta.Column) {
	c.buf = c.d.AppendColumn(c.buf, table, column.Name)
}

func (c *compiler) bind(v any) { c.buf = c.bindTo(c.buf, v) }

func (c *compiler) bindTo(dst []byte, v any) []byte {
	if _, ok := v.(meta.Expression); ok {
		c.expressions = true
	}
	c.args = append(c.args, v)
	return c.d.AppendPlaceholder(dst, len(c.args))
}

// value binds a value of the caller, cast to the column's type.
func (c *compiler) value(column *meta.Column, v any) error {
	cast, err := column.Cast(v)
	if err == nil {
		cast, err = column.Compared(cast)
	}
	if err != nil {
		return columnError(column, err)
	}
	c.bind(cast)
	return nil
}

// list appends operand IN values. An empty list has no row, and NOT IN an empty list has all.
func (c *compiler) list(o operand, values []any, not bool) error {
	if len(values) == 0 {
		if not {
			c.text("1 = 1")
		} else {
			c.text("1 = 0")
		}
		return nil
	}
	cast := make([]any, len(values))
	for i, v := range values {
		var err error
		if cast[i], err = o.Cast(v); err != nil {
			return columnError(o.Column, err)
		}
	}
	c.comparable(o)
	if o.Expr {
		return c.expressionList(o, cast, not)
	}
	var err error
	c.buf, err = c.d.AppendList(c.buf, dialect.List{Column: o.Column, Values: cast, Not: not}, c.bindTo)
	return columnError(o.Column, err)
}

// expressionList appends IN values, each of which is an expression.
func (c *compiler) expressionList(o operand, values []any, not bool) error {
	if not {
		c.text(" NOT")
	}
	separator := " IN ("
	for _, v := range values {
		made, err := o.Compared(v)
		if err != nil {
			return columnError(o.Column, err)
		}
		c.text(separator)
		separator = ", "
		c.bind(made)
	}
	c.text(")")
	return nil
}

// operand is a column of one of the query's tables, or in HAVING one of its aggregates.
type operand struct {
	*meta.Column
	table     string
	aggregate *Aggregate
	output    *Output
}

// resolve finds the column of a name: an attribute or column of the query's model, else of a joined
// table. A name with a table in front is a column of that table, which may belong to the outer query.
func (c *compiler) resolve(name string) (operand, error) {
	s := c.scope
	if column, ok := s.spec.Model.Column(name); ok {
		return operand{Column: column, table: s.tables[0].name}, nil
	}
	if c.having {
		if a, ok := s.spec.aggregate(name); ok {
			column, err := c.aggregateColumn(a)
			return operand{Column: column, aggregate: &a}, err
		}
		if o, ok := s.spec.output(name); ok {
			made, err := c.outputColumn(o)
			return operand{Column: made, output: o}, err
		}
	}
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		for at := s; at != nil; at = at.outer {
			for _, t := range at.tables {
				if t.name != name[:dot] {
					continue
				}
				if column, ok := t.model.Column(name[dot+1:]); ok {
					return operand{Column: column, table: t.name}, nil
				}
				return operand{}, t.model.UnknownColumn(name[dot+1:])
			}
		}
		return operand{}, errs.New(errs.ErrUnknownColumn, "the query has no table %s, only %q", ident.Quote(name[:dot]), s.names())
	}
	found := operand{}
	for _, t := range s.tables[1:] {
		match, ok := t.model.Column(name)
		if !ok || t.source {
			continue
		}
		if found.Column != nil {
			return operand{}, errs.New(errs.ErrUnknownColumn, "%s is in the tables %s and %s; write %s.%s", ident.Quote(name),
				found.table, t.name, t.name, match.Name)
		}
		found = operand{Column: match, table: t.name}
	}
	if found.Column == nil {
		return operand{}, s.spec.Model.UnknownColumn(name)
	}
	return found, nil
}

// put appends an operand.
func (c *compiler) put(o operand) {
	switch {
	case o.aggregate != nil:
		c.aggregate(*o.aggregate)
		return
	case o.output != nil:
		_, _ = c.output(o.output) // it was compiled before, when it was resolved or selected
		return
	}
	c.column(o.table, o.Column)
}

// comparable appends an operand in a form that can be compared and sorted.
func (c *compiler) comparable(o operand) {
	if o.aggregate != nil || o.output != nil {
		c.put(o)
		return
	}
	c.compared(Place{Table: o.table, Column: o.Column})
}

// compared appends a column in a form that can be compared and sorted.
func (c *compiler) compared(p Place) {
	if !c.converted(p.Column) {
		c.column(p.Table, p.Column)
		return
	}
	c.buf = c.d.AppendInstant(c.buf, p.Column, func(dst []byte) []byte { return c.d.AppendColumn(dst, p.Table, p.Column.Name) })
}

// converted reports whether a column is compared in another form than the stored one: times of a
// database that has no type for them.
func (c *compiler) converted(column *meta.Column) bool {
	return c.d.AppendInstant != nil && column.Field != nil && (column.Instant && column.Meaning == meta.Plain || column.Meaning == meta.Date)
}

// near appends a condition that allows an index to serve a comparison with a time, and AND.
func (c *compiler) near(p Place, op string, v any) {
	at, ok := v.(time.Time)
	if !ok || !c.converted(p.Column) {
		return
	}
	c.buf = c.d.AppendNear(c.buf, op, at, func(dst []byte) []byte { return c.d.AppendColumn(dst, p.Table, p.Column.Name) }, c.bindTo)
	c.text(" AND ")
}

func (s *scope) names() []string {
	var names []string
	for at := s; at != nil; at = at.outer {
		for _, t := range at.tables {
			names = append(names, t.name)
		}
	}
	return names
}

// group appends conditions in parentheses.
func (c *compiler) group(g Group) error {
	if len(g) == 0 {
		c.text("1 = 1")
		return nil
	}
	c.text("(")
	for i, t := range g {
		if i > 0 {
			if t.Or {
				c.text(" OR ")
			} else {
				c.text(" AND ")
			}
		}
		if t.Not {
			c.text("NOT (")
		}
		if err := t.Node.append(c); err != nil {
			return err
		}
		if t.Not {
			c.text(")")
		}
	}
	c.text(")")
	return nil
}

// where appends the conditions of the query: first the caller's in parentheses, then those of relations and scopes.
func (c *compiler) where() error {
	spec := c.scope.spec
	word := " WHERE "
	and := func() {
		c.text(word)
		word = " AND "
	}
	if len(spec.Where) > 0 {
		and()
		if err := c.conditions(spec.Where); err != nil {
			return err
		}
	}
	for _, a := range c.scope.applied {
		if len(a.where) > 0 {
			and()
			c.appliedWhere(a)
		}
	}
	if spec.Parents != nil {
		and()
		if err := spec.Parents.append(c); err != nil {
			return err
		}
	}
	if spec.aliasesOnly() {
		and()
		c.having = true
		err := c.conditions(spec.Having)
		if c.having = false; err != nil {
			return err
		}
	}
	for _, list := range [][]Node{spec.Must, spec.Scoped} {
		for _, n := range list {
			and()
			if err := n.append(c); err != nil {
				return err
			}
		}
	}
	if deleted := spec.Model.Deleted; deleted != nil && spec.Trashed != WithTrashed {
		and()
		c.trashed(spec.Table(), deleted, spec.Trashed == OnlyTrashed)
	}
	return nil
}

// trashed appends the condition that rows of a table are soft deleted, or that they are not.
func (c *compiler) trashed(table string, d *meta.Deletion, deleted bool) {
	c.column(table, d.Column)
	c.text(d.Condition(deleted))
}

// conditions appends the caller's conditions; one plain condition needs no parentheses.
func (c *compiler) conditions(g Group) error {
	if len(g) == 1 && !g[0].Not {
		return g[0].Node.append(c)
	}
	return c.group(g)
}
