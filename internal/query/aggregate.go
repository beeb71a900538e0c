// SPDX-License-Identifier: MIT

package query

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
)

// functions are the aggregates and how SQL writes them.
var functions = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"count": "count(", "countDistinct": "count(DISTINCT ", "sum": "sum(", "avg": "avg(", "min": "min(", "max": "max(",
}

// The types of aggregates that are not those of their column.
var (
	countCodec = meta.CodecOf[int64]()    //nolint:gochecknoglobals // immutable.
	intCodec   = meta.CodecOf[*int64]()   //nolint:gochecknoglobals // immutable.
	floatCodec = meta.CodecOf[*float64]() //nolint:gochecknoglobals // immutable.
)

// aggregateColumn checks an aggregate and returns a column description with its type.
func (c *compiler) aggregateColumn(a Aggregate) (*meta.Column, error) {
	if _, ok := functions[a.Func]; !ok {
		return nil, errs.New(errs.ErrUnsupported, "aggregate %s; use count, countDistinct, sum, avg, min or max", ident.Quote(a.Func))
	}
	if a.Named {
		if err := CheckAlias(a.As); err != nil {
			return nil, err
		}
	}
	out := &meta.Column{Attr: a.As, Model: c.scope.spec.Model, Codec: countCodec}
	if a.Column == "*" {
		if a.Func != "count" {
			return nil, errs.New(errs.ErrUnknownColumn, "%s of *; name a column", a.Func)
		}
		return out, nil
	}
	o, err := c.resolve(a.Column)
	if err != nil {
		return nil, err
	}
	kind := o.Kind
	if inner := meta.Wrapped(o.Type); inner != nil && a.Func == "sum" { // a sum may be wider than the type around the number
		kind = inner.Kind
	}
	numeric := o.Kind == meta.Int || o.Kind == meta.Uint || o.Kind == meta.Float || o.Kind == meta.Custom || o.Meaning == meta.Decimal
	switch {
	case a.Func == "count" || a.Func == "countDistinct":
	case (a.Func == "sum" || a.Func == "avg") && !numeric, o.Kind == meta.Bool:
		return nil, errs.New(errs.ErrUnsupported, "%s of %s.%s, which is a %s", a.Func, o.Model.Name, o.Attr, o.Type)
	case a.Func == "avg", a.Func == "sum" && kind == meta.Float:
		out.Codec = floatCodec
	case a.Func == "sum" && (kind == meta.Int || kind == meta.Uint):
		out.Codec = intCodec
	default:
		out.Codec, out.Field = o.OrNull(), o.Field
	}
	return out, nil
}

// aggregate appends a checked aggregate.
func (c *compiler) aggregate(a Aggregate) {
	c.text(functions[a.Func])
	if a.Column == "*" {
		c.text("*)")
		return
	}
	having := c.having
	c.having = false
	if o, err := c.resolve(a.Column); err == nil {
		if a.Func == "min" || a.Func == "max" {
			c.comparable(o)
		} else {
			c.put(o)
		}
	}
	c.having = having
	c.text(")")
}

// aggregate returns the aggregate that the query declares under an alias.
func (s *Spec) aggregate(alias string) (Aggregate, bool) {
	i := slices.IndexFunc(s.Aggregates, func(a Aggregate) bool { return a.As == alias })
	if i < 0 {
		return Aggregate{}, false
	}
	return s.Aggregates[i], true
}
