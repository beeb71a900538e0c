// SPDX-License-Identifier: MIT

// Package aggregate selects counts, sums and other aggregates of related rows, beside the rows of a query or for records that
// are loaded.
package aggregate

import (
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
)

// The functions of an aggregate that have no column.
const (
	Count  = "count"
	Exists = "exists"
	Chosen = "" // what Refine chooses
)

// Aggregate is an aggregate of the related rows.
type Aggregate struct {
	Path   string // the relation, with or without "as alias"
	Func   string // sum, avg, min, max, Count, Exists or Chosen
	Column string // of the related rows; none for Count, Exists and Chosen
	Refine []func(*query.Spec)
}

// Select selects the aggregate by a sub-query of a query.
func Select(spec *query.Spec, a Aggregate) {
	output, err := a.output(spec)
	if err == nil {
		err = checkFree(spec, output.As)
	}
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Outputs = append(spec.Outputs, output)
}

func (a Aggregate) output(spec *query.Spec) (query.Output, error) {
	name, alias, err := query.SplitAlias(a.Path)
	if err != nil {
		return query.Output{}, err
	}
	if strings.Contains(name, ".") {
		return query.Output{}, errs.New(errs.ErrUnsupported, "an aggregate of %s; it is of one relation, a through relation for more",
			ident.Quote(name))
	}
	l, err := spec.Model.LinkOf(name)
	if err != nil {
		return query.Output{}, err
	}
	sub, err := a.sub(spec, l)
	if err != nil {
		return query.Output{}, l.Error("aggregate", err)
	}
	o := query.Output{Sub: sub, Exists: a.Func == Exists, As: alias}
	if o.Exists {
		o.Codec = meta.CodecOf[bool]()
	}
	if o.As == "" {
		o.As = sub.As
	}
	if o.As == "" {
		o.As = a.defaultAlias(l, sub)
	}
	return o, nil
}

// sub returns the sub-query, which selects the aggregate.
func (a Aggregate) sub(spec *query.Spec, l *meta.Link) (*query.Spec, error) {
	refine := a.Refine
	if a.Func != Count && a.Func != Exists { // it reads columns of the related rows
		refine = append(slices.Clip(refine), func(*query.Spec) {})
	}
	sub := related.Sub(spec, l, refine...)
	switch a.Func {
	case Count, Exists:
	case Chosen:
		if sub.Err == nil && len(sub.Aggregates) == 0 {
			return nil, errs.New(errs.ErrUnsupported, `WithAggregate whose function names no aggregate; call q.Aggregate("sum", "amount")`)
		}
	default:
		chain.Aggregate(sub, a.Func, a.Column)
	}
	sub.Limit, sub.Offset = nil, nil
	return sub, sub.Err
}

// defaultAlias is relation_function or relation_function_column.
func (a Aggregate) defaultAlias(l *meta.Link, sub *query.Spec) string {
	name := meta.Snake(l.Field)
	if len(sub.Aggregates) == 0 {
		return name + "_" + a.Func
	}
	first := sub.Aggregates[0]
	if a.Func == Chosen && first.Named {
		return first.As
	}
	return name + "_" + meta.Snake(first.As)
}

// checkFree refuses an alias that is a column, or that the query selects already.
func checkFree(spec *query.Spec, alias string) error {
	if _, taken := spec.Model.Column(alias); taken && !spec.Model.Loose {
		return errs.New(errs.ErrUnknownColumn, "the alias %s is a column of %s; choose another", ident.Quote(alias), spec.Model.Name)
	}
	for i := range spec.Outputs {
		if spec.Outputs[i].As == alias {
			return errs.New(errs.ErrUnknownColumn, "the alias %s is given twice", ident.Quote(alias))
		}
	}
	return nil
}
