// SPDX-License-Identifier: MIT

package relation

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Link is one pivot row to make: a related id or model with pivot attributes.
type Link struct {
	to    any
	attrs Attrs
}

// Pivot pairs a related id or model with the attributes of its pivot row.
func Pivot(idOrModel any, attrs Attrs) Link { return Link{idOrModel, attrs} }

// link is a Link whose key was checked.
type link struct {
	key   any // as it is bound
	attrs Attrs
	gone  bool // it is of a record whose row was deleted
}

// readLinks reads the arguments of Attach and its kin: ids, records, Links, and slices of these.
func readLinks(l *meta.Link, given []any) ([]link, error) {
	list := make([]link, 0, len(given))
	var add func(v any, attrs Attrs) error
	add = func(v any, attrs Attrs) error {
		if pair, ok := v.(Link); ok {
			return add(pair.to, pair.attrs)
		}
		rv := reflect.ValueOf(v)
		if rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() != reflect.Uint8 {
			list = slices.Grow(list, rv.Len())
			for i := range rv.Len() {
				if err := add(rv.Index(i).Interface(), attrs); err != nil {
					return err
				}
			}
			return nil
		}
		one, err := linkTo(l, v, attrs)
		list = append(list, one)
		return err
	}
	for _, v := range given {
		if err := add(v, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// distinctLinks is readLinks with one link for each key: the attributes of the last win. It also returns
// the position of each key.
func distinctLinks(l *meta.Link, given []any) ([]link, keyed, error) {
	list, err := readLinks(l, given)
	if err != nil {
		return nil, keyed{}, err
	}
	at := newKeyed(l.Foreign, l.Pivot.Related, len(list))
	out := list[:0]
	for _, one := range list {
		i, fresh := at.addBound(one.key)
		if fresh {
			out = append(out, one)
		} else if one.attrs != nil {
			out[i].attrs = one.attrs
		}
	}
	return out, at, nil
}

func linkTo(l *meta.Link, v any, attrs Attrs) (link, error) {
	one := link{attrs: attrs}
	var err error
	if rec, ok := v.(Record); ok {
		s, err := open(l, rec)
		if err != nil {
			return one, err
		}
		keys, err := keysOf([]*record.State{s}, l.Foreign)
		if err != nil {
			return one, err
		}
		one.key, one.gone = keys[0], s.Deleted()
	} else if one.key, err = keyValue(l.Foreign, v); err != nil {
		return one, err
	}
	return one, nil
}

// attachable refuses records without a row to point to.
func attachable(l *meta.Link, list []link) error {
	for _, one := range list {
		if one.gone {
			return errs.New(errs.ErrDeleted, "the row of this %s was deleted", l.Model.Name)
		}
	}
	return nil
}

// checkLinks checks names and values of the attributes.
func checkLinks(l *meta.Link, h *tx.Handle, list []link) error {
	m, err := l.Pivot.Writing(namesOfLinks(list))
	if err != nil {
		return err
	}
	for _, one := range list {
		if len(one.attrs) == 0 {
			continue
		}
		if _, err := newPivotRow(l, m, h, nil, link{attrs: one.attrs}); err != nil {
			return err
		}
	}
	return nil
}

// goValue returns a field's value without its pointer.
func goValue(c *meta.Column, field memory.Ptr) any {
	v := c.Value(field)
	if rv := reflect.ValueOf(v); c.Pointer && !rv.IsNil() {
		return rv.Elem().Interface()
	}
	return v
}

// newPivotRow makes the record of a pivot row, of a model that has the attributes. It checks names and values
// of the attributes; the bound keys, of the owner and of the link, are nil while they are not known.
func newPivotRow(l *meta.Link, m *meta.Model, h *tx.Handle, owner any, one link) (*record.State, error) {
	s := record.Make(m)
	s.Handle = h
	if err := checkPivot(l, m, one.attrs); err != nil {
		return nil, err
	}
	if err := s.Assign(one.attrs); err != nil {
		return nil, err
	}
	if err := setKey(s, l.Pivot.Owner, owner); err != nil {
		return nil, err
	}
	return s, setKey(s, l.Pivot.Related, one.key)
}

// setKey sets a key of a pivot row to a bound value, unless that is nil.
func setKey(row *record.State, key *meta.Column, v any) error {
	if v == nil {
		return nil
	}
	c, _ := row.Model.Column(key.Name)
	return c.Scan(c.At(row.Owner), v)
}

// checkPivot refuses attributes that are the keys themselves.
func checkPivot(l *meta.Link, m *meta.Model, attrs Attrs) error {
	for name := range attrs {
		c, ok := m.Column(name)
		if !ok {
			return m.UnknownColumn(name)
		}
		if c.Name == l.Pivot.Owner.Name || c.Name == l.Pivot.Related.Name {
			return errs.New(errs.ErrGuarded, "the pivot column %s says which records are connected; it is set by itself", c.Name)
		}
	}
	return nil
}

func attrNames(attrs Attrs) []string {
	names := make([]string, 0, len(attrs))
	for name := range attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pivotChanges returns the attributes that differ from what the row holds. Values of columns whose
// type nobody has declared are compared as values of the type that is given.
func pivotChanges(row *record.State, attrs Attrs) (Attrs, error) {
	var changed Attrs
	for name, v := range attrs {
		c, ok := row.Model.Column(name)
		if !ok {
			return nil, row.Model.UnknownColumn(name)
		}
		same := false
		if c.Any() {
			stored := any(nil)
			if c.Index >= 0 {
				stored = c.Value(c.At(row.Owner))
			} else {
				stored = row.Extras()[c.Name]
			}
			same = meta.SameValue(stored, v)
		} else {
			field := c.New()
			if err := c.Assign(field, v); err != nil {
				return nil, errs.Field(row.Model.Name+"."+c.Attr, err)
			}
			same = c.Equal(field, c.At(row.Owner))
		}
		if !same {
			if changed == nil {
				changed = Attrs{}
			}
			changed[name] = v
		}
	}
	return changed, nil
}

// carryPivot gives a related record the values of its pivot row in Extras.
func carryPivot(l *meta.Link, rec, row *record.State) {
	extras := rec.Extras()
	maps.DeleteFunc(extras, func(name string, _ any) bool { return strings.HasPrefix(name, query.PivotPrefix) })
	for _, c := range row.Model.Columns {
		extras[query.PivotPrefix+c.Name] = goValue(c, c.At(row.Owner))
		if c.Any() || c.Pointer {
			extras[query.PivotPrefix+c.Name] = plainValue(extras[query.PivotPrefix+c.Name])
		}
	}
	if l.Pivot.Typed {
		rec.SetPivot(row.Owner)
		extras[l.Pivot.As] = reflect.NewAt(l.Pivot.Model.Type, row.Owner).Interface()
	}
}

// plainValue turns a nil pointer into nil.
func plainValue(v any) any {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil
	}
	return v
}
