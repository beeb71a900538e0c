// SPDX-License-Identifier: MIT

// Package api serves the blog as JSON over HTTP.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

const (
	maxBody        = 1 << 20          // bytes of the largest body that is read
	requestTimeout = 10 * time.Second // how long one request may keep the database busy
)

// api routes requests, sends what handlers answer, and logs both.
type api struct {
	log *slog.Logger
	mux *http.ServeMux
}

// New returns the handler of all routes. Its log has method, route, status and duration of every
// request: nothing that says who asked, or for what.
func New(db *model.DB, log *slog.Logger) http.Handler {
	a := &api{log: log, mux: http.NewServeMux()}
	mount(a, resource[store.User, *store.User]{
		db: db, path: "/api/users",
		sorts: []string{"id", "name", "email", "created_at", "updated_at"},
	})
	mount(a, resource[store.Post, *store.Post]{
		db: db, path: "/api/posts",
		sorts:   []string{"id", "title", "slug", "published_at", "created_at", "updated_at"},
		filters: map[string]filter[store.Post]{"author_id": byAuthor, "published": byPublished},
		inList:  serialize.Options{Fields: serialize.Omit("body")}, // the excerpt has to do
	})
	a.refuse("/", http.StatusNotFound, "")
	return a.mux
}

// answer is what a handler has to say: a record, a page, or nothing.
type answer struct {
	status         int
	body           any
	show           serialize.Options
	location, etag string
}

// handler answers a request, or returns why it cannot.
type handler func(r *http.Request) (answer, error)

// handle registers a handler. Only the named parameters may be in the query of its URL.
func (a *api) handle(pattern string, fn handler, params ...string) {
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		a.serve(w, r, func(r *http.Request) (answer, error) {
			if err := checkQuery(r.URL.RawQuery, params); err != nil {
				return answer{}, err
			}
			return fn(r)
		})
	})
}

// refuse answers what no other handler takes. The mux would do so in plain text.
func (a *api) refuse(pattern string, status int, allow string) {
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if allow != "" {
			w.Header().Set("Allow", allow)
		}
		a.serve(w, r, func(*http.Request) (answer, error) { return answer{}, problem{Status: status} })
	})
}

// serve calls a handler, sends its answer or error, and logs the request.
func (a *api) serve(w http.ResponseWriter, r *http.Request, fn handler) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)

	out, err := fn(r.WithContext(ctx))
	var body []byte
	if err == nil && out.body != nil {
		body, err = serialize.JSON(out.body, out.show)
	}
	if err != nil {
		p := problemOf(err)
		if p.Status >= http.StatusInternalServerError {
			a.log.Error("request failed", "route", r.Pattern, "error", err)
		}
		out = answer{status: p.Status}
		body, _ = json.Marshal(map[string]problem{"error": p}) // a number and two texts
	}
	if out.location != "" {
		w.Header().Set("Location", out.location)
	}
	if out.etag != "" {
		w.Header().Set("ETag", out.etag)
	}
	if body != nil {
		w.Header().Set("Content-Type", "application/json")
		body = append(body, '\n')
	}
	w.WriteHeader(out.status)
	_, _ = w.Write(body) // a client that has gone needs no answer
	a.log.Info("request", "method", r.Method, "route", r.Pattern, "status", out.status, "took", time.Since(start))
}
