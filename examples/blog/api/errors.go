// SPDX-License-Identifier: MIT

package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

// problem is an error as clients see it: a problem document of RFC 9457, with the field it is about.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Field  string `json:"field,omitempty"` // of the body, or a parameter or header of the request
}

// Error returns the detail.
func (p problem) Error() string { return p.Detail }

// bad is a mistake in a parameter of the URL, or in the body as a whole.
func bad(name, detail string) problem {
	return problem{Status: http.StatusBadRequest, Field: name, Detail: detail}
}

// kinds are the errors that are the client's business, and what it learns about a field. The first
// that fits counts: an invalid key is an invalid value, too.
var kinds = []struct {
	err    error
	status int
	detail string
}{
	{model.ErrNotFound, http.StatusNotFound, "belongs to no record"},
	{model.ErrInvalidKey, http.StatusNotFound, "is no number that a record can have"},
	{model.ErrStale, http.StatusConflict, "is out of date: somebody else has changed or deleted the record"},
	{model.ErrDuplicate, http.StatusConflict, "has a value that is taken"},
	{model.ErrForeignKey, http.StatusUnprocessableEntity, "breaks a reference to another record"},
	{model.ErrUnknownAttribute, http.StatusUnprocessableEntity, "is unknown, or given twice"},
	{model.ErrGuarded, http.StatusUnprocessableEntity, "cannot be set"},
	{model.ErrInvalidCursor, http.StatusBadRequest, "must be the cursor of a page in the same order"},
	{model.ErrInvalidValue, http.StatusUnprocessableEntity, "has a value that does not fit"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, ""},
}

// problemOf decides what a client learns of an error: nothing of its text, which may name tables, types
// and drivers, unless it was written for clients.
func problemOf(err error) problem {
	p := problem{Status: http.StatusInternalServerError}
	for _, kind := range kinds {
		if errors.Is(err, kind.err) {
			p.Status, p.Detail = kind.status, kind.detail
			break
		}
	}
	if own, ok := errors.AsType[problem](err); ok {
		p = own
	} else if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		detail := fmt.Sprintf("must not have more than %d bytes", large.Limit)
		p = problem{Status: http.StatusRequestEntityTooLarge, Field: "body", Detail: detail}
	} else if field, ok := errors.AsType[*model.FieldError](err); ok {
		p.Field = field.Field
	} else if c, ok := errors.AsType[*model.ConstraintError](err); ok && len(c.Columns) == 1 {
		p.Field = c.Columns[0] // columns and JSON have the same names here
	}
	if reason, ok := errors.AsType[store.Reason](err); ok {
		p.Detail = string(reason)
	}
	if p.Detail != "" {
		p.Detail = cmp.Or(p.Field, "the record") + " " + p.Detail
	}
	if p.Status >= http.StatusInternalServerError {
		p = problem{Status: p.Status}
	}
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	return p
}
