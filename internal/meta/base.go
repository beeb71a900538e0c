// SPDX-License-Identifier: MIT

package meta

import (
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Slot is the part of a base model by which Kindred recognises it. P is a pointer to the model that the base model is
// embedded in. Only packages of Kindred can name the type, so no other struct is taken for a base model.
type Slot[P any] struct {
	owner [0]P //nolint:unused // reflection reads P from it.
	State memory.Ptr
}

// base is what a base model says about itself.
type base struct {
	owner reflect.Type // the model that it was made for
	state uintptr      // where the state lies in it
}

// slotPackage and slotName identify the instances of Slot.
var (
	slotPackage = reflect.TypeFor[Slot[int]]().PkgPath()
	slotName    = strings.SplitAfter(reflect.TypeFor[Slot[int]]().Name(), "[")[0] //nolint:gochecknoglobals // constant.
)

// slotOf returns the facts of a base model, if t is one: a struct that holds a slot, itself or in a part of it that is not
// exported.
func slotOf(t reflect.Type) (base, bool) {
	if t.Kind() != reflect.Struct {
		return base{}, false
	}
	for f := range t.Fields() {
		if f.Type.PkgPath() == slotPackage && strings.HasPrefix(f.Type.Name(), slotName) {
			state, _ := f.Type.FieldByName("State")
			return base{owner: f.Type.Field(0).Type.Elem().Elem(), state: f.Offset + state.Offset}, true
		}
		if !f.Anonymous || ast.IsExported(f.Name) {
			continue
		}
		if inner, ok := slotOf(f.Type); ok && f.Type.PkgPath() == t.PkgPath() {
			inner.state += f.Offset
			return inner, true
		}
	}
	return base{}, false
}

// embeddedBase looks for a base model among what t embeds, at any depth.
func embeddedBase(t reflect.Type, above ...reflect.Type) (base, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || slices.Contains(above, t) {
		return base{}, false
	}
	if b, ok := slotOf(t); ok {
		return b, true
	}
	for f := range t.Fields() {
		if !f.Anonymous {
			continue
		}
		if b, ok := embeddedBase(f.Type, append(above, t)...); ok {
			return b, true
		}
	}
	return base{}, false
}

// checkEmbedding makes sure that the first field of t is the base model made for t itself: the base model finds its record by
// its own address. It returns where the record keeps the pointer to its state.
func checkEmbedding(t reflect.Type) (state uintptr, err error) {
	way := fmt.Sprintf("write model.BaseModel[%s] as the first field", t.Name())
	found, embedded := embeddedBase(t)
	if !embedded {
		return 0, fmt.Errorf("%s does not embed the base model; %s", t.Name(), way)
	}
	first := t.Field(0)
	if first.Type.Kind() == reflect.Pointer {
		return 0, fmt.Errorf("%s embeds a pointer; %s", t.Name(), way)
	}
	own, isBase := slotOf(first.Type)
	switch {
	case isBase && own.owner != t:
		return 0, fmt.Errorf("%s embeds the base model of %s; %s", t.Name(), own.owner.Name(), way)
	case found.owner != t:
		return 0, fmt.Errorf("%s embeds %s, which is a model of its own; %s", t.Name(), found.owner.Name(), way)
	case !isBase || !first.Anonymous:
		return 0, fmt.Errorf("the base model of %s is not its first field; %s", t.Name(), way)
	}
	return own.state, nil
}

// Embeds reports whether t is a struct that embeds a base model, right or wrong.
func Embeds(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	if known, ok := embeds.Load(t); ok {
		return known == true
	}
	_, found := embeddedBase(t)
	embeds.Store(t, found)
	return found
}

// define adds what the methods of a model say to its draft: hooks, and Define. Package model sets it, as it knows the
// argument of Define; compile calls it.
var define func(*Draft) //nolint:gochecknoglobals // set once, when package model is initialised.

// DefineBy sets the function that adds what the methods of a model say to its draft. It returns true, so that a package can
// call it in the initialisation of a variable.
func DefineBy(fn func(*Draft)) bool {
	define = fn
	return true
}

// errNoModel is the error for a value whose type is no model.
func errNoModel(t reflect.Type) error {
	return errs.New(errs.ErrUnsupported, "a %v is no model; it needs a pointer to a struct that embeds model.BaseModel", t)
}

// OfType returns the model of a pointer to a struct.
func OfType(pointer reflect.Type) (*Model, error) {
	if pointer == nil || pointer.Kind() != reflect.Pointer || !Embeds(pointer.Elem()) {
		return nil, errNoModel(pointer)
	}
	return First(pointer.Elem())
}

// OfValue returns the model of a record that is given as a pointer to its struct. The error says what v is instead.
func OfValue(v any) (*Model, error) {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || !Embeds(t.Elem()) {
		return nil, errNoModel(t)
	}
	if memory.OfAny(v) == nil {
		return nil, errs.New(errs.ErrUnsupported, "a nil %T is no record", v)
	}
	m, err := First(t.Elem())
	if err != nil {
		return nil, errs.New(errs.ErrUnsupported, "%T was refused as a model; Register it to see why", v)
	}
	return m, nil
}
