// SPDX-License-Identifier: MIT

// Package api serves the blog as JSON over HTTP.
package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Description is the OpenAPI description of the API.
//
//go:embed openapi.yaml
var Description []byte

// api routes requests and sends what handlers answer.
type api struct {
	db  *model.DB
	log *slog.Logger
	mux *http.ServeMux
}

// New returns the handler of all routes.
func New(db *model.DB, log *slog.Logger) http.Handler {
	a := &api{db: db, log: log, mux: http.NewServeMux()}
	a.routes()
	a.handle("GET /healthz", func(r *http.Request) (answer, error) {
		pool, err := db.Gorm().DB()
		if err == nil {
			err = pool.PingContext(r.Context())
		}
		return answer{plain: map[string]any{"status": "ok"}}, err
	})
	a.mux.HandleFunc("GET /api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(Description)
	})
	a.refuse("/", http.StatusNotFound, "")
	return a.mux
}

// answer is what a handler has to say: a record or a page, something plain, or nothing.
type answer struct {
	status   int // 0 is 200
	body     any
	show     serialize.Options
	plain    map[string]any
	location string
}

// encode returns the answer as JSON, nil if it has nothing to say.
func (out answer) encode() ([]byte, error) {
	switch {
	case out.plain != nil:
		return json.Marshal(out.plain)
	case out.body != nil:
		return serialize.JSON(out.body, out.show)
	}
	return nil, nil
}

// tag returns the ETag of an answer: it changes with every byte.
func tag(body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf(`"%x"`, sum[:8])
}

// handler answers a request, or returns why it cannot.
type handler func(r *http.Request) (answer, error)

// handle registers a handler. Only the named parameters may be in the query of its URL.
func (a *api) handle(pattern string, fn handler, params ...string) {
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		err := checkQuery(r.URL.RawQuery, params)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		out, err := fn(r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.send(w, r, out)
	})
}

// send writes an answer, unless the client has it already.
func (a *api) send(w http.ResponseWriter, r *http.Request, out answer) {
	body, err := out.encode()
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if out.location != "" {
		w.Header().Set("Location", out.location)
	}
	if body == nil {
		w.WriteHeader(out.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", tag(body))
	w.Header().Set("Cache-Control", "no-cache") // ask again every time, with If-None-Match
	switch {
	case out.status != 0:
		w.WriteHeader(out.status)
	case r.Header.Get("If-None-Match") == tag(body):
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(append(body, '\n')) // a client that has gone needs no answer
}

// fail writes a problem document.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		a.log.Error("request failed", "route", r.Pattern, "error", err)
	}
	body, _ := json.Marshal(p) // a number and texts
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// refuse answers what no other handler takes. The mux would do so in plain text.
func (a *api) refuse(pattern string, status int, allow string) {
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if allow != "" {
			w.Header().Set("Allow", allow)
		}
		a.fail(w, r, problem{Status: status})
	})
}
