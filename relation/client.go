// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Record is implemented by every struct that embeds model.BaseModel.
type Record interface{ KindredState(door.Key) *door.State }

// Client reads and writes one relation of one record: user.Related("posts"). It serves any kind;
// what a kind does not have is an ErrUnsupported. Models are pointers, destinations as Query takes them.
//
// Calls join the transaction of their context, else the one that the record was loaded from. Several
// clients of a record may be used by several goroutines. A loaded relation of the record is not
// changed by writes, except by Associate, Dissociate, Set and Unset.
type Client struct {
	owner *record.State
	name  string
	err   error // what is wrong with the relation, for the terminals
}

// Of returns the client of a relation by name; a wrong name is an ErrUnknownRelation of its methods.
func Of(owner Record, name string) *Client {
	c := &Client{name: name}
	if c.owner, c.err = door.Open(owner); c.err == nil {
		_, c.err = c.owner.Model.LinkOf(name)
	}
	return c
}

// fieldClient returns the client of the relation whose field of owner is given.
func fieldClient(owner Record, field any, kinds ...string) *Client {
	c := &Client{}
	if c.owner, c.err = door.Open(owner); c.err != nil {
		return c
	}
	m := c.owner.Model
	at := memory.OfAny(field)
	for _, r := range m.Relations {
		if at != memory.Add(c.owner.Owner, r.Offset) {
			continue
		}
		c.name = r.Name
		if slices.Contains(kinds, r.Kind) {
			_, c.err = r.Link()
			return c
		}
		c.err = r.Error("client", errs.New(errs.ErrUnsupported, "it is %s, not %s", r.Kind, kinds[0]))
		return c
	}
	c.err = errs.New(errs.ErrUnknownRelation, "the field is no relation of this %s; pass the address of a relation field of the record",
		m.Name)
	return c
}

// link returns the relation as the owner's model knows it.
func (c *Client) link() (*meta.Link, error) {
	if c.err != nil {
		return nil, c.err
	}
	return c.owner.Model.LinkOf(c.name)
}

// failed names the relation in an error.
func (c *Client) failed(op string, err error) error {
	if err == nil {
		return nil
	}
	if c.owner == nil || c.owner.Model == nil {
		return err
	}
	if r, ok := c.owner.Model.Relation(c.name); ok {
		return r.Error(op, err)
	}
	return errs.In(c.owner.Model.Name, op, err)
}

// begin returns the relation and the handle that serves a call.
func (c *Client) begin(ctx context.Context) (context.Context, *tx.Handle, *meta.Link, error) {
	if c.err != nil {
		return ctx, nil, nil, c.err
	}
	h, err := tx.ForRecord(ctx, c.owner.Handle)
	if err != nil {
		return ctx, nil, nil, err
	}
	m, err := h.Database().Models.Model(c.owner.Model.Type)
	if err != nil {
		return ctx, nil, nil, err
	}
	l, err := m.LinkOf(c.name)
	if err != nil {
		return ctx, nil, nil, err
	}
	if h.InTransaction() {
		ctx = tx.With(ctx, h)
	}
	return ctx, h, l, nil
}

// key returns the owner's key, as a value of the column that the other side has for it.
func (c *Client) key(l *meta.Link) (any, error) {
	v, err := keyOf(c.owner, l.Local)
	if err != nil {
		return nil, err
	}
	if l.Kind != meta.BelongsTo && (v == nil || !c.owner.Persisted()) {
		return nil, errs.New(errs.ErrNotPersisted, "the %s is not saved yet", l.Owner.Name)
	}
	return v, nil
}

// spec returns the query of the related rows.
func (c *Client) spec() *query.Spec {
	l, err := c.link()
	if err != nil {
		return &query.Spec{Model: unknownModel(c), Err: c.failed("query", err)}
	}
	return c.specOf(l)
}

func (c *Client) specOf(l *meta.Link) *query.Spec {
	spec := query.New(c.owner.Handle, l.Model)
	spec.OfRecord = true
	place := connect(spec, l)
	selectPivot(spec, l)
	v, err := c.key(l)
	if err != nil {
		spec.Fail(l.Error("query", err))
		return spec
	}
	var keys []any
	if v != nil {
		keys = []any{v}
	}
	spec.Require(query.Match{Place: place, Keys: keys})
	refine(spec, l)
	if l.Kind == meta.HasOne || l.Kind == meta.BelongsTo || l.Kind == meta.HasOneThrough {
		one := 1
		spec.Limited = &one
	}
	if l.Inverse != "" {
		spec.Parent = c.owner.Owner
	}
	return spec
}

// unknownModel stands for the model of a relation that does not exist, so that methods can be chained.
func unknownModel(c *Client) *meta.Model {
	if c.owner != nil && c.owner.Model != nil {
		return c.owner.Model
	}
	return &meta.Model{}
}

// Query returns a query of the related rows. Its Update and Delete write only to these and run no hooks;
// Delete of a manyToMany removes the pivot rows of what it deletes, in one transaction. An unsaved
// record is an ErrNotPersisted of the terminal.
func (c *Client) Query() *Query { return newQuery(c.spec()) }

// All loads all related records into dest, a pointer to a slice of pointers to the model. One statement.
func (c *Client) All(ctx context.Context, dest any) error { return c.Query().All(ctx, dest) }

// First loads the first related record into dest, a pointer to a pointer to the model; if there is none,
// the default of the relation, else it is ErrNotFound. One statement; none for a belongsTo whose key is NULL.
func (c *Client) First(ctx context.Context, dest any) error {
	l, err := c.link()
	if err != nil {
		return c.Query().First(ctx, dest)
	}
	q := c.Query()
	return q.into("first", dest, func() (memory.Ptr, error) {
		p, err := memory.Ptr(nil), errs.ErrNotFound
		if v, wrong := c.key(l); l.Kind != meta.BelongsTo || wrong != nil || v != nil {
			p, err = one(ctx, q.core.spec)
		}
		if !errors.Is(err, errs.ErrNotFound) || !l.HasDefault {
			return p, err
		}
		return fallback(q.core.spec.Handle, l, c.owner.Owner)
	})
}

// PivotQuery returns a query of the pivot rows of the record: its conditions, Update and Delete are
// about these only. Without a pivot model, destinations are []relation.Attrs and relation.Attrs.
func (c *Client) PivotQuery() *Query {
	l, err := c.link()
	if err == nil && l.Kind != meta.ManyToMany {
		err = errKind(l, "PivotQuery", "manyToMany")
	}
	if err != nil {
		return newQuery(&query.Spec{Model: unknownModel(c), Err: c.failed("pivot query", err)})
	}
	spec, err := c.pivotSpec(c.owner.Handle, l)
	if err != nil {
		spec.Fail(l.Error("pivot query", err))
	}
	spec.OfRecord = true
	return newQuery(spec)
}

// pivotSpec returns the query of the owner's pivot rows, as the definition narrows them.
func (c *Client) pivotSpec(h *tx.Handle, l *meta.Link) (*query.Spec, error) {
	spec := query.New(h, l.Pivot.Model)
	spec.Pivot = l.Pivot.Model.Table
	v, err := c.key(l)
	if err != nil {
		return spec, err
	}
	spec.Require(query.Bound{Column: l.Pivot.Owner, Value: v})
	for _, fn := range l.OnPivot {
		narrow(spec, fn)
	}
	return spec, spec.Err
}

// open returns the state of a related record that the caller gives.
func open(l *meta.Link, given any) (*record.State, error) {
	s, err := door.Open(given)
	if err != nil {
		return nil, err
	}
	if s.Model.Type != l.Related {
		return nil, errs.New(errs.ErrInvalidValue, "a record of %s where one of %s belongs", s.Model.Name, l.Model.Name)
	}
	return s, nil
}

// openAll is open for a slice.
func openAll(l *meta.Link, given any) ([]*record.State, error) {
	v := reflect.ValueOf(given)
	if v.Kind() != reflect.Slice {
		return nil, errs.New(errs.ErrInvalidValue, "a %T is no slice of *%s", given, l.Model.Name)
	}
	list := make([]*record.State, v.Len())
	for i := range list {
		var err error
		if list[i], err = open(l, v.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// PivotOf returns the record of the pivot row with which r was loaded, if its relation uses the pivot
// model P.
func PivotOf[P any](r Record) (*P, bool) {
	s, err := door.Open(r)
	if err != nil || s.Pivot() == nil {
		return nil, false
	}
	for _, v := range s.Extras() {
		if p, ok := v.(*P); ok && memory.Of(p) == s.Pivot() {
			return p, true
		}
	}
	return nil, false
}
