// SPDX-License-Identifier: MIT

package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

var loadDSN = flag.String("load", "", "database made by `blog import -n`, for TestLoad")

// TestLoad prints the table of README.md.
func TestLoad(t *testing.T) {
	if *loadDSN == "" {
		t.Skip("it measures: give it a database by -load")
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
	const clients, requests = 16, 20
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	for _, row := range []struct{ name, path string }{
		{"list", "/api/posts?sort=-published_at&filter[published]=true&page=%d"},
		{"list with authors and tags", "/api/posts?sort=-published_at&filter[published]=true&include=author,tags&page=%d"},
		{"list by cursor", "/api/posts?cursor=&include=author,tags&per_page=2%d"},
		{"show with includes", "/api/posts/1%03d?include=author.country,author,byline,tags,comments,comments.author"},
		{"search", "/api/posts?filter[search]=compost%%20winter&sort=-published_at&page=%d"},
		{"start page with tag cloud", "/?page=%d"},
	} {
		if resp, err := client.Get(server.URL + fmt.Sprintf(row.path, 5)); err == nil { // the first one fills caches
			_ = resp.Body.Close()
		}
		out := httptest.NewRecorder()
		watched.ServeHTTP(out, httptest.NewRequest(http.MethodGet, fmt.Sprintf(row.path, 5), nil))
		n := len(sent.take())
		var mu sync.Mutex
		var took []time.Duration
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range requests {
					begin := time.Now()
					resp, err := client.Get(server.URL + fmt.Sprintf(row.path, 1+(c*requests+i)%50))
					if err != nil {
						t.Error(err)
						return
					}
					_ = resp.Body.Close()
					mu.Lock()
					took = append(took, time.Since(begin))
					mu.Unlock()
					if resp.StatusCode != http.StatusOK {
						t.Errorf("%s: status %d", row.path, resp.StatusCode)
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
