// SPDX-License-Identifier: MIT

package query

import (
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Node is a condition. It appends itself to the SQL.
type Node interface{ append(c *compiler) error }

type (
	// Compare is column op value.
	Compare struct {
		Column, Op string
		Value      any
	}
	// In is column IN list or sub-query.
	In struct {
		Column string
		Not    bool
		Values any // a slice, or a *Spec
	}
	// Differs is column IS DISTINCT FROM value: NULL is a value like others.
	Differs struct {
		Column string
		Value  any
	}
	// Null is column IS NULL.
	Null struct {
		Column string
		Not    bool
	}
	// Between is column BETWEEN from AND to.
	Between struct {
		Column   string
		Not      bool
		From, To any
	}
	// Like is column LIKE pattern.
	Like struct {
		Column    string
		Not, Fold bool
		Pattern   string
	}
	// Columns is column op column.
	Columns struct{ Left, Op, Right string }
	// Exists is EXISTS (sub-query).
	Exists struct {
		Not bool
		Sub *Spec
	}
	// Raw is SQL of the caller, with ? for values and ?? for a question mark.
	Raw struct {
		SQL  string
		Args []any
	}
	// Nested is a group of conditions.
	Nested struct{ Group Group }
	// Keys is the condition that the primary key is one, or none, of the ids.
	Keys struct {
		Not bool
		IDs []any
	}
)

// Operators are the operators that a comparison may have, and how SQL writes them.
var operators = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"=": "=", "==": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}

func operator(op string) (string, error) {
	if known, ok := operators[op]; ok {
		return known, nil
	}
	return "", errs.New(errs.ErrUnsupported, "operator %s; use one of = != < <= > >= like, not like, ilike, not ilike, in, not in",
		ident.Quote(op))
}

// NewCompare returns the condition of column, operator and value.
func NewCompare(column, op string, value any) Node {
	switch strings.ToLower(op) {
	case "in", "not in":
		return In{Column: column, Not: op[0] == 'n' || op[0] == 'N', Values: value}
	case "like", "not like", "ilike", "not ilike":
		op = strings.ToLower(op)
		if pattern, ok := value.(string); ok {
			return Like{
				Column: column, Not: strings.HasPrefix(op, "not"), Fold: strings.HasSuffix(op, "ilike"), Pattern: pattern,
			}
		}
	}
	return Compare{Column: column, Op: op, Value: value}
}

func (n Compare) append(c *compiler) error {
	op, err := operator(n.Op)
	if err != nil {
		switch like := strings.ToLower(n.Op); like {
		case "like", "not like", "ilike", "not ilike":
			return errs.New(errs.ErrInvalidValue, "%s: the pattern of %s is a %T, not text", ident.Quote(n.Column), like, n.Value)
		}
		return err
	}
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	if column.aggregate == nil && column.output == nil && c.converted(column.Column) {
		cast, err := column.Cast(n.Value)
		if err != nil {
			return columnError(column.Column, err)
		}
		c.near(Place{Table: column.table, Column: column.Column}, op, cast)
	}
	c.comparable(column)
	c.text(" ", op, " ")
	return c.value(column.Column, n.Value)
}

func (n In) append(c *compiler) error {
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	if sub, ok := n.Values.(*Spec); ok {
		c.comparable(column)
		if n.Not {
			c.text(" NOT")
		}
		c.text(" IN (")
		if err := c.listQuery(sub); err != nil {
			return err
		}
		c.text(")")
		return nil
	}
	values, err := list(n.Values)
	if err != nil {
		return columnError(column.Column, err)
	}
	return c.list(column, values, n.Not)
}

// list returns the elements of a slice.
func list(values any) ([]any, error) {
	if list, ok := values.([]any); ok {
		return list, nil
	}
	v := reflect.ValueOf(values)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array || v.Type().Elem().Kind() == reflect.Uint8 {
		return nil, errs.New(errs.ErrInvalidValue, "a %T is no list; pass a slice, or a query", values)
	}
	out := make([]any, v.Len())
	for i := range out {
		out[i] = v.Index(i).Interface()
	}
	return out, nil
}

func (n Differs) append(c *compiler) error {
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	v, err := assignable(column.Column, n.Value)
	if err != nil {
		return columnError(column.Column, err)
	}
	if op := c.d.EqualOrNull; op != "" {
		c.text("NOT (")
		c.put(column)
		c.text(op)
		c.bind(v)
		c.text(")")
		return nil
	}
	c.put(column)
	c.text(" IS DISTINCT FROM ")
	c.bind(v)
	return nil
}

func (n Null) append(c *compiler) error {
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	c.put(column)
	if n.Not {
		c.text(" IS NOT NULL")
	} else {
		c.text(" IS NULL")
	}
	return nil
}

func (n Between) append(c *compiler) error {
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	c.comparable(column)
	if n.Not {
		c.text(" NOT")
	}
	c.text(" BETWEEN ")
	if err := c.value(column.Column, n.From); err != nil {
		return err
	}
	c.text(" AND ")
	return c.value(column.Column, n.To)
}

func (n Like) append(c *compiler) error {
	column, err := c.resolve(n.Column)
	if err != nil {
		return err
	}
	if column.Kind != meta.String && column.Kind != meta.Custom {
		return columnError(column.Column, errs.New(errs.ErrInvalidValue, "LIKE compares text, not a %s", column.Type))
	}
	pattern, err := meta.Text(n.Pattern)
	if err != nil {
		return columnError(column.Column, err)
	}
	operator := " LIKE "
	fold := n.Fold && c.d.ILike == ""
	if n.Fold && !fold {
		operator = " " + c.d.ILike + " "
	}
	if fold {
		c.text("lower(")
	}
	c.put(column)
	if fold {
		c.text(")")
	}
	if n.Not {
		c.text(" NOT")
	}
	c.text(operator)
	if fold {
		c.text("lower(")
	}
	c.bind(pattern)
	if fold {
		c.text(")")
	}
	return nil
}

func (n Columns) append(c *compiler) error {
	op, err := operator(n.Op)
	if err != nil {
		return err
	}
	left, err := c.resolve(n.Left)
	if err != nil {
		return err
	}
	right, err := c.resolve(n.Right)
	if err != nil {
		return err
	}
	c.comparable(left)
	c.text(" ", op, " ")
	c.comparable(right)
	return nil
}

func (n Exists) append(c *compiler) error {
	if n.Sub == nil {
		return errs.New(errs.ErrInvalidValue, "a nil query")
	}
	if n.Not {
		c.text("NOT ")
	}
	c.text("EXISTS (")
	if err := c.subquery(n.Sub); err != nil {
		return err
	}
	c.text(")")
	return nil
}

func (n Nested) append(c *compiler) error { return c.group(n.Group) }

func (n Keys) append(c *compiler) error {
	key, err := c.scope.spec.Model.Key()
	if err != nil {
		return err
	}
	return c.list(operand{Column: key, table: c.scope.spec.Table()}, n.IDs, n.Not)
}

// columnError names the column in an error about a value.
func columnError(column *meta.Column, err error) error {
	if err == nil {
		return nil
	}
	return errs.Field(column.Model.Name+"."+column.Attr, err)
}

// Bound is the condition that a column of the query's own model equals a value that was cast before.
type Bound struct {
	Column *meta.Column
	Op     string // "" is =
	Value  any
}

func (n Bound) append(c *compiler) error { //nolint:unparam // a Node.
	place, op := Place{Table: c.scope.spec.Table(), Column: n.Column}, n.Op
	if op == "" {
		op = "="
	}
	c.near(place, op, n.Value)
	c.compared(place)
	c.text(" ", op, " ")
	c.bind(n.Value)
	return nil
}
