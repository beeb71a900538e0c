// SPDX-License-Identifier: MIT

package serialize

import (
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// trail is the way from the outermost record to one that is being serialized.
type trail struct {
	s  *record.State
	up *trail
}

func (t *trail) has(s *record.State) bool {
	for ; t != nil; t = t.up {
		if t.s.Owner == s.Owner {
			return true
		}
	}
	return false
}

// related returns the loaded records of a relation, without those that the trail has come through.
func related(r *meta.Relation, s *record.State, at *trail) []*record.State {
	field := memory.Add(s.Owner, r.Offset)
	pointers := []memory.Ptr{nil}
	if r.Many() {
		pointers = *memory.At[[]memory.Ptr](field)
	} else {
		pointers[0] = *memory.At[memory.Ptr](field)
	}
	list := make([]*record.State, 0, len(pointers))
	for _, p := range pointers {
		if p == nil {
			continue
		}
		if one := stateOf(r, p); one != nil && !at.has(one) {
			list = append(list, one)
		}
	}
	return list
}

// stateOf returns the state of a related record, which may be a literal.
func stateOf(r *meta.Relation, p memory.Ptr) *record.State {
	if l, err := r.Link(); err == nil {
		return record.At(l.Model, p)
	}
	s, err := open(memory.Pointer(r.Related, p))
	if err != nil {
		return nil
	}
	return s
}

// empty reports whether a relation to one is loaded as nothing.
func empty(r *meta.Relation, s *record.State) bool {
	return *memory.At[memory.Ptr](memory.Add(s.Owner, r.Offset)) == nil
}

func (o *Options) of(name string) *Options {
	inner := o.Relations[name]
	return &inner
}

// appendRelated appends a relation with its name, unless it is not loaded, or leads back.
func (f *field) appendRelated(dst []byte, s *record.State, o *Options, at *trail, comma bool) ([]byte, error) {
	if !s.Loaded(f.related) {
		return dst, nil
	}
	list := related(f.related, s, at)
	if !f.related.Many() && len(list) == 0 && !empty(f.related, s) {
		return dst, nil
	}
	if comma {
		dst = append(dst, ',')
	}
	dst = append(dst, f.key...)
	inner := o.of(f.name)
	if !f.related.Many() {
		if len(list) == 0 {
			return append(dst, "null"...), nil
		}
		return appendRecord(dst, list[0], inner, at)
	}
	dst = append(dst, '[')
	for i, one := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		p := planOf(one.Model)
		var err error
		if i == 0 {
			err = inner.check(p)
		}
		if err == nil {
			dst, err = p.append(dst, one, inner, at)
		}
		if err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// mapRelated is appendRelated into a map.
func (f *field) mapRelated(out map[string]any, s *record.State, o *Options, at *trail) error {
	if !s.Loaded(f.related) {
		return nil
	}
	list, inner := related(f.related, s, at), o.of(f.name)
	if f.related.Many() {
		all := make([]map[string]any, len(list))
		for i, one := range list {
			var err error
			if all[i], err = mapRecord(one, inner, at); err != nil {
				return err
			}
		}
		out[f.name] = all
		return nil
	}
	if len(list) == 0 {
		if empty(f.related, s) {
			out[f.name] = nil
		}
		return nil
	}
	one, err := mapRecord(list[0], inner, at)
	out[f.name] = one
	return err
}
