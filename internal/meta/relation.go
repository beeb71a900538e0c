// SPDX-License-Identifier: MIT

package meta

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// Kinds of relations.
const (
	HasOne         = "hasOne"
	HasMany        = "hasMany"
	BelongsTo      = "belongsTo"
	ManyToMany     = "manyToMany"
	HasManyThrough = "hasManyThrough"
	HasOneThrough  = "hasOneThrough"
)

// relationOptions are the words of a relation tag and the kinds that know them.
var relationOptions = map[string][]string{ //nolint:gochecknoglobals // a constant table.
	"foreignKey":             {HasOne, HasMany, BelongsTo},
	"localKey":               {HasOne, HasMany, BelongsTo, ManyToMany, HasManyThrough, HasOneThrough},
	"relatedKey":             {ManyToMany},
	"pivotTable":             {ManyToMany},
	"pivotForeignKey":        {ManyToMany},
	"pivotRelatedForeignKey": {ManyToMany},
	"pivotColumns":           {ManyToMany},
	"pivotTimestamps":        {ManyToMany},
	"duplicates":             {ManyToMany},
	"as":                     {ManyToMany},
	"through":                {HasManyThrough, HasOneThrough},
	"via":                    {HasManyThrough, HasOneThrough},
	"throughLocalKey":        {HasManyThrough, HasOneThrough},
	"throughForeignKey":      {HasManyThrough, HasOneThrough},
	"onDelete":               {HasOne, HasMany, BelongsTo, ManyToMany},
	"onUpdate":               {HasOne, HasMany, BelongsTo, ManyToMany},
}

// Relation is a relation field as its tag and Define declare it. What it needs of other models is
// looked up when it is used first; see Link.
type Relation struct {
	Name    string // lower camel: "activeEmails"
	Field   string // Go name
	Kind    string
	Type    reflect.Type // of the field
	Related reflect.Type // struct type of the related model
	Index   int          // position in Model.Relations
	Offset  uintptr
	Within  string // attribute of the embedded struct that the field is in, with its dot
	Options map[string]string
	JSON    JSONField
	Owner   *Model

	Refined // what Define adds

	link atomic.Pointer[Link]
}

// Refined is what Define says of a relation.
type Refined struct {
	OnQuery    []Refine // conditions of every query of the relation
	OnPivot    []Refine // conditions and orders on pivot rows
	Default    any      // nil, Attrs, or a function
	HasDefault bool
	Inverse    string
	Using      reflect.Type // pivot model
	OfMany     []OneOfMany
}

// OneOfMany says which of several rows a hasOne relation leads to: the first in the order of the columns, of the time of
// creation where there are none, and then of the key.
type OneOfMany struct {
	Columns []string
	Desc    bool
}

// Many reports whether the field holds a list.
func (r *Relation) Many() bool { return r.Type.Kind() == reflect.Slice }

// Error names the relation in an error.
func (r *Relation) Error(op string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*errs.RelationError](err); ok {
		return err
	}
	return &errs.RelationError{Model: r.Owner.Name, Relation: r.Name, Op: op, Err: err}
}

func parseRelation(field reflect.StructField, tag string, naming Naming) (*Relation, error) {
	names, options := settings(tag)
	if len(names) == 0 {
		return nil, errors.New(`relation tag: no kind; write relation:"hasMany"`)
	}
	kinds := []string{HasOne, HasMany, BelongsTo, ManyToMany, HasManyThrough, HasOneThrough}
	kind := names[0]
	known := false
	for _, k := range kinds {
		known = known || k == kind
	}
	if kind, _, comma := strings.Cut(kind, ","); comma {
		return nil, fmt.Errorf("relation tag: words are separated by semicolons: relation:\"%s;onDelete:CASCADE\"", kind)
	}
	if !known || options[kind] != "" {
		return nil, fmt.Errorf("relation tag: unknown kind %s%s", ident.Quote(kind), errs.DidYouMean(kind, kinds))
	}
	delete(options, kind)
	for _, name := range names[1:] {
		if err := checkOption(kind, name, options[name]); err != nil {
			return nil, err
		}
	}
	r := &Relation{Name: LowerCamel(field.Name), Field: field.Name, Kind: kind, Type: field.Type, Options: options}
	elem, shape := field.Type, "*Model"
	if kind == HasMany || kind == ManyToMany || kind == HasManyThrough {
		shape = "[]*Model"
		if elem.Kind() == reflect.Slice {
			elem = elem.Elem()
		} else {
			elem = stringType
		}
	}
	if elem.Kind() != reflect.Pointer || elem.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("a %s field has the type %s, not %s", kind, shape, field.Type)
	}
	r.Related = elem.Elem()
	var err error
	r.JSON, err = parseJSON(field.Tag, field.Name, naming)
	return r, err
}

func checkOption(kind, name, value string) error {
	kinds, ok := relationOptions[name]
	if !ok {
		known := make([]string, 0, len(relationOptions))
		for option := range relationOptions {
			known = append(known, option)
		}
		return fmt.Errorf("relation tag: unknown word %s%s", ident.Quote(name), errs.DidYouMean(name, known))
	}
	for _, k := range kinds {
		if k == kind {
			if value == "" && name != "duplicates" && name != "pivotTimestamps" {
				return fmt.Errorf("relation tag: %s needs a value", name)
			}
			return nil
		}
	}
	return fmt.Errorf("relation tag: %s does not know %s", kind, name)
}

// checkRefined finds what Define says of a relation of another kind.
func (r *Relation) checkRefined() error {
	switch {
	case len(r.OnPivot) > 0 && r.Kind != ManyToMany:
		return fmt.Errorf("conditions on pivot rows are for manyToMany, not for %s", r.Kind)
	case r.Using != nil && r.Kind != ManyToMany:
		return fmt.Errorf("a pivot model is for manyToMany, not for %s", r.Kind)
	case r.HasDefault && r.Kind != HasOne && r.Kind != BelongsTo:
		return fmt.Errorf("a default is for hasOne and belongsTo, not for %s", r.Kind)
	case r.Inverse != "" && r.Kind != HasOne && r.Kind != HasMany:
		return fmt.Errorf("an inverse is for hasOne and hasMany, not for %s", r.Kind)
	case len(r.OfMany) > 0 && r.Kind != HasOne:
		return fmt.Errorf("one of many is for hasOne, not for %s", r.Kind)
	default:
		return nil
	}
}
