// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"errors"
	"maps"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Changes lists the related ids that a call attached, detached and updated, in the order of the links.
type Changes struct{ Attached, Detached, Updated []any }

// Syncing holds the options of Sync.
type Syncing struct {
	Op         string         // the name of the call, for errors
	KeepOthers bool           // rows that no link names stay
	Attrs      map[string]any // of all links; those that a link has of its own count before them
}

// Sync makes the pivot rows of a record those of the links, and returns what it did. It sends one SELECT, at most one DELETE and
// one INSERT, and an UPDATE per pair with a row whose given attributes differ, in one transaction, in which a further SELECT locks
// the record's row where writers run side by side. With KeepOthers the SELECT asks for the rows of the links only.
func Sync(ctx context.Context, owner related.Owner, links []any, how Syncing) (Changes, error) {
	ctx, w, err := newWriter(ctx, owner, how.Op)
	if err != nil {
		return Changes{}, owner.Error(how.Op, err)
	}
	list, index, err := w.wanted(ctx, links, how.Attrs)
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
	list, index, err := w.wanted(ctx, links, nil)
	if err != nil || len(list) == 0 {
		return Changes{}, owner.Error("toggle", err)
	}
	done, err := w.alone(ctx, func(ctx context.Context, w *writer) (Changes, error) { return w.toggle(ctx, list, index) })
	return done, owner.Error("toggle", err)
}

// wanted reads the links of a Sync, one for each key, and checks them.
func (w *writer) wanted(ctx context.Context, links []any, attrs map[string]any) ([]link, *key.Index, error) {
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
	if err := checkAttrs(w.link, w.h, list); err != nil {
		return nil, nil, err
	}
	if err := index.Merge(ctx, w.h); err != nil {
		return nil, nil, err
	}
	return oneEach(list, index), index, nil
}

// alone runs a call that reads pivot rows and writes them, in a transaction in which nobody else changes them. An Attach does
// not wait for the lock, so it may insert a pair after the call has looked for it; then the call is made again.
func (w *writer) alone(ctx context.Context, fn func(ctx context.Context, w *writer) (Changes, error)) (done Changes, err error) {
	for n := 1; ; n++ {
		err = w.locked(ctx, func(ctx context.Context, w *writer) (err error) {
			done, err = fn(ctx, w)
			return err
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

// difference holds the changes that make the pivot rows those of the links.
type difference struct {
	gone     []any // keys of rows that no link names, each once
	goneRows []*record.State
	missing  []link // without a row
	stale    []pair // with rows that have other attributes
}

func (w *writer) sync(ctx context.Context, list []link, index *key.Index, keepOthers bool) (Changes, error) {
	rows, err := w.loadForSync(ctx, list, keepOthers)
	if err != nil {
		return Changes{}, err
	}
	found := key.AnyRow
	if keepOthers {
		found = key.ByValues
	}
	known, others, err := w.byNumber(ctx, rows, index, found)
	if err != nil {
		return Changes{}, err
	}
	var d difference
	if !keepOthers {
		if d.gone, err = w.distinctKeys(others); err != nil {
			return Changes{}, err
		}
		d.goneRows = others
	}
	for _, one := range list {
		if len(known[one.number]) == 0 {
			d.missing = append(d.missing, one)
			continue
		}
		p, err := compare(one, known[one.number])
		if err != nil {
			return Changes{}, err
		}
		if len(p.stale) > 0 {
			d.stale = append(d.stale, p)
		}
	}
	return w.apply(ctx, d)
}

// loadForSync loads the pivot rows, only those of the links if others are kept, with the columns that the links name, declared or
// not.
func (w *writer) loadForSync(ctx context.Context, list []link, keepOthers bool) ([]*record.State, error) {
	spec, err := w.query(w.h)
	if err != nil {
		return nil, err
	}
	names := attrNames(list)
	if spec.Model, err = w.link.Pivot.Reading(names); err != nil {
		return nil, err
	}
	if keepOthers {
		w.byKeys(spec, keysOf(list))
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
	return statesOf(spec.Model, rows), err
}

// distinctKeys returns the related keys of pivot rows, each once.
func (w *writer) distinctKeys(rows []*record.State) ([]any, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	column, _ := rows[0].Model.Column(w.link.Pivot.Related.Name)
	index := key.NewIndex(column, column, len(rows))
	for _, row := range rows {
		if _, _, err := index.Add(column.At(row.Owner)); err != nil {
			return nil, err
		}
	}
	return index.Values(), nil
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
		if err := w.bring(ctx, one); err != nil {
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
	for _, one := range list {
		if rows := known[one.number]; len(rows) > 0 {
			d.gone, d.goneRows = append(d.gone, one.key), append(d.goneRows, rows...)
		} else {
			d.missing = append(d.missing, one)
		}
	}
	return w.apply(ctx, d)
}
