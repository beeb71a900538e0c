// SPDX-License-Identifier: MIT

package meta

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Draft is a model while it is being compiled; Define methods write into it.
type Draft struct {
	Type  reflect.Type // the struct that is compiled
	Proto memory.Ptr   // the record on which Define is called

	table     string
	computed  []Computed
	hooks     Hooks
	scopes    map[string]Scope
	globals   []GlobalScope
	serialize map[uintptr]func(memory.Ptr) any
	extras    func(memory.Ptr) map[string]any
	relations map[uintptr]*refinement
	problems  []error
	readBack  map[uintptr]bool // columns by offset, or all of them
	readAll   bool
}

// refinement is what Define adds to the relation of a field.
type refinement struct {
	Refined

	options map[string]string
	json    string
}

// Refiner is the relation of a field while its model is being compiled.
type Refiner struct {
	draft *Draft
	to    *refinement
}

// Refine returns the relation whose field has an address in Proto.
func (d *Draft) Refine(field any) *Refiner {
	r := &Refiner{draft: d, to: &refinement{options: map[string]string{}}}
	offset, ok := d.Offset(field)
	if !ok {
		d.Fail("Relation takes the address of a relation field of %s, such as &u.Posts", d.Type.Name())
		return r
	}
	if known, ok := d.relations[offset]; ok {
		r.to = known
		return r
	}
	if d.relations == nil {
		d.relations = map[uintptr]*refinement{}
	}
	d.relations[offset] = r.to
	return r
}

// Set sets a word of the relation's tag.
func (r *Refiner) Set(word, value string) { r.to.options[word] = value }

// SerializeAs names the relation in JSON.
func (r *Refiner) SerializeAs(name string) {
	if name == "" || name == "-" {
		r.draft.Fail(`SerializeAs(%s) does not hide a field from encoding/json, which writes plain struct values; write json:"-"`,
			ident.Quote(name))
		return
	}
	r.to.json = name
}

// Refined returns what is not a word of the tag, to be added to.
func (r *Refiner) Refined() *Refined { return &r.to.Refined }

// Fail notes a mistake.
func (r *Refiner) Fail(format string, args ...any) { r.draft.Fail(format, args...) }

// Fail notes a mistake in the definition; compilation goes on, to find all of them.
func (d *Draft) Fail(format string, args ...any) {
	d.problems = append(d.problems, fmt.Errorf(format, args...))
}

// err joins the problems, each of which names the model.
func (d *Draft) err() error {
	named := make([]error, len(d.problems))
	for i, problem := range d.problems {
		named[i] = &errs.Error{Model: d.Type.Name(), Op: "register", Err: problem}
	}
	return errors.Join(named...)
}

// SetTable names the table.
func (d *Draft) SetTable(name string) { d.table = name }

// AddComputed adds a serialized value.
func (d *Draft) AddComputed(name string, fn func(memory.Ptr) any) {
	for _, c := range d.computed {
		if c.Name == name {
			d.Fail("computed %s is declared twice", ident.Quote(name))
		}
	}
	if name == "" {
		d.Fail("a computed value needs a name")
	}
	d.computed = append(d.computed, Computed{Name: name, Func: fn})
}

// AddHook adds a hook that gets the record.
func (d *Draft) AddHook(m Moment, fn func(context.Context, memory.Ptr) error) {
	if m.OfQuery() || m.OfMany() {
		d.Fail("hook %s gets no record; use %s", m, rightCall(m))
		return
	}
	d.hooks.Record[m] = append(d.hooks.Record[m], fn)
}

// AddQueryHook adds a hook that gets the query.
func (d *Draft) AddQueryHook(m Moment, fn func(context.Context, Query) error) {
	if !m.OfQuery() {
		d.Fail("hook %s gets no query; use %s", m, rightCall(m))
		return
	}
	d.hooks.Query[m] = append(d.hooks.Query[m], fn)
}

// AddManyHook adds a hook that gets all records of a result.
func (d *Draft) AddManyHook(m Moment, fn func(context.Context, []memory.Ptr) error) {
	if !m.OfMany() {
		d.Fail("hook %s does not get a list of records; use %s", m, rightCall(m))
		return
	}
	d.hooks.Many[m] = append(d.hooks.Many[m], fn)
}

func rightCall(m Moment) string {
	switch {
	case m.OfQuery():
		return "OnQuery"
	case m.OfMany():
		return "OnMany"
	default:
		return "On"
	}
}

// AddScope adds a named scope.
func (d *Draft) AddScope(name string, fn Scope) {
	if d.scopes == nil {
		d.scopes = map[string]Scope{}
	}
	if _, ok := d.scopes[name]; ok || name == "" {
		d.Fail("scope %s is declared twice or has no name", ident.Quote(name))
	}
	d.scopes[name] = fn
}

// AddGlobalScope adds a scope that every query starts with.
func (d *Draft) AddGlobalScope(name string, fn Refine) {
	for _, g := range d.globals {
		if g.Name == name {
			d.Fail("global scope %s is declared twice", ident.Quote(name))
		}
	}
	if name == "" {
		d.Fail("a global scope needs a name, by which it can be removed")
	}
	d.globals = append(d.globals, GlobalScope{Name: name, Func: fn})
}

// AddSerializer sets how a field, given by its address in Proto, appears in JSON.
func (d *Draft) AddSerializer(field any, fn func(memory.Ptr) any) {
	offset, ok := d.Offset(field)
	if !ok {
		d.Fail("Serialize takes the address of a field of %s, such as &u.CreatedAt", d.Type.Name())
		return
	}
	if d.serialize == nil {
		d.serialize = map[uintptr]func(memory.Ptr) any{}
	}
	d.serialize[offset] = fn
}

// SetReadBack has every write return the columns of fields, given by their addresses in Proto, or all columns.
func (d *Draft) SetReadBack(fields []any) {
	d.readAll = d.readAll || len(fields) == 0
	for _, field := range fields {
		offset, ok := d.Offset(field)
		if !ok {
			d.Fail("ReadBack takes addresses of fields of %s, such as &u.Email", d.Type.Name())
			continue
		}
		if d.readBack == nil {
			d.readBack = map[uintptr]bool{}
		}
		d.readBack[offset] = true
	}
}

// SetExtras sets how extras appear in JSON.
func (d *Draft) SetExtras(fn func(memory.Ptr) map[string]any) { d.extras = fn }

// Offset returns where in the record the field lies whose address in Proto is given.
func (d *Draft) Offset(field any) (uintptr, bool) {
	p := memory.OfAny(field)
	if p == nil || uintptr(p) < uintptr(d.Proto) || uintptr(p) >= uintptr(d.Proto)+d.Type.Size() {
		return 0, false
	}
	return uintptr(p) - uintptr(d.Proto), true
}
