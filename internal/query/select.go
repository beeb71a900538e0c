// SPDX-License-Identifier: MIT

package query

import (
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// output is a selected value: a column of the query's model, or an extra.
type output struct {
	column *meta.Column
	name   string
	codec  *meta.Codec  // type of the extra; nil is what the driver gives
	sure   bool         // never NULL
	hidden bool         // no extra: only the framework looks at it
	key    bool         // tells whose the record is
	pivot  *meta.Column // the column of the pivot model that it goes into
}

// outputs is what a SELECT returns.
type outputs struct {
	list     []output
	named    bool            // raw SQL selects too, so columns are known by the names of the result
	selected *record.Columns // nil is every column
}

// Compile returns the SELECT of the description.
func Compile(h *tx.Handle, spec *Spec) (tx.Statement, error) {
	s, _, err := compileSelect(h, spec)
	return s, err
}

func compileSelect(h *tx.Handle, spec *Spec) (tx.Statement, *outputs, error) {
	c, err := newCompiler(h, spec)
	if err != nil {
		return tx.Statement{}, nil, err
	}
	out, err := c.selections()
	if err != nil {
		return tx.Statement{}, nil, err
	}
	if err := c.rest(); err != nil {
		return tx.Statement{}, nil, err
	}
	return c.done(), out, nil
}

// selections appends SELECT and what it selects.
func (c *compiler) selections() (*outputs, error) {
	spec := c.scope.spec
	c.text("SELECT ")
	if spec.Distinct {
		c.text("DISTINCT ")
	}
	if spec.selected() == 0 && len(spec.Groups) == 0 {
		all := c.allColumns()
		if len(spec.Outputs) == 0 {
			return all, nil
		}
		out := &outputs{list: slices.Clip(all.list)}
		return out, c.outputs(out, ", ")
	}
	selected := record.NewColumns(spec.Model)
	out := &outputs{selected: &selected}
	columns := spec.Columns
	if len(columns) == 0 {
		for _, name := range spec.Groups {
			columns = append(columns, Selection{Column: name})
		}
	}
	separator := ""
	for _, s := range columns {
		c.text(separator)
		separator = ", "
		if err := c.selection(s, out); err != nil {
			return nil, err
		}
	}
	for _, a := range spec.Aggregates {
		if a.unselected {
			continue
		}
		c.text(separator)
		separator = ", "
		column, err := c.aggregateColumn(a)
		if err != nil {
			return nil, err
		}
		c.aggregate(a)
		c.text(" AS ")
		c.buf = c.d.AppendAlias(c.buf, a.As)
		out.list = append(out.list, output{name: a.As, codec: column.Codec, sure: column.Codec == countCodec})
	}
	if err := c.outputs(out, separator); err != nil {
		return nil, err
	}
	return out, out.checkNames()
}

// checkNames refuses two extras of one name, of which one would be lost.
func (out *outputs) checkNames() error {
	for i, o := range out.list {
		if o.column != nil || o.hidden {
			continue
		}
		for _, other := range out.list[:i] {
			if other.column == nil && !other.hidden && other.name == o.name {
				return errs.New(errs.ErrUnknownColumn, "the result has two columns %s; name one of them by \"as\"", ident.Quote(o.name))
			}
		}
	}
	return nil
}

// allColumns appends every readable column; the text is kept per model.
func (c *compiler) allColumns() *outputs {
	spec := c.scope.spec
	p := planOf(c.h, spec.Model)
	if spec.Alias == "" {
		c.text(p.columns)
	} else {
		c.buf = appendColumns(c.buf, c.d, spec.Alias, spec.Model)
	}
	return p.outputs
}

func (c *compiler) selection(s Selection, out *outputs) error {
	if s.Raw != nil {
		out.named = true
		return c.raw(*s.Raw)
	}
	if s.Column == "*" {
		all := c.allColumns()
		out.list = append(out.list, all.list...)
		for _, o := range all.list {
			out.selected.Add(o.column)
		}
		return nil
	}
	name, alias, err := SplitAlias(s.Column)
	if err != nil {
		return err
	}
	o, err := c.resolve(name)
	if err != nil {
		return err
	}
	before, behind := "", ""
	if o.Codec != nil && o.aggregate == nil && o.output == nil {
		before, behind = c.d.Around(o.Column)
	}
	c.text(before)
	c.put(o)
	c.text(behind)
	own := o.table == c.scope.tables[0].name && o.Index >= 0 // a loose column is in no record
	if own && alias == "" {
		out.list = append(out.list, output{column: o.Column, name: o.Name})
		out.selected.Add(o.Column)
		return nil
	}
	if alias == "" {
		alias = o.Name
	} else {
		c.text(" AS ")
		c.buf = c.d.AppendAlias(c.buf, alias)
	}
	out.list = append(out.list, output{name: alias, codec: o.Codec})
	return nil
}

// SplitAlias reads "name as alias", in upper or lower case. Without an alias it returns "".
func SplitAlias(s string) (name, alias string, err error) {
	at := strings.Index(strings.ToLower(s), " as ")
	if at < 0 || len(strings.ToLower(s)) != len(s) {
		return s, "", nil
	}
	name, alias = strings.Trim(s[:at], " "), strings.Trim(s[at+4:], " ")
	return name, alias, CheckAlias(alias)
}

// CheckAlias refuses a name that cannot be an alias.
func CheckAlias(alias string) error {
	if !ident.Valid(alias) {
		return errs.New(errs.ErrUnknownColumn, "%s is no alias; use letters, digits and underscores", ident.Quote(alias))
	}
	return nil
}

// rest appends FROM and everything behind it.
func (c *compiler) rest() error {
	if err := c.apply(); err != nil {
		return err
	}
	c.from()
	if err := c.joins(); err != nil {
		return err
	}
	if err := c.where(); err != nil {
		return err
	}
	if err := c.groups(); err != nil {
		return err
	}
	if err := c.orders(); err != nil {
		return err
	}
	if err := c.limit(); err != nil {
		return err
	}
	return c.lock()
}

func (c *compiler) from() {
	c.text(" FROM ")
	c.table(c.scope.spec)
}

// table appends the query's own table.
func (c *compiler) table(spec *Spec) {
	c.buf = c.d.AppendTable(c.buf, spec.Model.Table)
	if spec.Alias != "" {
		c.text(" AS ")
		c.buf = c.d.AppendName(c.buf, spec.Alias)
	}
}

func (c *compiler) joins() error {
	spec := c.scope.spec
	for i, join := range spec.Joins {
		word := " INNER JOIN "
		if join.Left {
			word = " LEFT JOIN "
		}
		c.text(word)
		c.buf = c.d.AppendTable(c.buf, join.Table)
		c.text(" ON ")
		if err := (Columns{Left: join.First, Op: join.Op, Right: join.Other}).append(c); err != nil {
			return err
		}
		if deleted := c.scope.tables[i+1].model.Deleted; deleted != nil && spec.Trashed == WithoutTrashed {
			c.text(" AND ")
			c.trashed(join.Table, deleted, false)
		}
	}
	c.sources()
	for _, a := range c.scope.applied {
		c.appliedJoins(a)
	}
	return nil
}

func (c *compiler) groups() error {
	spec := c.scope.spec
	for i, name := range spec.Groups {
		if i == 0 {
			c.text(" GROUP BY ")
		} else {
			c.text(", ")
		}
		o, err := c.resolve(name)
		if err != nil {
			return err
		}
		c.comparable(o)
	}
	if len(spec.Having) == 0 || spec.aliasesOnly() {
		return nil
	}
	c.text(" HAVING ")
	c.having = true
	defer func() { c.having = false }()
	return c.conditions(spec.Having)
}

func (c *compiler) orders() error {
	separator := " ORDER BY "
	for _, order := range c.scope.spec.Orders {
		c.text(separator)
		separator = ", "
		if order.Raw != nil {
			if err := c.raw(*order.Raw); err != nil {
				return err
			}
			continue
		}
		if order.Place.Column != nil {
			c.column(order.Place.Table, order.Place.Column)
		} else if err := c.sortKey(order.Column); err != nil {
			return err
		}
		if order.NullsLast || order.Greatest && c.d.NullsFirst {
			c.text(" IS NULL")
			if order.Greatest && order.Desc {
				c.text(" DESC")
			}
			c.text(", ")
			if err := c.sortKey(order.Column); err != nil {
				return err
			}
		}
		if order.Desc {
			c.text(" DESC")
		}
		switch {
		case !order.Greatest || c.d.NullsFirst:
		case order.Desc:
			c.text(" NULLS FIRST")
		default:
			c.text(" NULLS LAST")
		}
	}
	for _, a := range c.scope.applied {
		separator = c.appliedOrders(a, separator)
	}
	return nil
}

// sortKey appends a column, or an alias that the query declares.
func (c *compiler) sortKey(name string) error {
	spec := c.scope.spec
	if a, ok := spec.aggregate(name); ok {
		if _, err := c.aggregateColumn(a); err != nil {
			return err
		}
		if a.unselected || c.spelled {
			c.aggregate(a)
		} else {
			c.buf = c.d.AppendAlias(c.buf, name)
		}
		return nil
	}
	for i := range spec.Outputs {
		if o := &spec.Outputs[i]; o.As == name && !o.Hidden {
			if o.unselected || c.spelled {
				_, err := c.output(o)
				return err
			}
			c.buf = c.d.AppendAlias(c.buf, name)
			return nil
		}
	}
	for _, s := range spec.Columns {
		if column, alias, err := SplitAlias(s.Column); err == nil && alias != "" && alias == name {
			if c.spelled {
				return c.sortKey(column)
			}
			c.buf = c.d.AppendAlias(c.buf, name)
			return nil
		}
	}
	o, err := c.resolve(name)
	if err != nil {
		return err
	}
	c.comparable(o)
	return nil
}

func (c *compiler) limit() error {
	spec := c.scope.spec
	limit, offset := spec.Limit, spec.Offset
	for _, a := range c.scope.applied {
		if a.limit != nil {
			limit = a.limit
		}
		if a.offset != nil {
			offset = a.offset
		}
	}
	for _, n := range []*int{limit, offset} {
		if n != nil && *n < 0 {
			return errs.New(errs.ErrInvalidValue, "a limit or offset of %d", *n)
		}
	}
	switch {
	case limit != nil:
		c.text(" LIMIT ")
		c.bind(int64(*limit))
	case offset != nil && c.d.Limitless != "":
		c.text(" LIMIT ", c.d.Limitless)
	}
	if offset != nil {
		c.text(" OFFSET ")
		c.bind(int64(*offset))
	}
	return nil
}

func (c *compiler) lock() error {
	lock := c.scope.spec.Lock
	for _, a := range c.scope.applied {
		if a.lock != (Lock{}) {
			lock = a.lock
		}
	}
	if lock.Mode == "" && lock.Wait == "" {
		return nil
	}
	if lock.Mode == "" {
		return errs.New(errs.ErrUnsupported, "%s without LockForUpdate or LockForShare", strings.TrimSpace(lock.Wait))
	}
	if !c.d.RowLocks {
		if lock.Wait != "" {
			return errs.New(errs.ErrUnsupported, "%s has no row locks, so there is no%s; a write transaction is alone there",
				c.d.Name, lock.Wait)
		}
		return nil
	}
	c.locks = true
	switch lock.Mode {
	case ForShare:
		c.text(c.d.ShareLock)
	case ForNoKeyUpdate:
		c.text(c.d.RowLock)
	default:
		c.text(lock.Mode)
	}
	if c.d.LockTable {
		table := c.scope.spec.Table()
		c.text(" OF ")
		c.buf = c.d.AppendName(c.buf, table[strings.LastIndexByte(table, '.')+1:])
	}
	c.text(lock.Wait)
	return nil
}
