// SPDX-License-Identifier: MIT

package pivot

import (
	"context"

	"github.com/kindred-orm/kindred/internal/related"
)

// UpdateExisting writes attributes to the pivot rows of one related id or record, and returns how many there are: by one UPDATE.
// Where rows have a timestamp of updates, a SELECT before it finds out whether anything changes. With hooks the rows are loaded
// and saved one by one.
func UpdateExisting(ctx context.Context, owner related.Owner, id any, attrs map[string]any) (int64, error) {
	n, err := updateExisting(ctx, owner, id, attrs)
	return finish(owner, "update existing pivot", n, err)
}

func updateExisting(ctx context.Context, owner related.Owner, id any, attrs map[string]any) (int64, error) {
	ctx, w, err := newWriter(ctx, owner, "UpdateExistingPivot")
	if err != nil {
		return 0, err
	}
	one, err := linkTo(w.link, id, attrs)
	if err != nil {
		return 0, err
	}
	if err := checkAttrs(w.link, w.h, []link{one}); err != nil || len(attrs) == 0 {
		return 0, err
	}
	if len(w.link.Pivot.Model.Updated) == 0 || w.hooked(ctx) { // a row with hooks is saved, which compares
		return w.update(ctx, one)
	}
	rows, err := w.load(ctx, []any{one.key}, one)
	if err != nil {
		return 0, err
	}
	p, err := compare(one, rows)
	if err != nil {
		return 0, err
	}
	return int64(len(rows)), w.bring(ctx, p)
}
