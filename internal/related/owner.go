// SPDX-License-Identifier: MIT

package related

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Owner is a record and one of its relations, by name. Calls that read or write related rows start from it.
type Owner struct {
	State *record.State // nil if what was given is no record
	Name  string
	Err   error // what is wrong with the record or the name
}

// OwnerOf returns the owner of a relation by name.
func OwnerOf(rec any, name string) Owner {
	o := Owner{Name: name}
	if o.State, o.Err = record.From(rec); o.Err == nil {
		_, o.Err = o.State.Model.LinkOf(name)
	}
	return o
}

// OwnerOfField returns the owner of the relation whose field is given by its address. The relation has to be of one of the
// kinds.
func OwnerOfField(rec, field any, kinds ...string) Owner {
	o := Owner{}
	if o.State, o.Err = record.From(rec); o.Err != nil {
		return o
	}
	r, err := FieldOf(o.State, field)
	if err != nil {
		o.Err = err
		return o
	}
	o.Name = r.Name
	if err := CheckKind(r, "client", kinds...); err != nil {
		o.Err = r.Error("client", errs.New(errs.ErrUnsupported, "it is %s, not %s", r.Kind, kinds[0]))
		return o
	}
	_, o.Err = r.Link()
	return o
}

// FieldOf returns the relation of a record whose field is given by its address.
func FieldOf(s *record.State, field any) (*meta.Relation, error) {
	at := memory.OfAny(field)
	for _, r := range s.Model.Relations {
		if at == memory.Add(s.Owner, r.Offset) {
			return r, nil
		}
	}
	return nil, errs.New(errs.ErrUnknownRelation,
		"the field is no relation of this %s; pass the address of a relation field of the record", s.Model.Name)
}

// CheckKind returns an error if the relation is not of one of the kinds that have the method.
func CheckKind(r *meta.Relation, method string, kinds ...string) error {
	if slices.Contains(kinds, r.Kind) {
		return nil
	}
	last := len(kinds) - 1
	text := kinds[last]
	if last > 0 {
		text = strings.Join(kinds[:last], ", ") + " and " + text
	}
	return errs.New(errs.ErrUnsupported, "%s is for %s, not for %s", method, text, r.Kind)
}

// Link returns the relation as the model of the record knows it.
func (o *Owner) Link() (*meta.Link, error) {
	if o.Err != nil {
		return nil, o.Err
	}
	return o.State.Model.LinkOf(o.Name)
}

// Error names the relation and the operation in an error.
func (o *Owner) Error(op string, err error) error {
	if err == nil || o.State == nil || o.State.Model == nil {
		return err
	}
	if r, ok := o.State.Model.Relation(o.Name); ok {
		return r.Error(op, err)
	}
	return errs.In(o.State.Model.Name, op, err)
}

// Serve returns the handle that serves a call, and the relation as the handle's database knows it.
func (o *Owner) Serve(ctx context.Context) (context.Context, *tx.Handle, *meta.Link, error) {
	if o.Err != nil {
		return ctx, nil, nil, o.Err
	}
	ctx, h, err := tx.ForRecord(ctx, o.State.Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	m, err := h.Database().Models.Model(o.State.Model.Type)
	if err == nil {
		err = o.State.CheckSchema(h)
	}
	if err != nil {
		return ctx, nil, nil, err
	}
	l, err := m.LinkOf(o.Name)
	return ctx, h, l, err
}

// Key returns the key by which related rows are found, or nil for NULL, which has no related rows. It returns
// ErrNotPersisted for a record without a row, unless the relation is a belongsTo, whose key is a field of the record.
func (o *Owner) Key(l *meta.Link) (any, error) {
	v, err := key.Of(o.State, l.Local)
	if err != nil {
		return nil, err
	}
	if l.Kind != meta.BelongsTo && !o.State.Persisted() {
		return nil, errs.New(errs.ErrNotPersisted, "the %s is not saved yet", l.Owner.Name)
	}
	return v, nil
}

// WriteKey is Key for calls that write rows which point to the record. It returns ErrMissingKey if the key is NULL.
func (o *Owner) WriteKey(l *meta.Link) (any, error) {
	v, err := o.Key(l)
	if err == nil && v == nil {
		err = key.ErrNull(l.Local)
	}
	return v, err
}

// Writable returns an error if the owner's row was deleted.
func (o *Owner) Writable() error {
	if o.State.Deleted() {
		return ErrOwnerDeleted(o.State.Model)
	}
	return nil
}

// ErrOwnerDeleted is the error for a record whose row was deleted.
func ErrOwnerDeleted(m *meta.Model) error {
	return errs.New(errs.ErrDeleted, "the row of this %s was deleted", m.Name)
}

// Query returns the query of the related rows. The query carries the error, if there is one.
func (o *Owner) Query() *query.Spec {
	l, err := o.Link()
	if err != nil {
		return &query.Spec{Model: o.anyModel(), Err: o.Error("query", err)}
	}
	return o.QueryOf(l)
}

// QueryOf is Query of a relation that was looked up.
func (o *Owner) QueryOf(l *meta.Link) *query.Spec {
	spec := query.New(o.State.Handle, l.Model)
	spec.OfRecord = true
	place := Connect(spec, l)
	SelectPivot(spec, l)
	v, err := o.Key(l)
	if err != nil {
		spec.Fail(l.Error("query", err))
		return spec
	}
	spec.Require(query.Match{Place: place, Keys: keysOf(v), Of: l.Local})
	Refine(spec, l)
	if !l.Many() {
		one := 1
		spec.Limited = &one
	}
	if l.Inverse != "" {
		spec.Parent = o.State.Owner
	}
	return spec
}

// keysOf returns the list of one key, and an empty one, which no row has, for NULL.
func keysOf(v any) []any {
	if v == nil {
		return nil
	}
	return []any{v}
}

// PivotQuery returns the query of the pivot rows of the record. The query carries the error, if there is one.
func (o *Owner) PivotQuery() *query.Spec {
	l, err := o.Link()
	if err == nil {
		err = CheckKind(l.Relation, "PivotQuery", meta.ManyToMany)
	}
	if err != nil {
		return &query.Spec{Model: o.anyModel(), Err: o.Error("pivot query", err)}
	}
	spec, err := o.PivotQueryOf(o.State.Handle, l)
	if err != nil {
		spec.Fail(l.Error("pivot query", err))
	}
	spec.OfRecord = true
	return spec
}

// PivotQueryOf is PivotQuery of a relation that was looked up, on a handle.
func (o *Owner) PivotQueryOf(h *tx.Handle, l *meta.Link) (*query.Spec, error) {
	spec := query.New(h, l.Pivot.Model)
	spec.Pivot = l.Pivot.Model.Table
	v, err := o.Key(l)
	if err != nil {
		return spec, err
	}
	spec.Require(query.Match{Place: query.Place{Table: spec.Table(), Column: l.Pivot.Owner}, Keys: keysOf(v), Of: l.Local})
	RefinePivot(spec, l)
	return spec, spec.Err
}

// anyModel returns a model for a query that carries an error, so that methods can still be chained.
func (o *Owner) anyModel() *meta.Model {
	if o.State != nil && o.State.Model != nil {
		return o.State.Model
	}
	return &meta.Model{}
}

// Record returns the state of a record of the related model that the caller gives.
func Record(l *meta.Link, given any) (*record.State, error) {
	s, err := record.From(given)
	if err != nil {
		return nil, err
	}
	if s.Model.Type != l.Related {
		return nil, errs.New(errs.ErrInvalidValue, "a record of %s where one of %s belongs", s.Model.Name, l.Model.Name)
	}
	return s, nil
}

// Records is Record for a slice of records.
func Records(l *meta.Link, given any) ([]*record.State, error) {
	v := reflect.ValueOf(given)
	if v.Kind() != reflect.Slice {
		return nil, errs.New(errs.ErrInvalidValue, "a %T is no slice of *%s", given, l.Model.Name)
	}
	list := make([]*record.State, v.Len())
	for i := range list {
		var err error
		if list[i], err = Record(l, v.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return list, nil
}
