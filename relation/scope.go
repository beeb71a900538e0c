// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Scope adds the named scope of the model. Its conditions are a group, so that an OrWhere in the
// scope stays in it.
//
//go:noinline
func (c *Chain[S]) Scope(name string, args ...any) S {
	c.core.scope(name, args...)
	return c.self
}

// WithoutScope leaves out global scopes by name, all of them if none is named.
//
//go:noinline
func (c *Chain[S]) WithoutScope(names ...string) S {
	c.core.withoutScope(names...)
	return c.self
}

// allScopes stands for every global scope; no scope has an empty name.
const allScopes = ""

func hasGlobal(m *meta.Model, name string) bool {
	for _, g := range m.Globals {
		if g.Name == name {
			return true
		}
	}
	return false
}

// applyScopes adds the global scopes that were not removed. The conditions of each are a group.
func applyScopes(spec *query.Spec) {
	for _, g := range spec.Model.Globals {
		fn, ok := g.Func.(func(*Query))
		if !ok || spec.Unscoped[g.Name] || spec.Unscoped[allScopes] {
			continue
		}
		if group := spec.Isolate(func() { fn(newQuery(spec)) }); len(group) > 0 {
			spec.Scoped = append(spec.Scoped, query.Nested{Group: group})
		}
	}
}

// start prepares a run: a copy of the description, which hooks of the moments and global scopes may
// change, and the handle that serves it. The conditions of each hook are a group, as those of a scope.
// With moments records are loaded, and the queries of their relations are prepared, too.
func start(ctx context.Context, of *query.Spec, moments ...meta.Moment) (context.Context, *tx.Handle, *query.Spec, error) {
	if of.Err != nil {
		return ctx, nil, nil, of.Err
	}
	serving := tx.ForArgument
	if of.OfRecord {
		serving = tx.ForRecord
	}
	h, err := serving(ctx, of.Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	return startOn(ctx, h, of, moments...)
}

// startOn is start with the handle that serves the run.
func startOn(
	ctx context.Context, h *tx.Handle, of *query.Spec, moments ...meta.Moment,
) (context.Context, *tx.Handle, *query.Spec, error) {
	var err error
	spec := of.Clone()
	if h.InTransaction() {
		ctx = tx.With(ctx, h)
	}
	if !meta.IsQuiet(ctx) {
		for _, moment := range moments {
			for _, hook := range spec.Model.Hooks.Query[moment] {
				fn, ok := hook.(func(context.Context, *Query) error)
				if !ok {
					continue
				}
				group := spec.Isolate(func() { err = fn(ctx, newQuery(spec)) })
				if err != nil {
					return ctx, nil, nil, err
				}
				if len(group) > 0 {
					spec.Scoped = append(spec.Scoped, query.Nested{Group: group})
				}
			}
		}
	}
	applyScopes(spec)
	if spec.Parents == nil {
		plainLimit(spec)
	}
	if err = spec.Err; err == nil && len(moments) > 0 { // records are loaded
		err = prepare(h, spec, nil)
	}
	return ctx, h, spec, err
}
