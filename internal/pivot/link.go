// SPDX-License-Identifier: MIT

// Package pivot writes the rows of pivot tables: it attaches and detaches records of a manyToMany relation, and brings the pivot
// rows of a record in line with a list of links.
//
// Every call reads its links first (link.go), so that a mistake ends it before anything is sent. Pivot rows are records: of the
// model that Using names, or of a model that package meta makes of the known columns (row.go). A writer inserts, updates and
// deletes them (writer.go).
package pivot

import (
	"maps"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Link is a related id or record with the attributes of its pivot row, as a caller gives it. relation.Link has it as its
// underlying type.
type Link struct {
	to    any
	attrs map[string]any
}

// NewLink pairs a related id or record with the attributes of its pivot row.
func NewLink(to any, attrs map[string]any) Link { return Link{to, attrs} }

// link is a Link whose id was checked.
type link struct {
	key     any // of the related record, bound
	attrs   map[string]any
	deleted bool  // it is of a record whose row was deleted
	number  int32 // of the key, in the index of distinct links
}

// linkType is what a relation.Link converts to.
var linkType = reflect.TypeFor[Link]()

// readLinks reads ids, records, Links, and slices of these.
func readLinks(l *meta.Link, given []any) ([]link, error) {
	r := linkReader{link: l, list: make([]link, 0, len(given))}
	for _, v := range given {
		if err := r.add(v, nil, false); err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

type linkReader struct {
	link *meta.Link
	list []link
}

// add adds what v means. nested says that it is an element of a slice, which is no slice itself.
func (r *linkReader) add(v any, attrs map[string]any, nested bool) error {
	rv := reflect.ValueOf(v)
	switch {
	case rv.Kind() == reflect.Struct && rv.Type().ConvertibleTo(linkType):
		pair, _ := reflect.TypeAssert[Link](rv.Convert(linkType))
		return r.add(pair.to, pair.attrs, false)
	case key.IsList(v):
		if nested {
			return key.ErrNested(v)
		}
		r.list = slices.Grow(r.list, rv.Len())
		for i := range rv.Len() {
			if err := r.add(rv.Index(i).Interface(), attrs, true); err != nil {
				return err
			}
		}
		return nil
	}
	one, err := linkTo(r.link, v, attrs)
	r.list = append(r.list, one)
	return err
}

// linkTo reads one id or record.
func linkTo(l *meta.Link, v any, attrs map[string]any) (link, error) {
	one := link{attrs: attrs}
	if t := reflect.TypeOf(v); t == nil || t.Kind() != reflect.Pointer || !meta.Embeds(t.Elem()) {
		var err error
		one.key, err = key.Value(l.Foreign, v)
		return one, err
	}
	s, err := related.Record(l, v)
	if err != nil {
		return one, err
	}
	one.deleted = s.Deleted()
	one.key, err = key.OfSaved(s, l.Foreign)
	return one, err
}

// distinctLinks is readLinks with one link for each key: the attributes of the last count. The index has the number of each.
func distinctLinks(l *meta.Link, given []any) ([]link, *key.Index, error) {
	list, err := readLinks(l, given)
	if err != nil {
		return nil, nil, err
	}
	index := key.NewIndex(l.Foreign, l.Pivot.Related, len(list))
	for i := range list {
		list[i].number, _ = index.AddBound(list[i].key)
	}
	return oneEach(list, index), index, nil
}

// oneEach keeps the first link of each class of equal keys, with the attributes of the last.
func oneEach(list []link, index *key.Index) []link {
	out := list[:0]
	at := make(map[int32]int, len(list)) // in out, by class
	for _, one := range list {
		one.number = index.Class(one.number)
		i, known := at[one.number]
		switch {
		case !known:
			at[one.number] = len(out)
			out = append(out, one)
		case one.attrs != nil:
			out[i].attrs = one.attrs
		}
	}
	return out
}

// checkAttachable refuses records without a row to point to.
func checkAttachable(l *meta.Link, list []link) error {
	for _, one := range list {
		if one.deleted {
			return errs.New(errs.ErrDeleted, "the row of this %s was deleted", l.Model.Name)
		}
	}
	return nil
}

// checkAttrs checks names and values of the attributes.
func checkAttrs(l *meta.Link, h *tx.Handle, list []link) error {
	m, err := l.Pivot.Writing(attrNames(list))
	if err != nil {
		return err
	}
	for _, one := range list {
		if len(one.attrs) == 0 {
			continue
		}
		if _, err := newRow(l, m, h, rowKeys{}, one.attrs); err != nil {
			return err
		}
	}
	return nil
}

// attrNames returns the names of the attributes of all links.
func attrNames(list []link) []string {
	all := map[string]bool{}
	for _, one := range list {
		for name := range one.attrs {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func keysOf(list []link) []any {
	keys := make([]any, len(list))
	for i, one := range list {
		keys[i] = one.key
	}
	return keys
}
