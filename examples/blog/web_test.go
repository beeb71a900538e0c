// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// page fetches a page of the site.
func (b *blog) page(path string) (int, string) {
	b.t.Helper()
	resp, err := http.Get("http://" + b.addr + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestPages(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		first := b.create("/api/posts/1/comments", `{"body":"**First** <script>alert(1)</script>","author_id":2}`)
		b.create("/api/posts/1/comments", `{"body":"[link](javascript:alert(1))","author_id":3,"parent_id":`+strings.TrimPrefix(first, "/api/comments/")+`}`)
		draft := b.create("/api/posts", `{"title":"A draft","body":"x","author_id":1}`)
		b.must(http.StatusOK, "PUT", draft+"/tags", `{"tags":["secrets"]}`)
		equal(t, "published posts of the draft's tag", b.must(http.StatusOK, "GET", "/api/tags?sort=-id&per_page=1", "").list("posts_count"), []string{"0"})
		resp, err := http.Get("http://" + b.addr + "/")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		equal(t, "policy", strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), "default-src 'none'; "), true)
		equal(t, "types that browsers guess", resp.Header.Get("X-Content-Type-Options"), "nosniff")
		for _, row := range []struct {
			path   string
			status int
			has    string
		}{
			{"/", 200, "In praise of the second commit"}, {"/?page=x", 200, "Page 1 of 1"}, {"/?q=sentence", 200, `<a href="/posts/a-test-is-a-sentence">`},
			{"/?q=100%25", 200, "There is nothing here."}, {"/?q=%3Cscript%3E", 200, "Posts with &lt;script&gt;"}, {"/tags/sqlite", 200, "Posts about sqlite"},
			{"/posts/a-test-is-a-sentence", 200, "<strong>First</strong>"}, {"/posts/a-draft", 404, "Not Found"}, {"/tags/none", 404, "Not Found"},
			{"/style.css", 200, "color-scheme"}, {"/nothing", 404, "Not Found"}, {"/posts/%00", 404, "Not Found"}, {"/?q=%00", 200, "There is nothing here."},
		} {
			status, text := b.page(row.path)
			equal(t, row.path, status, row.status)
			if !strings.Contains(text, row.has) {
				t.Errorf("%s has no %q:\n%s", row.path, row.has, text)
			}
			for _, bad := range []string{"<script", "javascript:", "@example", "secrets"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s has %q", row.path, bad)
				}
			}
		}
	})
}

// A text that a post may have must not keep the program busy for long, or take its memory. The test runs alone: under the race
// detector a page takes ten seconds of the thirty that the server gives an answer.
func TestPagesOfHostileMarkdown(t *testing.T) { //nolint:paralleltest // see above.
	b := start(t, filepath.Join(t.TempDir(), "blog.db"))
	for name, text := range map[string]string{
		"tables": "|" + strings.Repeat("a|", 1000) + `\n|` + strings.Repeat("-|", 1000) + `\n` + strings.Repeat(`|x\n`, 15_000),
		"links":  strings.Repeat("[a](", 12_500), "stars": "a**b" + strings.Repeat("c* ", 16_600), "quotes": strings.Repeat(">", 49_000) + "a",
	} {
		b.create("/api/posts", `{"title":"`+name+`","body":"`+text+`","author_id":1,"published_at":"2025-01-01T00:00:00Z"}`)
		if _, page := b.page("/posts/" + name); len(page) > 2_000_000 {
			t.Errorf("the page of %s has %d bytes", name, len(page))
		}
	}
	b.must(http.StatusUnprocessableEntity, "POST", "/api/posts", `{"title":"x","body":"`+strings.Repeat("x", 50_001)+`","author_id":1}`)
	b.must(http.StatusUnprocessableEntity, "POST", "/api/posts/1/comments", `{"body":"`+strings.Repeat("x", 2001)+`","author_id":1}`)
}

// A browser on a phone reads a post, with the replies inside of what they reply to.
func TestBrowser(t *testing.T) {
	t.Parallel()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if at, err := exec.LookPath(name); err == nil && program == "" {
			program = at
		}
	}
	if program == "" {
		lacks(t, "there is no Chromium in PATH: install it to see the pages tested in a browser")
	}
	b := start(t, filepath.Join(t.TempDir(), "blog.db"))
	first := b.create("/api/posts/1/comments", `{"body":"Outer","author_id":2}`)
	b.create("/api/posts/1/comments", `{"body":"Inner","author_id":3,"parent_id":`+strings.TrimPrefix(first, "/api/comments/")+`}`)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.WindowSize(390, 844),
		chromedp.Flag("disable-dev-shm-usage", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	count := func(script string) int {
		t.Helper()
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](script))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	text := func(selector string) string {
		t.Helper()
		found, err := chromedp.Run(ctx, chromedp.Text(selector))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	do(chromedp.EmulateViewport(390, 844), chromedp.Navigate("http://"+b.addr+"/"))
	equal(t, "posts", count(`document.querySelectorAll("article").length`), 10)
	equal(t, "tags", count(`document.querySelectorAll(".cloud a").length`), 10)
	equal(t, "width", count(`document.documentElement.scrollWidth`), 390)
	do(chromedp.SendKeys(`input[name=q]`, "sentence\n"), chromedp.WaitVisible(`//h1[text()="Posts with sentence"]`),
		chromedp.Click(`article h2 a`), chromedp.WaitVisible(`#comments`))
	equal(t, "heading", text(`h1`), "A test is a sentence")
	equal(t, "inner comment", text(`#comments li li p:last-child`), "Inner")
	do(chromedp.Click(`.tags a`), chromedp.WaitVisible(`//h1[text()="Posts about go"]`))
}
