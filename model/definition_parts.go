// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// define adds what the methods of a model say to a draft of its facts.
func define(d *meta.Draft) {
	parts := meta.Parts(d.Type)
	for _, part := range parts {
		methodHooks(d, part)
	}
	for _, part := range parts {
		if _, ok := part.Method("Define"); ok {
			defineBy(d, part)
		}
	}
}

// defineBy calls the Define of a part of a model. It is found by reflection, as a mention of Definition[T] would have the compiler make
// all of its methods for every model, whether it has a Define or not.
func defineBy(d *meta.Draft, part meta.Part) {
	at := part.At(d.Proto)
	if at == nil {
		at = memory.New(part.Type)
	}
	v := part.Value(at)
	if v == nil {
		return
	}
	method := reflect.ValueOf(v).MethodByName("Define")
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
	if part.Type != d.Type {
		d.Fail("method Define of the embedded %s would never run; write Define(d *model.Definition[%s]), or call it by another name",
			part.Type.Name(), d.Type.Name())
		return
	}
	d.Fail("method Define has the wrong signature; write Define(d *model.Definition[%s])", d.Type.Name())
}

// methodHooks adds the methods of a part of a model that are hooks.
func methodHooks(d *meta.Draft, part meta.Part) {
	method(d, part, meta.Creating, hooks.CreatingHook.Creating)
	method(d, part, meta.Created, hooks.CreatedHook.Created)
	method(d, part, meta.Updating, hooks.UpdatingHook.Updating)
	method(d, part, meta.Updated, hooks.UpdatedHook.Updated)
	method(d, part, meta.Saving, hooks.SavingHook.Saving)
	method(d, part, meta.Saved, hooks.SavedHook.Saved)
	method(d, part, meta.Deleting, hooks.DeletingHook.Deleting)
	method(d, part, meta.Deleted, hooks.DeletedHook.Deleted)
	method(d, part, meta.Restoring, hooks.RestoringHook.Restoring)
	method(d, part, meta.Restored, hooks.RestoredHook.Restored)
	method(d, part, meta.Found, hooks.FoundHook.Found)
	method(d, part, meta.Committed, hooks.CommittedHook.Committed)
	method(d, part, meta.RolledBack, hooks.RolledBackHook.RolledBack)
}

// method adds the method of interface H, if the part declares it. A part that is not there, behind a nil pointer, has nothing to do.
func method[H any](d *meta.Draft, part meta.Part, m meta.Moment, call func(H, context.Context) error) {
	if _, ok := part.Method(m.Method()); !ok {
		return
	}
	d.AddHook(m, func(ctx context.Context, p memory.Ptr) error {
		at := part.At(p)
		if at == nil {
			return nil
		}
		if hook, ok := part.Value(at).(H); ok { // another signature is a mistake that Register reports
			return call(hook, ctx)
		}
		return nil
	})
}

// observation is a method of an observer with the name of a moment.
type observation struct {
	moment meta.Moment
	fn     any
}

// observations returns the methods of an observer, and of what it embeds.
func observations(observer any) []observation {
	v := reflect.ValueOf(observer)
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		v = reflect.New(v.Type().Elem())
	case v.Kind() != reflect.Pointer:
		held := reflect.New(v.Type())
		held.Elem().Set(v)
		v = held
	}
	var list []observation
	for m := range meta.Moments {
		for _, part := range meta.Parts(v.Type().Elem()) {
			if fn := methodOf(part, v.UnsafePointer(), m.Method()); fn.IsValid() {
				list = append(list, observation{m, fn.Interface()})
			}
		}
	}
	return list
}

// methodOf returns a method that a part declares, bound to the part of the value at an address, if there is one.
func methodOf(part meta.Part, of memory.Ptr, name string) reflect.Value {
	if _, ok := part.Method(name); !ok {
		return reflect.Value{}
	}
	at := part.At(of)
	if at == nil {
		return reflect.Value{}
	}
	v := reflect.ValueOf(part.Value(at))
	if !v.IsValid() {
		return v
	}
	return v.MethodByName(name)
}
