// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"
	"maps"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Changes is what a sync did, by related id, in the order of the links.
type Changes struct{ Attached, Detached, Updated []any }

// Sync makes the pivot rows those of the links, and returns what it did: one SELECT, at most one DELETE
// and one INSERT, and an UPDATE per row whose given attributes differ, all in one transaction. Nothing
// is written if nothing differs; other attributes of kept rows stay. Where writers run side by side, the
// record's row is locked by a further SELECT, so that concurrent calls end in one caller's set. Links to one id
// are one. Sync of nothing detaches all.
func (c *Client) Sync(ctx context.Context, links ...any) (Changes, error) {
	return c.sync(ctx, "sync", links, nil, true)
}

// SyncWithoutDetaching is Sync that leaves other rows alone. No links, no statement.
func (c *Client) SyncWithoutDetaching(ctx context.Context, links ...any) (Changes, error) {
	return c.sync(ctx, "sync without detaching", links, nil, false)
}

// SyncWithPivotValues is Sync with the same attributes for all links; those that a link has of its own win.
func (c *Client) SyncWithPivotValues(ctx context.Context, values Attrs, links ...any) (Changes, error) {
	return c.sync(ctx, "sync with pivot values", links, values, true)
}

func (c *Client) sync(ctx context.Context, op string, given []any, values Attrs, detach bool) (Changes, error) {
	ctx, p, err := c.pivots(ctx, op)
	var list []link
	var at keyed
	if err == nil {
		list, at, err = distinctLinks(p.l, given)
	}
	for i := 0; err == nil && len(values) > 0 && i < len(list); i++ {
		merged := maps.Clone(values)
		maps.Copy(merged, list[i].attrs)
		list[i].attrs = merged
	}
	if err == nil {
		err = attachable(p.l, list)
	}
	if err == nil {
		err = checkLinks(p.l, p.h, list)
	}
	var done Changes
	if err == nil && (detach || len(list) > 0) {
		done, err = p.whole(ctx, func(ctx context.Context, p *pivots) (Changes, error) { return p.sync(ctx, list, &at, detach) })
	}
	return done, c.failed(op, err)
}

// whole runs a call that reads pivot rows and writes them in a transaction in which nobody else changes
// them, and again if somebody did.
func (p *pivots) whole(ctx context.Context, fn func(ctx context.Context, p *pivots) (Changes, error)) (done Changes, err error) {
	for n := 1; ; n++ {
		err = p.again(ctx, func() error {
			return p.h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) (err error) {
				in := p.on(inner.Whole())
				if err = in.lock(ctx); err == nil {
					done, err = fn(ctx, in)
				}
				return err
			})
		})
		// An Attach does not wait for the lock, so it may have inserted a pair after it was looked for.
		if n == attempts || !p.h.Dialect().RowLocks || !errors.Is(err, errs.ErrDuplicate) {
			break
		}
	}
	if err != nil && !isAfterCommit(err) {
		return Changes{}, err
	}
	return done, err
}

// sync is Sync of links whose positions are known by their keys.
func (p *pivots) sync(ctx context.Context, list []link, at *keyed, detach bool) (Changes, error) {
	var done Changes
	m, rows, err := p.syncRows(ctx, list)
	if err != nil {
		return done, err
	}
	related, _ := m.Column(p.l.Pivot.Related.Name)
	known := make([]memory.Ptr, len(list)) // the first row of each link
	var gone []any
	var goneRows []*record.State
	seen := map[any]bool{}
	for _, row := range rows {
		i, err := at.find(related.At(row), related)
		if err != nil {
			return done, err
		}
		if i >= 0 && known[i] == nil {
			known[i] = row
		}
		if i >= 0 || !detach {
			continue
		}
		key, err := related.Bind(related.At(row))
		if err != nil {
			return done, err
		}
		goneRows = append(goneRows, record.Of(m, row))
		if text := normalKey(p.l.Foreign, key); !seen[text] {
			seen[text] = true
			gone = append(gone, key)
			done.Detached = append(done.Detached, p.id(key))
		}
	}
	if len(gone) > 0 {
		if _, err := p.remove(ctx, gone, goneRows); err != nil {
			return done, err
		}
	}
	var missing []link
	for i, one := range list {
		if known[i] == nil {
			missing = append(missing, one)
			done.Attached = append(done.Attached, p.id(one.key))
			continue
		}
		if len(one.attrs) == 0 {
			continue
		}
		row := record.Of(m, known[i])
		changed, err := pivotChanges(row, one.attrs)
		if err != nil {
			return done, err
		}
		if len(changed) == 0 {
			continue
		}
		if _, err := p.change(ctx, one.key, changed, p.same(rows, row)...); err != nil {
			return done, err
		}
		done.Updated = append(done.Updated, p.id(one.key))
	}
	_, err = p.insert(ctx, missing)
	return done, err
}

// same returns the rows that connect the same pair as row, which may be several where duplicates are
// allowed.
func (p *pivots) same(rows []memory.Ptr, row *record.State) []*record.State {
	if !p.l.Pivot.Duplicates {
		return []*record.State{row}
	}
	var list []*record.State
	for _, at := range rows {
		if other := record.Of(row.Model, at); compareKeys(p.related(other), p.related(row)) == 0 {
			list = append(list, other)
		}
	}
	return list
}

// syncRows loads the pivot rows with the columns that the links name, declared or not. They are bare if
// the links name none.
func (p *pivots) syncRows(ctx context.Context, list []link) (*meta.Model, []memory.Ptr, error) {
	spec, err := p.c.pivotSpec(p.h, p.l)
	if err != nil {
		return nil, nil, err
	}
	names := namesOfLinks(list)
	if spec.Model, err = p.l.Pivot.Reading(names); err != nil {
		return nil, nil, err
	}
	if !p.l.Pivot.Typed { // only what is compared
		spec.ReadOnly, spec.Bare = true, len(names) == 0
		spec.Columns = append(spec.Columns, query.Selection{Column: p.l.Pivot.Related.Name})
		for _, name := range names {
			spec.Columns = append(spec.Columns, query.Selection{Column: name})
		}
	}
	applyScopes(spec)
	rows, err := query.Select(ctx, p.h, spec)
	return spec.Model, rows, err
}

// id returns a bound key as a value of the related key's type.
func (p *pivots) id(key any) any {
	field := p.l.Foreign.New()
	if err := p.l.Foreign.Scan(field, key); err != nil {
		return key
	}
	return goValue(p.l.Foreign, field)
}

// Toggle detaches what is attached and attaches what is not, of the links, and returns what it did: one
// SELECT, at most one DELETE and one INSERT, in one transaction; see Sync.
func (c *Client) Toggle(ctx context.Context, links ...any) (Changes, error) {
	ctx, p, err := c.pivots(ctx, "Toggle")
	var list []link
	if err == nil {
		list, _, err = distinctLinks(p.l, links)
	}
	if err == nil {
		err = attachable(p.l, list)
	}
	if err == nil {
		err = checkLinks(p.l, p.h, list)
	}
	var done Changes
	if err == nil && len(list) > 0 {
		done, err = p.whole(ctx, func(ctx context.Context, p *pivots) (Changes, error) { return p.toggle(ctx, list) })
	}
	return done, c.failed("toggle", err)
}

func (p *pivots) toggle(ctx context.Context, list []link) (Changes, error) {
	var done Changes
	known, err := p.known(ctx, keysOfLinks(list))
	if err != nil {
		return done, err
	}
	var gone []any
	var goneRows []*record.State
	var missing []link
	for _, one := range list {
		if rows := known[normalKey(p.l.Foreign, one.key)]; len(rows) > 0 {
			gone, goneRows = append(gone, one.key), append(goneRows, rows...)
			done.Detached = append(done.Detached, p.id(one.key))
			continue
		}
		missing = append(missing, one)
		done.Attached = append(done.Attached, p.id(one.key))
	}
	if len(gone) > 0 {
		if _, err := p.remove(ctx, gone, goneRows); err != nil {
			return done, err
		}
	}
	_, err = p.insert(ctx, missing)
	return done, err
}
