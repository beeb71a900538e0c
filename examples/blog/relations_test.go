// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

func TestTags(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		path := b.create("/api/posts", `{"title":"One","body":"text","author_id":1,"published_at":"2025-01-01T00:00:00Z"}`)
		for _, row := range []struct{ names, want, tags string }{
			{`["New one","Go","go"]`, `{"attached":["go","new-one"],"detached":[],"updated":[]}`, "new-one go"},
			{`["Go","New one"]`, `{"attached":[],"detached":[],"updated":["go","new-one"]}`, "go new-one"},
			{`["Go","New one"]`, `{"attached":[],"detached":[],"updated":[]}`, "go new-one"},
			{`["go"]`, `{"attached":[],"detached":["new-one"],"updated":[]}`, "go"},
			{`[]`, `{"attached":[],"detached":["go"],"updated":[]}`, ""},
		} {
			equal(t, row.names, b.must(http.StatusOK, "PUT", path+"/tags", `{"tags":`+row.names+`}`).text, row.want)
			var got []string
			for _, tag := range b.must(http.StatusOK, "GET", path+"?include=tags", "").json["tags"].([]any) {
				got = append(got, tag.(map[string]any)["slug"].(string))
			}
			equal(t, row.names, strings.Join(got, " "), row.tags)
		}
		for _, body := range []string{`{"tags":["!"]}`, `{"tags":"go"}`, `{"tags":[1]}`, `{}`, `{"tags":["` + strings.Repeat("x", 51) + `"]}`} {
			equal(t, body, problem(b.must(http.StatusUnprocessableEntity, "PUT", path+"/tags", body))["field"], any("tags"))
		}
		equal(t, "of a tag", b.must(http.StatusOK, "GET", "/api/posts?filter[tag]=sqlite", "").list("slug"), []string{"sqlite-is-not-a-toy"})
		equal(t, "of a tag by its name", b.must(http.StatusOK, "GET", "/api/posts?filter[tag]=SQLite%00", "").list("slug"), []string{"sqlite-is-not-a-toy"})
		cloud := b.must(http.StatusOK, "GET", "/api/tags?sort=slug", "")
		equal(t, "tags", cloud.list("slug")[:3], []string{"concurrency", "databases", "design"})
		equal(t, "counts", cloud.list("posts_count")[:3], []string{"2", "3", "1"})
	})
}

func TestComments(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		count := func() any { return b.must(http.StatusOK, "GET", "/api/posts/1", "").json["comments_count"] }
		first := b.create("/api/posts/1/comments", `{"body":" First! ","author_id":2}`)
		id := strings.TrimPrefix(first, "/api/comments/")
		reply := b.create("/api/comments", `{"post_id":1,"body":"Second.","author_id":3,"parent_id":`+id+`}`)
		equal(t, "count", count(), any(2.0))
		equal(t, "version", b.must(http.StatusOK, "GET", "/api/posts/1", "").json["version"], any(1.0))
		equal(t, "bodies", b.must(http.StatusOK, "GET", "/api/posts/1/comments?include=author", "").list("body"), []string{"First!", "Second."})
		shown := b.must(http.StatusOK, "GET", "/api/comments/"+id+"?include=replies,replies.author,post&fields[users]=name&fields[posts]=slug", "")
		equal(t, "reply", fmt.Sprint(shown.json["replies"].([]any)[0].(map[string]any)["author"]), "map[name:Tobias Okafor]")
		equal(t, "post", fmt.Sprint(shown.json["post"]), "map[slug:a-test-is-a-sentence]")
		for body, field := range map[string]string{
			`{"body":"x","author_id":9}`: "author_id", `{"body":" ","author_id":1}`: "body", `{"body":"x"}`: "author_id",
			`{"body":"x","author_id":1,"parent_id":99}`: "parent_id",
		} {
			equal(t, body, problem(b.must(http.StatusUnprocessableEntity, "POST", "/api/posts/1/comments", body))["field"], any(field))
		}
		b.must(http.StatusUnprocessableEntity, "POST", "/api/posts/2/comments", `{"body":"x","author_id":1,"parent_id":`+id+`}`)
		b.must(http.StatusUnprocessableEntity, "PATCH", reply, `{"post_id":2}`)
		b.must(http.StatusOK, "PATCH", reply, `{"body":"Changed."}`)
		b.must(http.StatusConflict, "DELETE", first, "")
		b.must(http.StatusNoContent, "DELETE", reply, "")
		b.must(http.StatusNoContent, "DELETE", first, "")
		equal(t, "count", count(), any(0.0))

		last := b.create("/api/posts/1/comments", `{"body":"Last","author_id":2}`)
		b.must(http.StatusNoContent, "DELETE", "/api/posts/1", "")
		for _, path := range []string{last, "/api/posts/1/comments"} {
			b.must(http.StatusNotFound, "GET", path, "")
		}
		equal(t, "comments on deleted posts", b.must(http.StatusOK, "GET", "/api/comments", "").meta("total"), any(0.0))
	})
}

func TestIncludes(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		made := b.must(http.StatusOK, "PUT", "/api/users/2/profile", `{"bio":"Writes."}`).json["id"]
		changed := b.must(http.StatusOK, "PUT", "/api/users/2/profile", `{"website":"https://example.com"}`)
		equal(t, "profile", changed.json["id"], made)
		equal(t, "field", problem(b.must(http.StatusUnprocessableEntity, "PUT", "/api/users/2/profile", `{"user_id":1}`))["field"], any("user_id"))
		post := b.must(http.StatusOK, "GET", "/api/posts?include=author,author.country,byline&filter[author_id]=2&fields[posts]=title&per_page=1&sort=id&fields[users]=name&fields[profiles]=bio", "")
		equal(t, "post", fmt.Sprint(post.json["data"]),
			"[map[author:map[country:map[id:3 name:Sweden] name:Mara Lindqvist] byline:map[bio:Writes.] title:In praise of the second commit]]")
		for path, n := range map[string]int{"/api/countries/3/posts": 4, "/api/users/2/posts": 4, "/api/tags/1/posts": 1} {
			equal(t, path, len(b.must(http.StatusOK, "GET", path+"?include=author", "").list("id")), n)
		}
		walk := func(sort string) (ids []string) {
			for cursor := ""; ; {
				page := b.must(http.StatusOK, "GET", "/api/posts?per_page=4&sort="+sort+"&cursor="+url.QueryEscape(cursor), "")
				ids = append(ids, page.list("id")...)
				next, more := page.meta("next_cursor").(string)
				if cursor = next; !more {
					return ids
				}
			}
		}
		equal(t, "by cursor", walk("-created_at"), b.must(http.StatusOK, "GET", "/api/posts", "").list("id"))
		draft := strings.TrimPrefix(b.create("/api/posts", `{"title":"A draft","body":"x","author_id":1}`), "/api/posts/")
		dated := walk("published_at")
		equal(t, "by a date that drafts lack", len(dated), 11)
		equal(t, "the draft, which has no date, is last", dated[10], draft)
		for path, field := range map[string]string{
			"/api/posts?include=author.posts": "include", "/api/posts?include=author,author": "include", "/api/posts?fields[users]=email": "fields[users]",
			"/api/posts?fields[posts]=deleted_at": "fields[posts]", "/api/users?fields[users]=password": "fields[users]", "/api/posts?cursor=x": "cursor",
			"/api/posts?filter[body]=x": "filter[body]", "/api/tags?cursor=&sort=posts_count": "sort", "/api/users?filter[password]=x": "filter[password]",
		} {
			equal(t, path, problem(b.must(http.StatusBadRequest, "GET", path, ""))["field"], any(field))
		}
	})
}

func TestSearch(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		path := b.create("/api/posts", `{"title":"Über Äpfel","body":"One quincetree, AND two pears.","author_id":1}`)
		found := func(text string) string {
			list := b.must(http.StatusOK, "GET", "/api/posts?sort=id&filter[search]="+url.QueryEscape(text), "").list("slug")
			return strings.Join(list, " ")
		}
		for text, want := range map[string]string{
			"quincetree": "über-äpfel", "QUINCE": "über-äpfel", "qu": "", "über Ä": "", "ÜBER äpf": "über-äpfel", "pears-one": "über-äpfel",
			"quince pears": "", "pears quince": "über-äpfel", `"and" NOT * quince`: "", `("quincetree" & 'pears':*`: "über-äpfel", "body:quincetree": "",
			"sqlite": "an-index-is-a-promise-to-keep sqlite-is-not-a-toy", strings.Repeat("ä", 3000): "",
		} {
			equal(t, text, found(text), want)
		}
		if got := found("sqlite"); !strings.Contains(got, "sqlite-is-not-a-toy") {
			t.Errorf("sqlite finds %q", got)
		}
		b.must(http.StatusOK, "PATCH", path, `{"body":"Three plums."}`)
		equal(t, "after a change", found("quincetree")+found("plums"), "über-äpfel")
		b.must(http.StatusOK, "PUT", path+"/tags", `{"tags":["Stone Fruit"]}`)
		equal(t, "by tag", found("stone fruit"), "über-äpfel")
		equal(t, "of a user", b.must(http.StatusOK, "GET", "/api/users/1/posts?filter[search]=plum", "").list("slug"), []string{"über-äpfel"})
		b.must(http.StatusNoContent, "DELETE", path, "")
		equal(t, "after the end", found("plums"), "")
		for _, text := range []string{"***", "one two three four five six"} {
			refused := b.must(http.StatusBadRequest, "GET", "/api/posts?filter[search]="+url.QueryEscape(text), "")
			equal(t, text, problem(refused)["field"], any("filter[search]"))
		}
		words := make([]string, 7_000) // as many as a body can have
		for i := range words {
			words[i] = fmt.Sprintf("%c%05d", 0x20000+i, i)
		}
		b.create("/api/posts", `{"title":"Long","body":"`+strings.Join(words, " ")+`","author_id":1}`)
		equal(t, "the last word", found(words[len(words)-1]), "long")
	})
}

// statements remembers the SQL that the database is sent.
type statements struct {
	slog.Handler

	mu   sync.Mutex
	list []string
}

func (s *statements) Enabled(context.Context, slog.Level) bool { return true }

func (s *statements) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			s.mu.Lock()
			s.list = append(s.list, a.Value.String())
			s.mu.Unlock()
		}
		return true
	})
	return nil
}

func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.list
	s.list = nil
	return out
}

// watched returns the program's handler on a database with made-up posts, and what it sends there.
func watched(t *testing.T, dsn string, posts int) (http.Handler, *statements) {
	t.Helper()
	sent := &statements{Handler: slog.DiscardHandler}
	db, err := store.Open(t.Context(), dsn, model.Config{Logger: slog.New(sent)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := seed(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := store.Generate(t.Context(), db, posts, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	sent.take()
	return handler(db, slog.New(slog.DiscardHandler)), sent
}

func TestStatements(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		h, sent := watched(t, dsn, 200)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		equal(t, "statements of the first page, which counts the tags", len(sent.take()), 5)
		for _, row := range []struct {
			path string
			want int
		}{
			{"/api/posts", 2}, {"/api/posts?cursor=", 1}, {"/api/posts?include=author,tags&per_page=%d", 4},
			{"/api/posts?include=author,author.country,byline,tags,comments,comments.author&sort=-id&per_page=%d", 8},
			{"/api/posts/20?include=author,author.country,byline,tags,comments,comments.author", 7},
			{"/api/posts?filter[search]=the&include=author", 3}, {"/api/posts/20/comments?include=author,replies", 5},
			{"/api/countries/1/posts?include=tags&per_page=%d", 4}, {"/api/tags/1/posts", 3}, {"/api/tags?per_page=%d", 2},
			{"/", 4}, {"/?q=the", 4}, {"/tags/gardening", 5}, {"/posts/in-praise-of-the-second-commit", 6},
		} {
			for _, size := range []int{2, 100} {
				path := strings.ReplaceAll(row.path, "%d", fmt.Sprint(size))
				out := httptest.NewRecorder()
				h.ServeHTTP(out, httptest.NewRequest("GET", path, nil))
				equal(t, path+": status", out.Code, http.StatusOK)
				if list := sent.take(); len(list) != row.want {
					t.Errorf("%s sends %d statements, want %d:\n%s", path, len(list), row.want, strings.Join(list, "\n"))
				}
			}
		}
	})
}

// Ten thousand requests of people who mean harm get an answer that tells them nothing.
func TestHostileRequests(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		requests := 10_000
		if testing.Short() {
			requests = 1000
		}
		h, sent := watched(t, dsn, 20)
		r := rand.New(rand.NewPCG(7, 7))
		pick := func(list ...string) string { return list[r.IntN(len(list))] }
		hostile := func() string {
			return pick("zqx'; DROP TABLE users; --", "zqx\" OR 1=1", "zqx", "1 OR zqx=1", "password", "deleted_at", "zqx\x00", "zqx\xff\xfe", "..", "%", "_", `\`,
				"-1", "0", "01", "1e9", "99999999999999999999", "NaN", "1.5", "", " ", "null", "{}", "[]", "author.posts.author.posts", "zqx`", "é\u202ezqx", "<script>zqx",
				"users.password", "(SELECT zqx)", strings.Repeat("zqx", 2000), "$1", "?", "??", "@p1", "zqx/*", "id", "author", "title,-id", "comments.author", "9223372036854775807")
		}
		kinds := []string{"posts", "users", "comments", "tags", "countries"}
		for n := range requests {
			path := "/api/" + pick(kinds...)
			if r.IntN(3) == 0 {
				path += "/" + url.PathEscape(pick("1", "2", hostile()))
				if r.IntN(2) == 0 {
					path += "/" + pick("posts", "comments", "tags", "profile", url.PathEscape(hostile()))
				}
			}
			if r.IntN(8) == 0 {
				path = pick("/", "/tags/", "/posts/") + url.PathEscape(hostile())
			}
			query := url.Values{}
			for range r.IntN(3) {
				name := pick("page", "per_page", "sort", "include", "cursor", "q", "filter["+pick("author_id", "published", "tag", "search", "password", hostile())+"]",
					"fields["+pick(append(kinds, hostile())...)+"]", hostile())
				query.Add(name, hostile())
			}
			method, body := pick("GET", "GET", "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"), ""
			if method != "GET" && method != "HEAD" {
				field := pick("id", "title", "body", "author_id", "password", "email", "name", "tags", "version", "deleted_at", "post_id", "parent_id", "published_at", "bio")
				value := pick(fmt.Sprintf("%q", hostile()), "1", "-1", "1e400", "null", "[1]", "{}", `["zqx'"]`, `"\u0000zqx"`, `"\ud800"`, "true", strings.Repeat("[", 5000), "9223372036854775808")
				body = pick(`{"`+field+`":`+value+`}`, `{"title":"zqx'","body":"zqx","author_id":1,"`+field+`":`+value+`}`, value, "{", `{"`+field+`":1,"`+field+`":2}`)
			}
			req := httptest.NewRequest(method, "/", strings.NewReader(body))
			target, err := url.Parse(path)
			if err != nil {
				continue
			}
			target.RawQuery = pick(query.Encode(), query.Encode(), hostile()+"="+hostile())
			req.URL = target
			req.Header.Set("Content-Type", pick("application/json", "application/json", "application/json", "text/plain", hostile()))
			if r.IntN(10) == 0 {
				req.Header.Set(pick("If-Match", "If-None-Match"), hostile())
			}
			out := httptest.NewRecorder()
			h.ServeHTTP(out, req)
			answer := out.Body.String()
			if out.Code >= 500 || strings.Contains(answer, "$2a$") || strings.Contains(answer, `"password":`) || strings.Contains(answer, `"deleted_at":`) {
				t.Errorf("%d: %s %s %.300s = %d %.500s", n, method, target, body, out.Code, answer)
			}
			for _, text := range sent.take() {
				if strings.Contains(text, "zqx") || strings.Contains(text, "DROP") {
					t.Fatalf("%d: %s %s %.300s sends %s", n, method, target, body, text)
				}
			}
		}
	})
}
