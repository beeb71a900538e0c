// SPDX-License-Identifier: MIT

package paging

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
)

// CursorPage is a page by cursor.
type CursorPage struct {
	Records []memory.Ptr
	// Next and Previous are the cursors of the pages behind and before this one, "" if there is none.
	Next, Previous string
}

// Cursor returns the page at a cursor, the first one for "". It sends one statement. Paginating, Fetching, Paginated and Fetched
// hooks run.
func Cursor(ctx context.Context, of *query.Spec, cursor string, perPage int) (CursorPage, error) {
	var page CursorPage
	if _, _, err := query.PageOffset(1, perPage); err != nil {
		return page, err
	}
	ctx, run, err := find.Prepare(ctx, of, meta.Paginating, meta.Fetching)
	if err != nil {
		return page, err
	}
	order, err := keysetOf(run.Spec)
	if err != nil {
		return page, err
	}
	at, err := order.decode(cursor)
	if err != nil {
		return page, err
	}
	order.apply(run.Spec, at)
	limit := perPage + 1 // one more tells whether there are further rows
	run.Limit, run.Offset = &limit, nil
	records, err := preload.Select(ctx, run)
	if err != nil {
		return page, err
	}
	further := len(records) > perPage
	if further {
		records = records[:perPage:perPage]
	}
	if at.back {
		slices.Reverse(records)
	}
	page.Records = records
	if err := page.link(order, at, further); err != nil {
		return CursorPage{}, err
	}
	return page, run.Model.Hooks.RunMany(ctx, records, meta.Paginated, meta.Fetched)
}

// link makes the cursors of the pages around this one. further is whether there are rows beyond it in the direction in which it
// was read.
func (p *CursorPage) link(order *keyset, at position, further bool) (err error) {
	if len(p.Records) == 0 {
		return nil
	}
	if at.back || further {
		if p.Next, err = order.encode(p.Records[len(p.Records)-1], forward); err != nil {
			return err
		}
	}
	if at.back && further || !at.back && at.values != nil {
		p.Previous, err = order.encode(p.Records[0], backward)
	}
	return err
}
