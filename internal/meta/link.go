// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// Link is a relation together with the models and keys that it connects.
type Link struct {
	*Relation

	Model   *Model   // the related model
	Local   *Column  // of the owner: the key that the other side points to, for belongsTo the foreign key
	Foreign *Column  // of the related model: the foreign key, for belongsTo and manyToMany its own key
	Pivot   *Pivot   // manyToMany
	Path    []*Link  // of a through relation: the relations from the owner to the related model
	Narrow  []Refine // OnQuery of the relation, and of a through relation that this is the last step of
}

// Through reports whether other tables than a pivot table lie between owner and related model.
func (l *Link) Through() bool { return len(l.Path) > 0 }

// Repeats reports whether one owner may be related to a row more than once.
func (l *Link) Repeats() bool {
	path := l.Path
	if len(path) == 0 {
		path = []*Link{l}
	}
	single := true // there is one row that the next step starts from
	for _, step := range path {
		switch step.Kind {
		case HasMany:
			single = false
		case BelongsTo:
			if !single {
				return true
			}
		case ManyToMany:
			if !single || step.Pivot.Repeats() {
				return true
			}
			single = false
		}
	}
	return false
}

// Link returns the relation with its keys. The error says what is missing, and where.
func (r *Relation) Link() (*Link, error) {
	if l := r.link.Load(); l != nil {
		return l, nil
	}
	return r.resolve(nil)
}

// resolve finds the keys. within are the relations that wait for this one, which a through relation
// that leads back to itself would meet again.
func (r *Relation) resolve(within []*Relation) (*Link, error) {
	if l := r.link.Load(); l != nil {
		return l, nil
	}
	l, err := r.connect(within)
	if err != nil {
		return nil, r.Error("register", err)
	}
	r.link.CompareAndSwap(nil, l)
	return r.link.Load(), nil
}

func (r *Relation) connect(within []*Relation) (*Link, error) {
	if slices.Contains(within, r) {
		return nil, errs.New(errs.ErrUnsupported, "it goes through itself")
	}
	related, err := r.Owner.models.Model(r.Related)
	if err != nil {
		return nil, err
	}
	l := &Link{Relation: r, Model: related, Narrow: r.OnQuery}
	switch r.Kind {
	case HasOne, HasMany:
		err = l.has()
	case BelongsTo:
		err = l.belongs()
	case ManyToMany:
		err = l.manyToMany()
	default:
		err = l.through(append(slices.Clip(within), r))
	}
	if err == nil && r.Inverse != "" {
		err = l.checkInverse()
	}
	if err == nil {
		err = l.checkWords()
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// checkInverse makes sure that the inverse relation is one that leads back to the owner.
func (l *Link) checkInverse() error {
	back, ok := l.Model.Relation(l.Inverse)
	if !ok {
		return l.Model.UnknownRelation(l.Inverse)
	}
	if back.Many() || back.Related != l.Owner.Type {
		return errs.New(errs.ErrUnsupported, "the inverse %s.%s is no relation to one %s", l.Model.Name, back.Name, l.Owner.Name)
	}
	return nil
}

// checkWords makes sure that what the definition says fits the models.
func (l *Link) checkWords() error {
	for _, word := range []string{"onDelete", "onUpdate"} {
		action := l.Options[word]
		if action != "" && l.Using != nil {
			return errs.New(errs.ErrUnsupported, "%s of a relation with a pivot model; the relations of %s make its foreign keys", word, l.Pivot.Model.Name)
		}
		if !slices.Contains(Actions(), strings.ToUpper(action)) {
			return errs.New(errs.ErrUnsupported, "%s:%s; use CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION", word, action)
		}
	}
	for _, one := range l.OfMany {
		for _, name := range one.Columns {
			if _, ok := l.Model.Column(name); !ok {
				return l.Model.UnknownColumn(name)
			}
		}
	}
	switch given := l.Default.(type) {
	case nil:
	case map[string]any:
		for name := range given {
			if _, ok := l.Model.Column(name); !ok {
				return l.Model.UnknownAttribute(name)
			}
		}
	default:
		want := reflect.FuncOf([]reflect.Type{reflect.PointerTo(l.Related), reflect.PointerTo(l.Owner.Type)}, nil, false)
		if v := reflect.ValueOf(given); !v.Type().ConvertibleTo(want) || v.IsNil() {
			return errs.New(errs.ErrUnsupported, "a default of type %T; it is nil, Attrs or a func(*%s, *%s)", given, l.Model.Name, l.Owner.Name)
		}
	}
	return nil
}

// Actions are what a foreign key may do when the row changes that it points to; "" is nothing in particular.
func Actions() []string {
	return []string{"", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"}
}

// missing is the error for a key that a model lacks.
func missing(m *Model, name, word string) error {
	return errs.New(errs.ErrMissingKey, "%s has no attribute %s; add the field, or name another one by %s", m.Name, ident.Quote(name), word)
}

// key returns the column that a word of the tag names, else the model's primary key.
func (r *Relation) key(m *Model, word string) (*Column, error) {
	if name := r.Options[word]; name != "" {
		c, ok := m.Column(name)
		if !ok {
			return nil, missing(m, name, word)
		}
		return c, nil
	}
	if err := m.Keyed(); err != nil {
		return nil, errs.New(errs.ErrMissingKey, "%s has no primary key; name the column that the relation uses by %s", m.Name, word)
	}
	if len(m.Keys) != 1 {
		return nil, errs.New(errs.ErrMissingKey, "%s has a composite key, and relations use one column; name it by %s", m.Name, word)
	}
	return m.Keys[0], nil
}

func (l *Link) has() (err error) {
	if l.Local, err = l.key(l.Owner, "localKey"); err != nil {
		return err
	}
	name := l.Options["foreignKey"]
	if name == "" {
		name = upperCamel(l.Owner.Name) + l.Owner.keyName(l.Local)
	}
	var ok bool
	if l.Foreign, ok = l.Model.Column(name); !ok {
		return missing(l.Model, name, "foreignKey")
	}
	return l.compatible(l.Local, l.Foreign)
}

// keyName is the last part of the name of a foreign key: that of the primary key.
func (m *Model) keyName(local *Column) string {
	if len(m.Keys) == 1 {
		return m.Keys[0].Attr
	}
	return local.Attr
}

func (l *Link) belongs() (err error) {
	if l.Foreign, err = l.key(l.Model, "localKey"); err != nil {
		return err
	}
	names := []string{l.Options["foreignKey"]}
	if names[0] == "" {
		key := l.Model.keyName(l.Foreign)
		names = []string{l.Field + key, upperCamel(l.Model.Name) + key}
	}
	for _, name := range names {
		c, ok := l.Owner.Column(l.Within + name)
		if !ok {
			c, ok = l.Owner.Column(name)
		}
		if ok {
			l.Local = c
			return l.compatible(l.Local, l.Foreign)
		}
	}
	return missing(l.Owner, names[0], "foreignKey")
}

// compatible refuses keys that a database cannot compare, such as an integer and a text.
func (l *Link) compatible(a, b *Column) error {
	number := func(c *Column) bool { return c.Kind == Int || c.Kind == Uint }
	if number(a) != number(b) && a.Kind != Custom && b.Kind != Custom || a.Kind == Float || a.Kind == Bool || b.Kind == Float || b.Kind == Bool {
		return errs.New(errs.ErrMissingKey, "%s.%s is a %s and %s.%s a %s; keys that are compared have one type",
			a.Model.Name, a.Attr, a.Type, b.Model.Name, b.Attr, b.Type)
	}
	return nil
}

func (l *Link) manyToMany() (err error) {
	if l.Local, err = l.key(l.Owner, "localKey"); err != nil {
		return err
	}
	if l.Foreign, err = l.key(l.Model, "relatedKey"); err != nil {
		return err
	}
	l.Pivot, err = newPivot(l)
	return err
}

// through finds the relations from the owner to the related model: those that through names, and
// via, or the one that fits, from the last of them.
func (l *Link) through(within []*Relation) error {
	path := l.Options["through"]
	if path == "" {
		return errs.New(errs.ErrMissingKey, "it names no relation of %s that it goes through; write through:Users", l.Owner.Name)
	}
	at := l.Owner
	for name := range strings.SplitSeq(path, ".") {
		hop, ok := at.Relation(name)
		if !ok {
			return at.UnknownRelation(name)
		}
		link, err := hop.resolve(within)
		if err != nil {
			return err
		}
		if len(l.Path) == 0 {
			if link, err = l.startAt(link); err != nil {
				return err
			}
		}
		if err := l.add(link); err != nil {
			return err
		}
		at = link.Model
	}
	last, err := l.last(at, within)
	if err != nil {
		return err
	}
	if err := l.add(last); err != nil {
		return err
	}
	l.Local, l.Foreign = l.Path[0].Local, l.Path[len(l.Path)-1].Foreign
	return nil
}

// add adds a relation to the way; one that goes through others is taken apart.
func (l *Link) add(hop *Link) error {
	if len(hop.OfMany) > 0 {
		return errs.New(errs.ErrUnsupported, "it goes through %s.%s, which is one of many", hop.Owner.Name, hop.Name)
	}
	if !hop.Through() {
		l.Path = append(l.Path, hop)
		return nil
	}
	l.Path = append(l.Path, hop.Path...)
	last := *hop.Path[len(hop.Path)-1]
	last.Narrow = append(slices.Clip(last.Narrow), hop.OnQuery...)
	l.Path[len(l.Path)-1] = &last
	return nil
}

// startAt is the first hop with the local key that the tag names.
func (l *Link) startAt(first *Link) (*Link, error) {
	name := l.Options["localKey"]
	if name == "" {
		return first, nil
	}
	local, ok := l.Owner.Column(name)
	if !ok {
		return nil, missing(l.Owner, name, "localKey")
	}
	if first.Through() || first.Kind == BelongsTo {
		return nil, errs.New(errs.ErrUnsupported, "localKey, because %s is a %s; it knows its keys", first.Name, first.Kind)
	}
	own := *first
	own.Local = local
	return &own, nil
}

// last returns the relation from the last model on the way to the related model.
func (l *Link) last(at *Model, within []*Relation) (*Link, error) {
	if name := l.Options["via"]; name != "" {
		r, ok := at.Relation(name)
		if !ok {
			return nil, at.UnknownRelation(name)
		}
		if r.Related != l.Related {
			return nil, errs.New(errs.ErrUnsupported, "%s.%s leads to %s, not to %s", at.Name, r.Name, r.Related.Name(), l.Model.Name)
		}
		return r.resolve(within)
	}
	local, foreign := l.Options["throughLocalKey"], l.Options["throughForeignKey"]
	if local == "" && foreign == "" {
		var fitting []*Relation
		for _, r := range at.Relations {
			if r.Related == l.Related && r != l.Relation {
				fitting = append(fitting, r)
			}
		}
		switch len(fitting) {
		case 0:
		case 1:
			return fitting[0].resolve(within)
		default:
			return nil, errs.New(errs.ErrUnsupported, "%s.%s and %s.%s both lead to %s; name one by via",
				at.Name, fitting[0].Name, at.Name, fitting[1].Name, l.Model.Name)
		}
	}
	direct := &Relation{
		Name: l.Name, Field: l.Field, Kind: HasMany, Type: reflect.SliceOf(reflect.PointerTo(l.Related)), Related: l.Related, Owner: at,
		Options: map[string]string{"localKey": local, "foreignKey": foreign},
	}
	link := &Link{Relation: direct, Model: l.Model}
	if err := link.has(); err != nil {
		return nil, errs.New(errs.ErrMissingKey, "%s has no relation to %s, and %s; declare one, or name the keys by "+
			"throughLocalKey and throughForeignKey", at.Name, l.Model.Name, strings.TrimPrefix(err.Error(), errs.ErrMissingKey.Error()+": "))
	}
	return link, nil
}

// UnknownRelation is the error for a name that is no relation.
func (m *Model) UnknownRelation(name string) error {
	names := make([]string, len(m.Relations))
	for i, r := range m.Relations {
		names[i] = r.Name
	}
	if _, ok := m.Column(name); ok {
		return errs.New(errs.ErrUnknownRelation, "%s.%s is a column, not a relation", m.Name, name)
	}
	return errs.New(errs.ErrUnknownRelation, "%s has no relation %s%s", m.Name, ident.Quote(name), errs.DidYouMean(name, names))
}

// Links checks all relations of the model and returns what is wrong with them.
func (m *Model) Links() []error {
	var problems []error
	for _, r := range m.Relations {
		if _, err := r.Link(); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// LinkOf returns a relation by name.
func (m *Model) LinkOf(name string) (*Link, error) {
	r, ok := m.Relation(name)
	if !ok {
		return nil, m.UnknownRelation(name)
	}
	return r.Link()
}
