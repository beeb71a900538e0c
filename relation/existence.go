// SPDX-License-Identifier: MIT

package relation

import (
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
)

// CountCond compares a number of related rows.
type CountCond struct {
	op string
	n  int
}

// Count is the last argument of Has and WhereHas: relation.Count(">=", 3).
func Count(op string, n int) CountCond { return CountCond{op, n} }

// has adds the condition that there are related rows, of the last relation on the path as many as the
// count says, for which fn's conditions hold.
func (c *core) has(or, not bool, path string, fn func(*Query), counts []CountCond) {
	if len(counts) > 1 {
		c.fail(errs.New(errs.ErrInvalidValue, "%s with %d counts", ident.Quote(path), len(counts)))
		return
	}
	first, rest, nested := strings.Cut(path, ".")
	l, err := c.spec.Model.LinkOf(first)
	if err != nil {
		c.fail(err)
		return
	}
	var sub *query.Spec
	if nested {
		sub = inside(c.spec, l)
		deeper := core{sub}
		deeper.has(false, false, rest, fn, counts)
		counts = nil
	} else {
		sub = inside(c.spec, l, fn)
	}
	if sub.Err != nil {
		c.fail(l.Error("has", sub.Err))
		return
	}
	node, none := amount(sub, counts)
	c.spec.Where = append(c.spec.Where, query.Term{Or: or, Node: negated(node, not != none)})
}

//go:noinline
func (c *core) hasWhere(or bool, path, column string, args []any) {
	c.has(or, false, path, func(q *Query) { q.Where(column, args...) }, nil)
}

func negated(node query.Node, not bool) query.Node {
	if e, ok := node.(query.Exists); ok {
		e.Not = not
		return e
	}
	if !not {
		return node
	}
	return query.Nested{Group: query.Group{{Not: true, Node: node}}}
}

// amount returns the condition that sub has as many rows as a count says, and whether it says none:
// whether there is a row at all need not be counted.
func amount(sub *query.Spec, counts []CountCond) (node query.Node, none bool) {
	if len(counts) == 0 {
		return query.Exists{Sub: sub}, false
	}
	n := counts[0]
	if len(sub.Aggregates) == 0 {
		switch n {
		case CountCond{">=", 1}, CountCond{">", 0}:
			return query.Exists{Sub: sub}, false
		case CountCond{"<", 1}, CountCond{"<=", 0}, CountCond{"=", 0}:
			return query.Exists{Sub: sub}, true
		}
	}
	return query.Amount{Sub: sub, Op: n.op, N: n.n}, false
}

// belongsTo adds the condition that the row belongs to a record, or to one of a list.
func (c *core) belongsTo(or bool, parent any, names []string) {
	l, records, err := c.related(parent, names, meta.BelongsTo, "WhereBelongsTo")
	if err != nil {
		c.fail(err)
		return
	}
	keys, err := keysOf(records, l.Foreign)
	if err != nil {
		c.fail(l.Error("where belongs to", err))
		return
	}
	c.where(or, query.Match{Place: query.Place{Table: c.spec.Table(), Column: l.Local}, Keys: keys})
}

// attachedTo adds the condition that the row is connected with a record by a pivot row, or with one of
// a list.
func (c *core) attachedTo(or bool, related any, names []string) {
	l, records, err := c.related(related, names, meta.ManyToMany, "WhereAttachedTo")
	if err != nil {
		c.fail(err)
		return
	}
	keys, err := keysOf(records, l.Foreign)
	if err != nil {
		c.fail(l.Error("where attached to", err))
		return
	}
	sub := inside(c.spec, l)
	sub.Require(query.Match{Place: query.Place{Table: sub.Table(), Column: l.Foreign}, Keys: keys})
	c.where(or, query.Exists{Sub: sub})
}

// related returns records that a method was given, and the relation of a kind that leads to them: the
// named one, or the only one that fits.
func (c *core) related(given any, names []string, kind, method string) (*meta.Link, []*record.State, error) {
	records, err := recordsOf(given)
	if err != nil {
		return nil, nil, err
	}
	if len(records) == 0 {
		return nil, nil, errs.New(errs.ErrInvalidValue, "%s of no record", method)
	}
	t := records[0].Model.Type
	for _, s := range records {
		if s.Model.Type != t {
			return nil, nil, errs.New(errs.ErrInvalidValue, "%s of a %s and a %s", method, t.Name(), s.Model.Name)
		}
	}
	var fitting []*meta.Relation
	for _, r := range c.spec.Model.Relations {
		if r.Kind == kind && r.Related == t && (len(names) == 0 || names[0] == r.Name || names[0] == r.Field) {
			fitting = append(fitting, r)
		}
	}
	switch {
	case len(fitting) == 1:
		l, err := fitting[0].Link()
		return l, records, err
	case len(fitting) > 1:
		return nil, nil, errs.New(errs.ErrUnknownRelation, "%s.%s and %s.%s both are %s to %s; name one",
			c.spec.Model.Name, fitting[0].Name, c.spec.Model.Name, fitting[1].Name, kind, t.Name())
	case len(names) > 0:
		if _, ok := c.spec.Model.Relation(names[0]); !ok {
			return nil, nil, c.spec.Model.UnknownRelation(names[0])
		}
		return nil, nil, errs.New(errs.ErrUnsupported, "%s.%s is no %s to %s", c.spec.Model.Name, names[0], kind, t.Name())
	default:
		return nil, nil, errs.New(errs.ErrUnknownRelation, "%s has no %s relation to %s", c.spec.Model.Name, kind, t.Name())
	}
}

// recordsOf takes one record or a slice of records.
func recordsOf(given any) ([]*record.State, error) {
	v := reflect.ValueOf(given)
	if v.Kind() != reflect.Slice {
		s, err := door.Open(given)
		return []*record.State{s}, err
	}
	list := make([]*record.State, v.Len())
	for i := range list {
		var err error
		if list[i], err = door.Open(v.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// keysOf returns the values of a key of records, none of which may be without.
func keysOf(records []*record.State, key *meta.Column) ([]any, error) {
	keys := make([]any, len(records))
	for i, s := range records {
		v, err := keyOf(s, key)
		if err != nil {
			return nil, err
		}
		if v == nil || !s.Persisted() && key.AutoKey && key.Zero(key.At(s.Owner)) {
			return nil, errs.New(errs.ErrNotPersisted, "the %s has no %s yet; save it first", s.Model.Name, key.Attr)
		}
		keys[i] = v
	}
	return keys, nil
}

// keyOf returns the value of a key column, nil for NULL.
func keyOf(s *record.State, key *meta.Column) (any, error) {
	if !s.Selected(key) {
		return nil, errNotSelected(key)
	}
	return key.Bind(key.At(s.Owner))
}

// Has keeps rows with related rows, as many as n says; without it, at least one. The path may lead through
// several relations ("posts.comments"); the number is that of the last. It is a sub-query, not a
// statement of its own. As in Eloquent, what the definition of the relation says of its queries holds.
//
//go:noinline
func (c *Chain[S]) Has(path string, n ...CountCond) S {
	c.core.has(false, false, path, nil, n)
	return c.self
}

// OrHas is Has, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrHas(path string, n ...CountCond) S {
	c.core.has(true, false, path, nil, n)
	return c.self
}

// DoesntHave keeps rows without related rows. Of a path, the first step is negated: the row has no post
// that has a comment.
//
//go:noinline
func (c *Chain[S]) DoesntHave(path string) S {
	c.core.has(false, true, path, nil, nil)
	return c.self
}

// OrDoesntHave is DoesntHave, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrDoesntHave(path string) S {
	c.core.has(true, true, path, nil, nil)
	return c.self
}

// WhereHas is Has of related rows for which the conditions of fn hold.
//
//go:noinline
func (c *Chain[S]) WhereHas(path string, fn func(*Query), n ...CountCond) S {
	c.core.has(false, false, path, fn, n)
	return c.self
}

// OrWhereHas is WhereHas, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereHas(path string, fn func(*Query), n ...CountCond) S {
	c.core.has(true, false, path, fn, n)
	return c.self
}

// WhereDoesntHave is DoesntHave of related rows for which the conditions of fn hold.
//
//go:noinline
func (c *Chain[S]) WhereDoesntHave(path string, fn func(*Query)) S {
	c.core.has(false, true, path, fn, nil)
	return c.self
}

// OrWhereDoesntHave is WhereDoesntHave, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereDoesntHave(path string, fn func(*Query)) S {
	c.core.has(true, true, path, fn, nil)
	return c.self
}

// WhereRelation is WhereHas with one condition; see Where for its forms.
//
//go:noinline
func (c *Chain[S]) WhereRelation(path, column string, args ...any) S {
	c.core.hasWhere(false, path, column, args)
	return c.self
}

// OrWhereRelation is WhereRelation, joined by OR.
//
//go:noinline
func (c *Chain[S]) OrWhereRelation(path, column string, args ...any) S {
	c.core.hasWhere(true, path, column, args)
	return c.self
}

// WithWhereHas is WhereHas, and preloads the rows that it looks for.
//
//go:noinline
func (c *Chain[S]) WithWhereHas(path string, fn func(*Query), n ...CountCond) S {
	c.core.has(false, false, path, fn, n)
	c.core.preload(path, []func(*Query){fn}, false)
	return c.self
}

// WhereBelongsTo keeps rows that belong to a record, or to one of a slice of records. The relation is
// the only belongsTo to that model, unless it is named.
//
//go:noinline
func (c *Chain[S]) WhereBelongsTo(parent any, relation ...string) S {
	c.core.belongsTo(false, parent, relation)
	return c.self
}

// WhereAttachedTo keeps rows that a manyToMany relation connects with a record, or with one of a slice
// of records. The relation is the only one to that model, unless it is named.
//
//go:noinline
func (c *Chain[S]) WhereAttachedTo(related any, relation ...string) S {
	c.core.attachedTo(false, related, relation)
	return c.self
}
