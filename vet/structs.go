// SPDX-License-Identifier: MIT

package vet

import (
	"go/ast"
	"go/token"
	"go/types"
)

// structCheck reports struct types in which a base model cannot work.
type structCheck struct {
	info    *types.Info
	qualify types.Qualifier
	report  reporter
}

// declared checks a type with a name of its own; an alias has none.
func (c structCheck) declared(spec *ast.TypeSpec) {
	named, ok := c.info.Defs[spec.Name].Type().(*types.Named)
	if !ok {
		return
	}
	fields, ok := named.Underlying().(*types.Struct)
	if !ok {
		return
	}
	literal, _ := spec.Type.(*ast.StructType)
	c.fields(named, fields, func(i int) token.Pos {
		if literal == nil { // type Admin User
			return spec.Name.Pos()
		}
		return fields.Field(i).Pos()
	})
}

// unnamed checks a struct type literal that is not a declaration's own.
func (c structCheck) unnamed(literal *ast.StructType) {
	fields, ok := c.info.TypeOf(literal).(*types.Struct)
	if !ok {
		return
	}
	c.fields(nil, fields, func(i int) token.Pos { return fields.Field(i).Pos() })
}

// fields reports at most one mistake for each field of the struct. self is nil
// for an unnamed struct.
func (c structCheck) fields(self *types.Named, fields *types.Struct, pos func(int) token.Pos) {
	name := "an unnamed struct"
	if self != nil {
		name = self.Obj().Name()
	}
	for i := range fields.NumFields() {
		field := fields.Field(i)
		subject, byPointer := base(field.Type())
		switch {
		case subject != nil && byPointer && field.Embedded():
			c.report(pos(i), "%s embeds model.BaseModel by pointer; embed it by value, as the first field", name)
		case subject != nil && byPointer: // a plain pointer to some record's base
		case subject != nil && !field.Embedded():
			c.report(pos(i), "field %s of %s holds a model.BaseModel; embed it, as the first field",
				field.Name(), name)
		case subject != nil && self == nil:
			c.report(pos(i), "an unnamed struct embeds model.BaseModel[%s]; a model is a declared type",
				c.text(subject))
		case subject != nil && !isSelf(subject, self):
			c.report(pos(i), "%[1]s embeds model.BaseModel[%[2]s], whose methods take the %[1]s for a %[2]s; "+
				"embed model.BaseModel[%[1]s]", name, c.text(subject))
		case subject != nil && i > 0:
			c.report(pos(i), "model.BaseModel is not the first field of %s, so it cannot find its record; "+
				"move it to the top", name)
		case subject == nil && field.Embedded() && isModel(field.Type()):
			c.report(pos(i), "%[1]s embeds the model %[2]s, whose promoted methods act on the %[2]s alone; "+
				"give it a named field, or share the columns in a struct without model.BaseModel",
				name, c.text(field.Type()))
		}
	}
}

func (c structCheck) text(t types.Type) string { return types.TypeString(t, c.qualify) }

// base returns X if t is model.BaseModel[X] or a pointer to it, else nil. BaseModel[X] is an alias of
// Record[*X]. For a Record of anything else it returns a pointer type, which is no model.
func base(t types.Type) (subject types.Type, byPointer bool) {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t, byPointer = pointer.Elem(), true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.TypeArgs().Len() != 1 {
		return nil, false
	}
	obj := named.Obj()
	if obj.Name() != "Record" || obj.Pkg() == nil || obj.Pkg().Path() != modelPath {
		return nil, false
	}
	arg := types.Unalias(named.TypeArgs().At(0))
	if pointer, ok := arg.(*types.Pointer); ok {
		return types.Unalias(pointer.Elem()), byPointer
	}
	return types.NewPointer(arg), byPointer
}

// isSelf reports whether t is the type declared as self or, within a generic
// declaration, self with its own type parameters.
func isSelf(t types.Type, self *types.Named) bool {
	named, ok := t.(*types.Named)
	if !ok || named.Origin() != self.Origin() || named.TypeArgs().Len() != self.TypeParams().Len() {
		return false
	}
	for i := range self.TypeParams().Len() {
		if !types.Identical(named.TypeArgs().At(i), self.TypeParams().At(i)) {
			return false
		}
	}
	return true
}

// isModel reports whether t is a struct that embeds a base model by value,
// directly or through the structs that it embeds by value.
func isModel(t types.Type) bool {
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range fields.Fields() {
		if !field.Embedded() {
			continue
		}
		if subject, byPointer := base(field.Type()); subject != nil && !byPointer || isModel(field.Type()) {
			return true
		}
	}
	return false
}
