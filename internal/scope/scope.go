// SPDX-License-Identifier: MIT

// Package scope applies named and global scopes to queries, and prepares a query to run.
package scope

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// every stands for all global scopes in Spec.Unscoped; no scope has an empty name.
const every = ""

// Add adds a named scope of the model. Its conditions are a group.
func Add(spec *query.Spec, name string, args []any) {
	m := spec.Model
	fn, ok := m.Scopes[name]
	if !ok {
		known := make([]string, 0, len(m.Scopes))
		for scope := range m.Scopes {
			known = append(known, scope)
		}
		spec.Fail(errs.New(errs.ErrUnknownScope, "%s has no scope %s%s", m.Name, ident.Quote(name), errs.DidYouMean(name, known)))
		return
	}
	if group := spec.Isolate(func() { fn(spec, args...) }); len(group) > 0 {
		spec.Add(query.And, query.Nested{Group: group})
	}
}

// Remove leaves out global scopes by name, all of them if none is named.
func Remove(spec *query.Spec, names []string) {
	if spec.Unscoped == nil {
		spec.Unscoped = map[string]bool{}
	}
	if len(names) == 0 {
		spec.Unscoped[every] = true
	}
	for _, name := range names {
		if !hasGlobal(spec.Model, name) && !onTheWay(spec, name) {
			spec.Fail(errs.New(errs.ErrUnknownScope, "%s has no global scope %s", spec.Model.Name, ident.Quote(name)))
			return
		}
		spec.Unscoped[name] = true
	}
}

func hasGlobal(m *meta.Model, name string) bool {
	for _, g := range m.Globals {
		if g.Name == name {
			return true
		}
	}
	return false
}

// onTheWay reports whether a model between owner and related model has a global scope.
func onTheWay(spec *query.Spec, name string) bool {
	for i := range spec.Sources {
		if hasGlobal(spec.Sources[i].Model, name) {
			return true
		}
	}
	return false
}

// AddGlobal adds the global scopes that were not removed: those of the model, and those of the models that a relation passes, its
// pivot model among them. The conditions of each are a group.
func AddGlobal(spec *query.Spec) {
	for i := range spec.Sources {
		addPassed(spec, &spec.Sources[i])
	}
	for _, g := range spec.Model.Globals {
		if spec.Unscoped[g.Name] || spec.Unscoped[every] {
			continue
		}
		if group := spec.Isolate(func() { g.Func(spec) }); len(group) > 0 {
			spec.Scoped = append(spec.Scoped, query.Nested{Group: group})
		}
	}
}

// addPassed narrows a table that a relation passes to the rows in the global scopes of its model.
func addPassed(spec *query.Spec, passed *query.Source) {
	sub := spec.Sub(passed.Model)
	sub.Unscoped = spec.Unscoped
	if AddGlobal(sub); len(sub.Scoped) == 0 {
		return
	}
	for _, c := range passed.Model.Keys {
		sub.Require(query.Same{
			A: query.Place{Table: sub.Table(), Column: c}, B: query.Place{Table: passed.Name(), Column: c},
		})
	}
	if len(passed.Model.Keys) == 0 {
		spec.Fail(errs.New(errs.ErrMissingKey, "%s has global scopes and no key, so its rows cannot be told apart", passed.Model.Name))
	}
	sub.Orders = nil
	spec.Scoped = append(spec.Scoped, query.Exists{Sub: sub})
}

// InSubquery returns a copy of a query with its global scopes, for use inside another query.
func InSubquery(spec *query.Spec) *query.Spec {
	spec = spec.Clone()
	AddGlobal(spec)
	if spec.Parents == nil && spec.OneOfMany() {
		spec.LimitPlainly()
	}
	return spec
}

// Run is a query that is ready to run.
type Run struct {
	*query.Spec // a copy, which hooks and scopes have added to

	Handle *tx.Handle
}

// Prepare returns a copy of a query, ready to run: hooks of the moments and global scopes have added to it. It also returns
// the context for the statements, which carries the transaction that serves them.
func Prepare(ctx context.Context, of *query.Spec, moments ...meta.Moment) (context.Context, Run, error) {
	if of.Err != nil {
		return ctx, Run{}, of.Err
	}
	serving := tx.ForArgument
	if of.OfRecord {
		serving = tx.ForRecord
	}
	ctx, h, err := serving(ctx, of.Handle)
	if err == nil && of.OfRecord && of.Handle != nil {
		err = record.CheckSchema(of.Handle, h, of.Model)
	}
	if err != nil {
		return ctx, Run{}, err
	}
	return PrepareOn(ctx, h, of, moments...)
}

// PrepareOn is Prepare on the handle that serves the query.
func PrepareOn(ctx context.Context, h *tx.Handle, of *query.Spec, moments ...meta.Moment) (context.Context, Run, error) {
	spec := of.Clone()
	if err := addHooks(ctx, spec, moments); err != nil {
		return ctx, Run{}, err
	}
	AddGlobal(spec)
	if spec.Parents == nil {
		spec.LimitPlainly()
	}
	if spec.Primary || spec.Lock.Mode != "" {
		ctx = h.Writing(ctx)
	}
	return ctx, Run{Spec: spec, Handle: h}, spec.Err
}

// addHooks runs the hooks that get the query. The conditions of each are a group, as those of a scope.
func addHooks(ctx context.Context, spec *query.Spec, moments []meta.Moment) error {
	if meta.IsQuiet(ctx) {
		return nil
	}
	for _, moment := range moments {
		for _, hook := range spec.Model.Hooks.Query[moment] {
			var err error
			group := spec.Isolate(func() { err = hook(ctx, spec) })
			if err != nil {
				return err
			}
			if len(group) > 0 {
				spec.Scoped = append(spec.Scoped, query.Nested{Group: group})
			}
		}
	}
	return nil
}
