// SPDX-License-Identifier: MIT

package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/kindred-orm/kindred/examples/blog/api"
)

// description is the OpenAPI description, with what finds the operation of a request in it.
var description = sync.OnceValues(func() (*openapi3.T, routers.Router) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Description)
	if err != nil {
		panic(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		panic(err)
	}
	return doc, router
})

// described checks that an answer is one that the description tells of, and so is the request if it
// was not refused.
func described(t *testing.T, req *http.Request, body string, status int, header http.Header, answer []byte) {
	t.Helper()
	_, router := description()
	at := req.Clone(t.Context())
	at.URL = &url.URL{Path: req.URL.Path, RawQuery: req.URL.RawQuery}
	at.Method = strings.Replace(req.Method, http.MethodHead, http.MethodGet, 1)
	route, params, err := router.FindRoute(at)
	if err != nil {
		if status < 400 {
			t.Errorf("%s %s is not described: %v", req.Method, req.URL, err)
		}
		return
	}
	at.Body = io.NopCloser(strings.NewReader(body))
	input := &openapi3filter.RequestValidationInput{Request: at, PathParams: params, Route: route}
	if status < 400 {
		if err := openapi3filter.ValidateRequest(t.Context(), input); err != nil {
			t.Errorf("%s %s %.200s succeeds, and is not as described: %v", req.Method, req.URL, body, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: status, Header: header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(t.Context(), out.SetBodyBytes(answer)); err != nil {
		t.Errorf("%s %s = %d %.300s is not as described: %v", req.Method, req.URL, status, answer, err)
	}
}

// Whatever the description offers is served.
func TestDescription(t *testing.T) {
	t.Parallel()
	doc, _ := description()
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := start(t, t.TempDir()+"/blog.db")
	b.create("/api/posts/1/comments", `{"body":"x","author_id":1}`)
	for path, item := range doc.Paths.Map() {
		path = strings.Replace(path, "{id}", "1", 1)
		for method, operation := range item.Operations() {
			if method != http.MethodGet {
				got := b.call(method, strings.Replace(path, "/1", "/999999", 1), "{}")
				if got.status == http.StatusMethodNotAllowed || got.status == http.StatusNotFound && got.json["field"] != "id" {
					t.Errorf("%s %s = %d", method, path, got.status)
				}
				continue
			}
			b.must(http.StatusOK, method, path, "")
			for _, ref := range operation.Parameters {
				name, schema := ref.Value.Name, ref.Value.Schema.Value
				if name != "sort" && name != "include" {
					continue
				}
				for _, value := range schema.Items.Value.Enum {
					b.must(http.StatusOK, method, path+"?"+name+"="+value.(string), "")
				}
			}
		}
	}
	for _, path := range []string{"/", "/posts/in-praise-of-the-second-commit"} {
		resp, err := http.Get("http://" + b.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		equal(t, path, resp.StatusCode, http.StatusOK)
	}
}
