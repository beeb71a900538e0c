// SPDX-License-Identifier: MIT

package pivot

import (
	"maps"
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// rowKeys are the bound keys of a pivot row, nil where they are not known yet.
type rowKeys struct{ owner, related any }

// newRow makes the record of a pivot row, of a model that has the attributes. It checks their names and values.
func newRow(l *meta.Link, m *meta.Model, h *tx.Handle, keys rowKeys, attrs map[string]any) (*record.State, error) {
	s := record.Make(m)
	s.Handle = h
	if err := checkNames(l, m, attrs); err != nil {
		return nil, err
	}
	if err := s.Assign(attrs); err != nil {
		return nil, err
	}
	if err := setKey(s, l.Pivot.Owner, keys.owner); err != nil {
		return nil, err
	}
	return s, setKey(s, l.Pivot.Related, keys.related)
}

// setKey sets a key of a pivot row to a bound value, unless that is nil.
func setKey(row *record.State, column *meta.Column, v any) error {
	if v == nil {
		return nil
	}
	c, _ := row.Model.Column(column.Name)
	return c.Scan(c.At(row.Owner), v)
}

// checkNames refuses attributes that no column has, and those that are the keys.
func checkNames(l *meta.Link, m *meta.Model, attrs map[string]any) error {
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

// changes returns the attributes that differ from what a pivot row holds. Values of columns whose type nobody has declared are
// compared as values of the type that is given.
func changes(row *record.State, attrs map[string]any) (map[string]any, error) {
	var changed map[string]any
	for name, v := range attrs {
		c, ok := row.Model.Column(name)
		if !ok {
			return nil, row.Model.UnknownColumn(name)
		}
		same, err := holds(row, c, v)
		if err != nil {
			return nil, errs.Field(row.Model.Name+"."+c.Attr, err)
		}
		if same {
			continue
		}
		if changed == nil {
			changed = map[string]any{}
		}
		changed[name] = v
	}
	return changed, nil
}

// holds reports whether a pivot row has a value in a column.
func holds(row *record.State, c *meta.Column, v any) (bool, error) {
	switch {
	case c.Any() && c.Index >= 0:
		return meta.SameValue(c.Value(c.At(row.Owner)), v), nil
	case c.Any():
		return meta.SameValue(row.Extras()[c.Name], v), nil
	}
	field := c.New()
	if err := c.Assign(field, v); err != nil {
		return false, err
	}
	return c.Equal(field, c.At(row.Owner)), nil
}

// Carry gives a related record the values of its pivot row among its extras, without those that JSON hides.
func Carry(l *meta.Link, rec, row *record.State) {
	extras := rec.Extras()
	maps.DeleteFunc(extras, func(name string, _ any) bool { return strings.HasPrefix(name, query.PivotPrefix) })
	for _, c := range row.Model.Columns {
		if !c.JSON.Hidden {
			extras[query.PivotPrefix+c.Name] = c.Plain(c.At(row.Owner))
		}
	}
	switch {
	case l.Pivot.Typed:
		rec.SetPivot(row.Owner)
		extras[l.Pivot.As] = reflect.NewAt(l.Pivot.Model.Type, row.Owner).Interface()
	case l.Pivot.As != "":
		extras[l.Pivot.As] = query.PivotMap(extras)
	}
}

// Of returns the record of the pivot row with which a record was loaded, if it is a P.
func Of[P any](s *record.State) (*P, bool) {
	if s.Pivot() == nil {
		return nil, false
	}
	for _, v := range s.Extras() {
		if p, ok := v.(*P); ok && memory.Of(p) == s.Pivot() {
			return p, true
		}
	}
	return nil, false
}
