// SPDX-License-Identifier: MIT

package key

import (
	"database/sql/driver"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// Values returns an id as bound values: a scalar, or for a composite key a map by attribute or column name or a slice, with
// one value per column of the key.
func Values(m *meta.Model, id any) ([]any, error) {
	if err := m.Keyed(); err != nil {
		return nil, err
	}
	if len(m.Keys) == 1 {
		v, err := Value(m.Keys[0], id)
		return []any{v}, err
	}
	parts, err := split(m, id)
	if err != nil {
		return nil, err
	}
	for i, c := range m.Keys {
		if parts[i], err = Value(c, parts[i]); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// split returns the parts of a composite key in the order of its columns.
func split(m *meta.Model, id any) ([]any, error) {
	parts := make([]any, len(m.Keys))
	switch id := id.(type) {
	case map[string]any:
		if len(id) != len(parts) {
			return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns, not %d", m.Name, len(parts), len(id))
		}
		for i, c := range m.Keys {
			v, ok := id[c.Attr]
			if !ok {
				v, ok = id[c.Name]
			}
			if !ok {
				return nil, errs.New(errs.ErrInvalidKey, "the key of %s lacks %s", m.Name, c.Attr)
			}
			parts[i] = v
		}
	case []any:
		if len(id) != len(parts) {
			return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns, not %d", m.Name, len(parts), len(id))
		}
		copy(parts, id)
	default:
		return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns; pass Attrs or a []any", m.Name, len(parts))
	}
	return parts, nil
}

// Value returns an id as a bound value of a key column.
func Value(c *meta.Column, id any) (any, error) {
	v, err := c.Cast(id)
	if err != nil {
		return nil, errs.Hide(errs.ErrInvalidKey, err, "%s.%s: %s", c.Model.Name, c.Attr, problem(id, c))
	}
	if v == "" {
		return nil, errs.New(errs.ErrInvalidKey, "%s.%s: an empty text", c.Model.Name, c.Attr)
	}
	return v, nil
}

func problem(id any, c *meta.Column) string {
	if id == nil {
		return "nil is no key"
	}
	return "this " + reflect.TypeOf(id).String() + " is no " + c.Type.String()
}

// List returns ids as bound values of the model's only key column. The elements of a slice among them count as ids; a slice in a
// slice is an ErrInvalidKey.
func List(m *meta.Model, ids []any) ([]any, error) {
	column, err := m.Key()
	if err != nil {
		return nil, err
	}
	if ids, err = flatten(ids); err != nil {
		return nil, err
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		if out[i], err = Value(column, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// flatten replaces slices by their elements.
func flatten(ids []any) ([]any, error) {
	out := make([]any, 0, len(ids))
	for _, id := range ids {
		if !IsList(id) {
			out = append(out, id)
			continue
		}
		v := reflect.ValueOf(id)
		for i := range v.Len() {
			one := v.Index(i).Interface()
			if IsList(one) {
				return nil, ErrNested(id)
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// IsList reports whether an argument is several ids. A []byte is one id, and so is a slice with a Value of its own.
func IsList(v any) bool {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Slice || t.Elem().Kind() == reflect.Uint8 {
		return false
	}
	_, valuer := v.(driver.Valuer)
	return !valuer
}

// ErrNested is the error for a slice of slices among ids.
func ErrNested(v any) error {
	return errs.New(errs.ErrInvalidKey, "a %T among ids is nested; pass ids, or slices of ids", v)
}

// Of returns the bound value that a record has in a key column, nil for NULL.
func Of(s *record.State, c *meta.Column) (any, error) {
	if !s.Selected(c) {
		return nil, ErrNotSelected(c)
	}
	return c.Bind(c.At(s.Owner))
}

// OfSaved is Of for a record that others point to. One without a row or a key of its own is an ErrNotPersisted, one whose key is
// NULL an ErrMissingKey.
func OfSaved(s *record.State, c *meta.Column) (any, error) {
	v, err := Of(s, c)
	if err != nil {
		return nil, err
	}
	if !s.Persisted() && (v == nil || c.AutoKey && c.Zero(c.At(s.Owner))) {
		return nil, errs.New(errs.ErrNotPersisted, "the %s has no %s yet; save it first", s.Model.Name, c.Attr)
	}
	if v == nil {
		return nil, ErrNull(c)
	}
	return v, nil
}

// ErrNull is the error for a record that others cannot point to, because its key is NULL.
func ErrNull(c *meta.Column) error {
	return errs.New(errs.ErrMissingKey, "%s.%s is NULL", c.Model.Name, c.Attr)
}

// OfAllSaved is OfSaved for several records.
func OfAllSaved(records []*record.State, c *meta.Column) ([]any, error) {
	keys := make([]any, len(records))
	for i, s := range records {
		var err error
		if keys[i], err = OfSaved(s, c); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// ErrNotSelected is the error for a record that was loaded without a key column.
func ErrNotSelected(c *meta.Column) error {
	return errs.New(errs.ErrMissingKey, "the %s was loaded without %s; select it too", c.Model.Name, c.Attr)
}

// Copy sets a foreign key of one record to the key of another. A key that is NULL is an ErrMissingKey.
func Copy(to *record.State, dst *meta.Column, from *record.State, src *meta.Column) error {
	v, err := Of(from, src)
	if err != nil {
		return err
	}
	if v == nil {
		return ErrNull(src)
	}
	return dst.Scan(dst.At(to.Owner), v)
}
