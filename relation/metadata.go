// SPDX-License-Identifier: MIT

package relation

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
)

// Error is a failed operation on one relation.
type Error = errs.RelationError

// Relation is the metadata of one relation, as in Lucid. Keys of models are attribute names, keys of the
// pivot table columns; what a kind does not have is empty. Fields but Name, Kind and SerializeAs are filled once it is booted.
type Relation struct {
	Name, Kind, SerializeAs            string
	LocalKey, ForeignKey, RelatedKey   string
	PivotTable, PivotForeignKey        string
	PivotRelatedForeignKey             string
	PivotColumns                       []string
	ThroughLocalKey, ThroughForeignKey string
	Booted                             bool

	r *meta.Relation
	l *meta.Link
}

// Metadata is called by model.RelationOf.
func Metadata(_ door.Key, r *meta.Relation) *Relation {
	out := &Relation{Name: r.Name, Kind: r.Kind, SerializeAs: r.JSON.Name, r: r}
	if r.JSON.Hidden {
		out.SerializeAs = ""
	}
	return out
}

// Boot looks up the keys. The error says what is missing. It may be called again.
func (r *Relation) Boot() error {
	l, err := r.r.Link()
	if err != nil {
		return err
	}
	r.l, r.Booted = l, true
	switch {
	case l.Kind == meta.BelongsTo:
		r.ForeignKey, r.LocalKey = l.Local.Attr, l.Foreign.Attr
	case l.Through():
		last := l.Path[len(l.Path)-1]
		r.LocalKey, r.ForeignKey = l.Path[0].Local.Attr, l.Path[0].Foreign.Attr
		r.ThroughLocalKey, r.ThroughForeignKey = last.Local.Attr, last.Foreign.Attr
	case l.Kind == meta.ManyToMany:
		r.LocalKey, r.RelatedKey = l.Local.Attr, l.Foreign.Attr
		r.PivotTable, r.PivotForeignKey, r.PivotRelatedForeignKey = l.Pivot.Model.Table, l.Pivot.Owner.Name, l.Pivot.Related.Name
		r.PivotColumns = nil
		for _, c := range l.Pivot.Columns {
			r.PivotColumns = append(r.PivotColumns, c.Name)
		}
	default:
		r.LocalKey, r.ForeignKey = l.Local.Attr, l.Foreign.Attr
	}
	return nil
}

// Model returns an empty record of the model that the relation is of.
func (r *Relation) Model() any { return reflect.New(r.r.Owner.Type).Interface() }

// RelatedModel returns an empty record of the related model.
func (r *Relation) RelatedModel() any { return reflect.New(r.r.Related).Interface() }

// parent returns the state of a record that the relation is of.
func (r *Relation) parent(given any) (*record.State, error) {
	if err := r.Boot(); err != nil {
		return nil, err
	}
	s, err := door.Open(given)
	if err != nil {
		return nil, r.r.Error("parent", err)
	}
	if s.Model.Type != r.r.Owner.Type {
		return nil, r.r.Error("parent", errs.New(errs.ErrInvalidValue, "a record of %s where one of %s belongs", s.Model.Name, r.r.Owner.Name))
	}
	return s, nil
}

// SetRelated sets the loaded relation of parent in memory: nil, a record, or a slice of records.
func (r *Relation) SetRelated(parent, related any) error {
	s, err := r.parent(parent)
	if err != nil {
		return err
	}
	return setValue(r.r, s, related)
}

// PushRelated adds records to the loaded relation of parent in memory; a relation to one is set.
func (r *Relation) PushRelated(parent any, related ...any) error {
	s, err := r.parent(parent)
	if err != nil {
		return err
	}
	return pushValues(r.r, s, related)
}

// SetRelatedForMany distributes related records, a slice, among the parents, a slice, by key; those of
// manyToMany and through relations must come from EagerQuery or a preload, which say whose they are. A parent without a
// key is left alone.
func (r *Relation) SetRelatedForMany(parents, related any) error {
	if err := r.Boot(); err != nil {
		return err
	}
	owners, err := recordsOf(parents)
	if err != nil {
		return r.r.Error("set related", err)
	}
	children, err := openAll(r.l, related)
	if err != nil {
		return r.r.Error("set related", err)
	}
	byKey := map[any][]memory.Ptr{}
	for _, child := range children {
		key, err := r.ownerKey(child)
		if err != nil {
			return r.r.Error("set related", err)
		}
		byKey[key] = append(byKey[key], child.Owner)
	}
	for _, owner := range owners {
		v, err := keyOf(owner, r.l.Local)
		if err != nil || v == nil {
			continue
		}
		list := byKey[normalKey(r.l.Local, v)]
		switch {
		case r.r.Many():
			setRelated(r.r, owner.Owner, append([]memory.Ptr{}, list...))
		case len(list) == 0:
			setRelatedOne(r.r, owner.Owner, nil)
		default:
			setRelatedOne(r.r, owner.Owner, list[0])
		}
	}
	return nil
}

// ownerKey returns the key of the parent that a related record belongs to.
func (r *Relation) ownerKey(child *record.State) (any, error) {
	if r.l.Kind != meta.ManyToMany && !r.l.Through() {
		v, err := keyOf(child, r.l.Foreign)
		return normalKey(r.l.Foreign, v), err
	}
	name := query.PivotPrefix + r.PivotForeignKey
	if r.l.Through() {
		name = throughPrefix + r.l.Path[0].Foreign.Name
	}
	v, ok := child.Extras()[name]
	if !ok {
		return nil, errs.New(errs.ErrMissingKey, "the %s was not loaded through the relation: its extras have no %s", child.Model.Name, name)
	}
	bound, err := r.l.Local.Cast(v)
	return normalKey(r.l.Local, bound), err
}

// throughPrefix starts the name of the key among extras that says through what a record was found.
const throughPrefix = "through_"

// PivotPair returns the column of the pivot table that points to parent, and its value.
func (r *Relation) PivotPair(parent any) (string, any, error) {
	s, err := r.parent(parent)
	if err != nil {
		return "", nil, err
	}
	if r.l.Kind != meta.ManyToMany {
		return "", nil, r.r.Error("pivot pair", errKind(r.l, "PivotPair", "manyToMany"))
	}
	if _, err := keysOf([]*record.State{s}, r.l.Local); err != nil {
		return "", nil, r.r.Error("pivot pair", err)
	}
	return r.PivotForeignKey, goValue(r.l.Local, r.l.Local.At(s.Owner)), nil
}

// PivotRelatedPair returns the column of the pivot table that points to related, and its value.
func (r *Relation) PivotRelatedPair(related any) (string, any, error) {
	if err := r.Boot(); err != nil {
		return "", nil, err
	}
	if r.l.Kind != meta.ManyToMany {
		return "", nil, r.r.Error("pivot related pair", errKind(r.l, "PivotRelatedPair", "manyToMany"))
	}
	s, err := open(r.l, related)
	if err == nil {
		_, err = keysOf([]*record.State{s}, r.l.Foreign)
	}
	if err != nil {
		return "", nil, r.r.Error("pivot related pair", err)
	}
	return r.PivotRelatedForeignKey, goValue(r.l.Foreign, r.l.Foreign.At(s.Owner)), nil
}

// EagerQuery returns a query of the related records of all parents, a record or a slice, as a preload sends it.
func (r *Relation) EagerQuery(parents any) (*Query, error) {
	if err := r.Boot(); err != nil {
		return nil, err
	}
	owners, err := recordsOf(parents)
	if err != nil {
		return nil, r.r.Error("eager query", err)
	}
	spec := query.New(nil, r.l.Model)
	place := connect(spec, r.l)
	selectPivot(spec, r.l)
	if r.l.Through() {
		spec.Outputs = append(spec.Outputs, query.Output{As: throughPrefix + r.l.Path[0].Foreign.Name, Place: place})
	}
	refine(spec, r.l)
	var keys []any
	for _, s := range owners {
		if spec.Handle == nil {
			spec.Handle, spec.OfRecord = s.Handle, true
		}
		v, err := keyOf(s, r.l.Local)
		if err != nil {
			return nil, r.r.Error("eager query", err)
		}
		if v != nil {
			keys = append(keys, v)
		}
	}
	spec.Require(query.Match{Place: place, Keys: keys})
	return newQuery(spec), nil
}

// SubQuery returns a query of the related rows as a sub-query of one of the model: it names the outer table.
func (r *Relation) SubQuery() (*Query, error) {
	if err := r.Boot(); err != nil {
		return nil, err
	}
	return newQuery(inside(query.New(nil, r.l.Owner), r.l)), nil
}

// Client returns the client of the relation for a record.
func (r *Relation) Client(parent any) (*Client, error) {
	s, err := r.parent(parent)
	if err != nil {
		return nil, err
	}
	return &Client{owner: s, name: r.Name}, nil
}

// setValue sets a relation field: nil, a record, or a slice of records.
func setValue(r *meta.Relation, s *record.State, value any) error {
	l, err := r.Link()
	if err != nil {
		return err
	}
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		if r.Many() {
			setRelated(r, s.Owner, []memory.Ptr{})
		} else {
			setRelatedOne(r, s.Owner, nil)
		}
		return nil
	}
	if !r.Many() {
		one, err := open(l, value)
		if err != nil {
			return r.Error("set related", err)
		}
		setRelatedOne(r, s.Owner, one.Owner)
		return nil
	}
	list, err := openAll(l, value)
	if err != nil {
		return r.Error("set related", err)
	}
	setRelated(r, s.Owner, owners(list))
	return nil
}

// pushValues adds records to a relation field.
func pushValues(r *meta.Relation, s *record.State, values []any) error {
	l, err := r.Link()
	if err != nil {
		return err
	}
	var list []*record.State
	for _, v := range values {
		if reflect.ValueOf(v).Kind() == reflect.Slice {
			more, err := openAll(l, v)
			if err != nil {
				return r.Error("push related", err)
			}
			list = append(list, more...)
			continue
		}
		one, err := open(l, v)
		if err != nil {
			return r.Error("push related", err)
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil
	}
	if !r.Many() {
		if len(list) > 1 {
			return r.Error("push related", errs.New(errs.ErrInvalidValue, "%d records for a relation to one", len(list)))
		}
		setRelatedOne(r, s.Owner, list[0].Owner)
		return nil
	}
	setRelated(r, s.Owner, append(related(r, s.Owner), owners(list)...))
	return nil
}

func owners(list []*record.State) []memory.Ptr {
	out := make([]memory.Ptr, len(list))
	for i, s := range list {
		out[i] = s.Owner
	}
	return out
}
