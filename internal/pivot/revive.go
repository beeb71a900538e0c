// SPDX-License-Identifier: MIT

package pivot

import (
	"context"

	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// revive is insert where the key of a pivot row is the pair: it asks by one SELECT for soft deleted rows of the pairs, takes
// each of them back by an UPDATE, which writes the attributes of its link too, and inserts the others by one statement. What a
// link does not name keeps the value that the row has.
func (w *writer) revive(ctx context.Context, list []link) ([]*record.State, error) {
	if err := checkAttrs(w.link, w.h, list); err != nil {
		return nil, err
	}
	trashed, err := w.trashed(ctx, list)
	if err != nil {
		return nil, err
	}
	if len(trashed) == 0 {
		return w.insertNew(ctx, list)
	}
	rows := make([]*record.State, len(list))
	err = w.h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		inner := w.on(h)
		var missing []link
		var at []int
		for i, one := range list {
			row := trashed[i]
			if row == nil {
				missing, at = append(missing, one), append(at, i)
				continue
			}
			if err := inner.restore(ctx, row, one.attrs); err != nil {
				return err
			}
			rows[i] = row
		}
		inserted, err := inner.insertNew(ctx, missing)
		for i, row := range inserted {
			rows[at[i]] = row
		}
		return err
	})
	return rows, err
}

// trashed returns the soft deleted rows of the links, by the position of the link. Of several links with one key only the first
// has it.
func (w *writer) trashed(ctx context.Context, list []link) (map[int]*record.State, error) {
	index := key.NewIndex(w.link.Foreign, w.link.Pivot.Related, len(list))
	var first []int // position of each key's first link
	var keys []any
	for i, one := range list {
		if _, fresh := index.AddBound(one.key); fresh {
			first, keys = append(first, i), append(keys, one.key)
		}
	}
	spec, err := w.query(w.h)
	if err != nil {
		return nil, err
	}
	spec.Trashed = query.OnlyTrashed
	w.byKeys(spec, keys)
	scope.AddGlobal(spec)
	found, err := query.Select(ctx, w.h, spec)
	if err != nil {
		return nil, err
	}
	rows := make(map[int]*record.State, len(found))
	for _, at := range found {
		n, err := index.Find(w.link.Pivot.Related.At(at), w.link.Pivot.Related)
		if err != nil {
			return nil, err
		}
		if n != key.None {
			rows[first[n]] = record.Of(spec.Model, at)
		}
	}
	return rows, nil
}

// restore clears the time of deletion of a row and writes attributes to it. Hooks of restoring run, and those of saving if an attribute
// changes.
func (w *writer) restore(ctx context.Context, row *record.State, attrs map[string]any) error {
	if w.hooked(ctx) {
		if err := persist.Restore(ctx, w.h, row); err != nil {
			return err
		}
		changed, err := changes(row, attrs)
		if err != nil || len(changed) == 0 {
			return err
		}
	} else if err := row.Revive(); err != nil {
		return err
	}
	if err := row.Assign(attrs); err != nil {
		return err
	}
	return persist.Save(ctx, w.h, row)
}
