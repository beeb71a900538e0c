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

// Table names the table, where it is not the plural of the struct's name in snake case.
func (d *Definition[T]) Table(name string) { d.draft.SetTable(name) }

// Computed adds a value to the record's JSON.
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

// On runs fn with the record at a moment; any number of functions per moment.
func (d *Definition[T]) On(m hooks.Moment, fn func(context.Context, *T) error) {
	if moment, ok := d.moment(m, fn != nil); ok {
		d.draft.AddHook(moment, func(ctx context.Context, p memory.Ptr) error { return fn(ctx, memory.At[T](p)) })
	}
}

// OnQuery runs fn with the query before it is sent: Finding, Fetching, Paginating. fn may add
// conditions; those of Paginating and Fetching also count. Count, Exists, Pluck, aggregates and bulk
// writes run no hooks; conditions that must hold there are a global scope.
func (d *Definition[T]) OnQuery(m hooks.Moment, fn func(context.Context, *relation.Query) error) {
	if moment, ok := d.moment(m, fn != nil); ok {
		d.draft.AddQueryHook(moment, func(ctx context.Context, q meta.Query) error { return fn(ctx, queryOf(q)) })
	}
}

// OnMany runs fn with all records of a result: Fetched, Paginated.
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

// Observe runs the methods of observer that have a moment's name: Saving(ctx, *T) error for the
// moments of On, Fetching(ctx, *relation.Query) error for those of OnQuery, Fetched(ctx, []*T) error
// for those of OnMany.
func (d *Definition[T]) Observe(observer any) {
	v := reflect.ValueOf(observer)
	if !v.IsValid() {
		d.draft.Fail("a nil observer")
		return
	}
	found := false
	for m := range meta.Moments {
		method := v.MethodByName(m.Method())
		if !method.IsValid() {
			continue
		}
		found = true
		switch fn := method.Interface().(type) {
		case func(context.Context, *T) error:
			d.On(hooks.Moment(m.String()), fn)
		case func(context.Context, *relation.Query) error:
			d.OnQuery(hooks.Moment(m.String()), fn)
		case func(context.Context, []*T) error:
			d.OnMany(hooks.Moment(m.String()), fn)
		default:
			d.draft.Fail("method %s of observer %T has the name of a hook, but not the signature of one for %s",
				m.Method(), observer, d.draft.Type.Name())
		}
	}
	if !found {
		d.draft.Fail("observer %T has no method with the name of a moment", observer)
	}
}

// Relation refines the relation of a field, given by its address (&u.Posts): all that a tag cannot say.
func (d *Definition[T]) Relation(field any) *RelationDefinition {
	return (*RelationDefinition)(d.draft.Refine(field))
}

// Scope names conditions for queries, which take arguments: query.Scope("since", day).
func (d *Definition[T]) Scope(name string, fn func(q *relation.Query, args ...any)) {
	if fn == nil {
		d.draft.Fail("scope %s has no function", ident.Quote(name))
		return
	}
	d.draft.AddScope(name, func(q meta.Query, args ...any) { fn(queryOf(q), args...) })
}

// GlobalScope adds conditions to every query of the model that does not remove them by WithoutScope,
// bulk writes and aggregates included. It knows nothing of the caller: it gets no context, and for
// what depends on a request a named scope is the place.
// Refresh, Fresh and Save address the row by its key and are not affected.
func (d *Definition[T]) GlobalScope(name string, fn func(q *relation.Query)) {
	if fn == nil {
		d.draft.Fail("global scope %s has no function", ident.Quote(name))
		return
	}
	d.draft.AddGlobalScope(name, func(q meta.Query) { fn(queryOf(q)) })
}

// Serialize sets how a field, given by its address (&u.CreatedAt), appears in JSON.
func (d *Definition[T]) Serialize(field any, fn func(*T) any) {
	if fn == nil {
		d.draft.Fail("Serialize has no function")
		return
	}
	d.draft.AddSerializer(field, func(p memory.Ptr) any { return fn(memory.At[T](p)) })
}

// SerializeExtras adds what fn returns to the record's JSON; its names replace fields of that name.
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

// define adds what the methods of a model say to a draft of its facts.
func define(d *meta.Draft) {
	methodHooks(d)
	// Define is found by reflection, as a mention of Definition[T] would have the compiler make all of
	// its methods for every model, whether it has a Define or not.
	method := reflect.NewAt(d.Type, d.Proto).MethodByName("Define")
	if !method.IsValid() {
		return
	}
	if t := method.Type(); t.NumIn() == 1 && t.In(0).Kind() == reflect.Pointer {
		definition := reflect.New(t.In(0).Elem())
		own, ok := reflect.TypeAssert[interface {
			over(*meta.Draft, reflect.Type) bool
		}](definition)
		if ok && own.over(d, t) {
			method.Call([]reflect.Value{definition})
			return
		}
	}
	d.Fail("method Define has the wrong signature; write Define(d *model.Definition[%s])", d.Type.Name())
}

// methodHooks adds the methods of a model that are hooks.
func methodHooks(d *meta.Draft) {
	method(d, meta.Creating, hooks.CreatingHook.Creating)
	method(d, meta.Created, hooks.CreatedHook.Created)
	method(d, meta.Updating, hooks.UpdatingHook.Updating)
	method(d, meta.Updated, hooks.UpdatedHook.Updated)
	method(d, meta.Saving, hooks.SavingHook.Saving)
	method(d, meta.Saved, hooks.SavedHook.Saved)
	method(d, meta.Deleting, hooks.DeletingHook.Deleting)
	method(d, meta.Deleted, hooks.DeletedHook.Deleted)
	method(d, meta.Restoring, hooks.RestoringHook.Restoring)
	method(d, meta.Restored, hooks.RestoredHook.Restored)
	method(d, meta.Found, hooks.FoundHook.Found)
	method(d, meta.Committed, hooks.CommittedHook.Committed)
	method(d, meta.RolledBack, hooks.RolledBackHook.RolledBack)
}

// method adds the method of interface H, if pointers to the model have it.
func method[H any](d *meta.Draft, m meta.Moment, call func(H, context.Context) error) {
	t := d.Type
	if _, ok := memory.Pointer(t, nil).(H); !ok {
		return
	}
	d.AddHook(m, func(ctx context.Context, p memory.Ptr) error {
		return call(memory.Pointer(t, p).(H), ctx) //nolint:errcheck,forcetypeassert // *T was found to be an H.
	})
}
