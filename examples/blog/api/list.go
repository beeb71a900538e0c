// SPDX-License-Identifier: MIT

package api

import (
	"cmp"
	"errors"
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
	maxPage        = 1_000_000
	defaultPerPage = 20
	maxPerPage     = 100
	defaultSort    = "-created_at"
)

// index answers with a page of records.
func (s resource[T, P]) index(r *http.Request) (answer, error) {
	params := r.URL.Query()
	page, err := number(params, "page", 1, maxPage)
	if err != nil {
		return answer{}, err
	}
	perPage, err := number(params, "per_page", defaultPerPage, maxPerPage)
	if err != nil {
		return answer{}, err
	}
	q := model.Query[T, P](s.db)
	links := model.Attrs{"per_page": perPage, "sort": cmp.Or(params.Get("sort"), defaultSort)}
	if err := s.order(q, cmp.Or(params.Get("sort"), defaultSort)); err != nil {
		return answer{}, err
	}
	for name, filter := range s.filters {
		if !params.Has(name) {
			continue
		}
		if err := filter(q, params.Get(name)); err != nil {
			return answer{}, err
		}
		links[name] = params.Get(name)
	}
	list, err := q.Paginate(r.Context(), page, perPage)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: list.BaseURL(s.path).QueryString(links), show: s.inList}, nil
}

// checkQuery refuses parameters that are not known, empty, or given twice.
func checkQuery(query string, known []string) error {
	params, err := url.ParseQuery(query)
	if err != nil {
		return bad("query", "of the URL is malformed")
	}
	for name, values := range params {
		if !slices.Contains(known, name) {
			return bad(name, "is not a parameter here")
		}
		if len(values) > 1 || values[0] == "" {
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

// order sorts by "-created_at,title", and by id in the end, so that rows which are equal otherwise
// keep their places from page to page.
func (s resource[T, P]) order(q *model.Builder[T], sort string) error {
	direction := relation.Asc
	for i, key := range strings.Split(sort, ",") {
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

// filter adds the condition of a parameter to the query of a list.
type filter[T any] func(q *model.Builder[T], value string) error

func byAuthor(q *model.Builder[store.Post], value string) error {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return bad("author_id", "must be a whole number")
	}
	q.Where("author_id", id)
	return nil
}

func byPublished(q *model.Builder[store.Post], value string) error {
	scope, ok := map[string]string{"true": "published", "false": "draft"}[value]
	if !ok {
		return bad("published", "must be true or false")
	}
	q.Scope(scope)
	return nil
}
