// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/relation"
)

// Definition is passed to the Define method of a model when it boots, once per naming strategy:
//
//	func (u *User) Define(d *model.Definition[User]) {
//		d.Computed("initials", func(u *User) any { return initials(u.FullName) })
//		d.On(hooks.Saving, func(ctx context.Context, u *User) error { return u.hashPassword() })
//	}
//
// Mistakes are errors of DB.Register.
type Definition[T any] struct{ draft *meta.Draft }

// Table names the model's table, which otherwise is the plural of the struct's name in snake case, as gorm's naming
// strategy says.
func (d *Definition[T]) Table(name string) { d.draft.SetTable(name) }

// Computed adds a value to the JSON, Map and Object of a record, under name, after its fields. fn runs each time that the
// record is written, and gets the record. A name that a field has already is a mistake. As Lucid's computed and Eloquent's
// appends.
func (d *Definition[T]) Computed(name string, fn func(*T) any) {
	if fn == nil {
		d.draft.Fail("computed %s has no function", ident.Quote(name))
		return
	}
	d.draft.AddComputed(name, func(p memory.Ptr) any { return fn(memory.At[T](p)) })
}

// moment returns the moment of a name.
func (d *Definition[T]) moment(m hooks.Moment, fn bool) (meta.Moment, bool) {
	known, ok := meta.MomentOf(string(m))
	switch {
	case !ok:
		d.draft.Fail("there is no moment %s; the moments are constants of package hooks", ident.Quote(string(m)))
	case !fn:
		d.draft.Fail("the hook for %s has no function", m)
	}
	return known, ok && fn
}

// On runs fn with the record at a moment of a write or a read of one record: Creating to Restored, Found, Committed,
// RolledBack. Any number of functions may be registered for a moment; they run after the method of that name, in the order
// in which they were registered. An error stops the write and rolls it back.
func (d *Definition[T]) On(m hooks.Moment, fn func(context.Context, *T) error) {
	if moment, ok := d.moment(m, fn != nil); ok {
		d.draft.AddHook(moment, func(ctx context.Context, p memory.Ptr) error { return fn(ctx, memory.At[T](p)) })
	}
}

// OnQuery runs fn with the query before it is sent, at Finding (calls that return one record), Fetching (many) or
// Paginating. fn may add conditions, which are a group of their own; those of Paginating and Fetching also count in the
// total of a page. An error of fn is the error of the call, and nothing is sent.
//
// Count, Exists, Pluck, aggregates and bulk writes run no hooks: conditions that must hold there are a
// [Definition.GlobalScope]. As Lucid's beforeFind, beforeFetch and beforePaginate.
func (d *Definition[T]) OnQuery(m hooks.Moment, fn func(context.Context, *relation.Query) error) {
	if moment, ok := d.moment(m, fn != nil); ok {
		d.draft.AddQueryHook(moment, func(ctx context.Context, q meta.Query) error { return fn(ctx, queryOf(q)) })
	}
}

// OnMany runs fn with all records of a result, at Fetched or Paginated, after their relations are loaded. An error of fn
// is the error of the call. As Lucid's afterFetch and afterPaginate.
func (d *Definition[T]) OnMany(m hooks.Moment, fn func(context.Context, []*T) error) {
	if moment, ok := d.moment(m, fn != nil); ok {
		d.draft.AddManyHook(moment, many(fn))
	}
}

func many[T any](fn func(context.Context, []*T) error) func(context.Context, []memory.Ptr) error {
	return func(ctx context.Context, records []memory.Ptr) error {
		return fn(ctx, slices.Clone(memory.List[*T](records)))
	}
}

// Observe runs those methods of observer that have the name of a moment: Saving(ctx, *T) error for the moments of On,
// Fetching(ctx, *relation.Query) error for those of OnQuery, Fetched(ctx, []*T) error for those of OnMany. Methods of what
// the observer embeds run too, before its own. Another signature, or no such method at all, is a mistake. As Eloquent's
// observers.
func (d *Definition[T]) Observe(observer any) {
	if !reflect.ValueOf(observer).IsValid() {
		d.draft.Fail("a nil observer")
		return
	}
	found := observations(observer)
	for _, o := range found {
		switch fn := o.fn.(type) {
		case func(context.Context, *T) error:
			d.On(hooks.Moment(o.moment.String()), fn)
		case func(context.Context, *relation.Query) error:
			d.OnQuery(hooks.Moment(o.moment.String()), fn)
		case func(context.Context, []*T) error:
			d.OnMany(hooks.Moment(o.moment.String()), fn)
		default:
			d.draft.Fail("method %s of observer %T has the name of a hook, but not the signature of one for %s",
				o.moment.Method(), observer, d.draft.Type.Name())
		}
	}
	if len(found) == 0 {
		d.draft.Fail("observer %T has no method with the name of a moment", observer)
	}
}

// Relation returns the definition of a relation, given by the address of its field, such as &u.Posts, to say what its tag
// cannot. Another address is a mistake.
func (d *Definition[T]) Relation(field any) *RelationDefinition {
	return (*RelationDefinition)(d.draft.Refine(field))
}

// Scope names conditions, which a query of the model adds by Scope(name, args...): in a group, so that an OrWhere of fn
// stays in it. As Lucid's and Eloquent's local scopes.
func (d *Definition[T]) Scope(name string, fn func(q *relation.Query, args ...any)) {
	if fn == nil {
		d.draft.Fail("scope %s has no function", ident.Quote(name))
		return
	}
	d.draft.AddScope(name, func(q meta.Query, args ...any) { fn(queryOf(q), args...) })
}

// GlobalScope adds conditions to every query of the model, preloads, existence conditions, aggregates and bulk writes
// included, unless the query says WithoutScope(name). They are a group.
//
// fn gets no context: what depends on a request is a named scope, or a function that queries Use. Refresh, Fresh, Save and
// Delete of a record find its row by the key, without scopes. As Eloquent's global scopes.
func (d *Definition[T]) GlobalScope(name string, fn func(q *relation.Query)) {
	if fn == nil {
		d.draft.Fail("global scope %s has no function", ident.Quote(name))
		return
	}
	d.draft.AddGlobalScope(name, func(q meta.Query) { fn(queryOf(q)) })
}

// ReadBack has every write of a record return columns, given by the addresses of their fields, such as &u.Email, or without any all
// columns but the key and the version: what a BEFORE trigger of the table changes is in the record at once, by the same
// statement. On a database without RETURNING, such as MySQL, a SELECT in the same transaction reads them. Increment, Touch and
// Delete leave a field alone whose change is not saved yet. What an AFTER trigger changes is seen by Refresh.
func (d *Definition[T]) ReadBack(fields ...any) { d.draft.SetReadBack(fields) }

// Serialize sets the value of a field in JSON and Map, given by the address of the field, such as &u.CreatedAt. fn gets
// the record.
func (d *Definition[T]) Serialize(field any, fn func(*T) any) {
	if fn == nil {
		d.draft.Fail("Serialize has no function")
		return
	}
	d.draft.AddSerializer(field, func(p memory.Ptr) any { return fn(memory.At[T](p)) })
}

// SerializeExtras merges the entries of the map that fn returns into the record's JSON and Map. An entry replaces the
// field of its name. As Lucid's serializeExtras.
func (d *Definition[T]) SerializeExtras(fn func(*T) map[string]any) {
	if fn == nil {
		d.draft.Fail("SerializeExtras has no function")
		return
	}
	d.draft.SetExtras(func(p memory.Ptr) map[string]any { return fn(memory.At[T](p)) })
}

// over makes d a definition of a model's draft, if the model is T and its Define is one.
func (d *Definition[T]) over(draft *meta.Draft, define reflect.Type) bool {
	d.draft = draft
	return draft.Type == reflect.TypeFor[T]() && define == reflect.TypeFor[func(*Definition[T])]()
}
