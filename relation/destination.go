// SPDX-License-Identifier: MIT

package relation

import (
	"maps"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
)

// storeOne loads a record and stores it in dest, which is checked before. dest is a pointer to the model, or to a pointer to it;
// for a table without a model, a *Attrs.
func storeOne(spec *query.Spec, dest any, load func() (memory.Ptr, error)) error {
	if err := checkRunnable(spec); err != nil {
		return err
	}
	m := spec.Model
	if err := checkOne(m, dest); err != nil {
		return err
	}
	p, err := load()
	if p != nil && (err == nil || errs.AfterCommit(err)) {
		store(m, dest, p)
	}
	return err
}

// storeList loads records and stores them in dest, which is checked before: a pointer to a slice of pointers to the model; for a
// table without a model, a *[]Attrs.
func storeList(spec *query.Spec, dest any, load func() ([]memory.Ptr, error)) error {
	if err := checkRunnable(spec); err != nil {
		return err
	}
	list, err := checkList(spec.Model, dest)
	if err != nil {
		return err
	}
	records, err := load()
	if err == nil || errs.AfterCommit(err) {
		list.Set(listOf(spec.Model, list.Type(), records))
	}
	return err
}

// checkRunnable finds what is wrong with a query before its destination is looked at, which a wrong name makes look wrong too.
func checkRunnable(spec *query.Spec) error {
	if spec.Grouping {
		return errs.New(errs.ErrUnsupported, "a group of conditions cannot run; run the query around it")
	}
	return spec.Err
}

func checkOne(m *meta.Model, dest any) error {
	v := reflect.ValueOf(dest)
	if m.Loose {
		if _, ok := dest.(*Attrs); !ok || v.IsNil() {
			return errs.New(errs.ErrInvalidValue, "the destination is a %T, not a *relation.Attrs; %s has no model", dest, m.Table)
		}
		return nil
	}
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Type().Elem() != m.Type && v.Type().Elem() != reflect.PointerTo(m.Type) {
		return errs.New(errs.ErrInvalidValue, "the destination is a %T, not a **%s or *%s", dest, m.Type, m.Type)
	}
	return nil
}

func checkList(m *meta.Model, dest any) (reflect.Value, error) {
	v := reflect.ValueOf(dest)
	if m.Loose {
		if _, ok := dest.(*[]Attrs); !ok || v.IsNil() {
			return v, errs.New(errs.ErrInvalidValue, "the destination is a %T, not a *[]relation.Attrs; %s has no model", dest, m.Table)
		}
		return v.Elem(), nil
	}
	want := reflect.SliceOf(reflect.PointerTo(m.Type))
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Type() != want {
		return v, errs.New(errs.ErrInvalidValue, "the destination is a %T, not a *%s", dest, want)
	}
	return v.Elem(), nil
}

// store puts a record into a destination that was checked.
func store(m *meta.Model, dest any, p memory.Ptr) {
	if row, ok := dest.(*Attrs); ok && m.Loose {
		*row = rowOf(m, p)
		return
	}
	v := reflect.ValueOf(dest)
	if v.Type().Elem() == m.Type {
		memory.Copy(m.Type, v.UnsafePointer(), p)
		record.Of(m, p).Moved(v.UnsafePointer())
		return
	}
	v.Elem().Set(reflect.NewAt(m.Type, p))
}

// listOf returns records as a slice of a type that was checked.
func listOf(m *meta.Model, t reflect.Type, records []memory.Ptr) reflect.Value {
	out := reflect.MakeSlice(t, len(records), len(records))
	for i, p := range records {
		if m.Loose {
			out.Index(i).Set(reflect.ValueOf(rowOf(m, p)))
		} else {
			out.Index(i).Set(reflect.NewAt(m.Type, p))
		}
	}
	return out
}

// rowOf returns a row of a table without a model.
func rowOf(m *meta.Model, p memory.Ptr) Attrs {
	s := record.Of(m, p)
	row := Attrs{}
	for _, c := range m.Columns {
		if s.Selected(c) {
			row[c.Name] = c.Plain(c.At(p))
		}
	}
	maps.Copy(row, s.Extras())
	return row
}
