// SPDX-License-Identifier: MIT

package relation

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
)

// Relation is the metadata of one relation, as in Lucid. Keys of models are attribute names, keys of the pivot table are columns;
// what a kind does not have is empty. Fields but Name, Kind and SerializeAs are filled by Boot.
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

// Describe returns the metadata of a relation of a model, which is given as a pointer such as &User{}. The name is the lower camel
// or the Go name. model.RelationOf does the same for a type.
func Describe(model any, name string) (*Relation, error) {
	m, err := meta.OfType(reflect.TypeOf(model))
	if err != nil {
		return nil, err
	}
	r, ok := m.Relation(name)
	if !ok {
		return nil, errs.In(m.Name, "relation", m.UnknownRelation(name))
	}
	out := &Relation{Name: r.Name, Kind: r.Kind, SerializeAs: r.JSON.Name, r: r}
	if r.JSON.Hidden {
		out.SerializeAs = ""
	}
	return out, out.Boot()
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

// owner returns a record that the relation is of.
func (r *Relation) owner(given any) (related.Owner, error) {
	if err := r.Boot(); err != nil {
		return related.Owner{}, err
	}
	s, err := record.From(given)
	if err != nil {
		return related.Owner{}, r.r.Error("parent", err)
	}
	if s.Model.Type != r.r.Owner.Type {
		return related.Owner{}, r.r.Error("parent",
			errs.New(errs.ErrInvalidValue, "a record of %s where one of %s belongs", s.Model.Name, r.r.Owner.Name))
	}
	return related.Owner{State: s, Name: r.Name}, nil
}

// Client returns the client of the relation for a record.
func (r *Relation) Client(parent any) (*Client, error) {
	owner, err := r.owner(parent)
	if err != nil {
		return nil, err
	}
	return &Client{owner}, nil
}

// SetRelated sets the loaded relation of parent in memory: nil, a record, or a slice of records.
func (r *Relation) SetRelated(parent, related any) error {
	c, err := r.Client(parent)
	if err != nil {
		return err
	}
	return c.SetLoaded(related)
}

// PushRelated adds records to the loaded relation of parent in memory; a relation to one is set.
func (r *Relation) PushRelated(parent any, related ...any) error {
	c, err := r.Client(parent)
	if err != nil {
		return err
	}
	return c.PushLoaded(related...)
}

// SetRelatedForMany distributes related records, a slice, among the parents, a slice, by key. Those of manyToMany and through
// relations must come from EagerQuery or a preload, which have the keys of their parents among the extras. A parent without a key
// is left alone.
func (r *Relation) SetRelatedForMany(parents, related any) error {
	if err := r.Boot(); err != nil {
		return err
	}
	return r.r.Error("set related", r.distribute(parents, related))
}

func (r *Relation) distribute(parents, given any) error {
	owners, err := record.List(parents)
	if err != nil {
		return err
	}
	children, err := related.Records(r.l, given)
	if err != nil {
		return err
	}
	index := key.NewIndex(r.l.Local, r.l.Local, len(owners))
	var lists [][]memory.Ptr // of each key
	for _, child := range children {
		k, err := r.parentKey(child)
		if err != nil {
			return err
		}
		if k == nil {
			continue
		}
		n, fresh := index.AddBound(k)
		if fresh {
			lists = append(lists, nil)
		}
		lists[n] = append(lists[n], child.Owner)
	}
	for _, owner := range owners {
		k, err := key.Of(owner, r.l.Local)
		if err != nil || k == nil {
			continue
		}
		list := []memory.Ptr{}
		if n := index.FindBound(k); n != key.None {
			list = append(list, lists[n]...)
		}
		switch {
		case r.r.Many():
			record.SetMany(r.r, owner.Owner, list)
		case len(list) == 0:
			record.SetOne(r.r, owner.Owner, nil)
		default:
			record.SetOne(r.r, owner.Owner, list[0])
		}
	}
	return nil
}

// throughPrefix starts the name, among extras, of the key by which a record was found through other tables.
const throughPrefix = "through_"

// parentKey returns the key of the parent that a related record belongs to, bound as one of the parent's column.
func (r *Relation) parentKey(child *record.State) (any, error) {
	if r.l.Kind != meta.ManyToMany && !r.l.Through() {
		v, err := key.Of(child, r.l.Foreign)
		if err != nil || v == nil {
			return nil, err
		}
		return r.l.Local.Cast(r.l.Foreign.Plain(r.l.Foreign.At(child.Owner)))
	}
	if p := child.Pivot(); p != nil && r.l.Kind == meta.ManyToMany {
		return r.l.Local.Cast(r.l.Pivot.Owner.Plain(r.l.Pivot.Owner.At(p)))
	}
	name := query.PivotPrefix + r.PivotForeignKey
	if r.l.Through() {
		name = throughPrefix + r.l.Path[0].Foreign.Name
	}
	v, ok := child.Extras()[name]
	if !ok {
		return nil, errs.New(errs.ErrMissingKey, "the %s was not loaded through the relation: its extras have no %s", child.Model.Name, name)
	}
	return r.l.Local.Cast(v)
}

// PivotPair returns the column of the pivot table that points to parent, and its value.
func (r *Relation) PivotPair(parent any) (string, any, error) {
	owner, err := r.owner(parent)
	if err != nil {
		return "", nil, err
	}
	if err := related.CheckKind(r.r, "PivotPair", meta.ManyToMany); err != nil {
		return "", nil, r.r.Error("pivot pair", err)
	}
	if _, err := key.OfSaved(owner.State, r.l.Local); err != nil {
		return "", nil, r.r.Error("pivot pair", err)
	}
	return r.PivotForeignKey, r.l.Local.Plain(r.l.Local.At(owner.State.Owner)), nil
}

// PivotRelatedPair returns the column of the pivot table that points to a related record, and its value.
func (r *Relation) PivotRelatedPair(rec any) (string, any, error) {
	if err := r.Boot(); err != nil {
		return "", nil, err
	}
	if err := related.CheckKind(r.r, "PivotRelatedPair", meta.ManyToMany); err != nil {
		return "", nil, r.r.Error("pivot related pair", err)
	}
	s, err := related.Record(r.l, rec)
	if err == nil {
		_, err = key.OfSaved(s, r.l.Foreign)
	}
	if err != nil {
		return "", nil, r.r.Error("pivot related pair", err)
	}
	return r.PivotRelatedForeignKey, r.l.Foreign.Plain(r.l.Foreign.At(s.Owner)), nil
}

// EagerQuery returns a query of the related records of all parents, a record or a slice, as a preload sends it.
func (r *Relation) EagerQuery(parents any) (*Query, error) {
	if err := r.Boot(); err != nil {
		return nil, err
	}
	owners, err := record.List(parents)
	if err != nil {
		return nil, r.r.Error("eager query", err)
	}
	spec := query.New(nil, r.l.Model)
	place := related.Connect(spec, r.l)
	related.SelectPivot(spec, r.l)
	if r.l.Through() {
		spec.Outputs = append(spec.Outputs, query.Output{As: throughPrefix + r.l.Path[0].Foreign.Name, Place: place})
	}
	related.Refine(spec, r.l)
	var keys []any
	for _, s := range owners {
		if spec.Handle == nil {
			spec.Handle, spec.OfRecord = s.Handle, true
		}
		k, err := key.Of(s, r.l.Local)
		if err != nil {
			return nil, r.r.Error("eager query", err)
		}
		if k != nil {
			keys = append(keys, k)
		}
	}
	spec.Require(query.Match{Place: place, Keys: keys})
	return queryOf(spec), nil
}

// SubQuery returns a query of the related rows as a sub-query of one of the model: it names the outer table.
func (r *Relation) SubQuery() (*Query, error) {
	if err := r.Boot(); err != nil {
		return nil, err
	}
	return queryOf(related.Sub(query.New(nil, r.l.Owner), r.l)), nil
}
