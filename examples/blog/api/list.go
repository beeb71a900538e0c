// SPDX-License-Identifier: MIT

package api

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

const (
	maxPage        = 100_000
	defaultPerPage = 20
	maxPerPage     = 100
	maxWords       = 5 // of a search
)

// listParams are the parameters of a list.
func (s resource[T, P]) listParams() []string {
	out := append(s.params(), "page", "per_page", "sort", "cursor")
	for name := range s.filters {
		out = append(out, "filter["+name+"]")
	}
	return out
}

// list answers with a page of the records of a query: one statement counts them, one loads them, and
// each relation that is included takes one more. A cursor saves the one that counts.
func (s resource[T, P]) list(r *http.Request, q *model.Builder[T]) (answer, error) {
	params := r.URL.Query()
	paths, show, err := s.choose(params, true)
	if err != nil {
		return answer{}, err
	}
	sort := cmp.Or(params.Get("sort"), s.order)
	if err := s.sort(q, sort); err != nil {
		return answer{}, err
	}
	for name, filter := range s.filters {
		if value := params.Get("filter[" + name + "]"); value != "" {
			if err := filter(q, value); err != nil {
				return answer{}, err
			}
		}
	}
	page, err := number(params, "page", 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	perPage, err := number(params, "per_page", defaultPerPage, maxPerPage)
	if err != nil {
		return answer{}, err
	}
	preload(q, s.view, paths)
	if params.Has("cursor") {
		list, err := q.CursorPaginate(r.Context(), params.Get("cursor"), perPage)
		if errors.Is(err, model.ErrInvalidCursor) {
			err = &store.FieldError{Field: "cursor", Err: err}
		} else if errors.Is(err, model.ErrUnsupported) {
			err = bad("sort", "must not be by a field that can be null, where there is a cursor")
		}
		return answer{body: list, show: show}, err
	}
	links := model.Attrs{"per_page": perPage, "sort": sort}
	for name := range params {
		if _, ok := links[name]; !ok {
			links[name] = params.Get(name)
		}
	}
	list, err := q.Paginate(r.Context(), page, perPage)
	if err != nil {
		return answer{}, err
	}
	return answer{body: list.BaseURL(r.URL.EscapedPath()).QueryString(links), show: show}, nil
}

// checkQuery refuses parameters that are not known, empty, or given twice.
func checkQuery(query string, known []string) error {
	params, err := url.ParseQuery(query)
	if err != nil {
		return bad("query", "of the URL is malformed")
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if !slices.Contains(known, name) {
			return bad(name, "is not a parameter here")
		}
		if values := params[name]; len(values) > 1 || values[0] == "" && name != "cursor" {
			return bad(name, "needs one value")
		}
	}
	return nil
}

// number reads a whole number and moves it into the range from 1 to most.
func number(params url.Values, name string, fallback, most int) (int, error) {
	if !params.Has(name) {
		return fallback, nil
	}
	n, err := strconv.Atoi(params.Get(name))
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range, n is the nearest integer
		return 0, bad(name, "must be a whole number")
	}
	return min(max(n, 1), most), nil
}

// sort sorts by "-created_at,title", and by id in the end, so that rows which are equal otherwise
// keep their places from page to page.
func (s resource[T, P]) sort(q *model.Builder[T], keys string) error {
	direction := relation.Asc
	for i, key := range strings.Split(keys, ",") {
		column, descending := strings.CutPrefix(key, "-")
		if i == len(s.sorts) || !slices.Contains(s.sorts, column) {
			return bad("sort", "must be a list of "+strings.Join(s.sorts, ", "))
		}
		direction = relation.Asc
		if descending {
			direction = relation.Desc
		}
		q.OrderBy(column, direction)
	}
	q.OrderBy("id", direction)
	return nil
}

// filter adds the condition of filter[name]=value to the query of a list.
type filter[T any] func(q *model.Builder[T], value string) error

// byID filters by a foreign key.
func byID[T any](column string) filter[T] {
	return func(q *model.Builder[T], value string) error {
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return bad("filter["+column+"]", "must be a whole number")
		}
		q.Where(column, id)
		return nil
	}
}

func byPublished(q *model.Builder[store.Post], value string) error {
	scope, ok := map[string]string{"true": "published", "false": "draft"}[value]
	if !ok {
		return bad("filter[published]", "must be true or false")
	}
	q.Scope(scope)
	return nil
}

func byTag(q *model.Builder[store.Post], value string) error {
	q.WhereHas("tags", func(q *relation.Query) { q.Where("slug", value) })
	return nil
}

func bySearch(q *model.Builder[store.Post], value string) error {
	words := strings.Fields(value)
	if len(words) == 0 || len(words) > maxWords {
		return bad("filter[search]", "must have one to five words")
	}
	for _, word := range words {
		q.Scope("search", word)
	}
	return nil
}
