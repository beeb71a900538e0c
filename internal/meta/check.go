// SPDX-License-Identifier: MIT

package meta

import (
	"context"
	"reflect"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/ident"
)

// checkNames finds serialized names that are given twice.
func checkNames(m *Model, d *Draft) {
	taken := map[string]string{}
	claim := func(name, by string) {
		if other, ok := taken[name]; ok {
			d.Fail("%s and %s are both serialized as %s; rename one with a serialize tag", other, by, ident.Quote(name))
		}
		taken[name] = by
	}
	for _, c := range m.Columns {
		if !c.JSON.Hidden {
			claim(c.JSON.Name, "field "+c.Attr)
		}
	}
	for _, v := range m.Virtuals {
		if !v.JSON.Hidden {
			claim(v.JSON.Name, "field "+v.Attr)
		}
	}
	for _, r := range m.Relations {
		if !r.JSON.Hidden {
			claim(r.JSON.Name, "relation "+r.Field)
		}
	}
	for _, c := range m.Computed {
		claim(c.Name, "computed "+c.Name)
	}
}

// gormHooks are the hook methods of gorm, which Kindred never calls, and what replaces them.
var gormHooks = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"BeforeSave": "Saving", "AfterSave": "Saved", "BeforeCreate": "Creating", "AfterCreate": "Created", "BeforeUpdate": "Updating",
	"AfterUpdate": "Updated", "BeforeDelete": "Deleting", "AfterDelete": "Deleted", "AfterFind": "Found",
}

// checkMethods finds methods that would never run and fields that hide ours.
func checkMethods(t reflect.Type, d *Draft) {
	for _, part := range Parts(t) {
		part.check(d)
	}
	p := reflect.PointerTo(t)
	for _, name := range []string{"Format", "LogValue", "MarshalJSON"} {
		if _, ok := p.MethodByName(name); !ok {
			d.Fail("a field %s hides the method of that name, which keeps hidden values out of logs and JSON; rename the field", name)
		}
	}
}

// check finds methods of the part that would never run.
func (p *Part) check(d *Draft) {
	of := ""
	if p.Type != d.Type {
		of = " of the embedded " + p.Type.Name()
	}
	for name, moment := range gormHooks {
		if method, ok := p.Method(name); ok && takes(method, reflect.TypeFor[*gorm.DB]()) {
			d.Fail("method %s%s is a hook of gorm and would never run; rename it to %s(ctx context.Context) error, or use d.On", name, of, moment)
		}
	}
	for m := range Moments {
		method, ok := p.Method(m.Method())
		switch {
		case !ok:
		case m.OfQuery() || m.OfMany():
			d.Fail("method %s%s would never run; register it with %s in Define", m.Method(), of, rightCall(m))
		case !takes(method, reflect.TypeFor[context.Context]()) || method.Type.NumOut() != 1 || method.Type.Out(0) != reflect.TypeFor[error]():
			d.Fail("method %s%s has the name of a hook, but not its signature: %s(ctx context.Context) error", m.Method(), of, m.Method())
		}
	}
}

// takes reports whether a method has one argument, of type arg. Behind an interface its type has no receiver.
func takes(method reflect.Method, arg reflect.Type) bool {
	n := method.Type.NumIn()
	return n > 0 && method.Type.In(n-1) == arg && (n == 2) == method.Func.IsValid()
}
