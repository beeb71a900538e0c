// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

const (
	maxPage        = 100_000
	defaultPerPage = 20
	maxPerPage     = 100
)

// resource serves the records of one model: all of them under path, each under path/{id}.
type resource[T any, P record[T]] struct {
	view

	db      *model.DB
	path    string
	order   string   // of a list, if nothing else is asked for
	sorts   []string // what a list may be sorted by, with a minus the other way round
	filters []filter[T]
	scope   string // what every query has
}

// filter reads a parameter and adds a condition to the query of a list.
type filter[T any] func(p *params, q *model.Builder[T])

// record is what a resource needs of a model; all but the first line is from the base model.
type record[T any] interface {
	model.Model[T]
	Attributes() model.Attrs
	IsNew() bool
	Save(ctx context.Context) error
	Delete(ctx context.Context) error
}

// mount registers the routes of a resource.
func mount[T any, P record[T]](a *api, s resource[T, P]) resource[T, P] {
	s.db = a.db
	one := s.path + "/{id}"
	a.handle("GET", s.path, func(r *http.Request) (answer, error) { return s.list(r, s.query()) })
	a.handle("POST", s.path, func(r *http.Request) (answer, error) {
		rec := P(new(T))
		return s.write(r, rec, func(ctx context.Context) error { return model.Create(ctx, s.db, rec) })
	})
	a.handle("GET", one, s.get)
	// Save writes the columns that differ, and nothing if none does.
	a.handle("PATCH", one, s.with(func(r *http.Request, rec P) (answer, error) { return s.write(r, rec, rec.Save) }))
	a.handle("DELETE", one, s.with(func(r *http.Request, rec P) (answer, error) {
		err := rec.Delete(r.Context())
		if errors.Is(err, model.ErrForeignKey) {
			err = problem{Status: http.StatusConflict, Field: "id", Detail: "belongs to a record that others need"}
		}
		return answer{}, err
	}))
	return s
}

func (s resource[T, P]) query() *model.Builder[T] {
	q := (*model.Builder[T])(model.Query[T, P](s.db))
	return q.When(s.scope != "", func(q *model.Builder[T]) { q.Scope(s.scope) })
}

// list answers with a page of the records of a query: one statement counts them, one loads them, and
// each relation that is included takes one more. A cursor saves the one that counts.
func (s resource[T, P]) list(r *http.Request, q *model.Builder[T]) (answer, error) {
	p := paramsOf(r)
	show := s.view.show(p, true)
	page, perPage := p.number("page", 1, 1, maxPage), p.number("per_page", defaultPerPage, 1, maxPerPage)
	cursor, byCursor := p.get("cursor")
	for _, filter := range s.filters {
		filter(p, q)
	}
	s.sort(p, q)
	include(p, q, s.view)
	if err := p.done(); err != nil {
		return answer{}, err
	}
	if byCursor {
		list, err := q.CursorPaginate(r.Context(), cursor, perPage)
		if errors.Is(err, model.ErrInvalidCursor) {
			err = &model.FieldError{Field: "cursor", Err: err}
		} else if errors.Is(err, model.ErrUnsupported) {
			err = bad("sort", "must be by fields of the table itself, where there is a cursor")
		}
		return answer{body: list, show: show}, err
	}
	list, err := q.Paginate(r.Context(), page, perPage)
	if err != nil {
		return answer{}, err
	}
	links := model.Attrs{}
	for name, values := range p.values {
		links[name] = values
	}
	return answer{body: list.BaseURL(r.URL.EscapedPath()).QueryString(links), show: show}, nil
}

// sort sorts by "-created_at,title", and by id in the end, so that rows which are equal otherwise
// keep their places from page to page.
func (s resource[T, P]) sort(p *params, q *model.Builder[T]) {
	direction := relation.Asc
	for _, key := range p.list("sort", s.sorts, s.order) {
		column, descending := strings.CutPrefix(key, "-")
		direction = relation.Asc
		if descending {
			direction = relation.Desc
		}
		q.OrderBy(column, direction)
	}
	q.OrderBy("id", direction)
}

// get answers with a record: one statement, and one for each relation that is included.
func (s resource[T, P]) get(r *http.Request) (answer, error) {
	p, q := paramsOf(r), s.query()
	show := s.view.show(p, false)
	include(p, q, s.view)
	if err := p.done(); err != nil {
		return answer{}, err
	}
	rec, err := s.find(r, q)
	return answer{body: rec, show: show}, err
}

// shown is the answer with a record if nothing else is asked for.
func (s resource[T, P]) shown(rec P) answer {
	return answer{body: rec, show: s.view.show(&params{}, false)}
}

// find loads the record that the path names.
func (s resource[T, P]) find(r *http.Request, q *model.Builder[T]) (P, error) {
	rec, err := q.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, &model.FieldError{Field: "id", Err: err}
	}
	return rec, nil
}

// with makes a handler of a function that gets the record which the path names. A writer that sends the
// ETag which it knows as If-Match is told if that is not the latest.
func (s resource[T, P]) with(fn func(r *http.Request, rec P) (answer, error)) handler {
	return func(r *http.Request) (answer, error) {
		rec, err := s.find(r, s.query())
		if err != nil {
			return answer{}, err
		}
		if known := r.Header.Get("If-Match"); r.Method != http.MethodGet && known != "" && known != "*" {
			if _, tag, _ := s.shown(rec).encode(); !strings.Contains(known, tag) { // of a list of them
				detail := "is out of date: somebody else has changed the record"
				return answer{}, problem{Status: http.StatusPreconditionFailed, Field: "If-Match", Detail: detail}
			}
		}
		return fn(r, rec)
	}
}

// write reads the body of a request into a record, saves it, and answers with it.
func (s resource[T, P]) write(r *http.Request, rec P, save func(context.Context) error) (answer, error) {
	added := rec.IsNew()
	err := s.decode(r, rec)
	if err == nil {
		err = save(r.Context())
	}
	out := s.shown(rec)
	if added && s.path != "" {
		out.location = fmt.Sprintf("%s/%v", s.path, rec.Attributes()["ID"])
	}
	return out, err
}

// read reads the body of a request. Forms of other sites can only send content types that are refused here.
func read(r *http.Request) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		detail := "must be application/json"
		return nil, problem{Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Detail: detail}
	}
	body, err := io.ReadAll(r.Body)
	if _, large := errors.AsType[*http.MaxBytesError](err); err != nil && !large {
		err = bad("body", "must arrive whole")
	}
	return body, err
}

// decode reads the body of a request into a record. A version in the body is the one that the client
// has read: if it is not that of a saved record, the client's copy is out of date. If somebody writes
// between here and Save, Save says so.
func (s resource[T, P]) decode(r *http.Request, rec P) error {
	body, err := read(r)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	known, shown := rec.Attributes()["Version"], slices.Contains(strings.Fields(s.brief), "version")
	if shown && !rec.IsNew() && json.Unmarshal(body, &fields) == nil && fields["version"] != nil {
		if string(fields["version"]) != fmt.Sprint(known) {
			return &model.FieldError{Field: "version", Err: model.ErrStale}
		}
		delete(fields, "version")
		body, _ = json.Marshal(fields) // was decoded above
	}
	err = serialize.Decode(body, rec)
	if _, ok := errors.AsType[*model.FieldError](err); err != nil && !ok {
		err = bad("body", "must be a JSON object")
	}
	return err
}
