// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"errors"
	"maps"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Changes is what a call did, by related id, in the order of the links.
type Changes struct{ Attached, Detached, Updated []any }

// Syncing says how Sync treats rows and links.
type Syncing struct {
	Op         string         // the name of the call, for errors
	KeepOthers bool           // rows that no link names stay
	Attrs      map[string]any // of all links; those that a link has of its own count before them
}

// Sync makes the pivot rows of a record those of the links, and returns what it did. It sends one SELECT, at most one DELETE and
// one INSERT, and an UPDATE per row whose given attributes differ, in one transaction, in which a further SELECT locks the
// record's row where writers run side by side.
func Sync(ctx context.Context, owner related.Owner, links []any, how Syncing) (Changes, error) {
	ctx, w, err := newWriter(ctx, owner, how.Op)
	if err != nil {
		return Changes{}, owner.Error(how.Op, err)
	}
	list, index, err := w.wanted(links, how.Attrs)
	if err != nil || how.KeepOthers && len(list) == 0 {
		return Changes{}, owner.Error(how.Op, err)
	}
	done, err := w.alone(ctx, func(ctx context.Context, w *writer) (Changes, error) {
		return w.sync(ctx, list, index, how.KeepOthers)
	})
	return done, owner.Error(how.Op, err)
}

// Toggle detaches the links that are attached and attaches those that are not, and returns what it did. It sends one SELECT, and
// at most one DELETE and one INSERT, in a transaction as Sync does.
func Toggle(ctx context.Context, owner related.Owner, links []any) (Changes, error) {
	ctx, w, err := newWriter(ctx, owner, "Toggle")
	if err != nil {
		return Changes{}, owner.Error("toggle", err)
	}
	list, index, err := w.wanted(links, nil)
	if err != nil || len(list) == 0 {
		return Changes{}, owner.Error("toggle", err)
	}
	done, err := w.alone(ctx, func(ctx context.Context, w *writer) (Changes, error) { return w.toggle(ctx, list, index) })
	return done, owner.Error("toggle", err)
}

// wanted reads the links of a Sync, one for each key, and checks them.
func (w *writer) wanted(links []any, attrs map[string]any) ([]link, *key.Index, error) {
	list, index, err := distinctLinks(w.link, links)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; len(attrs) > 0 && i < len(list); i++ {
		merged := maps.Clone(attrs)
		maps.Copy(merged, list[i].attrs)
		list[i].attrs = merged
	}
	if err := checkAttachable(w.link, list); err != nil {
		return nil, nil, err
	}
	return list, index, checkAttrs(w.link, w.h, list)
}

// alone runs a call that reads pivot rows and writes them, in a transaction in which nobody else changes them. An Attach does
// not wait for the lock, so it may insert a pair after the call has looked for it; then the call is made again.
func (w *writer) alone(ctx context.Context, fn func(ctx context.Context, w *writer) (Changes, error)) (done Changes, err error) {
	for n := 1; ; n++ {
		err = w.h.Retry(ctx, func() error {
			return w.locked(ctx, func(ctx context.Context, w *writer) (err error) {
				done, err = fn(ctx, w)
				return err
			})
		})
		if n == tx.Attempts || !w.h.Dialect().RowLocks || !errors.Is(err, errs.ErrDuplicate) {
			break
		}
	}
	if err != nil && !errs.AfterCommit(err) {
		return Changes{}, err
	}
	return done, err
}

// difference is what has to be done so that the pivot rows are those of the links.
type difference struct {
	gone     []any // keys of rows that no link names, each once
	goneRows []*record.State
	missing  []link // without a row
	stale    []stale
}

// stale is a link whose row has other attributes.
type stale struct {
	link // with the attributes that differ

	rows []*record.State // all rows of the pair
}

func (w *writer) sync(ctx context.Context, list []link, index *key.Index, keepOthers bool) (Changes, error) {
	m, rows, err := w.loadForSync(ctx, list)
	if err != nil {
		return Changes{}, err
	}
	d, err := w.compareWith(m, rows, list, index)
	if err != nil {
		return Changes{}, err
	}
	if keepOthers {
		d.gone, d.goneRows = nil, nil
	}
	return w.apply(ctx, d)
}

// loadForSync loads the pivot rows with the columns that the links name, declared or not. The rows are bare if the links name
// none.
func (w *writer) loadForSync(ctx context.Context, list []link) (*meta.Model, []memory.Ptr, error) {
	spec, err := w.query(w.h)
	if err != nil {
		return nil, nil, err
	}
	names := attrNames(list)
	if spec.Model, err = w.link.Pivot.Reading(names); err != nil {
		return nil, nil, err
	}
	if !w.link.Pivot.Typed { // only what is compared
		spec.ReadOnly, spec.Bare = true, len(names) == 0
		spec.Columns = append(spec.Columns, query.Selection{Column: w.link.Pivot.Related.Name})
		for _, name := range names {
			spec.Columns = append(spec.Columns, query.Selection{Column: name})
		}
	}
	scope.AddGlobal(spec)
	if w.h.Dialect().Snapshots {
		spec.Lock.Mode = query.ForUpdate // also rows that were committed since the transaction's first SELECT
	}
	rows, err := query.Select(ctx, w.h, spec)
	return spec.Model, rows, err
}

// compareWith compares the pivot rows with the links, whose numbers in the index are their positions.
func (w *writer) compareWith(m *meta.Model, rows []memory.Ptr, list []link, index *key.Index) (difference, error) {
	var d difference
	column, _ := m.Column(w.link.Pivot.Related.Name)
	first := make([]memory.Ptr, len(list)) // row of each link
	others := key.NewIndex(column, w.link.Foreign, 0)
	for _, row := range rows {
		n, err := index.Find(column.At(row), column)
		if err != nil {
			return d, err
		}
		if n != key.None {
			if first[n] == nil {
				first[n] = row
			}
			continue
		}
		d.goneRows = append(d.goneRows, record.Of(m, row))
		bound, err := column.Bind(column.At(row))
		if err != nil {
			return d, err
		}
		if _, fresh := others.AddBound(bound); fresh {
			d.gone = append(d.gone, bound)
		}
	}
	for i, one := range list {
		if first[i] == nil {
			d.missing = append(d.missing, one)
			continue
		}
		if len(one.attrs) == 0 {
			continue
		}
		row := record.Of(m, first[i])
		changed, err := changes(row, one.attrs)
		if err != nil {
			return d, err
		}
		if len(changed) > 0 {
			d.stale = append(d.stale, stale{link{key: one.key, attrs: changed}, w.ofPair(rows, row)})
		}
	}
	return d, nil
}

// ofPair returns the rows that connect the same pair as row, which are several where duplicates are allowed.
func (w *writer) ofPair(rows []memory.Ptr, row *record.State) []*record.State {
	if !w.link.Pivot.Duplicates {
		return []*record.State{row}
	}
	var list []*record.State
	for _, at := range rows {
		if other := record.Of(row.Model, at); w.compare(other, row) == 0 {
			list = append(list, other)
		}
	}
	return list
}

// apply writes the difference: it detaches before it attaches, so that what is unique among the pivot rows can be used again.
func (w *writer) apply(ctx context.Context, d difference) (Changes, error) {
	var done Changes
	if len(d.gone) > 0 {
		if _, err := w.remove(ctx, d.gone, d.goneRows); err != nil {
			return done, err
		}
	}
	for _, k := range d.gone {
		done.Detached = append(done.Detached, w.id(k))
	}
	for _, one := range d.stale {
		if _, err := w.update(ctx, one.link, one.rows); err != nil {
			return done, err
		}
		done.Updated = append(done.Updated, w.id(one.key))
	}
	for _, one := range d.missing {
		done.Attached = append(done.Attached, w.id(one.key))
	}
	_, err := w.insert(ctx, d.missing)
	return done, err
}

func (w *writer) toggle(ctx context.Context, list []link, index *key.Index) (Changes, error) {
	known, err := w.known(ctx, list, index)
	if err != nil {
		return Changes{}, err
	}
	var d difference
	for i, one := range list {
		if rows := known[i]; len(rows) > 0 {
			d.gone, d.goneRows = append(d.gone, one.key), append(d.goneRows, rows...)
		} else {
			d.missing = append(d.missing, one)
		}
	}
	return w.apply(ctx, d)
}
