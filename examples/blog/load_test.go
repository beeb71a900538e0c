// SPDX-License-Identifier: MIT

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

var loadDSN = flag.String("load", "", "database made by `blog import -n`, for TestLoad")

// TestLoad prints the table of README.md. Without -load it sees, on few posts, that every request of it is answered.
func TestLoad(t *testing.T) {
	clients, requests := 16, 50
	if *loadDSN == "" {
		clients, requests, *loadDSN = 4, 2, filepath.Join(t.TempDir(), "load.db")
		small, err := store.Open(t.Context(), *loadDSN)
		if err != nil {
			t.Fatal(err)
		}
		err = store.Generate(t.Context(), small, 1200, func(int, int) {})
		if err = errors.Join(err, small.Close()); err != nil {
			t.Fatal(err)
		}
	}
	sent := &statements{Handler: slog.DiscardHandler}
	counted, err := store.Open(t.Context(), *loadDSN, model.Config{Logger: slog.New(sent)})
	if err != nil {
		t.Fatal(err)
	}
	defer counted.Close()
	sent.take()
	db, err := store.Open(t.Context(), *loadDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	quiet := slog.New(slog.DiscardHandler)
	server := httptest.NewServer(handler(db, quiet))
	defer server.Close()
	watched := handler(counted, quiet)
	watched.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	sent.take()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	numbers := make([]string, 50)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i + 1)
	}
	for _, row := range []struct {
		name, path string
		values     []string // for %s
	}{
		{"list", "/api/posts?sort=-published_at&filter[published]=true&page=%s", numbers},
		{"list with authors and tags", "/api/posts?sort=-published_at&filter[published]=true&include=author,tags&page=%s", numbers},
		{"list with authors and tags by cursor", "/api/posts?include=author,tags&cursor=%s", cursors(t, watched, 50)},
		{"show with all includes", "/api/posts/1%s?include=author.country,author,byline,tags,comments,comments.author", numbers},
		{"search, two words", "/api/posts?filter[search]=%s&sort=-published_at", []string{
			"compost+winter", "error+harvest", "garden+bread", "music+stored", "deploy+snow", "tomato+query", "journey+test", "server+forest", "camera+index", "river+si",
		}},
		{"search, one word that a quarter of the posts have", "/api/posts?filter[search]=error&sort=-published_at&page=%s", numbers},
		{"start page with tag cloud", "/?page=%s", numbers},
		{"page of a post with its comments", "%s", links(t, watched)},
	} {
		at := func(i int) string { return fmt.Sprintf(row.path, row.values[i%len(row.values)]) }
		if resp, err := client.Get(server.URL + at(0)); err == nil { // the first one fills caches
			_ = resp.Body.Close()
		}
		sent.take()
		watched.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, at(5), nil))
		n := len(sent.take())
		var mu sync.Mutex
		var took []time.Duration
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range requests {
					begin := time.Now()
					resp, err := client.Get(server.URL + at(c*requests+i))
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					mu.Lock()
					took = append(took, time.Since(begin))
					mu.Unlock()
					if resp.StatusCode != http.StatusOK {
						t.Errorf("%s: status %d", at(c*requests+i), resp.StatusCode)
						return
					}
				}
			})
		}
		wg.Wait()
		slices.Sort(took)
		kind := "SQLite"
		if strings.HasPrefix(*loadDSN, "postgres") {
			kind = "PostgreSQL"
		}
		if len(took) > 0 {
			fmt.Printf("| %s | %s | %d | %s | %s |\n", row.name, kind, n,
				took[len(took)/2].Round(100*time.Microsecond), took[len(took)*99/100].Round(100*time.Microsecond))
		}
	}
}

// cursors are those of the first n pages, found by going from one to the next.
func cursors(t *testing.T, h http.Handler, n int) []string {
	t.Helper()
	out := make([]string, n)
	for i := 1; i < n; i++ {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/posts?include=author,tags&cursor="+out[i-1], nil))
		var page struct {
			Meta struct {
				Next string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil || page.Meta.Next == "" {
			t.Fatalf("page %d: %v, %s", i, err, answer.Body)
		}
		out[i] = url.QueryEscape(page.Meta.Next)
	}
	return out
}

// links are those of the posts on the first five pages.
func links(t *testing.T, h http.Handler) (out []string) {
	t.Helper()
	for page := range 5 {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/?page=%d", page+1), nil))
		out = append(out, regexp.MustCompile(`/posts/[^"]+`).FindAllString(answer.Body.String(), -1)...)
	}
	return out
}
