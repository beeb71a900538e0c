// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
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
func (c *Client) Sync(ctx context.Context, given ...any) (Changes, error) {
	return c.sync(ctx, "sync", given, nil, true)
}

// SyncWithoutDetaching is Sync that leaves other rows alone. No links, no statement.
func (c *Client) SyncWithoutDetaching(ctx context.Context, given ...any) (Changes, error) {
	return c.sync(ctx, "sync without detaching", given, nil, false)
}

// SyncWithPivotValues is Sync with the same attributes for all links; those that a link has of its own win.
func (c *Client) SyncWithPivotValues(ctx context.Context, values Attrs, given ...any) (Changes, error) {
	return c.sync(ctx, "sync with pivot values", given, values, true)
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
				in := p.on(inner)
				if err = in.lock(ctx); err == nil {
					done, err = fn(ctx, in)
				}
				return err
			})
		})
		// An Attach does not wait for the lock, so it may have inserted a pair after it was looked for.
		if n == attempts || !errors.Is(err, errs.ErrDuplicate) {
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
	rows, err := p.syncRows(ctx, list)
	if err != nil {
		return done, err
	}
	known := make([]*record.State, len(list)) // the first row of each link
	var rest []*record.State
	for _, row := range rows {
		related, _ := row.Model.Column(p.l.Pivot.Related.Name)
		switch i, err := at.find(related.At(row.Owner), related); {
		case err != nil:
			return done, err
		case i < 0:
			rest = append(rest, row)
		case known[i] == nil:
			known[i] = row
		}
	}
	var gone []any
	seen := map[any]bool{}
	if !detach {
		rest = nil
	}
	for _, row := range rest {
		key := p.related(row)
		if text := normalKey(p.l.Foreign, key); !seen[text] {
			seen[text] = true
			gone = append(gone, key)
			done.Detached = append(done.Detached, p.id(key))
		}
	}
	if len(gone) > 0 {
		if _, err := p.remove(ctx, gone, rest); err != nil {
			return done, err
		}
	}
	var missing []link
	for i, one := range list {
		row := known[i]
		if row == nil {
			missing = append(missing, one)
			done.Attached = append(done.Attached, p.id(one.key))
			continue
		}
		changed, err := pivotChanges(row, one.attrs)
		if err != nil {
			return done, err
		}
		if len(changed) == 0 {
			continue
		}
		if _, err := p.change(ctx, one.key, changed, same(p, rows, row)...); err != nil {
			return done, err
		}
		done.Updated = append(done.Updated, p.id(one.key))
	}
	_, err = p.insert(ctx, missing)
	return done, err
}

// same returns the rows that connect the same pair as row, which may be several where duplicates are
// allowed.
func same(p *pivots, rows []*record.State, row *record.State) []*record.State {
	if !p.l.Pivot.Duplicates {
		return []*record.State{row}
	}
	return slices.DeleteFunc(slices.Clone(rows), func(other *record.State) bool { return compareKeys(p.related(other), p.related(row)) != 0 })
}

// syncRows loads the pivot rows with the columns that the links name, declared or not.
func (p *pivots) syncRows(ctx context.Context, list []link) ([]*record.State, error) {
	spec, err := p.c.pivotSpec(p.h, p.l)
	if err != nil {
		return nil, err
	}
	names := namesOfLinks(list)
	if spec.Model, err = p.l.Pivot.With(names); err != nil {
		return nil, err
	}
	if !p.l.Pivot.Typed { // only what is compared
		spec.ReadOnly = true
		spec.Columns = append(spec.Columns, query.Selection{Column: p.l.Pivot.Related.Name})
		for _, name := range names {
			spec.Columns = append(spec.Columns, query.Selection{Column: name})
		}
	}
	return p.load(ctx, spec)
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
func (c *Client) Toggle(ctx context.Context, given ...any) (Changes, error) {
	ctx, p, err := c.pivots(ctx, "Toggle")
	var list []link
	if err == nil {
		list, _, err = distinctLinks(p.l, given)
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
		if row := known[normalKey(p.l.Foreign, one.key)]; row != nil {
			gone, goneRows = append(gone, one.key), append(goneRows, row)
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
