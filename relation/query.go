// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"maps"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
)

// Query is the builder whose model is known only when the program runs: in scopes, hooks, groups of
// conditions and sub-queries. Results go into a destination, a pointer that fits the model.
type Query struct {
	Chain[*Query]

	group bool // collects the conditions of a group, and cannot run
}

func newQuery(spec *query.Spec) *Query {
	q := &Query{}
	q.Chain = newChain(q, spec, newQuery)
	return q
}

// scoped returns the description of the query with its global scopes, to be used inside another one.
func (q *Query) scoped() *query.Spec {
	spec := q.core.spec.Clone()
	applyScopes(spec)
	return spec
}

// IsRelatedSubQuery reports whether the query is a sub-query of the relation, as in WhereHas and
// WithCount, for functions of OnQuery that sort or limit.
func (q *Query) IsRelatedSubQuery() bool { return q.core.spec.Related }

func (q *Query) runnable() error {
	if q.group {
		return errs.New(errs.ErrUnsupported, "a group of conditions cannot run; run the query around it")
	}
	return q.core.spec.Err // before the destination, which a wrong name makes look wrong too
}

// All loads all records into dest, a pointer to a slice of pointers to the model. One statement.
func (q *Query) All(ctx context.Context, dest any) error {
	list, err := q.list(dest)
	if err != nil {
		return failed(q.core.spec, "all", err)
	}
	records, err := fetch(ctx, q.core.spec)
	if err != nil {
		return failed(q.core.spec, "all", err)
	}
	q.fill(list, records)
	return nil
}

// list returns the slice that dest points to, after checking that it can hold the model's records.
func (q *Query) list(dest any) (reflect.Value, error) {
	if err := q.runnable(); err != nil {
		return reflect.Value{}, err
	}
	v := reflect.ValueOf(dest)
	if q.core.spec.Model.Loose {
		if _, ok := dest.(*[]Attrs); !ok || v.IsNil() {
			return v, errs.New(errs.ErrInvalidValue, "the destination is a %T, not a *[]relation.Attrs; %s has no model", dest, q.core.spec.Model.Table)
		}
		return v.Elem(), nil
	}
	want := reflect.SliceOf(reflect.PointerTo(q.core.spec.Model.Type))
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Type() != want {
		return v, errs.New(errs.ErrInvalidValue, "the destination is a %T, not a *%s", dest, want)
	}
	return v.Elem(), nil
}

func (q *Query) fill(list reflect.Value, records []memory.Ptr) {
	out := reflect.MakeSlice(list.Type(), len(records), len(records))
	for i, p := range records {
		if q.core.spec.Model.Loose {
			out.Index(i).Set(reflect.ValueOf(rowOf(q.core.spec.Model, p)))
			continue
		}
		out.Index(i).Set(reflect.NewAt(q.core.spec.Model.Type, p))
	}
	list.Set(out)
}

// First loads the first record into dest, a pointer to a pointer to the model, or a pointer to the
// model itself, whose content is replaced. It returns ErrNotFound if there is none. One statement.
func (q *Query) First(ctx context.Context, dest any) error {
	return q.into("first", dest, func() (memory.Ptr, error) { return one(ctx, q.core.spec) })
}

// Find loads the record with a primary key into dest; see First. A malformed key is an ErrInvalidKey,
// and nothing is sent.
func (q *Query) Find(ctx context.Context, id, dest any) error {
	return q.into("find", dest, func() (memory.Ptr, error) { return find(ctx, q.core.spec, id) })
}

func (q *Query) into(op string, dest any, load func() (memory.Ptr, error)) error {
	if err := q.runnable(); err != nil {
		return failed(q.core.spec, op, err)
	}
	if err := fits(q.core.spec.Model, dest); err != nil {
		return failed(q.core.spec, op, err)
	}
	p, err := load()
	if err != nil {
		return failed(q.core.spec, op, err)
	}
	store(q.core.spec.Model, dest, p)
	return nil
}

// fits checks that dest can take a record of the model.
func fits(m *meta.Model, dest any) error {
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

// store puts a record into a destination that fits.
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

// rowOf returns a row of a table without a model.
func rowOf(m *meta.Model, p memory.Ptr) Attrs {
	s := record.Of(m, p)
	row := Attrs{}
	for _, c := range m.Columns {
		if s.Selected(c) {
			row[c.Name] = plainValue(goValue(c, c.At(p)))
		}
	}
	maps.Copy(row, s.Extras())
	return row
}

// Paginate loads a page, counted from 1, into dest; see Builder.Paginate.
func (q *Query) Paginate(ctx context.Context, page, perPage int, dest any) (Meta, error) {
	list, err := q.list(dest)
	if err != nil {
		return Meta{}, failed(q.core.spec, "paginate", err)
	}
	facts, records, err := paginate(ctx, q.core.spec, page, perPage)
	if err != nil {
		return Meta{}, failed(q.core.spec, "paginate", err)
	}
	q.fill(list, records)
	return facts, nil
}
