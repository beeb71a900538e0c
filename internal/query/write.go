// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"math"
	"sort"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// assignment is one column of an UPDATE.
type assignment struct {
	column *meta.Column
	value  any
	add    bool // column = column + value, NULL being 0
}

// Update writes values to all rows of the query in one statement, and with them the automatic
// timestamps and the version. It returns the number of rows.
func Update(ctx context.Context, h *tx.Handle, spec *Spec, values map[string]any) (int64, error) {
	var list []assignment
	for _, name := range sortedKeys(values) {
		c, ok := spec.Model.Column(name)
		if !ok {
			return 0, spec.Model.UnknownAttribute(name)
		}
		if !c.Updatable {
			return 0, errs.New(errs.ErrGuarded, "%s.%s is not written by updates, as its gorm tag says", spec.Model.Name, c.Attr)
		}
		v, err := assignable(c, values[name])
		if err != nil {
			return 0, columnError(c, err)
		}
		for _, other := range list {
			if other.column == c {
				return 0, errs.New(errs.ErrInvalidValue, "%s.%s is given twice", spec.Model.Name, c.Attr)
			}
		}
		list = append(list, assignment{column: c, value: v})
	}
	if len(list) == 0 {
		return 0, spec.Err
	}
	return update(ctx, h, spec, list)
}

// assignable casts a value for a column. nil stands for NULL.
func assignable(c *meta.Column, v any) (any, error) {
	if v == nil {
		if c.NotNull || !c.Nullable && c.Kind != meta.Custom {
			return nil, errs.New(errs.ErrInvalidValue, "nil in a column that is not nullable")
		}
		return nil, nil //nolint:nilnil // nil is the driver's NULL.
	}
	field := c.New()
	if err := c.Assign(field, v); err != nil {
		return nil, err
	}
	return c.Written(field)
}

// Increment adds by to a column of all rows of the query.
func Increment(ctx context.Context, h *tx.Handle, spec *Spec, column string, by any) (int64, error) {
	return move(ctx, h, spec, Change{column, by, Up})
}

// Decrement subtracts by from a column of all rows of the query.
func Decrement(ctx context.Context, h *tx.Handle, spec *Spec, column string, by any) (int64, error) {
	return move(ctx, h, spec, Change{column, by, Down})
}

// Change is what is added to a column, or subtracted from it.
type Change struct {
	Column string
	By     any
	Sign   Sign
}

func move(ctx context.Context, h *tx.Handle, spec *Spec, change Change) (int64, error) {
	c, ok := spec.Model.Column(change.Column)
	if !ok {
		return 0, spec.Model.UnknownColumn(change.Column)
	}
	step, err := Step(c, change.By, change.Sign)
	if err != nil {
		return 0, err
	}
	return update(ctx, h, spec, []assignment{{column: c, value: step, add: true}})
}

// Sign tells whether a step is added or subtracted.
type Sign int8

// The two signs.
const (
	Up   Sign = 1
	Down Sign = -1
)

// Step returns by, negated for a subtraction, as a value that can be added to the column.
func Step(c *meta.Column, by any, direction Sign) (any, error) {
	if !c.Updatable || c.Key {
		return nil, columnError(c, errs.New(errs.ErrGuarded, "the column is not written by updates"))
	}
	switch c.Kind {
	case meta.Int, meta.Uint:
		step, err := meta.CodecOf[int64]().Cast(by)
		n, _ := step.(int64)
		if err == nil && n == math.MinInt64 && (direction == Down || c.Kind == meta.Uint) { // there is no such positive number
			err = errs.New(errs.ErrInvalidValue, "%d does not fit into %s", n, c.Type)
		}
		return n * int64(direction), columnError(c, err)
	case meta.Float:
		step, err := meta.CodecOf[float64]().Cast(by)
		f, _ := step.(float64)
		return f * float64(direction), columnError(c, err)
	default:
		return nil, columnError(c, errs.New(errs.ErrUnsupported, "a %s cannot be incremented", c.Type))
	}
}

func update(ctx context.Context, h *tx.Handle, spec *Spec, list []assignment) (int64, error) {
	list, err := automatic(h, spec.Model, list)
	if err != nil {
		return 0, err
	}
	c, err := newWriter(h, spec)
	if err != nil {
		return 0, err
	}
	c.text("UPDATE ")
	c.buf = c.d.AppendTable(c.buf, spec.Model.Table)
	c.text(" SET ")
	for i, a := range list {
		if i > 0 {
			c.text(", ")
		}
		c.buf = c.d.AppendName(c.buf, a.column.Name)
		c.text(" = ")
		if a.add {
			c.sum(a)
		} else {
			c.bind(a.value)
		}
	}
	return c.finish(ctx)
}

// automatic adds the timestamps and the version that every update writes, unless they are given.
func automatic(h *tx.Handle, m *meta.Model, list []assignment) ([]assignment, error) {
	given := func(c *meta.Column) bool {
		for _, a := range list {
			if a.column == c {
				return true
			}
		}
		return false
	}
	now := h.Database().Now()
	for _, c := range m.Updated {
		if given(c) {
			continue
		}
		v, err := c.StampUpdated(now)
		if err != nil {
			return nil, columnError(c, err)
		}
		list = append(list, assignment{column: c, value: v})
	}
	if m.Version != nil && !given(m.Version) {
		list = append(list, assignment{column: m.Version, value: int64(1), add: true})
	}
	return list, nil
}

// Delete marks all rows of the query as deleted if the model has soft deletes, else it removes them, in one statement.
func Delete(ctx context.Context, h *tx.Handle, spec *Spec) (int64, error) {
	if spec.Model.Deleted == nil {
		return ForceDelete(ctx, h, spec)
	}
	var list []assignment
	for _, mark := range spec.Model.Deleted.Marks {
		v, err := mark.Value(h.Database().Now())
		if err != nil {
			return 0, columnError(mark.Column, err)
		}
		list = append(list, assignment{column: mark.Column, value: v})
	}
	return update(ctx, h, spec, list)
}

// ForceDelete removes all rows of the query in one statement.
func ForceDelete(ctx context.Context, h *tx.Handle, spec *Spec) (int64, error) {
	c, err := newWriter(h, spec)
	if err != nil {
		return 0, err
	}
	c.text("DELETE FROM ")
	c.buf = c.d.AppendTable(c.buf, spec.Model.Table)
	return c.finish(ctx)
}

// Restore clears the time of deletion of all rows of the query.
func Restore(ctx context.Context, h *tx.Handle, spec *Spec) (int64, error) {
	deleted := spec.Model.Deleted
	if deleted == nil {
		return 0, errs.New(errs.ErrUnsupported, "%s has no soft deletes; give it a gorm.DeletedAt field", spec.Model.Name)
	}
	spec = spec.Clone()
	if spec.Trashed == WithoutTrashed {
		spec.Trashed = OnlyTrashed
	}
	var list []assignment
	for _, mark := range deleted.Marks {
		list = append(list, assignment{column: mark.Column, value: mark.Alive()})
	}
	return update(ctx, h, spec, list)
}

// newWriter starts a statement that writes to the rows of a query. Without a condition of the caller
// it refuses, so that a forgotten one does not write to the whole table.
func newWriter(h *tx.Handle, spec *Spec) (*compiler, error) {
	if spec.Err != nil {
		return nil, spec.Err
	}
	if len(spec.Groups) > 0 || len(spec.Having) > 0 || spec.Distinct || len(spec.Aggregates) > 0 || spec.Lock.Mode != "" {
		return nil, errs.New(errs.ErrUnsupported, "a bulk write of a query that groups, drops duplicates, aggregates or locks")
	}
	c, err := newCompiler(h, spec)
	if err != nil {
		return nil, err
	}
	limited := len(spec.Where)+len(spec.Must) > 0 || spec.AllRows || spec.Limit != nil
	if !limited && len(spec.Applied) > 0 {
		if err := c.apply(); err != nil {
			return nil, err
		}
		for _, a := range c.scope.applied {
			limited = limited || len(a.where) > 0 || a.limit != nil
		}
	}
	if !limited {
		return nil, errs.New(errs.ErrMissingWhere, "this would write to every row of %s; add a condition, or AllRows", spec.Model.Table)
	}
	return c, nil
}

// CheckWrite returns an error if the rows of a query cannot be written.
func CheckWrite(h *tx.Handle, spec *Spec) error {
	_, err := newWriter(h, spec)
	return err
}

// finish appends the conditions and runs the statement. Joins, limits and what Apply has set are not
// part of an UPDATE or DELETE, so such rows are found by their key.
func (c *compiler) finish(ctx context.Context) (int64, error) {
	spec := c.scope.spec
	if err := c.writtenRows(spec); err != nil {
		return 0, err
	}
	var affected int64
	s := c.done()
	err := c.h.Guard(ctx, func(ctx context.Context, h *tx.Handle) error {
		res, err := h.Exec(ctx, s)
		affected = res.Affected
		return err
	})
	if err != nil {
		return 0, err
	}
	return affected, nil
}

// writtenRows appends the condition that selects the rows to write.
func (c *compiler) writtenRows(spec *Spec) error {
	if len(spec.Joins)+len(spec.Sources) > 0 || spec.Limit != nil || spec.Offset != nil || len(spec.Applied) > 0 {
		return c.whereKeyIn(spec)
	}
	size, args, queries := len(c.buf), len(c.args), c.queries
	if err := c.where(); err != nil {
		return err
	}
	if !c.d.DerivedLists || c.queries == queries || len(spec.Model.Keys) != 1 {
		return nil
	}
	c.buf, c.args = c.buf[:size], c.args[:args]
	return c.whereKeyIn(spec)
}

// whereKeyIn appends the condition that the key is among the keys of the query's rows.
func (c *compiler) whereKeyIn(spec *Spec) error {
	key, err := spec.Model.Key()
	if err != nil {
		return err
	}
	rows := spec.Clone()
	rows.Columns, rows.Outputs, rows.Aggregates = []Selection{{Column: key.Attr}}, nil, nil
	c.text(" WHERE ")
	c.column(spec.Model.Table, key)
	c.text(" IN (")
	if c.d.DerivedLists {
		rows.Distinct = rows.Limit == nil && rows.Offset == nil && len(rows.Applied) == 0 // keeps MySQL from merging it into the write
		err = c.derived(rows)
	} else {
		err = c.listQuery(rows)
	}
	c.text(")")
	return err
}

func sortedKeys(values map[string]any) []string {
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
