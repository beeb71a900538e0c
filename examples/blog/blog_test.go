// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

// onEachDatabase runs a test on a new SQLite file and in a new schema of PostgreSQL.
func onEachDatabase(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "blog.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, postgresSchema(t))
	})
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// postgresSchema returns the DSN of an empty schema that goes with the test.
func postgresSchema(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv("KINDRED_POSTGRES_DSN")
	if dsn == "" {
		dsn = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"
	}
	at, err := url.Parse(dsn)
	if err != nil || at.Scheme != "postgres" && at.Scheme != "postgresql" {
		t.Fatal("KINDRED_POSTGRES_DSN must be a postgres:// URL")
	}
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		lacks(t, fmt.Sprintf("no PostgreSQL, set KINDRED_POSTGRES_DSN: %v", err))
	}
	schema := fmt.Sprintf("blog_%s_%d", notInName.ReplaceAllString(strings.ToLower(t.Name()), "_"), time.Now().UnixNano())
	schema = schema[max(0, len(schema)-60):]
	if err := db.Exec(`CREATE SCHEMA "` + schema + `"`).Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Exec(`DROP SCHEMA "` + schema + `" CASCADE`).Error; err != nil {
			t.Error(err)
		}
		if pool, err := db.DB(); err == nil {
			_ = pool.Close()
		}
	})
	query := at.Query()
	query.Set("search_path", schema)
	at.RawQuery = query.Encode()
	return at.String()
}

// blog is a running program.
type blog struct {
	t        *testing.T
	addr     string
	imported string
	log      *journal
	stop     func() error // stops it and returns what run has returned
}

// journal is a log that can be read while it is written, and tells when the program listens.
type journal struct {
	mu        sync.Mutex
	text      bytes.Buffer
	listening chan []string
}

var listeningLine = regexp.MustCompile(`msg=listening addr=(\S+) imported=(\d+)`)

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if found := listeningLine.FindStringSubmatch(string(line)); found != nil {
		j.listening <- found
	}
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// start runs the program on a random port.
func start(t *testing.T, dsn string) *blog {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	b := &blog{t: t, log: &journal{listening: make(chan []string, 1)}}
	done := make(chan error, 1)
	go func() { done <- run(ctx, "127.0.0.1:0", dsn, slog.New(slog.NewTextHandler(b.log, nil))) }()
	b.stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	select {
	case found := <-b.log.listening:
		b.addr, b.imported = found[1], found[2]
	case err := <-done:
		done <- err
		t.Fatalf("run: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the program does not listen")
	}
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Errorf("run: %v", err)
		}
		for _, private := range []string{"@", "horse", "$2a$", "Ada", "Mara", "per_page"} {
			if strings.Contains(b.log.String(), private) {
				t.Errorf("the log contains %q:\n%s", private, b.log)
			}
		}
		if strings.Contains(b.log.String(), "level=ERROR") {
			t.Errorf("the log has an error:\n%s", b.log)
		}
	})
	return b
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

// internals are what no error may show.
var internals = regexp.MustCompile(`(?i:sql|constraint|gorm|kindred|driver|violat|int64|string|store|model|users_|posts_)|Post|User`)

// call sends a request and checks what holds for every answer. Headers are given as name and value.
func (b *blog) call(method, path, body string, headers ...string) reply {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, "http://"+b.addr+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	described(b.t, req, body, resp.StatusCode, resp.Header, data)
	out := reply{status: resp.StatusCode, header: resp.Header, text: strings.TrimSuffix(string(data), "\n")}
	if len(data) > 0 && !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/yaml") {
		if err := json.Unmarshal(data, &out.json); err != nil {
			b.t.Fatalf("%s %s = %s: %v", method, path, data, err)
		}
		want := "application/json"
		if out.status >= 400 {
			want = "application/problem+json"
		}
		if got := resp.Header.Get("Content-Type"); got != want {
			b.t.Errorf("%s %s has the content type %q", method, path, got)
		}
	}
	for _, hidden := range []string{"$2a$", `"password":`, `"deleted_at":`} {
		if strings.Contains(out.text, hidden) {
			b.t.Errorf("%s %s shows %q: %s", method, path, hidden, out.text)
		}
	}
	if found := internals.FindString(out.text); found != "" && out.status >= 400 {
		b.t.Errorf("%s %s shows %q: %s", method, path, found, out.text)
	}
	return out
}

// must is call that wants a status.
func (b *blog) must(status int, method, path, body string, headers ...string) reply {
	b.t.Helper()
	out := b.call(method, path, body, headers...)
	if out.status != status {
		b.t.Fatalf("%s %s %.200s = %d %s; want %d", method, path, body, out.status, out.text, status)
	}
	return out
}

// create posts a body and returns the path of the new record.
func (b *blog) create(path, body string) string {
	b.t.Helper()
	return b.must(http.StatusCreated, "POST", path, body).header.Get("Location")
}

// list returns a value of each record in a list.
func (r reply) list(name string) []string {
	var out []string
	for _, record := range r.json["data"].([]any) {
		out = append(out, fmt.Sprint(record.(map[string]any)[name]))
	}
	return out
}

func (r reply) meta(name string) any { return r.json["meta"].(map[string]any)[name] }

// open opens the program's database beside it.
func (b *blog) open(dsn string) *model.DB {
	b.t.Helper()
	db, err := store.Open(b.t.Context(), dsn)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = db.Close() })
	return db
}

func equal[V any](t *testing.T, what string, got, want V) {
	t.Helper()
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); g != w {
		t.Errorf("%s = %s; want %s", what, g, w)
	}
}

// lacks skips a test for what the machine does not have. In CI that is a failure.
func lacks(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
