// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// pivots is a call that writes the pivot rows of a record.
type pivots struct {
	c     *Client
	l     *meta.Link
	h     *tx.Handle
	owner any // the owner's key
}

// pivots starts a call on pivot rows.
func (c *Client) pivots(ctx context.Context, op string) (context.Context, *pivots, error) {
	ctx, h, l, err := c.begin(ctx)
	if err != nil {
		return ctx, nil, err
	}
	if l.Kind != meta.ManyToMany {
		return ctx, nil, errKind(l, op, "manyToMany")
	}
	owner, err := c.key(l)
	if err != nil {
		return ctx, nil, err
	}
	if c.owner.Deleted() {
		return ctx, nil, errs.New(errs.ErrDeleted, "the row of this %s was deleted", l.Owner.Name)
	}
	return ctx, &pivots{c: c, l: l, h: h, owner: owner}, nil
}

// on is the call inside a transaction.
func (p *pivots) on(h *tx.Handle) *pivots {
	inner := *p
	inner.h = h
	return &inner
}

// attempts bounds how often a call is made again because of others that write the same rows.
const attempts = 5

// again runs fn, and again if it lost against another transaction, unless it is part of one that the
// caller has to begin again.
func (p *pivots) again(ctx context.Context, fn func() error) error {
	for n := 1; ; n++ {
		err := fn()
		if err == nil || n == attempts || p.h.InTransaction() || ctx.Err() != nil || !p.h.Dialect().Lost(err) {
			return err
		}
	}
}

// insert inserts pivot rows with one statement, ordered by related key, so that calls which wait for each
// other do so in one order. A row has NULL where only other rows have an attribute.
func (p *pivots) insert(ctx context.Context, list []link) ([]*record.State, error) {
	m, err := p.l.Pivot.Writing(namesOfLinks(list))
	if err != nil {
		return nil, err
	}
	rows := make([]*record.State, len(list))
	for i, one := range list {
		if rows[i], err = newPivotRow(p.l, m, p.h, p.owner, one); err != nil {
			return nil, err
		}
	}
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, p.compare)
	return rows, persist.InsertMany(ctx, p.h, ordered, !p.l.Pivot.Typed)
}

func (p *pivots) compare(a, b *record.State) int {
	x, y := p.related(a), p.related(b)
	return compareKeys(x, y)
}

// related returns the bound key that a pivot row points to.
func (p *pivots) related(row *record.State) any {
	c, _ := row.Model.Column(p.l.Pivot.Related.Name)
	v, err := c.Bind(c.At(row.Owner))
	if err != nil {
		return nil
	}
	return v
}

// rows loads the pivot rows of the owner, those of some keys if there are any, with the columns that links
// name, declared or not.
func (p *pivots) rows(ctx context.Context, keys []any, naming ...link) ([]*record.State, error) {
	spec, err := p.c.pivotSpec(p.h, p.l)
	if err != nil {
		return nil, err
	}
	if spec.Model, err = p.l.Pivot.Reading(namesOfLinks(naming)); err != nil {
		return nil, err
	}
	if keys != nil {
		spec.Require(query.Match{Place: query.Place{Table: spec.Table(), Column: p.l.Pivot.Related}, Keys: keys})
	}
	return p.load(ctx, spec)
}

func (p *pivots) load(ctx context.Context, spec *query.Spec) ([]*record.State, error) {
	applyScopes(spec)
	list, err := query.Select(ctx, p.h, spec)
	if err != nil {
		return nil, err
	}
	states := make([]*record.State, len(list))
	for i, at := range list {
		states[i] = record.Of(spec.Model, at)
	}
	return states, nil
}

// hooked reports whether hooks of the pivot model have to run.
func (p *pivots) hooked(ctx context.Context) bool {
	return p.l.Pivot.Typed && p.l.Pivot.Model.Hooks.Writes() && !meta.IsQuiet(ctx)
}

// remove deletes pivot rows by their related keys, all if keys is nil, and returns how many; those of a pivot
// model with soft deletes are marked. known are these rows, if they were loaded; hooks need them.
func (p *pivots) remove(ctx context.Context, keys []any, known []*record.State) (n int64, err error) {
	send := func(ctx context.Context, h *tx.Handle) error {
		spec, err := p.c.pivotSpec(h, p.l)
		if err != nil {
			return err
		}
		if keys != nil {
			spec.Require(query.Match{Place: query.Place{Table: spec.Table(), Column: p.l.Pivot.Related}, Keys: keys})
		}
		n, err = query.Delete(ctx, h, spec, false)
		return err
	}
	if !p.hooked(ctx) {
		err = send(ctx, p.h)
		return n, err
	}
	if known == nil {
		if known, err = p.rows(ctx, keys); err != nil {
			return 0, err
		}
		slices.SortStableFunc(known, p.compare) // hooks run in one order on every database
	}
	err = persist.Around(ctx, p.h, known, meta.Deleting, meta.Deleted, func(ctx context.Context, h *tx.Handle) error {
		if err := send(ctx, h); err != nil {
			return err
		}
		for _, row := range known {
			row.MarkDeleted()
		}
		return nil
	})
	return n, err
}

// change updates the pivot rows of one related key. known are these rows, if they were loaded; hooks
// need them.
func (p *pivots) change(ctx context.Context, key any, values Attrs, known ...*record.State) (int64, error) {
	if !p.hooked(ctx) {
		spec, err := p.c.pivotSpec(p.h, p.l)
		if err != nil {
			return 0, err
		}
		spec.Require(query.Bound{Column: p.l.Pivot.Related, Value: key})
		return query.Update(ctx, p.h, spec, values)
	}
	if len(known) == 0 {
		var err error
		if known, err = p.rows(ctx, []any{key}); err != nil || len(known) == 0 {
			return 0, err
		}
	}
	return int64(len(known)), p.h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
		for _, row := range known {
			if err := row.Assign(values); err != nil {
				return err
			}
			if err := persist.Save(ctx, inner, row, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// lock makes calls on the pivot rows of one owner wait for each other, where writers run side by side.
// It does not keep others from pointing to the owner's row.
func (p *pivots) lock(ctx context.Context) error {
	if !p.h.Dialect().RowLocks {
		return nil
	}
	spec := query.New(p.h, p.l.Owner)
	spec.Trashed, spec.Lock.Mode = query.WithTrashed, query.ForNoKeyUpdate
	spec.Columns = []query.Selection{{Column: p.l.Local.Attr}}
	spec.Require(query.Bound{Column: p.l.Local, Value: p.owner})
	_, err := query.Select(ctx, p.h, spec)
	return err
}

// Attach inserts a pivot row per link, in the order of the related ids: one statement. A link is an id, a
// saved record, or Pivot of one of these with attributes; slices are taken apart. A column that no link names
// has the database's default, one that only others name NULL. It always inserts: a pair that a unique index
// forbids is an ErrDuplicate, and nothing is attached; SyncWithoutDetaching leaves out what is there. Only for
// manyToMany, like all that follows.
func (c *Client) Attach(ctx context.Context, links ...any) error {
	ctx, p, err := c.pivots(ctx, "Attach")
	if err == nil {
		err = p.attach(ctx, links, nil)
	}
	return c.failed("attach", err)
}

// AttachEach is Attach with a function that may change the attributes of every row; id has the type of
// the related key.
func (c *Client) AttachEach(ctx context.Context, fn func(id any, row Attrs), links ...any) error {
	ctx, p, err := c.pivots(ctx, "AttachEach")
	if err == nil && fn == nil {
		err = errs.New(errs.ErrInvalidValue, "AttachEach of a nil function")
	}
	if err == nil {
		err = p.attach(ctx, links, fn)
	}
	return c.failed("attach each", err)
}

func (p *pivots) attach(ctx context.Context, given []any, fn func(id any, row Attrs)) error {
	list, err := readLinks(p.l, given)
	if err == nil {
		err = attachable(p.l, list)
	}
	if err != nil || len(list) == 0 {
		return err
	}
	if fn != nil {
		for i := range list {
			row := Attrs{}
			maps.Copy(row, list[i].attrs)
			fn(p.id(list[i].key), row)
			list[i].attrs = row
		}
	}
	return p.again(ctx, func() error {
		_, err := p.insert(ctx, list)
		return err
	})
}

// Detach deletes the pivot rows of related ids or records with one statement, and returns how many. No
// ids, no statement. Several ids wait for a Sync that is under way, by a SELECT that locks the record's row
// where writers run side by side.
func (c *Client) Detach(ctx context.Context, ids ...any) (int64, error) {
	ctx, p, err := c.pivots(ctx, "Detach")
	var n int64
	if err == nil {
		n, err = p.detach(ctx, ids)
	}
	return written(n, err), c.failed("detach", err)
}

func (p *pivots) detach(ctx context.Context, ids []any) (n int64, err error) {
	list, _, err := distinctLinks(p.l, ids)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return p.removeAlone(ctx, keysOfLinks(list))
}

// removeAlone is remove while no Sync of the same owner is under way, which could insert rows that a DELETE
// of several, already begun, does not see: the outcome would be that of no order of the two.
func (p *pivots) removeAlone(ctx context.Context, keys []any) (n int64, err error) {
	err = p.again(ctx, func() error {
		if len(keys) == 1 || !p.h.Dialect().RowLocks {
			n, err = p.remove(ctx, keys, nil)
			return err
		}
		return p.h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
			in := p.on(inner.Whole())
			if err := in.lock(ctx); err != nil {
				return err
			}
			n, err = in.remove(ctx, keys, nil)
			return err
		})
	})
	return n, err
}

// namesOfLinks returns the names of the pivot attributes of all links.
func namesOfLinks(list []link) []string {
	all := Attrs{}
	for _, one := range list {
		for name := range one.attrs {
			all[name] = nil
		}
	}
	return attrNames(all)
}

func keysOfLinks(list []link) []any {
	keys := make([]any, len(list))
	for i, one := range list {
		keys[i] = one.key
	}
	return keys
}

// DetachAll deletes all pivot rows of the relation with one statement, and returns how many; see Detach.
func (c *Client) DetachAll(ctx context.Context) (int64, error) {
	ctx, p, err := c.pivots(ctx, "DetachAll")
	var n int64
	if err == nil {
		n, err = p.removeAlone(ctx, nil)
	}
	return written(n, err), c.failed("detach all", err)
}

// UpdateExistingPivot writes attributes to the pivot rows of one related id or record, and returns how many
// there are: one UPDATE. Where the rows have a timestamp of their last change, a SELECT before it finds out
// whether anything changes; if not, nothing is written. With hooks the rows are loaded and saved one by one.
func (c *Client) UpdateExistingPivot(ctx context.Context, id any, values Attrs) (int64, error) {
	ctx, p, err := c.pivots(ctx, "UpdateExistingPivot")
	var one link
	if err == nil {
		one, err = linkTo(p.l, id, values)
	}
	if err == nil {
		err = checkLinks(p.l, p.h, []link{one})
	}
	var n int64
	if err == nil && len(values) > 0 {
		n, err = p.updateExisting(ctx, one)
	}
	return written(n, err), c.failed("update existing pivot", err)
}

func (p *pivots) updateExisting(ctx context.Context, one link) (int64, error) {
	if len(p.l.Pivot.Model.Updated) == 0 || p.hooked(ctx) { // a row with hooks is saved, which compares
		return p.change(ctx, one.key, one.attrs)
	}
	rows, err := p.rows(ctx, []any{one.key}, one)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		changed, err := pivotChanges(row, one.attrs)
		if err != nil {
			return 0, err
		}
		if len(changed) > 0 {
			return p.change(ctx, one.key, one.attrs, rows...)
		}
	}
	return int64(len(rows)), nil
}

// pivotRows writes the pivot rows of records that were saved.
func (s *saving) pivotRows(ctx context.Context, h *tx.Handle) error {
	owner, err := s.c.key(s.l)
	if err != nil {
		return err
	}
	p := &pivots{c: s.c, l: s.l, h: h, owner: owner}
	keys, err := keysOf(s.list, s.l.Foreign)
	if err != nil {
		return err
	}
	list := s.links()
	var old []link // what may be connected already
	for i, rec := range s.list {
		list[i].key = keys[i]
		if !s.create && !s.again && s.state[rec] != keyless {
			old = append(old, list[i])
		}
	}
	var known map[any][]*record.State
	if len(old) > 0 {
		if known, err = p.known(ctx, keysOfLinks(old), old...); err != nil {
			return err
		}
	}
	rows := make([]*record.State, len(list))
	var missing []link
	var at []int
	for i, one := range list {
		there := known[normalKey(p.l.Foreign, one.key)]
		if len(there) == 0 {
			missing, at = append(missing, one), append(at, i)
			continue
		}
		if rows[i], err = p.bring(ctx, there[0], one); err != nil {
			return err
		}
	}
	inserted, err := p.insert(ctx, missing)
	if err != nil {
		s.raced = len(old) > 0 && errors.Is(err, errs.ErrDuplicate)
		return err
	}
	for i, row := range inserted {
		rows[at[i]] = row
	}
	for i, rec := range s.list {
		carryPivot(s.l, rec, rows[i])
	}
	return nil
}

// known returns the pivot rows that exist, by related key, which are several where duplicates are allowed; see
// rows.
func (p *pivots) known(ctx context.Context, keys []any, naming ...link) (map[any][]*record.State, error) {
	rows, err := p.rows(ctx, keys, naming...)
	if err != nil {
		return nil, err
	}
	known := make(map[any][]*record.State, len(rows))
	for _, row := range rows {
		key := normalKey(p.l.Foreign, p.related(row))
		known[key] = append(known[key], row)
	}
	return known, nil
}

// bring updates a pivot row whose attributes differ.
func (p *pivots) bring(ctx context.Context, row *record.State, one link) (*record.State, error) {
	changed, err := pivotChanges(row, one.attrs)
	if err != nil || len(changed) == 0 {
		return row, err
	}
	if !p.l.Pivot.Duplicates && row.Holds(changed) {
		if err := row.Assign(changed); err != nil {
			return nil, err
		}
		return row, persist.Save(ctx, p.h, row, !p.l.Pivot.Typed)
	}
	if _, err := p.change(ctx, one.key, changed); err != nil {
		return nil, err
	}
	rows, err := p.rows(ctx, []any{one.key}, one)
	if err != nil || len(rows) == 0 {
		return row, err
	}
	return rows[0], nil
}
