// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"maps"
	"slices"

	"github.com/kindred-orm/kindred/internal/record"
)

// pair is a link with the pivot rows that connect the two records: several where duplicates are allowed.
type pair struct {
	link // with the attributes that differ in a row

	stale []*record.State // the rows in which one of them differs
	equal []*record.State // the others, which stay as they are
}

// compare compares every row of a link with its attributes.
func compare(one link, rows []*record.State) (pair, error) {
	p := pair{link: link{key: one.key, attrs: map[string]any{}, number: one.number}}
	for _, row := range rows {
		changed, err := changes(row, one.attrs)
		if err != nil {
			return p, err
		}
		if len(changed) == 0 {
			p.equal = append(p.equal, row)
			continue
		}
		p.stale = append(p.stale, row)
		maps.Copy(p.attrs, changed)
	}
	return p, nil
}

// bring updates the rows whose attributes differ.
func (w *writer) bring(ctx context.Context, p pair) error {
	switch {
	case len(p.stale) == 0:
		return nil
	case w.hooked(ctx):
		return w.save(ctx, p.stale, p.attrs)
	case len(p.equal) == 0:
		_, err := w.write(ctx, p.key, p.attrs)
		return err
	default:
		_, err := w.write(ctx, p.key, p.attrs, slices.Sorted(maps.Keys(p.attrs))...)
		return err
	}
}
