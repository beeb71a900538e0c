// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Parents are the records whose related rows a query loads.
type Parents struct {
	Match        // the column that tells whose a row is, and the keys of the parents
	Owner *Place // what that column points to
}

// Result is what a query with Parents loaded. A record's key lies Key bytes behind its start, in the
// form of the column that points to the parent.
type Result struct {
	Records []memory.Ptr
	Key     uintptr
}

// Names of the tables and columns that a statement with Parents adds.
const (
	parentsName = "kindred_parents"
	rowsName    = "kindred_rows"
	keyName     = "kindred_key"
	rankName    = "kindred_rank"
	placeName   = "kindred_place"
)

// SelectRelated runs a query with Parents, whose Limited, Limit and Offset count per parent.
func SelectRelated(ctx context.Context, h *tx.Handle, spec *Spec) (Result, error) {
	spec = spec.Clone()
	own := spec.keyed()
	s, out, err := compileRelated(h, spec)
	if err != nil {
		return Result{}, err
	}
	sink := newRecords(h, spec, out)
	if err := h.Read(ctx, s, sink); err != nil {
		return Result{}, err
	}
	records, err := sink.finish()
	if err != nil {
		return Result{}, err
	}
	if own != nil {
		sink.key = own.Offset
	}
	return Result{Records: records, Key: sink.key}, sink.complete(spec)
}

// CheckRelated finds the mistakes of a query with Parents whose keys are not known yet.
func CheckRelated(h *tx.Handle, spec *Spec) error {
	if len(spec.Applied) > 0 { // functions of the caller, which the statement itself will run
		return nil
	}
	spec = spec.Clone()
	spec.keyed()
	_, _, err := compileRelated(h, spec)
	return err
}

// compileRelated writes the statement of a query with Parents. It changes the query.
func compileRelated(h *tx.Handle, spec *Spec) (tx.Statement, *outputs, error) {
	limit, offset := spec.Limited, 0
	if spec.Limit != nil && (limit == nil || *spec.Limit < *limit) {
		limit = spec.Limit
	}
	if spec.Offset != nil {
		offset = *spec.Offset
	}
	limited := limit != nil || offset > 0
	if spec.Limit, spec.Offset = nil, nil; !limited {
		return compileSelect(h, spec)
	}
	c, err := newCompiler(h, spec)
	if err != nil {
		return tx.Statement{}, nil, err
	}
	picks := spec.picks()
	if len(spec.Picked) > 0 && limit != nil && *limit == 1 { // the order of one row
		spec.Orders = nil
	}
	same := len(spec.Picked) == 0 || len(spec.Orders) == 0
	var out *outputs
	switch {
	case same && limit != nil && c.d.Lateral:
		spec.Orders = picks
		out, err = c.lateral(limit, offset)
	case same && limit != nil && spec.plain() && !c.d.DerivedLists:
		out, err = c.amongFirst(picks, limit, offset)
	default:
		if same {
			spec.Orders = nil
		}
		out, err = c.ranked(picks, limit, offset)
	}
	if err != nil {
		return tx.Statement{}, nil, err
	}
	return c.done(), out, nil
}

// keyed makes sure that the query selects the key of each row's parent: as a column of the record, as a column that
// is selected anyway, or as one that records do not show. It returns where the first lies.
func (s *Spec) keyed() *meta.Column {
	place := s.Parents.Place
	if place.Table == s.Table() && len(s.Columns)+len(s.Groups)+len(s.Aggregates) == 0 {
		return place.Column
	}
	for i := range s.Outputs {
		if o := &s.Outputs[i]; o.Sub == nil && o.Place == place {
			s.Outputs = slices.Clone(s.Outputs)
			s.Outputs[i].Key = true
			return nil
		}
	}
	s.Outputs = append(s.Outputs, Output{As: keyName, Place: place, Hidden: true, Key: true})
	return nil
}

// picks returns the order that decides which rows of a parent come first: the order of GroupOrderBy,
// else the order of the query, else the newest key; ties are broken by the key.
func (s *Spec) picks() []Order {
	picks := s.Picked
	if len(picks) == 0 {
		picks = s.Orders
	}
	key, err := s.Model.Key()
	if err != nil {
		return picks
	}
	if len(picks) == 0 {
		return []Order{{Column: key.Attr, Desc: true}}
	}
	for _, o := range picks {
		if c, ok := s.Model.Column(o.Column); ok && c == key {
			return picks
		}
	}
	return append(slices.Clip(picks), Order{Column: key.Attr, Desc: picks[len(picks)-1].Desc})
}

// plain reports whether the query reads one table only, so that its rows can be found again under another alias.
func (s *Spec) plain() bool {
	raw := func(o Order) bool { return o.Raw != nil }
	return s.Alias == "" && len(s.Sources)+len(s.Joins)+len(s.Applied)+len(s.Groups)+len(s.Aggregates) == 0 &&
		(len(s.Outputs) == 0 || len(s.Outputs) == 1 && s.Outputs[0].Key) &&
		!s.Distinct && len(s.Model.Keys) == 1 && !slices.ContainsFunc(s.Orders, raw) && !slices.ContainsFunc(s.Picked, raw) &&
		!slices.ContainsFunc(s.Columns, func(c Selection) bool { return c.Raw != nil })
}

// parents appends the keys of the parents as a table.
func (c *compiler) parents(p *Parents) error {
	owner := *p.Owner
	c.text("(SELECT ")
	if len(owner.Column.Model.Keys) != 1 || !owner.Column.Key {
		c.text("DISTINCT ")
	}
	c.column(owner.Table, owner.Column)
	c.text(" AS ")
	c.buf = c.d.AppendName(c.buf, keyName)
	c.text(" FROM ")
	c.buf = c.d.AppendTable(c.buf, owner.Table)
	c.text(" WHERE ")
	err := Match{Place: owner, Keys: p.Keys}.append(c)
	c.text(") AS ")
	c.buf = c.d.AppendName(c.buf, parentsName)
	return err
}

// key returns the key column of the table that parents appends.
func (p *Parents) key() Place {
	key := *p.Owner.Column
	key.Name = keyName
	return Place{Table: parentsName, Column: &key}
}

// lateral reads the rows of each parent on their own, which an index can do without reading
// all of them. The rows of a parent keep their order, because a lateral query with a limit is run
// once per parent.
//
// The order begins with the column that points to the parent, and the column is compared by a range, so that
// the planner does not know it for a constant: only an index that starts with the column has that order. Else
// PostgreSQL may read an index of the order alone, and the whole table for a parent with few rows.
func (c *compiler) lateral(limit *int, offset int) (*outputs, error) {
	spec := c.scope.spec
	c.text("SELECT ")
	c.buf = c.d.AppendName(c.buf, rowsName)
	c.text(".* FROM ")
	if err := c.parents(spec.Parents); err != nil {
		return nil, err
	}
	c.text(" CROSS JOIN LATERAL (")
	place := spec.Parents.Place
	spec.Require(within{A: place, B: spec.Parents.key()})
	spec.Orders = append([]Order{{Place: place, Desc: spec.Orders[0].Desc}}, spec.Orders...)
	spec.Parents, spec.Limit, spec.Offset = nil, limit, offsetOf(offset)
	out, err := c.selections()
	if err != nil {
		return nil, err
	}
	if err := c.rest(); err != nil {
		return nil, err
	}
	c.text(") AS ")
	c.buf = c.d.AppendName(c.buf, rowsName)
	return out, nil
}

// within is the condition that two columns are equal, written as a range.
type within struct{ A, B Place }

func (n within) append(c *compiler) error {
	for i, op := range []string{" >= ", " <= "} {
		if i > 0 {
			c.text(" AND ")
		}
		c.column(n.A.Table, n.A.Column)
		c.text(op)
		c.column(n.B.Table, n.B.Column)
	}
	return nil
}

func offsetOf(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// amongFirst reads, for each parent, those rows of the table under another name that are among the
// first of the parent, which an index answers without reading all of them.
func (c *compiler) amongFirst(picks []Order, limit *int, offset int) (*outputs, error) {
	spec := c.scope.spec
	outer := &Spec{
		Handle: spec.Handle, Model: spec.Model, Alias: rowsName, Columns: spec.Columns, Outputs: slices.Clone(spec.Outputs),
		Orders: picks, Trashed: WithTrashed, Lock: spec.Lock,
	}
	for i := range outer.Outputs {
		outer.Outputs[i].Place = Place{Table: rowsName, Column: spec.Parents.Place.Column}
	}
	inner := spec.Clone()
	inner.Require(Same{A: spec.Parents.Place, B: spec.Parents.key()})
	inner.Columns, inner.Outputs, inner.Parents, inner.Orders = nil, nil, nil, picks
	inner.Limit, inner.Offset, inner.Lock = limit, offsetOf(offset), Lock{}
	outer.Require(Among{Place: Place{Table: rowsName, Column: spec.Model.Keys[0]}, Sub: inner})
	c.scope = nil
	if err := c.enter(outer); err != nil {
		return nil, err
	}
	out, err := c.selections()
	if err != nil {
		return nil, err
	}
	c.text(" FROM ")
	if err := c.parents(spec.Parents); err != nil {
		return nil, err
	}
	c.text(" CROSS JOIN ")
	c.table(outer)
	if err := c.where(); err != nil {
		return nil, err
	}
	if err := c.orders(); err != nil {
		return nil, err
	}
	return out, c.lock()
}

// ranked numbers the rows of each parent and keeps the first.
func (c *compiler) ranked(picks []Order, limit *int, offset int) (*outputs, error) {
	spec := c.scope.spec
	orders, place := spec.Orders, ""
	spec.Orders = nil
	c.text("SELECT * FROM (")
	out, err := c.selections()
	if err != nil {
		return nil, err
	}
	number := func(partition bool, by []Order, name string) error {
		c.text(", row_number() OVER (")
		if partition {
			c.text("PARTITION BY ")
			c.column(spec.Parents.Place.Table, spec.Parents.Place.Column)
		}
		spec.Orders, c.spelled = by, true
		err := c.orders()
		spec.Orders, c.spelled = nil, false
		c.text(") AS ")
		c.buf = c.d.AppendName(c.buf, name)
		out.list = append(out.list, output{name: name, codec: countCodec, sure: true, hidden: true})
		return err
	}
	out = &outputs{list: slices.Clip(out.list), named: out.named, selected: out.selected}
	if err := number(true, picks, rankName); err != nil {
		return nil, err
	}
	if place = rankName; len(orders) > 0 {
		place = placeName
		if err := number(false, orders, placeName); err != nil {
			return nil, err
		}
	}
	lock := spec.Lock
	spec.Lock = Lock{}
	if err := c.rest(); err != nil {
		return nil, err
	}
	spec.Lock = lock
	c.text(") AS ")
	c.buf = c.d.AppendName(c.buf, rowsName)
	c.text(" WHERE ")
	rank := meta.Column{Name: rankName}
	c.column(rowsName, &rank)
	c.text(" > ")
	c.bind(int64(offset))
	if limit != nil {
		c.text(" AND ")
		c.column(rowsName, &rank)
		c.text(" <= ")
		c.bind(int64(offset + *limit))
	}
	c.text(" ORDER BY ")
	c.buf = c.d.AppendName(c.buf, place)
	return out, nil
}
