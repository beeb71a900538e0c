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
	db      *model.DB
	path    string
	sorts   []string // what a list may be sorted by
	filters map[string]filter[T]
	inList  serialize.Options // what lists show of a record
}

// record is what a resource needs of a model; all but the first line is from the base model.
type record[T any] interface {
	model.Model[T]
	Attributes() model.Attrs
	Save(ctx context.Context) error
	Delete(ctx context.Context) error
}

func mount[T any, P record[T]](a *api, s resource[T, P]) {
	a.handle("GET "+s.path, s.index, append(slices.Collect(maps.Keys(s.filters)), "page", "per_page", "sort")...)
	a.handle("POST "+s.path, s.create)
	a.handle("GET "+s.path+"/{id}", s.show)
	a.handle("PATCH "+s.path+"/{id}", s.update)
	a.handle("DELETE "+s.path+"/{id}", s.remove)
	a.refuse(s.path, http.StatusMethodNotAllowed, "GET, HEAD, POST")
	a.refuse(s.path+"/{id}", http.StatusMethodNotAllowed, "GET, HEAD, PATCH, DELETE")
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
	location := fmt.Sprintf("%s/%v", s.path, rec.Attributes()["ID"])
	return answer{status: http.StatusCreated, body: rec, location: location, etag: etag(rec)}, nil
}

// show answers with a record.
func (s resource[T, P]) show(r *http.Request) (answer, error) {
	rec, err := s.find(r)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: rec, etag: etag(rec)}, nil
}

// update changes the fields that are in the body. Save writes those that differ, and nothing if none does.
func (s resource[T, P]) update(r *http.Request) (answer, error) {
	rec, err := s.find(r)
	if err != nil {
		return answer{}, err
	}
	if err := decode(r, rec); err != nil {
		return answer{}, err
	}
	if err := rec.Save(r.Context()); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: rec, etag: etag(rec)}, nil
}

// remove deletes a record.
func (s resource[T, P]) remove(r *http.Request) (answer, error) {
	rec, err := s.find(r)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, rec.Delete(r.Context())
}

// find loads the record that the path names. A client that sends the ETag it knows as If-Match is
// told if that is not the latest; if somebody writes between here and Save, Save returns ErrStale.
func (s resource[T, P]) find(r *http.Request) (P, error) {
	rec, err := model.Query[T, P](s.db).Find(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, &store.FieldError{Field: "id", Err: err}
	}
	if known := r.Header.Get("If-Match"); known != "" && known != "*" && known != etag(P(rec)) {
		return nil, problem{
			Status: http.StatusPreconditionFailed, Field: "If-Match",
			Message: "is out of date: somebody else has changed the record",
		}
	}
	return rec, nil
}

// etag is the version of a record in quotes, "" if its model has none.
func etag[T any, P record[T]](rec P) string {
	if version, ok := rec.Attributes()["Version"]; ok {
		return fmt.Sprintf(`"%d"`, version)
	}
	return ""
}

// decode reads the body of a request into a record. Forms of other sites can only send content types
// that are refused here.
func decode(r *http.Request, rec any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return problem{Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Message: "must be application/json"}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	err = json.Unmarshal(body, &fields)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return bad("body", fmt.Sprintf("is not JSON: byte %d: %v", syntax.Offset, syntax))
	} else if err != nil || fields == nil {
		return bad("body", "must be a JSON object")
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
