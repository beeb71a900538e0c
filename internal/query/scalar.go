// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Values is a sink that keeps rows of plain values as the driver gives them.
type Values struct {
	Lists [][]any
	width int
}

// Targets reads every column without conversion.
func (v *Values) Targets(names []string) ([]dialect.Target, error) {
	v.width = len(names)
	targets := make([]dialect.Target, v.width)
	for i := range targets {
		targets[i].Extra = i
	}
	return targets, nil
}

// Row adds a row.
func (v *Values) Row() (memory.Ptr, []any) {
	list := make([]any, v.width)
	v.Lists = append(v.Lists, list)
	return nil, list
}

// Rows returns the number of rows.
func (v *Values) Rows() int64 { return int64(len(v.Lists)) }

// Cells returns new cells.
func (v *Values) Cells() *dialect.Cells { return &dialect.Cells{} }

// Later is never called, because no column belongs to a field.
func (v *Values) Later(memory.Ptr, *dialect.Target, any) {}

// Count returns how many rows the query has. The order is dropped; a query that groups, drops
// duplicates or has a limit is counted as it stands.
func Count(ctx context.Context, h *tx.Handle, spec *Spec) (int64, error) {
	spec = spec.Clone()
	spec.Orders, spec.Lock = nil, Lock{}
	spec.dropOutputs()
	wrapped := spec.Distinct || len(spec.Groups) > 0 || len(spec.Having) > 0 || spec.Limit != nil || spec.Offset != nil ||
		len(spec.Applied)+len(spec.Aggregates) > 0
	var s tx.Statement
	if wrapped {
		inner, err := Compile(h, spec)
		if err != nil {
			return 0, err
		}
		s = inner
		s.SQL = "SELECT count(*) FROM (" + inner.SQL + ") AS counted"
	} else {
		c, err := newCompiler(h, spec)
		if err != nil {
			return 0, err
		}
		c.text("SELECT count(*)")
		if err := c.rest(); err != nil {
			return 0, err
		}
		s = c.done()
	}
	var n int64
	err := one(ctx, h, s, countCodec, &n)
	return n, err
}

// Any reports whether the query has a row.
func Any(ctx context.Context, h *tx.Handle, spec *Spec) (bool, error) {
	spec = spec.Clone()
	spec.Orders, spec.Lock = nil, Lock{}
	spec.dropOutputs()
	if spec.Limit == nil {
		limit := 1
		spec.Limit = &limit
	}
	c, err := newCompiler(h, spec)
	if err != nil {
		return false, err
	}
	if len(spec.Groups) > 0 || len(spec.Having) > 0 || spec.Distinct {
		if _, err := c.selections(); err != nil {
			return false, err
		}
	} else {
		c.text("SELECT 1")
	}
	if err := c.rest(); err != nil {
		return false, err
	}
	values := &Values{}
	err = h.Read(ctx, c.done(), values)
	return len(values.Lists) > 0, err
}

// Calculate stores an aggregate of the query's rows in dest, a pointer: its zero value if there are
// no rows.
func Calculate(ctx context.Context, h *tx.Handle, spec *Spec, a Aggregate, dest any) error {
	spec = spec.Clone()
	spec.Orders, spec.Lock, spec.Columns, spec.Outputs = nil, Lock{}, nil, nil
	spec.Aggregates = []Aggregate{{Func: a.Func, Column: a.Column, As: "value"}}
	c, err := newCompiler(h, spec)
	if err != nil {
		return err
	}
	of, err := c.aggregateColumn(spec.Aggregates[0])
	if err != nil {
		return err
	}
	if spec.Limit != nil || spec.Offset != nil || spec.Distinct || len(spec.Groups) > 0 || len(spec.Having) > 0 {
		return errs.New(errs.ErrUnsupported, "%s of a query with a limit, an offset, Distinct, GroupBy or Having", a.Func)
	}
	c.text("SELECT ")
	c.aggregate(spec.Aggregates[0])
	if err := c.rest(); err != nil {
		return err
	}
	v, err := only(ctx, h, c.done())
	if err == nil {
		err = keep(of.Codec, v, dest)
	}
	if errors.Is(err, errs.ErrInvalidValue) && a.Column != "*" {
		if o, unknown := c.resolve(a.Column); unknown == nil {
			return columnError(o.Column, err)
		}
	}
	return err
}

// one reads the only value of a statement.
func one(ctx context.Context, h *tx.Handle, s tx.Statement, codec *meta.Codec, dest any) error {
	v, err := only(ctx, h, s)
	if err != nil {
		return err
	}
	return keep(codec, v, dest)
}

// only returns the only value of a statement.
func only(ctx context.Context, h *tx.Handle, s tx.Statement) (any, error) {
	values := &Values{}
	if err := h.Read(ctx, s, values); err != nil {
		return nil, err
	}
	if len(values.Lists) != 1 {
		return nil, errs.New(errs.ErrNotUnique, "%d rows where one was expected", len(values.Lists))
	}
	return values.Lists[0][0], nil
}

// keep stores a value in dest, which may hold a sum that is wider than 64 bits.
func keep(codec *meta.Codec, v, dest any) error {
	if err := typed(codec, &v); err != nil && codec != intCodec {
		return err
	}
	return Store(dest, v)
}

// Pluck stores the values of one column in dest, a pointer to a slice.
func Pluck(ctx context.Context, h *tx.Handle, spec *Spec, column string, dest any) error {
	list := reflect.ValueOf(dest)
	if list.Kind() != reflect.Pointer || list.IsNil() || list.Elem().Kind() != reflect.Slice {
		return errs.New(errs.ErrInvalidValue, "Pluck stores into a pointer to a slice, not into a %T", dest)
	}
	spec = spec.Clone()
	spec.unselect()
	counted := spec.onlySorted(column)
	i := slices.IndexFunc(spec.Aggregates, func(a Aggregate) bool { return a.As == column })
	if spec.Columns = []Selection{{Column: column}}; i >= 0 {
		spec.Columns, spec.Aggregates[i].unselected = nil, false
	}
	c, err := newCompiler(h, spec)
	if err != nil {
		return err
	}
	var of *meta.Column
	switch {
	case counted != nil:
		of, err = c.pluckedOutput(counted)
	case i >= 0:
		of, err = c.aggregateColumn(spec.Aggregates[i])
	default:
		of, err = c.pluckedColumn(column)
	}
	if err != nil {
		return err
	}
	if counted == nil {
		if _, err := c.selections(); err != nil {
			return err
		}
	}
	if err := c.rest(); err != nil {
		return err
	}
	values := &Values{}
	if err := h.Read(ctx, c.done(), values); err != nil {
		return err
	}
	out := reflect.MakeSlice(list.Elem().Type(), len(values.Lists), len(values.Lists))
	for i, row := range values.Lists {
		if err := typed(of.OrNull(), &row[0]); err != nil {
			return columnError(of, err)
		}
		if err := Store(out.Index(i).Addr().Interface(), row[0]); err != nil {
			return columnError(of, err)
		}
	}
	list.Elem().Set(out)
	return nil
}

// onlySorted keeps the outputs that the query is sorted by, without selecting them, and returns the one with
// the plucked name, or nil if there is none.
func (s *Spec) onlySorted(plucked string) (counted *Output) {
	outputs := slices.Clone(s.Outputs)
	s.Outputs = nil
	for i := range outputs {
		o := &outputs[i]
		if o.Hidden {
			continue
		}
		if o.unselected = true; o.As == plucked {
			counted = o
		}
		if slices.ContainsFunc(s.Orders, func(order Order) bool { return order.Column == o.As }) {
			s.Outputs = append(s.Outputs, *o)
		}
	}
	return counted
}

// pluckedOutput selects a count, or another value of related rows.
func (c *compiler) pluckedOutput(o *Output) (*meta.Column, error) {
	of, err := c.outputColumn(o)
	if err != nil {
		return nil, err
	}
	c.text("SELECT ")
	if c.scope.spec.Distinct {
		c.text("DISTINCT ")
	}
	_, err = c.output(o)
	return of, err
}

func (c *compiler) pluckedColumn(column string) (*meta.Column, error) {
	name, _, err := SplitAlias(column)
	if err != nil {
		return nil, err
	}
	o, err := c.resolve(name)
	return o.Column, err
}

// Store converts a value to what dest points to; nil becomes the zero value.
func Store(dest, value any) error {
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return errs.New(errs.ErrInvalidValue, "results are stored into a pointer, not into a %T", dest)
	}
	to = to.Elem()
	if value == nil {
		to.SetZero()
		return nil
	}
	from := reflect.ValueOf(value)
	if from.Type().AssignableTo(to.Type()) {
		to.Set(from)
		return nil
	}
	codec := meta.CodecFor(to.Type())
	if codec == nil {
		return errs.New(errs.ErrInvalidValue, "a %T cannot be stored into a %s", value, to.Type())
	}
	bound, err := meta.Bound(value)
	if err != nil {
		return err
	}
	field := reflect.New(to.Type()) // what does not fit leaves dest alone
	if err := codec.Scan(field.UnsafePointer(), bound); err != nil {
		return errs.Conceal(err, "a %T in a %s", value, to.Type())
	}
	to.Set(field.Elem())
	return nil
}
