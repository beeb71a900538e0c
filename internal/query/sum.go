// SPDX-License-Identifier: MIT

package query

import (
	"math"
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/meta"
)

// outOfRange is an expression that no database can compute: the absolute value of the least integer. It names a column, so
// that no planner computes it before there is a row for which it is needed.
const outOfRange = "abs(CAST(%c - %c AS %i) - 9223372036854775807 - 1)"

// sum appends what an assignment sets its column to, if it adds to it: the sum, as long as it is a value of the field's type.
// Otherwise the statement fails: a database would store a sum that the field cannot hold, and SQLite turns more than 64 bits into a float.
func (c *compiler) sum(a assignment) {
	old := string(c.d.AppendColumn([]byte("COALESCE("), c.scope.spec.Model.Table, a.column.Name)) + ", 0)"
	fits := Fits(a.column, a.value)
	c.text("CASE WHEN ")
	c.buf, c.args = fits.Append(c.buf, c.d, old, c.args)
	c.text(" THEN ", old, " + ")
	if _, ok := a.value.(int64); ok {
		c.text("CAST(")
		c.bind(a.value)
		c.text(" AS ", c.d.BigInt, ")")
	} else {
		c.bind(a.value)
	}
	c.text(" ELSE ")
	c.text(strings.NewReplacer("%c", old, "%i", c.d.BigInt).Replace(outOfRange))
	c.text(" END")
}

// Fit is the condition that a column can take a step.
type Fit struct {
	op    string
	bound any
	step  any // that is added before the comparison
}

// Fits returns the condition that the sum of a column and a step is a value of the field's type.
func Fits(c *meta.Column, step any) Fit {
	n, ok := step.(int64)
	if !ok {
		most := math.MaxFloat64
		if c.Bits == 32 {
			most = math.MaxFloat32
		}
		if f, _ := step.(float64); f < 0 {
			return Fit{op: " >= ", bound: -most, step: step}
		}
		return Fit{op: " <= ", bound: most, step: step}
	}
	low, high := int64(0), int64(math.MaxInt64)
	switch {
	case c.Kind == meta.Int:
		low, high = math.MinInt64>>(64-c.Bits), math.MaxInt64>>(64-c.Bits)
	case c.Bits < 64:
		high = 1<<c.Bits - 1
	}
	if n < 0 {
		return Fit{op: " >= ", bound: low - n}
	}
	return Fit{op: " <= ", bound: high - n}
}

// Append appends the condition to SQL. The bound is cast to the field's type, because the column may be narrower.
func (f Fit) Append(sql []byte, d *dialect.Dialect, column string, args []any) ([]byte, []any) {
	bind := func(v any) {
		args = append(args, v)
		sql = d.AppendPlaceholder(sql, len(args))
	}
	cast := d.BigInt
	sql = append(sql, column...)
	if f.step != nil {
		cast = d.Double
		sql = append(sql, " + "...)
		bind(f.step)
	}
	sql = append(sql, f.op...)
	sql = append(sql, "CAST("...)
	bind(f.bound)
	return append(append(append(sql, " AS "...), cast...), ')'), args
}
