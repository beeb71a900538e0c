// SPDX-License-Identifier: MIT

// Package chain holds what the methods of the public builders do: each of its functions adds to the description of a query. A
// mistake is kept in the description, and the call that runs the query returns it.
package chain

import (
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Chain is what a public builder is made of: the types of package relation have it as their underlying type, so that packages
// of Kindred can convert one to the other, and nobody else can make one.
type Chain struct{ spec *query.Spec }

// New returns a chain over all rows of a model. The handle is nil for the one that the context will carry; err is what is
// wrong with the model.
func New(h *tx.Handle, m *meta.Model, err error) *Chain {
	c := &struct {
		Chain

		own query.Spec
	}{own: query.Spec{Handle: h, Model: m, Err: err}}
	c.spec = &c.own
	return &c.Chain
}

// Of returns a chain that adds to a description.
func Of(spec *query.Spec) *Chain { return &Chain{spec: spec} }

// Spec returns the description. A zero builder, which Kindred has not made, gives a description with an error.
func (c *Chain) Spec() *query.Spec {
	if c == nil || c.spec == nil {
		return &query.Spec{
			Model: &meta.Model{}, Err: errs.New(errs.ErrUnbound, "the builder was not made by Kindred; model.Query returns one"),
		}
	}
	return c.spec
}

// Clone returns a chain that can go on without changing this one.
func (c *Chain) Clone() *Chain { return Of(c.Spec().Clone()) }
