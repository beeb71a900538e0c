// SPDX-License-Identifier: MIT

package serialize

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// Page is implemented by the pages of package relation, and by any pointer to a struct that has a field Data, which is a
// slice of records. It is written as {"meta":…,"data":[…]}.
type Page interface {
	// Facts returns the entries of meta, in order.
	Facts() []Fact
}

// Fact is one entry of the meta of a page. Name is that of a field, PerPage, which the naming strategy turns into
// per_page.
type Fact struct {
	Name  string
	Value any
}

// JSON returns the JSON of a record, a slice of records or a page, with one Options at most; more are an ErrUnsupported. A
// nil record is null, a nil slice is []. Hidden fields are left out; loaded relations and computed values are in it. A
// name in the options that the model does not have, or hides, is an ErrUnknownAttribute. Nothing is sent to a database.
func JSON(v any, opts ...Options) ([]byte, error) {
	o, err := only(opts)
	if err != nil {
		return nil, err
	}
	return appendValue(nil, v, o, nil)
}

// Write writes what [JSON] returns to w. Nothing is written if v cannot be encoded. An error of w is returned.
func Write(w io.Writer, v any, opts ...Options) error {
	data, err := JSON(v, opts...)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func appendValue(dst []byte, v any, o *Options, at *trail) ([]byte, error) {
	if page, ok := pageOf(v); ok {
		return appendPage(dst, page, o)
	}
	list, isList := listOf(v)
	if isList {
		return appendList(dst, list, o, at)
	}
	s, err := open(v)
	if err != nil || s == nil {
		return append(dst, "null"...), err
	}
	return appendRecord(dst, s, o, at)
}

// paged is a page that is being written.
type paged struct {
	facts []Fact
	data  reflect.Value
}

func pageOf(v any) (paged, bool) {
	page, ok := v.(Page)
	if !ok {
		return paged{}, false
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Elem().Kind() != reflect.Struct {
		return paged{}, false
	}
	data := rv.Elem().FieldByName("Data")
	if !data.IsValid() || data.Kind() != reflect.Slice {
		return paged{}, false
	}
	return paged{page.Facts(), data}, true
}

func listOf(v any) (reflect.Value, bool) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.Type().Elem().Kind() == reflect.Slice && !rv.IsNil() {
		rv = rv.Elem()
	}
	return rv, rv.Kind() == reflect.Slice
}

// open returns the state of a record given as a pointer or a plain value; nil for a nil pointer.
func open(v any) (*record.State, error) {
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
		return nil, errs.New(errs.ErrUnsupported, "nil is no model")
	case rv.Kind() == reflect.Pointer && rv.IsNil():
		if meta.Embeds(rv.Type().Elem()) {
			return nil, nil
		}
	case rv.Kind() == reflect.Struct:
		p := reflect.New(rv.Type())
		p.Elem().Set(rv)
		v = p.Interface()
	}
	return record.From(v)
}

func appendList(dst []byte, list reflect.Value, o *Options, at *trail) ([]byte, error) {
	var p *plan
	dst = append(dst, '[')
	for i := range list.Len() {
		item := list.Index(i)
		if item.Kind() == reflect.Struct && item.CanAddr() {
			item = item.Addr()
		}
		s, err := open(item.Interface())
		if err != nil {
			return dst, err
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		if s == nil {
			dst = append(dst, "null"...)
			continue
		}
		if p == nil || p.model != s.Model {
			p = planOf(s.Model)
			if err := o.check(p); err != nil {
				return dst, err
			}
		}
		before := len(dst)
		if dst, err = p.append(dst, s, o, at); err != nil {
			return dst, err
		}
		if i == 0 { // the others will be about as long
			dst = slices.Grow(dst, (len(dst)-before+len(dst[before:])/8+1)*(list.Len()-1)+1)
		}
	}
	return append(dst, ']'), nil
}

func appendRecord(dst []byte, s *record.State, o *Options, at *trail) ([]byte, error) {
	p := planOf(s.Model)
	if err := o.check(p); err != nil {
		return dst, err
	}
	if dst == nil {
		dst = make([]byte, 0, p.size)
	}
	return p.append(dst, s, o, at)
}

// append appends a record.
func (p *plan) append(dst []byte, s *record.State, o *Options, at *trail) ([]byte, error) {
	var replaced map[string]any
	if p.model.Extras != nil {
		replaced = p.model.Extras(s.Owner)
	}
	all := o.Fields.all() && replaced == nil
	dst = append(dst, '{')
	start := len(dst)
	var err error
	for i := range p.fields {
		f := &p.fields[i]
		if f.related != nil {
			if !has(replaced, f.name) {
				if dst, err = f.appendRelated(dst, s, o, &trail{s, at}, len(dst) > start); err != nil {
					return dst, err
				}
			}
			continue
		}
		if !all && (!o.Fields.chosen(f.name) || has(replaced, f.name)) {
			continue
		}
		if f.absent(s) {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, f.key...)
		if dst, err = f.append(dst, s.Owner); err != nil {
			return dst, errs.Field(p.model.Name+"."+f.name, err)
		}
	}
	if o.Extras && s.HasExtras() {
		if replaced == nil {
			replaced = map[string]any{}
		}
		replaced[o.extrasName()] = s.Extras()
	}
	if len(replaced) == 0 {
		return append(dst, '}'), nil
	}
	for _, name := range slices.Sorted(maps.Keys(replaced)) {
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, name), ':')
		if dst, err = appendAny(dst, replaced[name]); err != nil {
			return dst, errs.Field(p.model.Name+"."+name, err)
		}
	}
	return append(dst, '}'), nil
}

// absent reports whether a record does not show the field: its query did not select it, or its tag
// leaves out an empty one.
func (f *field) absent(s *record.State) bool {
	return f.column != nil && !s.Selected(f.column) || f.omit != nil && f.omit(s.Owner)
}

func has(m map[string]any, name string) bool {
	_, ok := m[name]
	return ok
}

// appendAny appends a value whose type is not known before: records as such, all else as
// encoding/json does.
func appendAny(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case string:
		return appendString(dst, v), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		return appendFloat(dst, v, 64)
	case time.Time:
		return appendTime(dst, v)
	}
	if isRecord(v) {
		return appendValue(dst, v, &Options{}, nil)
	}
	data, err := json.Marshal(v)
	return append(dst, data...), err
}

// isRecord reports whether v is a pointer to a model.
func isRecord(v any) bool {
	t := reflect.TypeOf(v)
	return t != nil && t.Kind() == reflect.Pointer && meta.Embeds(t.Elem())
}

func appendPage(dst []byte, page paged, o *Options) ([]byte, error) {
	naming := namingOf(page.data)
	dst = append(dst, `{"meta":{`...)
	var err error
	for i, f := range page.facts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, naming.Serialized(f.Name)), ':')
		if dst, err = appendAny(dst, f.Value); err != nil {
			return dst, err
		}
	}
	dst = append(dst, `},"data":`...)
	if dst, err = appendList(dst, page.data, o, nil); err != nil {
		return dst, err
	}
	return append(dst, '}'), nil
}

// namingOf returns the strategy that names a page's facts: that of its records.
func namingOf(list reflect.Value) meta.Naming {
	if list.Len() > 0 {
		if s, err := open(list.Index(0).Interface()); err == nil && s != nil {
			return s.Model.Names.Naming
		}
	}
	t := list.Type().Elem()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if m, err := meta.First(t); err == nil {
		return m.Names.Naming
	}
	return meta.DefaultNaming{}
}

// Map returns the values of one record as [JSON] would write them, keyed by their names in JSON, to put into a larger
// answer or a template. Its options and errors are those of JSON. As Lucid's serialize.
func Map(v any, opts ...Options) (map[string]any, error) {
	o, err := only(opts)
	if err != nil {
		return nil, err
	}
	if page, ok := pageOf(v); ok {
		return mapPage(page, o)
	}
	s, err := open(v)
	if err != nil || s == nil {
		return nil, err
	}
	return mapRecord(s, o, nil)
}

func mapRecord(s *record.State, o *Options, at *trail) (map[string]any, error) {
	p := planOf(s.Model)
	if err := o.check(p); err != nil {
		return nil, err
	}
	out := make(map[string]any, len(p.fields))
	for i := range p.fields {
		f := &p.fields[i]
		if f.related != nil {
			if err := f.mapRelated(out, s, o, &trail{s, at}); err != nil {
				return nil, err
			}
			continue
		}
		if !o.Fields.chosen(f.name) || f.absent(s) {
			continue
		}
		value, err := mapAny(f.value(s.Owner))
		if err != nil {
			return nil, err
		}
		out[f.name] = value
	}
	if p.model.Extras != nil {
		maps.Copy(out, p.model.Extras(s.Owner))
	}
	if o.Extras && s.HasExtras() {
		out[o.extrasName()] = maps.Clone(s.Extras())
	}
	return out, nil
}

func mapAny(v any) (any, error) {
	if isRecord(v) {
		return Map(v)
	}
	return v, nil
}

func mapPage(page paged, o *Options) (map[string]any, error) {
	naming := namingOf(page.data)
	about := make(map[string]any, len(page.facts))
	for _, f := range page.facts {
		about[naming.Serialized(f.Name)] = f.Value
	}
	data := make([]map[string]any, page.data.Len())
	for i := range data {
		one, err := Map(page.data.Index(i).Interface(), *o)
		if err != nil {
			return nil, err
		}
		data[i] = one
	}
	return map[string]any{"meta": about, "data": data}, nil
}

// Object returns the values of one record by attribute name, with loaded relations and computed values, and extras under
// "extras". Names are those of the program, not those of JSON. Hidden fields are left out. A value that is no record is an
// ErrUnsupported. As Lucid's toObject.
func Object(rec any) (map[string]any, error) {
	s, err := record.From(rec)
	if err != nil {
		return nil, err
	}
	return objectOf(s, nil), nil
}

func objectOf(s *record.State, at *trail) map[string]any {
	out := map[string]any{}
	for _, c := range s.Model.Columns {
		if !c.JSON.Hidden && s.Selected(c) {
			out[c.Attr] = reader(c.Codec, false)(memory.Add(s.Owner, c.Offset))
		}
	}
	here := &trail{s, at}
	for _, r := range s.Model.Relations {
		if r.JSON.Hidden || !s.Loaded(r) {
			continue
		}
		list := related(r, s, here)
		switch {
		case r.Many():
			all := make([]map[string]any, len(list))
			for i, one := range list {
				all[i] = objectOf(one, here)
			}
			out[r.Field] = all
		case len(list) == 1:
			out[r.Field] = objectOf(list[0], here)
		case empty(r, s):
			out[r.Field] = nil
		}
	}
	for _, c := range s.Model.Computed {
		out[c.Name] = c.Func(s.Owner)
	}
	if s.HasExtras() {
		out["extras"] = maps.Clone(s.Extras())
	}
	return out
}
