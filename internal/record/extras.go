// SPDX-License-Identifier: MIT

package record

// extras are result columns that are no fields: the names are shared by all records of a result, and
// the map is only made when somebody looks.
type extras struct {
	names  []string
	values []any
	all    map[string]any
}

// SetExtras gives the record the extras of its row.
func (s *State) SetExtras(names []string, values []any) {
	s.more().extras = extras{names: names, values: values}
}

// Extras returns the extras; writing to the map changes them.
func (s *State) Extras() map[string]any {
	x := &s.more().extras
	if x.all == nil {
		x.all = make(map[string]any, len(x.names))
		for i, name := range x.names {
			x.all[name] = x.values[i]
		}
		x.names, x.values = nil, nil
	}
	return x.all
}

// allExtras returns the extras without keeping a map.
func (r *Rest) allExtras() map[string]any {
	if r == nil {
		return nil
	}
	if r.extras.all != nil {
		return r.extras.all
	}
	all := make(map[string]any, len(r.extras.names))
	for i, name := range r.extras.names {
		all[name] = r.extras.values[i]
	}
	return all
}

// HasExtras reports whether there are any, without making the map.
func (s *State) HasExtras() bool {
	return s.rest != nil && (len(s.rest.extras.all) > 0 || len(s.rest.extras.names) > 0)
}

// Extra returns the ith extra of a result that was just read.
func (s *State) Extra(i int) *any { return &s.rest.extras.values[i] }
