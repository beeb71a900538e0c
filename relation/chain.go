// SPDX-License-Identifier: MIT

package relation

import (
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/query"
)

type (
	// Attrs are column values by attribute or column name.
	Attrs = map[string]any
	// Direction is an order.
	Direction string
)

// The directions of an order.
const (
	Asc  Direction = "asc"
	Desc Direction = "desc"
)

// Chain holds the methods that every builder shares; S is the concrete builder, which they return.
type Chain[S any] struct {
	core core

	self S
	from func(*query.Spec) S // makes another builder
}

// newChain is called by the builders.
func newChain[S any](self S, spec *query.Spec, from func(*query.Spec) S) Chain[S] {
	return Chain[S]{core: core{spec}, self: self, from: from}
}

// subquery returns the description of a query that is used inside another one.
func subquery(v any) (*query.Spec, bool) {
	q, ok := v.(interface{ Query() *Query })
	if direct, isQuery := v.(*Query); isQuery && direct != nil {
		return limited(direct), true
	}
	if !ok {
		return nil, false
	}
	return limited(q.Query()), true
}

func limited(q *Query) *query.Spec {
	spec := q.scoped()
	if spec.Parents == nil {
		plainLimit(spec)
	}
	return spec
}

// Clone returns a builder that can go on without changing this one.
//
//go:noinline
func (c *Chain[S]) Clone() S { return c.from(c.core.spec.Clone()) }

// When calls then if cond holds, else otherwise if it is given.
//
//go:noinline
func (c *Chain[S]) When(cond bool, then func(S), otherwise ...func(S)) S {
	switch {
	case cond:
		then(c.self)
	case len(otherwise) > 0:
		otherwise[0](c.self)
	}
	return c.self
}

// Unless is When with the condition turned round.
//
//go:noinline
func (c *Chain[S]) Unless(cond bool, then func(S), otherwise ...func(S)) S {
	return c.When(!cond, then, otherwise...)
}

// Apply is the way out to gorm: fn gets an empty session of the model and returns it with
// conditions, joins, orders, limits or locking clauses, which the query takes over in parentheses.
// Anything else that fn sets is an ErrUnsupported. Text given to gorm is not checked.
//
//go:noinline
func (c *Chain[S]) Apply(fn func(*gorm.DB) *gorm.DB) S {
	c.core.apply(fn)
	return c.self
}

// Sideload gives every record of the result values of the caller, which Sideloaded returns.
//
//go:noinline
func (c *Chain[S]) Sideload(values Attrs) S {
	c.core.spec.Sideload = values
	return c.self
}

// ReadOnly loads records without the snapshot that finds changes; saving one is an ErrUnsupported.
//
//go:noinline
func (c *Chain[S]) ReadOnly() S {
	c.core.spec.ReadOnly = true
	return c.self
}

// AutoLoad lets Get load a relation that is not loaded, for all records of the result at once. Records
// keep each other in memory.
//
//go:noinline
func (c *Chain[S]) AutoLoad() S {
	c.core.spec.AutoLoad = true
	return c.self
}

// AllRows lets Update, Increment and Delete run without a condition.
//
//go:noinline
func (c *Chain[S]) AllRows() S {
	c.core.spec.AllRows = true
	return c.self
}
