// SPDX-License-Identifier: MIT

// Package api serves the blog as JSON over HTTP.
package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Description is the OpenAPI description of the API.
//
//go:embed openapi.yaml
var Description []byte

// api routes requests and sends what handlers answer.
type api struct {
	db      *model.DB
	log     *slog.Logger
	mux     *http.ServeMux
	methods map[string][]string // by path
}

// New returns the handler of all routes.
func New(db *model.DB, log *slog.Logger) http.Handler {
	a := &api{db: db, log: log, mux: http.NewServeMux(), methods: map[string][]string{}}
	a.routes()
	for path, methods := range a.methods {
		a.refuse(path, http.StatusMethodNotAllowed, strings.Join(methods, ", "))
	}
	a.refuse("/", http.StatusNotFound, "")
	return a.mux
}

// refuse answers what no handler takes. The mux would do so in plain text.
func (a *api) refuse(path string, status int, allow string) {
	a.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if allow != "" {
			w.Header().Set("Allow", allow)
		}
		a.fail(w, r, problem{Status: status})
	})
}

// answer is what a handler has to say: a record or a page, any other value, or nothing.
type answer struct {
	body     any
	show     *serialize.Options // of a record or a page
	location string             // of a record that is new
}

// handler answers a request, or returns why it cannot.
type handler func(r *http.Request) (answer, error)

// handle registers a handler.
func (a *api) handle(method, path string, fn handler) {
	a.methods[path] = append(a.methods[path], method)
	if method == http.MethodGet {
		a.methods[path] = append(a.methods[path], http.MethodHead)
	}
	a.mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		var out answer
		var err error
		if method != http.MethodGet {
			err = paramsOf(r).done() // only what is read has parameters, which the handler knows
		}
		if err == nil {
			out, err = fn(r)
		}
		if err == nil {
			err = out.send(w, r)
		}
		if err != nil {
			a.fail(w, r, err)
		}
	})
}

// encode returns the answer as JSON, with an ETag that changes with every byte.
func (out answer) encode() (body []byte, tag string, err error) {
	if out.show != nil {
		body, err = serialize.JSON(out.body, *out.show)
	} else {
		body, err = json.Marshal(out.body)
	}
	sum := sha256.Sum256(body)
	return append(body, '\n'), fmt.Sprintf(`"%x"`, sum[:8]), err
}

// send writes the answer, unless the client has it already.
func (out answer) send(w http.ResponseWriter, r *http.Request) error {
	if out.body == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	body, tag, err := out.encode()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache") // ask again every time, with If-None-Match
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		r.Header.Del("Range")    // an answer is sent whole
		r.Header.Del("If-Match") // is for writers
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return nil
	}
	if out.location != "" {
		w.Header().Set("Location", out.location)
		w.WriteHeader(http.StatusCreated)
	}
	_, _ = w.Write(body) // a client that has gone needs no answer
	return nil
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
