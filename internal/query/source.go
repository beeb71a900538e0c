// SPDX-License-Identifier: MIT

package query

import (
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Place is a column of one of the query's tables. The table has the name that the query gives it.
type Place struct {
	Table  string
	Column *meta.Column
}

// Source is a table that a relation joins: a pivot table, or the table of a model that a through relation passes.
// Its columns can only be named with the table in front.
type Source struct {
	Model *meta.Model
	Alias string // "" is the table's name
	On    Place  // of this table or one before
	Other Place  // of this table or one before
}

// Name returns the name by which the query knows the table.
func (s *Source) Name() string {
	if s.Alias != "" {
		return s.Alias
	}
	return s.Model.Table
}

// Output is a value that is selected beside the model's columns: a column of a joined table, or a sub-query.
type Output struct {
	As     string
	Place  Place
	Sub    *Spec // one value, or whether there is a row
	Exists bool
	Codec  *meta.Codec // of the value of Sub
	Hidden bool        // no extra
	Key    bool        // tells to which parent the record belongs; never NULL
	Sure   bool        // never NULL
	Pivot  bool        // Place is of the pivot table: a pivot record is made of these

	unselected bool // for the order only
}

type (
	// Match is the condition that a column equals one of the keys. The keys are bound values of the column Of, or of this one if Of is nil.
	Match struct {
		Place Place
		Keys  []any
		Of    *meta.Column
	}
	// Same is the condition that two columns are equal.
	Same struct{ A, B Place }
	// Amount compares the number of rows of a sub-query.
	Amount struct {
		Sub *Spec
		Op  string
		N   int
	}
	// Among is the condition that a column equals a key of the rows of Sub.
	Among struct {
		Place Place
		Sub   *Spec
	}
)

func (n Match) append(c *compiler) error {
	c.compared(n.Place)
	var err error
	if n.Of != nil && key.Padded(c.d, n.Of, n.Place.Column, n.Keys) {
		c.buf, err = c.d.AppendTyped(c.buf, dialect.List{Column: n.Of, Values: n.Keys, Within: c.d.Within}, c.bindTo)
		return columnError(n.Of, err)
	}
	switch len(n.Keys) {
	case 0:
		c.text(" IS NULL AND 1 = 0")
		return nil
	case 1:
		c.text(" = ")
		c.bind(n.Keys[0])
		return nil
	}
	c.buf, err = c.d.AppendList(c.buf, dialect.List{Column: n.Place.Column, Values: n.Keys}, c.bindTo)
	return columnError(n.Place.Column, err)
}

func (n Same) append(c *compiler) error {
	c.compared(n.A)
	c.text(" = ")
	c.compared(n.B)
	return nil
}

func (n Amount) append(c *compiler) error {
	op, err := operator(n.Op)
	if err != nil {
		return err
	}
	c.text("(SELECT ")
	if _, err := c.amount(n.Sub); err != nil {
		return err
	}
	c.text(") ", op, " ")
	c.bind(int64(n.N))
	return nil
}

// amount appends the count of a sub-query's rows; an aggregate that it declares replaces the
// count. It returns a stand-in for a column of the type.
func (c *compiler) amount(sub *Spec) (*meta.Column, error) {
	column := &meta.Column{Codec: countCodec}
	if sub.Err != nil {
		return column, sub.Err
	}
	if len(sub.Aggregates) > 1 {
		return column, errs.New(errs.ErrUnsupported, "a sub-query of %d aggregates; it has one value", len(sub.Aggregates))
	}
	if sub.OneOfMany() {
		sub = sub.picked()
	}
	if err := c.enter(sub); err != nil {
		return column, err
	}
	defer c.leave()
	if len(sub.Aggregates) == 0 {
		return column, c.countRows(sub)
	}
	if sub.Distinct || len(sub.Groups) > 0 {
		return column, errs.New(errs.ErrUnsupported, "%s of distinct or grouped rows; only their count is known", sub.Aggregates[0].Func)
	}
	column, err := c.aggregateColumn(sub.Aggregates[0])
	if err != nil {
		return &meta.Column{Codec: countCodec}, err
	}
	c.aggregate(sub.Aggregates[0])
	return column, c.rest()
}

// picked returns a query of the single row that a sub-query of a one-of-many relation chooses.
func (s *Spec) picked() *Spec {
	inner := s.Clone()
	inner.LimitPlainly()
	inner.Aggregates, inner.Columns, inner.Outputs = nil, nil, nil
	outer := &Spec{
		Handle: s.Handle, Model: s.Model, Alias: rowsName, Trashed: WithTrashed, Outer: s.Outer,
		Columns: s.Columns, Aggregates: s.Aggregates, Distinct: s.Distinct, Groups: s.Groups,
	}
	outer.Require(Among{Place: Place{Table: rowsName, Column: s.Model.Keys[0]}, Sub: inner})
	return outer
}

// countRows appends count(*) and the rest of a sub-query. Where the sub-query groups rows or drops duplicates, they
// are counted afterwards.
func (c *compiler) countRows(sub *Spec) error {
	if !sub.Distinct && len(sub.Groups) == 0 {
		c.text("count(*)")
		return c.rest()
	}
	if c.d.DerivedLists && c.scope.outer != nil {
		return c.countGroups(sub)
	}
	c.text("count(*) FROM (")
	if _, err := c.selections(); err != nil {
		return err
	}
	err := c.rest()
	c.text(") AS counted")
	return err
}

// countGroups counts groups on databases whose derived tables cannot name the tables of the outer query.
func (c *compiler) countGroups(sub *Spec) error {
	sub = sub.Clone()
	if len(sub.Groups) == 0 {
		for _, s := range sub.Columns {
			if s.Raw != nil {
				return errs.New(errs.ErrUnsupported, "a count of distinct raw expressions")
			}
			sub.Groups = append(sub.Groups, s.Column)
		}
	}
	if len(sub.Groups) == 0 || sub.Limit != nil || sub.Offset != nil {
		return errs.New(errs.ErrUnsupported, "%s counts no distinct rows without columns, and no limited ones, in a sub-query", c.d.Name)
	}
	sub.Distinct, sub.Columns, sub.Orders = false, nil, nil
	c.scope.spec = sub
	c.text("COALESCE((SELECT count(*) OVER ()")
	err := c.rest()
	c.text(" LIMIT 1), 0)")
	return err
}

func (n Among) append(c *compiler) error {
	c.column(n.Place.Table, n.Place.Column)
	if c.d.DerivedLists && n.Sub != nil && n.Sub.Limit != nil && *n.Sub.Limit == 1 && n.Sub.Offset == nil {
		c.text(" = (") // one row at most, so no list is needed, and the query may name the tables of the one around it
		err := c.columnOf(n.Sub)
		c.text(")")
		return err
	}
	c.text(" IN (")
	if err := c.listQuery(n.Sub); err != nil {
		return err
	}
	c.text(")")
	return nil
}

// sources appends the tables that a relation joins.
func (c *compiler) sources() {
	spec := c.scope.spec
	for i := range spec.Sources {
		s := &spec.Sources[i]
		c.text(" INNER JOIN ")
		c.buf = c.d.AppendTable(c.buf, s.Model.Table)
		if s.Alias != "" {
			c.text(" AS ")
			c.buf = c.d.AppendName(c.buf, s.Alias)
		}
		c.text(" ON ")
		c.column(s.On.Table, s.On.Column)
		c.text(" = ")
		c.column(s.Other.Table, s.Other.Column)
		if s.Model.Deleted != nil {
			c.text(" AND ")
			c.trashed(s.Name(), s.Model.Deleted, false)
		}
	}
}

// outputs appends the values that are selected beside the model's columns.
func (c *compiler) outputs(out *outputs, separator string) error {
	for i := range c.scope.spec.Outputs {
		o := &c.scope.spec.Outputs[i]
		if o.unselected {
			continue
		}
		c.text(separator)
		separator = ", "
		before, behind := "", ""
		if o.Sub == nil {
			before, behind = c.d.Around(o.Place.Column)
		}
		c.text(before)
		made, err := c.output(o)
		if err != nil {
			return err
		}
		c.text(behind)
		c.text(" AS ")
		c.buf = c.d.AppendAlias(c.buf, o.As)
		out.list = append(out.list, made)
	}
	return nil
}

// output appends one of them.
func (c *compiler) output(o *Output) (output, error) {
	made := output{name: o.As, codec: o.Codec, hidden: o.Hidden, key: o.Key, sure: o.Key || o.Exists || o.Sure}
	if o.Pivot {
		made.pivot = o.Place.Column
	}
	if o.Sub == nil {
		c.column(o.Place.Table, o.Place.Column)
		if made.codec == nil && !o.Place.Column.Any() {
			made.codec = o.Place.Column.Codec
		}
		return made, nil
	}
	if o.Exists {
		c.text("EXISTS (")
		err := c.subquery(o.Sub)
		c.text(")")
		return made, err
	}
	c.text("(SELECT ")
	column, err := c.amount(o.Sub)
	c.text(")")
	made.codec, made.sure = column.Codec, column.Codec == countCodec
	return made, err
}

// outputColumn returns a column description with the type of an output.
func (c *compiler) outputColumn(o *Output) (*meta.Column, error) {
	size, args := len(c.buf), len(c.args)
	made, err := c.output(o)
	c.buf, c.args = c.buf[:size], c.args[:args]
	return &meta.Column{Codec: made.codec, Attr: o.As, Name: o.As, Model: c.scope.spec.Model, Field: &schema.Field{}}, err
}

// output returns the output that the query selects under an alias.
func (s *Spec) output(alias string) (*Output, bool) {
	for i := range s.Outputs {
		if o := &s.Outputs[i]; o.As == alias && !o.Hidden {
			return o, true
		}
	}
	return nil, false
}

// aliasesOnly reports whether Having compares values of sub-queries, not of groups: then it is a
// condition on rows, which not every database takes as HAVING.
func (s *Spec) aliasesOnly() bool {
	return len(s.Having) > 0 && len(s.Outputs) > 0 && len(s.Groups)+len(s.Aggregates) == 0
}

// dropOutputs removes the outputs that only the records of a result need.
func (s *Spec) dropOutputs() {
	if len(s.Having) == 0 {
		s.Outputs = nil
	}
}
