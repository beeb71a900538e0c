// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/serialize"
)

// Meta is a page's place among its kin. The keys in JSON follow the naming strategy: first_page_url.
type Meta struct {
	Total                                                   int64
	PerPage, CurrentPage, FirstPage, LastPage               int
	FirstPageURL, LastPageURL, NextPageURL, PreviousPageURL *string
}

// Page is one page of records. It marshals to {"meta":…,"data":[…]}.
type Page[T any] struct {
	Meta Meta
	Data []*T

	links links
}

// Paginate returns a page, counted from 1; a page below is the first, one behind the last is empty.
// It sends two statements, one to count and one to load; the latter only if there are rows.
// Paginating, Fetching, Paginated and Fetched hooks run; conditions of the former two also count.
func (b *Builder[T]) Paginate(ctx context.Context, page, perPage int) (*Page[T], error) {
	facts, records, err := b.core.paginate(ctx, page, perPage)
	if err != nil {
		return nil, err
	}
	return &Page[T]{Meta: facts, Data: memory.Pointers[T](records), links: links{base: "/"}}, nil
}

func (c *core) paginate(ctx context.Context, page, perPage int) (Meta, []memory.Ptr, error) {
	facts, records, err := paginate(ctx, c.spec, page, perPage)
	if err != nil {
		return Meta{}, nil, failed(c.spec, "paginate", err)
	}
	facts.link(links{base: "/"})
	return facts, records, nil
}

func paginate(ctx context.Context, of *query.Spec, page, perPage int) (Meta, []memory.Ptr, error) {
	offset, err := pageOffset(&page, perPage)
	if err != nil {
		return Meta{}, nil, err
	}
	ctx, h, spec, err := start(ctx, of, meta.Paginating, meta.Fetching)
	if err != nil {
		return Meta{}, nil, err
	}
	spec.Limit, spec.Offset = nil, nil
	total, err := query.Count(ctx, h, spec)
	if err != nil {
		return Meta{}, nil, err
	}
	rows := perPage
	if of.Limited != nil { // of a relation to one, or by GroupLimit
		total = min(total, int64(*of.Limited))
		rows = max(0, min(rows, *of.Limited-offset))
	}
	last := max(1, (total+int64(perPage)-1)/int64(perPage))
	facts := Meta{Total: total, PerPage: perPage, CurrentPage: page, FirstPage: 1, LastPage: int(last)}
	var records []memory.Ptr
	if total > 0 {
		spec.Limit, spec.Offset = &rows, &offset
		if records, err = load(ctx, h, spec); err != nil {
			return Meta{}, nil, err
		}
	}
	return facts, records, afterMany(ctx, spec.Model, records, meta.Paginated, meta.Fetched)
}

// BaseURL sets the path of the page's links, which is "/" otherwise.
func (p *Page[T]) BaseURL(base string) *Page[T] {
	p.links.base = base
	p.Meta.link(p.links)
	return p
}

// QueryString sets parameters that the page's links have beside page, which they set themselves. A
// []string is one parameter per element.
func (p *Page[T]) QueryString(kv Attrs) *Page[T] {
	p.links.set(kv)
	p.Meta.link(p.links)
	return p
}

// HasMorePages reports whether there is a page behind this one.
func (p *Page[T]) HasMorePages() bool { return p.Meta.CurrentPage < p.Meta.LastPage }

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

// facts returns the entries of the page's meta in order.
func (m *Meta) facts() []serialize.Fact {
	return []serialize.Fact{
		{Name: "Total", Value: m.Total},
		{Name: "PerPage", Value: m.PerPage},
		{Name: "CurrentPage", Value: m.CurrentPage},
		{Name: "LastPage", Value: m.LastPage},
		{Name: "FirstPage", Value: m.FirstPage},
		{Name: "FirstPageURL", Value: text(m.FirstPageURL)},
		{Name: "LastPageURL", Value: text(m.LastPageURL)},
		{Name: "NextPageURL", Value: text(m.NextPageURL)},
		{Name: "PreviousPageURL", Value: text(m.PreviousPageURL)},
	}
}

// KindredPage is for package serialize.
func (p *Page[T]) KindredPage(door.Key) (facts []serialize.Fact, records any) {
	return p.Meta.facts(), p.Data
}

func text(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// MarshalJSON writes {"meta":…,"data":[…]}.
func (p *Page[T]) MarshalJSON() ([]byte, error) { return serialize.JSON(p) }
