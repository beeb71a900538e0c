// SPDX-License-Identifier: MIT

package chain

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/scope"
)

// Clause is a list of conditions of a query: WHERE or HAVING.
type Clause func(*query.Spec) *query.Group

// Where is the WHERE clause.
func Where(spec *query.Spec) *query.Group { return &spec.Where }

// Having is the HAVING clause.
func Having(spec *query.Spec) *query.Group { return &spec.Having }

// Condition adds a condition on a column to a clause: its arguments are a value, or an operator and a value.
func Condition(spec *query.Spec, clause Clause, how query.Logic, column string, args []any) {
	node, err := compare(column, args)
	if err != nil {
		spec.Fail(err)
		return
	}
	to := clause(spec)
	*to = append(*to, query.Term{Logic: how, Node: node})
}

func compare(column string, args []any) (query.Node, error) {
	switch len(args) {
	case 1:
		return compare(column, []any{"=", args[0]})
	case 2:
		op, ok := args[0].(string)
		if !ok {
			return nil, errs.New(errs.ErrUnsupported, "an operator of type %T; it is a string such as \"=\"", args[0])
		}
		value, isQuery := args[1].(*query.Spec)
		switch {
		case !isQuery:
			return query.NewCompare(column, op, args[1]), nil
		case strings.HasSuffix(strings.ToLower(op), "in"):
			return query.NewCompare(column, op, subquery(value)), nil
		}
		return nil, errs.New(errs.ErrInvalidValue, "a query as the value of %s; use WhereIn", ident.Quote(column))
	default:
		return nil, errs.New(errs.ErrInvalidValue, "a condition on %s with %d arguments; give a value, or an operator and a value",
			ident.Quote(column), len(args))
	}
}

// Group adds the conditions that fn adds to a clause, as a group in parentheses.
func Group(spec *query.Spec, clause Clause, how query.Logic, fn func(*query.Spec)) {
	group, err := collect(spec, fn)
	if err != nil {
		spec.Fail(err)
		return
	}
	to := clause(spec)
	*to = append(*to, query.Term{Logic: how, Node: query.Nested{Group: group}})
}

// collect returns the conditions that fn adds.
func collect(spec *query.Spec, fn func(*query.Spec)) (query.Group, error) {
	if fn == nil {
		return nil, errs.New(errs.ErrInvalidValue, "a nil function for a group of conditions")
	}
	inner := query.New(spec.Handle, spec.Model)
	inner.Alias, inner.Outer, inner.Related = spec.Alias, spec, spec.Related
	inner.Link, inner.Pivot, inner.Grouping = spec.Link, spec.Pivot, true
	fn(inner)
	if inner.Err != nil {
		return nil, inner.Err
	}
	if !inner.OnlyConditions() {
		return nil, errs.New(errs.ErrUnsupported, "a group holds conditions only; order, limit, select and join on the query itself")
	}
	for name := range inner.Unscoped {
		if spec.Unscoped == nil {
			spec.Unscoped = map[string]bool{}
		}
		spec.Unscoped[name] = true
	}
	if len(inner.Where) == 0 {
		return nil, errs.New(errs.ErrInvalidValue, "an empty group of conditions")
	}
	return inner.Where, nil
}

// WrongCondition records the error of a condition that is neither a column nor a function.
func WrongCondition(spec *query.Spec, condition any) {
	spec.Fail(errs.New(errs.ErrUnsupported, "a condition on a %T; name a column, or pass a func(*relation.Query)", condition))
}

// GroupWithArguments records the error of a group that was given arguments.
func GroupWithArguments(spec *query.Spec) {
	spec.Fail(errs.New(errs.ErrInvalidValue, "a group of conditions takes no further arguments"))
}

// In adds the condition that a column is, or is not, in a slice or among the rows of a query.
func In(spec *query.Spec, how query.Logic, column string, values any) {
	spec.Add(how.Plain(), query.In{Column: column, Not: how.Not, Values: subquery(values)})
}

// Null adds the condition that a column is, or is not, NULL.
func Null(spec *query.Spec, how query.Logic, column string) {
	spec.Add(how.Plain(), query.Null{Column: column, Not: how.Not})
}

// Between adds the condition that a column is, or is not, between two values.
func Between(spec *query.Spec, how query.Logic, column string, from, to any) {
	spec.Add(how.Plain(), query.Between{Column: column, Not: how.Not, From: from, To: to})
}

// Like adds the condition that a column matches, or does not match, a pattern.
func Like(spec *query.Spec, how query.Logic, column, pattern string) {
	spec.Add(how.Plain(), query.Like{Column: column, Not: how.Not, Pattern: pattern})
}

// ILike is Like ignoring case.
func ILike(spec *query.Spec, how query.Logic, column, pattern string) {
	spec.Add(how.Plain(), query.Like{Column: column, Not: how.Not, Fold: true, Pattern: pattern})
}

// Columns adds a comparison of two columns.
func Columns(spec *query.Spec, how query.Logic, left, op, right string) {
	spec.Add(how, query.Columns{Left: left, Op: op, Right: right})
}

// Exists adds the condition that a query has, or does not have, a row.
func Exists(spec *query.Spec, how query.Logic, sub *query.Spec) {
	if sub == nil {
		spec.Fail(errs.New(errs.ErrInvalidValue, "WhereExists of a nil query"))
		return
	}
	spec.Add(how.Plain(), query.Exists{Not: how.Not, Sub: scope.InSubquery(sub)})
}

// Raw adds SQL of the caller to a clause.
func Raw(spec *query.Spec, clause Clause, how query.Logic, sql string, args []any) {
	to := clause(spec)
	*to = append(*to, query.Term{Logic: how, Node: raw(sql, args)})
}

func raw(sql string, args []any) query.Raw {
	values := make([]any, len(args))
	for i, v := range args {
		values[i] = subquery(v)
	}
	return query.Raw{SQL: sql, Args: values}
}

// subquery prepares a description among the values of a condition for its use there. Other values stay as they are.
func subquery(v any) any {
	given, ok := v.(*query.Spec)
	if !ok {
		return v
	}
	sub := scope.InSubquery(given)
	if sub.Parents == nil {
		sub.LimitPlainly()
	}
	return sub
}

// Keys adds the condition that the primary key is one, or none, of the ids.
func Keys(spec *query.Spec, how query.Logic, ids []any) {
	list, err := key.List(spec.Model, ids)
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Add(how.Plain(), query.Keys{Not: how.Not, IDs: list})
}
