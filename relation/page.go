// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/paging"
	"github.com/kindred-orm/kindred/serialize"
)

// Meta is a page's place among all pages. The keys in JSON follow the naming strategy: first_page_url.
type Meta struct {
	Total                                                   int64
	PerPage, CurrentPage, FirstPage, LastPage               int
	FirstPageURL, LastPageURL, NextPageURL, PreviousPageURL *string
}

// Page is one page of records; P is a pointer to the model. It marshals to {"meta":…,"data":[…]}.
type Page[P any] struct {
	Meta Meta
	Data []P

	links links
}

// Paginate returns a page, counted from 1. A page below 1 is the first; one behind the last is empty. It sends two statements: one
// counts the rows, one loads them if there are any. Paginating, Fetching, Paginated and Fetched hooks run; what the former two add
// to the query also counts.
//
//go:noinline
func (b *Builder[P]) Paginate(ctx context.Context, page, perPage int) (*Page[P], error) {
	found, err := paging.Number(ctx, b.spec(), page, perPage)
	if err != nil {
		return nil, b.spec().Error("paginate", err)
	}
	return &Page[P]{Meta: newMeta(found, perPage), Data: memory.List[P](found.Records), links: links{base: "/"}}, nil
}

func newMeta(found paging.Page, perPage int) Meta {
	m := Meta{Total: found.Total, PerPage: perPage, CurrentPage: found.Number, FirstPage: 1, LastPage: found.Last}
	m.link(links{base: "/"})
	return m
}

// BaseURL sets the path of the page's links, which is "/" otherwise.
//
//go:noinline
func (p *Page[P]) BaseURL(base string) *Page[P] {
	p.links.base = base
	p.Meta.link(p.links)
	return p
}

// QueryString sets parameters that the page's links have beside page, which they set themselves. A []string is one parameter per
// element.
//
//go:noinline
func (p *Page[P]) QueryString(kv Attrs) *Page[P] {
	p.links.set(kv)
	p.Meta.link(p.links)
	return p
}

// HasMorePages reports whether there is a page behind this one.
//
//go:noinline
func (p *Page[P]) HasMorePages() bool { return p.Meta.CurrentPage < p.Meta.LastPage }

// MarshalJSON writes {"meta":…,"data":[…]}.
//
//go:noinline
func (p *Page[P]) MarshalJSON() ([]byte, error) { return serialize.JSON(p) }

// links is what the links of a page are made of.
type links struct {
	base  string
	extra url.Values
}

func (l *links) set(kv Attrs) {
	l.extra = url.Values{}
	for k, v := range kv {
		if list, ok := v.([]string); ok {
			l.extra[k] = slices.Clone(list)
		} else {
			l.extra.Set(k, fmt.Sprint(v))
		}
	}
	l.extra.Del("page")
}

// to returns the link to a page. Parameters are sorted, the page comes last.
func (l *links) to(page int) *string {
	values := ""
	if encoded := l.extra.Encode(); encoded != "" {
		values = encoded + "&"
	}
	text := l.base + "?" + values + "page=" + strconv.Itoa(page)
	return &text
}

// link makes the links.
func (m *Meta) link(l links) {
	m.FirstPageURL, m.LastPageURL, m.NextPageURL, m.PreviousPageURL = l.to(1), l.to(m.LastPage), nil, nil
	if m.CurrentPage < m.LastPage {
		m.NextPageURL = l.to(m.CurrentPage + 1)
	}
	if m.CurrentPage > 1 {
		m.PreviousPageURL = l.to(min(m.CurrentPage-1, m.LastPage))
	}
}

// Facts returns the entries of meta in their order in JSON.
//
//go:noinline
func (p *Page[P]) Facts() []serialize.Fact { return p.Meta.facts() }

func (m *Meta) facts() []serialize.Fact {
	return []serialize.Fact{
		{Name: "Total", Value: m.Total},
		{Name: "PerPage", Value: m.PerPage},
		{Name: "CurrentPage", Value: m.CurrentPage},
		{Name: "LastPage", Value: m.LastPage},
		{Name: "FirstPage", Value: m.FirstPage},
		{Name: "FirstPageURL", Value: orNull(m.FirstPageURL)},
		{Name: "LastPageURL", Value: orNull(m.LastPageURL)},
		{Name: "NextPageURL", Value: orNull(m.NextPageURL)},
		{Name: "PreviousPageURL", Value: orNull(m.PreviousPageURL)},
	}
}

func orNull(s *string) any {
	if s == nil || *s == "" {
		return nil
	}
	return *s
}

// CursorPage is one page found by keyset: the cost does not grow with the number of pages before it. P is a pointer to the model.
// It marshals to {"meta":{"per_page","next_cursor","prev_cursor"},"data":[…]}.
type CursorPage[P any] struct {
	Data []P
	// NextCursor and PrevCursor are the cursors of the pages behind and before this one, "" at the ends.
	NextCursor, PrevCursor string

	perPage int
}

// Facts returns the entries of meta in their order in JSON.
//
//go:noinline
func (p *CursorPage[P]) Facts() []serialize.Fact {
	return cursorFacts(p.perPage, p.NextCursor, p.PrevCursor)
}

func cursorFacts(perPage int, next, previous string) []serialize.Fact {
	return []serialize.Fact{
		{Name: "PerPage", Value: perPage},
		{Name: "NextCursor", Value: orNull(&next)},
		{Name: "PrevCursor", Value: orNull(&previous)},
	}
}

// CursorPaginate returns the page at a cursor, the first one for "". The order of the query, in which NULL is the greatest value, is
// completed by the primary key, so that no row is skipped or seen twice. A cursor is the text that a page of the same order has
// given; anything else is an ErrInvalidCursor. One statement; hooks run as in Paginate.
//
//go:noinline
func (b *Builder[P]) CursorPaginate(ctx context.Context, cursor string, perPage int) (*CursorPage[P], error) {
	found, err := paging.Cursor(ctx, b.spec(), cursor, perPage)
	if err != nil {
		return nil, b.spec().Error("cursor paginate", err)
	}
	return &CursorPage[P]{
		Data: memory.List[P](found.Records), NextCursor: found.Next, PrevCursor: found.Previous, perPage: perPage,
	}, nil
}

// MarshalJSON writes {"meta":…,"data":[…]}.
//
//go:noinline
func (p *CursorPage[P]) MarshalJSON() ([]byte, error) { return serialize.JSON(p) }
