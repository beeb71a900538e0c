// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Saved is a related record that was saved through the relation.
type Saved struct {
	Record *record.State
	Attrs  map[string]any // of its pivot row
	Look   bool           // it may have a pivot row, which is to be kept
}

// CheckAttrs checks names and values of pivot attributes.
func CheckAttrs(l *meta.Link, h *tx.Handle, attrs []map[string]any) error {
	list := make([]link, len(attrs))
	for i := range attrs {
		list[i].attrs = attrs[i]
	}
	return checkAttrs(l, h, list)
}

// Save gives records that were saved their pivot rows: it looks for those that may exist by one SELECT, updates the ones whose
// attributes differ, and inserts the missing ones by one statement. The records get the values of their pivot rows. It returns
// raced if somebody else has inserted a pivot row after it was looked for.
func Save(ctx context.Context, h *tx.Handle, l *meta.Link, owner related.Owner, saved []Saved) (raced bool, err error) {
	w, err := writerOn(h, l, owner)
	if err != nil {
		return false, err
	}
	list := make([]link, len(saved))
	rows := make([]*record.State, len(saved))
	looked := false
	for i, one := range saved {
		k, err := key.OfSaved(one.Record, l.Foreign)
		if err != nil {
			return false, err
		}
		list[i] = link{key: k, attrs: one.Attrs}
		looked = looked || one.Look
	}
	if looked {
		if err := w.keep(ctx, saved, list, rows); err != nil {
			return false, err
		}
	}
	if err := w.insertMissing(ctx, list, rows); err != nil {
		return looked && errors.Is(err, errs.ErrDuplicate), err
	}
	for i, one := range saved {
		Carry(l, one.Record, rows[i])
	}
	return false, nil
}

// keep finds the pivot rows that exist, and updates those whose attributes differ.
func (w *writer) keep(ctx context.Context, saved []Saved, list []link, rows []*record.State) error {
	index := key.NewIndex(w.link.Foreign, w.link.Pivot.Related, len(list))
	var old []link
	for i := range list {
		if !saved[i].Look {
			continue
		}
		var fresh bool
		if list[i].number, fresh = index.AddBound(list[i].key); fresh {
			old = append(old, list[i])
		}
	}
	known, err := w.known(ctx, old, index)
	if err != nil {
		return err
	}
	for i := range list {
		if !saved[i].Look {
			continue
		}
		if there := known[index.Class(list[i].number)]; len(there) > 0 {
			if rows[i], err = w.keepRows(ctx, there, list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepRows updates the pivot rows of a pair whose attributes differ, and returns the first as it is then.
func (w *writer) keepRows(ctx context.Context, rows []*record.State, one link) (*record.State, error) {
	p, err := compare(one, rows)
	if err != nil || len(p.stale) == 0 {
		return rows[0], err
	}
	if len(rows) == 1 && !w.link.Pivot.Duplicates && rows[0].Holds(p.attrs) {
		return rows[0], w.save(ctx, rows, p.attrs)
	}
	if err := w.bring(ctx, p); err != nil {
		return nil, err
	}
	fresh, err := w.load(ctx, []any{one.key}, one)
	if err != nil || len(fresh) == 0 {
		return rows[0], err
	}
	return fresh[0], nil
}

// insertMissing inserts the rows that are nil.
func (w *writer) insertMissing(ctx context.Context, list []link, rows []*record.State) error {
	var missing []link
	var at []int
	for i, one := range list {
		if rows[i] == nil {
			missing, at = append(missing, one), append(at, i)
		}
	}
	inserted, err := w.insert(ctx, missing)
	if err != nil {
		return err
	}
	for i, row := range inserted {
		rows[at[i]] = row
	}
	return nil
}
