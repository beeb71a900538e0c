// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// resource serves the records of one model: all of them under path, each under path/{id}.
type resource[T any, P record[T]] struct {
	view

	db      *model.DB
	path    string
	order   string   // of a list, if nothing else is asked for
	sorts   []string // what a list may be sorted by
	filters map[string]filter[T]
	scope   string // what every query has
}

// record is what a resource needs of a model; all but the first line is from the base model.
type record[T any] interface {
	model.Model[T]
	Attributes() model.Attrs
	Save(ctx context.Context) error
	Delete(ctx context.Context) error
}

func mount[T any, P record[T]](a *api, s resource[T, P]) resource[T, P] {
	s.db = a.db
	a.handle("GET "+s.path, func(r *http.Request) (answer, error) { return s.list(r, s.query()) }, s.listParams()...)
	a.handle("POST "+s.path, s.create)
	a.handle("GET "+s.path+"/{id}", s.show, s.params()...)
	a.handle("PATCH "+s.path+"/{id}", s.update)
	a.handle("DELETE "+s.path+"/{id}", s.remove)
	a.refuse(s.path, http.StatusMethodNotAllowed, "GET, HEAD, POST")
	a.refuse(s.path+"/{id}", http.StatusMethodNotAllowed, "GET, HEAD, PATCH, DELETE")
	return s
}

func (s resource[T, P]) query() *model.Builder[T] {
	return model.Query[T, P](s.db).When(s.scope != "", func(q *model.Builder[T]) { q.Scope(s.scope) })
}

// create inserts the record in the body.
func (s resource[T, P]) create(r *http.Request) (answer, error) {
	rec := P(new(T))
	if err := decode(r, rec); err != nil {
		return answer{}, err
	}
	if err := model.Create(r.Context(), s.db, rec); err != nil {
		return answer{}, err
	}
	return s.created(rec)
}

// created answers with a record that is new.
func (s resource[T, P]) created(rec P) (answer, error) {
	location := fmt.Sprintf("%s/%v", s.path, rec.Attributes()["ID"])
	return answer{status: http.StatusCreated, body: rec, show: s.plain(), location: location}, nil
}

// plain shows a record as show does when no parameter says otherwise.
func (s resource[T, P]) plain() serialize.Options {
	return serialize.Options{Fields: serialize.Pick(s.whole...)}
}

// show answers with a record: one statement, and one for each relation that is included.
func (s resource[T, P]) show(r *http.Request) (answer, error) {
	paths, show, err := s.choose(r.URL.Query(), false)
	if err != nil {
		return answer{}, err
	}
	rec, err := s.find(r, preload(s.query(), s.view, paths))
	return answer{body: rec, show: show}, err
}

// update changes the fields that are in the body. Save writes those that differ, and nothing if none does.
func (s resource[T, P]) update(r *http.Request) (answer, error) {
	rec, err := s.find(r, s.query())
	if err != nil {
		return answer{}, err
	}
	if err := decode(r, rec); err != nil {
		return answer{}, err
	}
	if err := rec.Save(r.Context()); err != nil {
		return answer{}, err
	}
	return answer{body: rec, show: s.plain()}, nil
}

// remove deletes a record.
func (s resource[T, P]) remove(r *http.Request) (answer, error) {
	rec, err := s.find(r, s.query())
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, rec.Delete(r.Context())
}

// find loads the record that the path names. A client that sends the ETag it knows as If-Match is
// told if that is not the latest.
func (s resource[T, P]) find(r *http.Request, q *model.Builder[T]) (P, error) {
	rec, err := q.Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, &store.FieldError{Field: "id", Err: err}
	}
	if known := r.Header.Get("If-Match"); known != "" && known != "*" {
		body, err := serialize.JSON(rec, s.plain())
		if err != nil {
			return nil, err
		}
		if tag(body) != known {
			return nil, problem{
				Status: http.StatusPreconditionFailed, Field: "If-Match",
				Detail: "is out of date: somebody else has changed the record",
			}
		}
	}
	return rec, nil
}

// object reads the body of a request, which must be a JSON object. Forms of other sites can only send
// content types that are refused here.
func object(r *http.Request) (body []byte, fields map[string]json.RawMessage, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		detail := "must be application/json"
		return nil, nil, problem{Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Detail: detail}
	}
	if body, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, err
	}
	err = json.Unmarshal(body, &fields)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return nil, nil, bad("body", fmt.Sprintf("is not JSON: byte %d: %v", syntax.Offset, syntax))
	} else if err != nil || fields == nil {
		return nil, nil, bad("body", "must be a JSON object")
	}
	return body, fields, nil
}

// decode reads the body of a request into a record. A version in the body is the one that the client
// has read: if it is not that of a saved record, the client's copy is out of date. If somebody writes
// between here and Save, Save says so.
func decode[T any, P record[T]](r *http.Request, rec P) error {
	body, fields, err := object(r)
	if err != nil {
		return err
	}
	known, versioned := rec.Attributes()["Version"]
	if version, ok := fields["version"]; ok && versioned && known != int64(0) {
		if string(version) != fmt.Sprint(known) {
			return &store.FieldError{Field: "version", Err: model.ErrStale}
		}
		delete(fields, "version")
		body, _ = json.Marshal(fields) // was decoded above
	}
	err = serialize.Decode(body, rec)
	if err == nil {
		return nil
	}
	// The error does not say which field it is about, so look for one that fails alone.
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		one, _ := json.Marshal(map[string]json.RawMessage{name: fields[name]}) // was decoded above
		if err := serialize.Decode(one, rec); err != nil {
			return &store.FieldError{Field: name, Err: err}
		}
	}
	return bad("body", "names a field twice")
}
