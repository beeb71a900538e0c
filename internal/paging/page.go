// SPDX-License-Identifier: MIT

// Package paging loads the records of a query in parts: pages by number, pages by cursor, and batches of a loop. The latter two
// go from one position to the next in a keyset, an order in which no two rows are equal.
package paging

import (
	"context"

	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
)

// Page is a page by number, counted from 1.
type Page struct {
	Records []memory.Ptr
	Total   int64
	Number  int
	Last    int // number of the last page
}

// Number returns a page by number; one below 1 is the first. It sends a SELECT that counts, and one that loads if there are
// rows. Paginating, Fetching, Paginated and Fetched hooks run.
func Number(ctx context.Context, of *query.Spec, number, perPage int) (Page, error) {
	number, offset, err := query.PageOffset(number, perPage)
	if err != nil {
		return Page{}, err
	}
	ctx, run, err := find.Prepare(ctx, of, meta.Paginating, meta.Fetching)
	if err != nil {
		return Page{}, err
	}
	run.Limit, run.Offset = nil, nil
	total, err := query.Count(ctx, run.Handle, run.Spec)
	if err != nil {
		return Page{}, err
	}
	rows := perPage
	if of.Limited != nil { // of a relation to one, or by GroupLimit
		total = min(total, int64(*of.Limited))
		rows = max(0, min(rows, *of.Limited-offset))
	}
	last := max(1, (total+int64(perPage)-1)/int64(perPage))
	page := Page{Total: total, Number: number, Last: int(last)}
	if total > 0 {
		run.Limit, run.Offset = &rows, &offset
		if page.Records, err = preload.Select(ctx, run); err != nil {
			return Page{}, err
		}
	}
	return page, run.Model.Hooks.RunMany(ctx, page.Records, meta.Paginated, meta.Fetched)
}
