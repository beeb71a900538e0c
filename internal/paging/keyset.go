// SPDX-License-Identifier: MIT

package paging

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
)

// keyset is an order in which no two rows are equal.
type keyset struct {
	model *meta.Model
	parts []keyPart
}

type keyPart struct {
	column   *meta.Column
	desc     bool
	nullable bool // NULL is greater than any value, on every database
}

func partOf(c *meta.Column, desc bool) (keyPart, error) {
	p := keyPart{column: c, desc: desc, nullable: c.Nullable && !c.NotNull && !c.Key}
	if p.nullable && c.Kind == meta.Custom && !c.Pointer {
		zero, err := c.Bind(c.New())
		if err != nil {
			return p, errs.Field(c.Model.Name+"."+c.Attr, err)
		}
		p.nullable = zero == nil // such as sql.NullString, and not a decimal number
	}
	return p, nil
}

// keysetOf returns the order of a query, completed by the primary key. It refuses orders by raw SQL, by other tables, by
// aggregates, and by columns that are not selected.
func keysetOf(spec *query.Spec) (*keyset, error) {
	if err := checkQuery(spec); err != nil {
		return nil, err
	}
	if err := spec.Model.Keyed(); err != nil {
		return nil, err
	}
	k := &keyset{model: spec.Model}
	for _, order := range spec.Orders {
		c, err := orderColumn(spec, order)
		if err != nil {
			return nil, err
		}
		part, err := partOf(c, order.Desc)
		if err != nil {
			return nil, err
		}
		k.parts = append(k.parts, part)
	}
	desc := len(k.parts) > 0 && k.parts[len(k.parts)-1].desc
	for _, c := range spec.Model.Keys {
		if !k.has(c) {
			k.parts = append(k.parts, keyPart{column: c, desc: desc})
		}
	}
	return k, k.checkSelected(spec)
}

// placesNulls reports whether the keyset sorts NULL itself, because the database may sort it elsewhere.
func (k *keyset) placesNulls() bool {
	return slices.ContainsFunc(k.parts, func(p keyPart) bool { return p.nullable })
}

// checkQuery returns an error for a query whose rows no keyset can order.
func checkQuery(spec *query.Spec) error {
	if len(spec.Groups) > 0 || spec.Distinct || len(spec.Aggregates) > 0 || len(spec.Applied) > 0 || len(spec.Joins) > 0 {
		return errs.New(errs.ErrUnsupported, "a keyset over a query that groups, drops duplicates, joins or is changed by Apply")
	}
	if spec.Link != nil && len(spec.Sources) > 0 && spec.Link.Repeats() {
		return errs.New(errs.ErrUnsupported, "a keyset over the relation %s, which may lead to a row more than once", spec.Link.Name)
	}
	return nil
}

// orderColumn returns the column that a query is sorted by.
func orderColumn(spec *query.Spec, order query.Order) (*meta.Column, error) {
	m := spec.Model
	if order.Raw != nil {
		return nil, errs.New(errs.ErrUnsupported, "a keyset over an order of raw SQL; order by columns")
	}
	c, ok := spec.OwnColumn(order.Column)
	if !ok {
		if table, _, _ := strings.Cut(order.Column, "."); table != spec.Table() && spec.Knows(table) {
			return nil, errs.New(errs.ErrUnsupported, "a keyset over the order by %s, which is no column of %s; Reorder by columns of it",
				ident.Quote(order.Column), m.Name)
		}
		if slices.ContainsFunc(spec.Outputs, func(o query.Output) bool { return o.As == order.Column && !o.Hidden }) {
			return nil, errs.New(errs.ErrUnsupported, "a keyset over the order by %s, which is no column of %s but counted of related rows; "+
				"Reorder by columns, or use Paginate", ident.Quote(order.Column), m.Name)
		}
		return nil, m.UnknownColumn(order.Column)
	}
	return c, nil
}

// checkSelected returns an error if the query does not select a column of the keyset.
func (k *keyset) checkSelected(spec *query.Spec) error {
	if len(spec.Columns) == 0 {
		return nil
	}
	for _, p := range k.parts {
		found := false
		for _, s := range spec.Columns {
			c, ok := spec.OwnColumn(s.Column)
			found = found || ok && c == p.column || s.Column == "*"
		}
		if !found {
			return errs.New(errs.ErrUnsupported, "a keyset over %s.%s, which is not selected; select it too", k.model.Name, p.column.Attr)
		}
	}
	return nil
}

func (k *keyset) has(c *meta.Column) bool {
	for _, p := range k.parts {
		if p.column == c {
			return true
		}
	}
	return false
}

// position is a row in the order, and the direction to read from it.
type position struct {
	values []any // bound; nil is the start
	back   bool
}

// apply orders the query by the keyset and keeps the rows behind, or before, a position.
func (k *keyset) apply(spec *query.Spec, at position) {
	spec.Orders = make([]query.Order, len(k.parts))
	for i, p := range k.parts {
		spec.Orders[i] = query.Order{Column: p.column.Attr, Desc: p.desc != at.back, Greatest: p.nullable}
	}
	if at.values == nil {
		return
	}
	// (a > x) OR (a = x AND b > y) OR …; row values cannot mix directions.
	var group query.Group
	for i, p := range k.parts {
		behind := p.behind(at.values[i], p.desc != at.back)
		if behind == nil {
			continue
		}
		var same query.Group
		for j := range i {
			same = append(same, query.Term{Node: k.parts[j].same(at.values[j])})
		}
		same = append(same, query.Term{Node: behind})
		group = append(group, query.Term{Logic: query.Or, Node: query.Nested{Group: same}})
	}
	spec.Require(query.Nested{Group: group})
}

// same returns the condition that the column has a value.
func (p keyPart) same(v any) query.Node {
	if v == nil {
		return query.Null{Column: p.column.Attr}
	}
	return query.Bound{Column: p.column, Value: v}
}

// behind returns the condition that the column comes after a value, or nil if nothing can.
func (p keyPart) behind(v any, desc bool) query.Node {
	switch {
	case v == nil && desc:
		return query.Null{Column: p.column.Attr, Not: true}
	case v == nil:
		return nil
	case desc:
		return query.Bound{Column: p.column, Op: "<", Value: v}
	}
	greater := query.Bound{Column: p.column, Op: ">", Value: v}
	if !p.nullable {
		return greater
	}
	return query.Nested{Group: query.Group{{Node: greater}, {Logic: query.Or, Node: query.Null{Column: p.column.Attr}}}}
}

// of returns the position of a record.
func (k *keyset) of(record memory.Ptr) (position, error) {
	at := position{values: make([]any, len(k.parts))}
	for i, p := range k.parts {
		v, err := p.column.Bind(p.column.At(record))
		if err != nil {
			return at, errs.Field(k.model.Name+"."+p.column.Attr, err)
		}
		at.values[i] = v
	}
	return at, nil
}

// cursor is the content of a cursor: the order it belongs to, the direction and the values as text, nil for NULL.
type cursor struct {
	Order  string    `json:"o"`
	Back   bool      `json:"b,omitempty"`
	Values []*string `json:"v"`
}

// order identifies the keyset, so that a cursor of another one is refused.
func (k *keyset) order() string {
	h := fnv.New32a()
	for _, p := range k.parts {
		_, _ = h.Write([]byte(k.model.Table + "." + p.column.Name + strconv.FormatBool(p.desc))) // never fails
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// direction tells whether a cursor leads to the rows after it or before it.
type direction bool

const (
	forward  direction = false // those behind its position
	backward direction = true  // those before it
)

// encode returns the cursor at a record.
func (k *keyset) encode(record memory.Ptr, to direction) (string, error) {
	at, err := k.of(record)
	if err != nil {
		return "", err
	}
	c := cursor{Order: k.order(), Back: bool(to), Values: make([]*string, len(at.values))}
	for i, v := range at.values {
		if v == nil {
			continue
		}
		text, err := encodeValue(v, k.parts[i].column.Kind == meta.Custom)
		if err != nil {
			return "", errs.Field(k.model.Name+"."+k.parts[i].column.Attr, err)
		}
		c.Values[i] = &text
	}
	data, err := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(data), err
}

func (k *keyset) decode(text string) (position, error) {
	if text == "" {
		return position{}, nil
	}
	bad := func() (position, error) {
		return position{}, errs.New(errs.ErrInvalidCursor, "this cursor was not given by a page of this order")
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return bad()
	}
	var c cursor
	if json.Unmarshal(data, &c) != nil || c.Order != k.order() || len(c.Values) != len(k.parts) {
		return bad()
	}
	at := position{back: c.Back, values: make([]any, len(c.Values))}
	for i, p := range k.parts {
		if c.Values[i] == nil {
			if !p.nullable {
				return bad()
			}
			continue
		}
		value, ok := decodeValue(*c.Values[i])
		if !ok {
			return bad()
		}
		field := p.column.New()
		if p.column.Scan(field, value) != nil {
			return bad()
		}
		if at.values[i], err = p.column.Bind(field); err != nil || at.values[i] == nil {
			return bad()
		}
	}
	return at, nil
}
