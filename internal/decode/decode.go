// SPDX-License-Identifier: MIT

// Package decode reads JSON into records under the rules of mass assignment.
package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// Strict merges a JSON object into a record, by serialized name. A name that may not be set is an error; with only, so is every
// name that is not among them.
func Strict(data []byte, s *record.State, only []string) error { return decode(data, s, only, refuse) }

// Lenient is Strict that ignores names which may not be set, as encoding/json ignores unknown ones.
func Lenient(data []byte, s *record.State) error { return decode(data, s, nil, ignore) }

// policy tells what happens to a name that may not be set.
type policy uint8

const (
	refuse policy = iota
	ignore
)

func decode(data []byte, s *record.State, only []string, unfit policy) error {
	if s.Deleted() {
		return errs.New(errs.ErrDeleted, "the row of this %s was deleted", s.Model.Name)
	}
	for _, name := range only {
		if columnOf(s.Model, name) == nil {
			return errs.New(errs.ErrUnknownAttribute, "%s serializes no %s%s", s.Model.Name, ident.Quote(name),
				errs.DidYouMean(name, decodable(s.Model)))
		}
	}
	entries, err := object(data, s.Model)
	if err != nil {
		return err
	}
	type assignment struct {
		column *meta.Column
		field  memory.Ptr
	}
	var list []assignment
	for i, e := range entries {
		c, err := target(s.Model, e.name, only)
		if err == nil && slices.ContainsFunc(entries[:i], func(other entry) bool { return other.name == e.name }) {
			err = errs.New(errs.ErrUnknownAttribute, "%s is given twice for %s", ident.Quote(e.name), s.Model.Name)
		}
		if err != nil {
			if unfit == refuse || !errors.Is(err, errs.ErrUnknownAttribute) && !errors.Is(err, errs.ErrGuarded) {
				return errs.About(s.Model.Name, e.name, err)
			}
			continue
		}
		field, err := decodeField(c, e.value)
		if err != nil {
			return errs.Field(s.Model.Name+"."+e.name, err)
		}
		list = append(list, assignment{c, field})
	}
	for _, a := range list {
		s.Set(a.column, a.field)
	}
	return nil
}

// columnOf returns the column that a name in JSON stands for.
func columnOf(m *meta.Model, name string) *meta.Column {
	for _, c := range m.Columns {
		if c.JSON.Name == name && (!c.JSON.Hidden || c.Fillable) {
			return c
		}
	}
	return nil
}

func decodable(m *meta.Model) []string {
	var names []string
	for _, c := range m.Columns {
		if !c.JSON.Hidden || c.Fillable {
			names = append(names, c.JSON.Name)
		}
	}
	return names
}

func target(m *meta.Model, name string, only []string) (*meta.Column, error) {
	c := columnOf(m, name)
	if c == nil {
		return nil, errs.New(errs.ErrUnknownAttribute, "%s has no field %s%s", m.Name, ident.Quote(name),
			errs.DidYouMean(name, decodable(m)))
	}
	if err := record.Assignable(c); err != nil {
		return nil, err
	}
	if len(only) > 0 && !slices.Contains(only, name) {
		return nil, errs.New(errs.ErrGuarded, "%s of %s is not among the fields that may be set here", ident.Quote(name), m.Name)
	}
	return c, nil
}

type entry struct {
	name  string
	value json.RawMessage
}

// object splits a JSON object into its entries, in order, doubles included.
func object(data []byte, m *meta.Model) ([]entry, error) {
	bad := func(err error) error {
		return errs.Hide(errs.ErrInvalidValue, err, "JSON of %s cannot be read", m.Name)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	token, err := d.Token()
	if err != nil {
		return nil, bad(err)
	}
	if token != json.Delim('{') {
		return nil, errs.New(errs.ErrInvalidValue, "JSON of %s is no object", m.Name)
	}
	var entries []entry
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, bad(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, bad(err)
		}
		text, _ := name.(string)
		entries = append(entries, entry{text, value})
	}
	if _, err := d.Token(); err != nil {
		return nil, bad(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errs.New(errs.ErrInvalidValue, "JSON of %s goes on behind the object", m.Name)
	}
	return entries, nil
}

// decodeField reads a value into a new field of the column's type.
func decodeField(c *meta.Column, value json.RawMessage) (memory.Ptr, error) {
	if string(value) == "null" && !c.Nullable {
		return nil, errs.New(errs.ErrInvalidValue, "null in a field that is not nullable")
	}
	read := unmarshal
	if c.JSON.String {
		read = unmarshalQuoted
	}
	inner, _ := c.Behind()
	if inner == nil {
		return decodeValue(c.Codec, value, read)
	}
	field := c.New()
	if string(value) == "null" {
		return field, nil
	}
	held, err := decodeValue(inner, value, read)
	if err != nil {
		return nil, err
	}
	bound, err := inner.Bind(held)
	if err != nil {
		return nil, err
	}
	return field, c.Scan(field, bound)
}

// decodeValue reads a value into a new field.
func decodeValue(c *meta.Codec, value json.RawMessage, read reader) (memory.Ptr, error) {
	out := reflect.New(c.Type)
	field := out.UnsafePointer()
	null := string(value) == "null"
	if inner := meta.Wrapped(c.Type); inner != nil && !null {
		in := reflect.New(inner.Type)
		if err := read(value, in.Interface()); err != nil {
			return nil, err
		}
		out.Elem().Field(0).Set(in.Elem())
		out.Elem().Field(1).SetBool(true)
	} else if inner == nil || !null {
		if err := read(value, out.Interface()); err != nil {
			return nil, err
		}
	}
	_, err := c.Bind(field)
	return field, err
}

// reader stores a JSON value in a variable.
type reader func(value json.RawMessage, into any) error

// unmarshalQuoted is unmarshal of a value that is written as text, as the tag "string" says. null is written as it is.
func unmarshalQuoted(value json.RawMessage, into any) error {
	if string(value) == "null" {
		return unmarshal(value, into)
	}
	var inner string
	if err := json.Unmarshal(value, &inner); err != nil {
		return mismatch(err)
	}
	return unmarshal(json.RawMessage(inner), into)
}

func unmarshal(value json.RawMessage, into any) error {
	if err := meta.UnmarshalJSON(value, into); err != nil {
		return mismatch(err)
	}
	return nil
}

// mismatch returns an error of encoding/json without the value and without names of Go types.
func mismatch(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		want := wrong.Type.Kind().String()
		switch {
		case strings.HasPrefix(want, "int"), strings.HasPrefix(want, "uint"):
			want = "an integer in range"
		case strings.HasPrefix(want, "float"):
			want = "a number"
		case want == "bool":
			want = "a boolean"
		case want == "string":
			want = "text"
		}
		got, _, _ := strings.Cut(wrong.Value, " ")
		return errs.Hide(errs.ErrInvalidValue, err, "a JSON %s is not %s", got, want)
	}
	return errs.Hide(errs.ErrInvalidValue, err, "the value has the wrong form")
}
