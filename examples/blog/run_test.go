// SPDX-License-Identifier: MIT

package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

func TestRestart(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		equal(t, "imported", b.imported, "10")
		b.must(http.StatusNoContent, "DELETE", "/api/posts/1", "")
		b.must(http.StatusOK, "PATCH", "/api/posts/2", `{"title":"Changed"}`)
		posts := b.must(http.StatusOK, "GET", "/api/posts?sort=id", "").text
		users := b.must(http.StatusOK, "GET", "/api/users?sort=id", "").text
		if err := b.stop(); err != nil {
			t.Fatal(err)
		}

		b = start(t, dsn)
		equal(t, "imported", b.imported, "0")
		equal(t, "posts", b.must(http.StatusOK, "GET", "/api/posts?sort=id", "").text, posts)
		equal(t, "users", b.must(http.StatusOK, "GET", "/api/users?sort=id", "").text, users)
	})
}

func TestRequestMayFinishDuringShutdown(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		body := `{"title":"At the last moment","body":"text","author_id":1}`
		conn, err := net.Dial("tcp", b.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /api/posts HTTP/1.1\r\nHost: blog\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
		answers := bufio.NewReader(conn)
		if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
			t.Fatalf("the server says %q, error %v", line, err)
		}
		if _, err := answers.ReadString('\n'); err != nil {
			t.Fatal(err)
		}

		stopped := make(chan error, 1)
		go func() { stopped <- b.stop() }()
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			other, err := net.Dial("tcp", b.addr)
			if err != nil {
				break // nobody is let in any more
			}
			_ = other.Close()
			if time.Now().After(deadline) {
				t.Fatal("the server still accepts connections")
			}
		}
		select {
		case err := <-stopped:
			t.Fatalf("the program ended before the request: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		equal(t, "status", resp.StatusCode, http.StatusCreated)
		if err := <-stopped; err != nil {
			t.Errorf("run: %v", err)
		}
		found, err := model.Query[store.Post](b.open(dsn)).Where("slug", "at-the-last-moment").Exists(t.Context())
		if err != nil || !found {
			t.Errorf("the post is stored: %v, error %v", found, err)
		}
	})
}

func TestRunReturnsErrors(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, row := range []struct{ name, addr, dsn string }{
		{"AddressTaken", taken.Addr().String(), filepath.Join(t.TempDir(), "blog.db")},
		{"AddressMalformed", "nowhere", filepath.Join(t.TempDir(), "blog.db")},
		{"FolderMissing", "127.0.0.1:0", filepath.Join(t.TempDir(), "missing", "blog.db")},
		{"ServerMissing", "127.0.0.1:0", "postgres://blog:secret@127.0.0.1:1/blog?sslmode=disable"},
	} {
		err := run(t.Context(), row.addr, row.dsn, log)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: run = %v", row.name, err)
		}
	}
}

func TestBrokenDatabaseIsNotShown(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "blog.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	log := &journal{}
	server := httptest.NewServer(handler(db, slog.New(slog.NewTextHandler(log, nil))))
	defer server.Close()
	b := &blog{t: t, addr: server.Listener.Addr().String()}
	for _, path := range []string{"/api/posts", "/api/posts/1", "/healthz"} {
		got := b.must(http.StatusInternalServerError, "GET", path, "")
		equal(t, "body", got.text, `{"type":"about:blank","title":"Internal Server Error","status":500}`)
	}
	if !strings.Contains(log.String(), "database is closed") {
		t.Errorf("the log does not say why:\n%s", log)
	}
}

func TestImport(t *testing.T) {
	file := func(front string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\n" + front + "\n---\nText\n")}
	}
	good := file("title: A\nslug: a\nauthor: {name: Ada, email: Ada@example.org, country: Malta, bio: Counts.}\ndate: 2025-01-02T03:04:05Z\ntags: [x]")
	onEachDatabase(t, func(t *testing.T, dsn string) {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if n, err := store.Import(t.Context(), db, os.DirFS(filepath.Join(t.TempDir(), "missing")), func(int, int) {}); err == nil {
			t.Errorf("Import of a folder that is missing = %d", n)
		}
		for name, bad := range map[string]*fstest.MapFile{
			"no date":             file("title: B\nauthor: {name: Bob, email: bob@example.org, country: Malta, bio: Builds.}"),
			"no author":           file("title: B\ndate: 2025-01-03T00:00:00Z"),
			"no word in the slug": file("title: B\nslug: Not a slug\nauthor: {name: Bob, email: bob@example.org, country: Malta, bio: Builds.}\ndate: 2025-01-03T00:00:00Z"),
			"no front matter":     {Data: []byte("# Title\n")},
			"malformed":           file("title: [A"),
			"unknown slug":        file("title: '!'\nauthor: {name: Bob, email: bob@example.org, country: Malta, bio: Builds.}\ndate: 2025-01-03T00:00:00Z"),
			"no title":            file("slug: b\nauthor: {name: Bob, email: bob@example.org, country: Malta, bio: Builds.}\ndate: 2025-01-03T00:00:00Z"),
			"slug taken":          file("title: B\nslug: a\nauthor: {name: Ada, email: ada@example.org, country: Malta, bio: Counts.}\ndate: 2025-01-03T00:00:00Z"),
		} {
			n, err := store.Import(t.Context(), db, fstest.MapFS{"a.md": good, "b.md": bad}, func(int, int) {})
			users, _ := model.Query[store.User](db).Count(t.Context())
			posts, _ := model.Query[store.Post](db).Count(t.Context())
			if err == nil || !strings.Contains(err.Error(), "b.md: ") || n != 0 || users != 0 || posts != 0 {
				t.Errorf("%s: Import = %d, %v, and there are %d users and %d posts", name, n, err, users, posts)
			}
		}
		for _, want := range []int{1, 1} { // the second time nothing is written
			n, err := store.Import(t.Context(), db, fstest.MapFS{"a.md": good, "notes.txt": file("")}, func(int, int) {})
			if n != want || err != nil {
				t.Errorf("Import = %d, %v; want %d", n, err, want)
			}
		}
		post, err := model.Query[store.Post](db).Sole(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "title", post.Title, "A")
		equal(t, "body", post.Body, "Text")
		equal(t, "date", post.PublishedAt.Format(time.RFC3339), "2025-01-02T03:04:05Z")
		author, err := model.Query[store.User](db).Find(t.Context(), post.AuthorID)
		if err != nil || author.Email != "ada@example.org" {
			t.Errorf("author = %v, %v", author, err)
		}
	})
}
