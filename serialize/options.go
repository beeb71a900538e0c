// SPDX-License-Identifier: MIT

package serialize

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Fields chooses fields by their names in JSON. A nil Pick means all fields, an empty one that is not nil means none. A
// name in Omit is left out, also if Pick has it. Relations are not fields: they appear if they are loaded.
type Fields struct{ Pick, Omit []string }

// Pick returns Fields with only the named ones; none if no name is given.
func Pick(names ...string) Fields {
	if names == nil {
		names = []string{}
	}
	return Fields{Pick: names}
}

// Omit returns Fields with all but the named ones.
func Omit(names ...string) Fields { return Fields{Omit: names} }

// Options says what to serialize, for a record and, by serialized name, for its relations. A name
// that the model does not have, or hides, is an ErrUnknownAttribute.
type Options struct {
	Fields    Fields
	Relations map[string]Options
	Extras    bool   // add the extras
	ExtrasAs  string // under this name; default "meta"
}

func (o *Options) extrasName() string {
	if o.ExtrasAs != "" {
		return o.ExtrasAs
	}
	return "meta"
}

// only returns the options that a call was given, of which there are none or one.
func only(opts []Options) (*Options, error) {
	switch len(opts) {
	case 0:
		return &Options{}, nil
	case 1:
		return &opts[0], nil
	default:
		return nil, errs.New(errs.ErrUnsupported, "%d Options; write one", len(opts))
	}
}

func (f *Fields) all() bool { return f.Pick == nil && len(f.Omit) == 0 }

func (f *Fields) chosen(name string) bool {
	return (f.Pick == nil || slices.Contains(f.Pick, name)) && !slices.Contains(f.Omit, name)
}

// check refuses names that the model does not show.
func (o *Options) check(p *plan) error {
	for _, names := range [][]string{o.Fields.Pick, o.Fields.Omit} {
		for _, name := range names {
			switch {
			case slices.Contains(p.names, name):
			case slices.Contains(p.relations, name):
				return errs.New(errs.ErrUnknownAttribute, "%s.%s is a relation, which Pick and Omit do not touch; it appears if it is loaded, "+
					"as Relations says", p.model.Name, name)
			default:
				return unknown(p.model, name, p.names)
			}
		}
	}
	for name := range o.Relations {
		if !slices.Contains(p.relations, name) {
			return unknown(p.model, name, p.relations)
		}
	}
	return nil
}

func unknown(m *meta.Model, name string, known []string) error {
	return errs.New(errs.ErrUnknownAttribute, "%s serializes no %s%s", m.Name, ident.Quote(name), errs.DidYouMean(name, known))
}
