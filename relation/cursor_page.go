// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/serialize"
)

// CursorPage is one page found by keyset: the cost does not grow with the number of pages before.
// It marshals to {"meta":{"per_page","next_cursor","prev_cursor"},"data":[…]}.
type CursorPage[T any] struct {
	Data []*T
	// NextCursor and PrevCursor are the cursors of the pages behind and before; "" at the ends.
	NextCursor, PrevCursor string

	perPage int
}

// KindredPage is for package serialize.
func (p *CursorPage[T]) KindredPage(door.Key) (facts []serialize.Fact, records any) {
	return []serialize.Fact{
		{Name: "PerPage", Value: p.perPage},
		{Name: "NextCursor", Value: orNull(p.NextCursor)},
		{Name: "PrevCursor", Value: orNull(p.PrevCursor)},
	}, p.Data
}

func orNull(cursor string) any {
	if cursor == "" {
		return nil
	}
	return cursor
}

// MarshalJSON writes {"meta":…,"data":[…]}.
func (p *CursorPage[T]) MarshalJSON() ([]byte, error) { return serialize.JSON(p) }

// CursorPaginate returns the page at a cursor, the first one for "". The order of the query, by
// columns that cannot be NULL, is completed by the primary key, so that no row is skipped or seen
// twice. A cursor is the text that a page of the same order has given; anything else is an
// ErrInvalidCursor. One statement; hooks run as in Paginate.
func (b *Builder[T]) CursorPaginate(ctx context.Context, cursor string, perPage int) (*CursorPage[T], error) {
	page, err := cursorPaginate(ctx, b.core.spec, cursor, perPage)
	if err != nil {
		return nil, failed(b.core.spec, "cursor paginate", err)
	}
	return &CursorPage[T]{
		Data: memory.Pointers[T](page.records), NextCursor: page.next, PrevCursor: page.prev, perPage: perPage,
	}, nil
}

// cursorPage is a CursorPage before it is known of what type.
type cursorPage struct {
	records    []memory.Ptr
	next, prev string
}

func cursorPaginate(ctx context.Context, of *query.Spec, cursor string, perPage int) (page cursorPage, err error) {
	one := 1
	if _, err := pageOffset(&one, perPage); err != nil {
		return page, err
	}
	ctx, h, spec, err := start(ctx, of, meta.Paginating, meta.Fetching)
	if err != nil {
		return page, err
	}
	keys, err := keysetOf(spec)
	if err == nil {
		err = keysSelected(spec, keys)
	}
	if err != nil {
		return page, err
	}
	at, err := keys.decode(cursor)
	if err != nil {
		return page, err
	}
	keys.apply(spec, at)
	more := perPage + 1
	spec.Limit, spec.Offset = &more, nil
	records, err := load(ctx, h, spec)
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
	page.records = records
	if n := len(records); n > 0 {
		if further || at.back {
			page.next, err = keys.encode(records[n-1], false)
		}
		if err == nil && (at.values != nil && !at.back || at.back && further) {
			page.prev, err = keys.encode(records[0], true)
		}
	}
	if err != nil {
		return page, err
	}
	return page, afterMany(ctx, spec.Model, records, meta.Paginated, meta.Fetched)
}
