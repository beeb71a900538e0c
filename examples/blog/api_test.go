// SPDX-License-Identifier: MIT

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
)

func TestUsers(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		made := b.must(http.StatusCreated, "POST", "/api/users",
			`{"email":" Ada@Example.ORG ","name":"Ada","password":"correct horse"}`)
		path := made.header.Get("Location")
		equal(t, "email", made.json["email"], any("ada@example.org"))
		equal(t, "fields", len(made.json), 6)
		equal(t, "show", b.must(http.StatusOK, "GET", path, "").text, made.text)

		stored := func() string {
			user, err := model.Query[store.User](b.open(dsn)).FindBy(t.Context(), "email", "ada@example.org")
			if err != nil {
				t.Fatal(err)
			}
			return user.Password
		}
		first := stored()
		if !strings.HasPrefix(first, "$2a$10$") {
			t.Errorf("the stored password is %q", first)
		}
		equal(t, "name", b.must(http.StatusOK, "PATCH", path, `{"name":"Ada L."}`).json["name"], any("Ada L."))
		equal(t, "the hash after a change of name", stored(), first)
		b.must(http.StatusOK, "PATCH", path, `{"password":"correct horse"}`)
		if second := stored(); second == first || !strings.HasPrefix(second, "$2a$") {
			t.Errorf("the stored password is %q after a change", second)
		}

		equal(t, "users", b.must(http.StatusOK, "GET", "/api/users?sort=name", "").list("name"),
			[]string{"Ada L.", "Ines Caldeira", "Mara Lindqvist", "Tobias Okafor"})
		b.must(http.StatusNoContent, "DELETE", path, "")
		b.must(http.StatusNotFound, "GET", path, "")
	})
}

func TestUserWithPostsIsKept(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		user := b.create("/api/users", `{"email":"ada@example.org","name":"Ada","password":"correct horse"}`)
		post := b.create("/api/posts", `{"title":"One","body":"text","author_id":`+strings.TrimPrefix(user, "/api/users/")+`}`)
		for range 2 { // the row of a deleted post still refers to its author
			refused := b.must(http.StatusConflict, "DELETE", user, "")
			equal(t, "field", problem(refused)["field"], any("id"))
			b.must(http.StatusOK, "GET", user, "")
			b.call("DELETE", post, "")
		}
	})
}

func TestPosts(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		body := strings.Repeat("many *words* follow ", 100)
		made := b.must(http.StatusCreated, "POST", "/api/posts",
			fmt.Sprintf(`{"title":" Don’t panic, Ünal! ","body":%q,"author_id":1}`, body))
		path := made.header.Get("Location")
		equal(t, "slug", made.json["slug"], any("dont-panic-ünal"))
		equal(t, "title", made.json["title"], any("Don’t panic, Ünal!"))
		equal(t, "version", made.json["version"], any(1.0))
		equal(t, "published_at", made.json["published_at"], any(nil))
		equal(t, "reading_minutes", made.json["reading_minutes"], any(2.0))
		if excerpt := made.json["excerpt"].(string); !strings.HasPrefix(excerpt, "many words follow many") || len(excerpt) > 210 {
			t.Errorf("excerpt = %q", excerpt)
		}
		equal(t, "show", b.must(http.StatusOK, "GET", path, "").text, made.text)

		changed := b.must(http.StatusOK, "PATCH", path, `{"published_at":"2025-06-01T12:00:00+02:00","slug":"own"}`)
		equal(t, "published_at", changed.json["published_at"], any("2025-06-01T10:00:00Z"))
		equal(t, "slug", changed.json["slug"], any("own"))
		equal(t, "version", changed.json["version"], any(2.0))
		equal(t, "a change of nothing", b.must(http.StatusOK, "PATCH", path, `{"slug":"own"}`).text, changed.text)
		equal(t, "an empty change", b.must(http.StatusOK, "PATCH", path, `{}`).text, changed.text)
		equal(t, "a slug made anew", b.must(http.StatusOK, "PATCH", path, `{"slug":"","published_at":null}`).json["slug"],
			any("dont-panic-ünal"))

		b.must(http.StatusNoContent, "DELETE", path, "")
		for _, method := range []string{"GET", "PATCH", "DELETE"} {
			b.must(http.StatusNotFound, method, path, `{}`)
		}
		again := b.create("/api/posts", `{"title":"Don’t panic, Ünal!","body":"the slug is free again","author_id":1}`)
		equal(t, "a slug of letters and their marks", b.must(http.StatusCreated, "POST", "/api/posts", `{"title":"नमस्ते दुनिया","body":"x","author_id":1}`).json["slug"],
			any("नमस्ते-दुनिया"))
		if again == path {
			t.Errorf("the new post has the path of the deleted one, %s", path)
		}
		trashed, err := model.Query[store.Post](b.open(dsn)).OnlyTrashed().Count(t.Context())
		if err != nil || trashed != 1 {
			t.Errorf("%d rows are marked as deleted, error %v; want 1", trashed, err)
		}
	})
}

func TestLists(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		all := b.must(http.StatusOK, "GET", "/api/posts", "")
		equal(t, "total", all.meta("total"), any(10.0))
		equal(t, "per_page", all.meta("per_page"), any(20.0))
		if newest := all.list("created_at"); !slices.IsSortedFunc(newest, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("the default order is %v", newest)
		}
		if first := all.json["data"].([]any)[0].(map[string]any); first["body"] != nil || first["excerpt"] == "" {
			t.Errorf("a list shows %v", first)
		}

		// Pages of four, four and two posts, found by following the links there and back.
		var there, back []string
		last := ""
		for path := "/api/posts?sort=title,-id&per_page=4&filter[published]=true"; path != ""; {
			page := b.must(http.StatusOK, "GET", path, "")
			there = append(there, page.list("title")...)
			last = path
			path, _ = page.meta("next_page_url").(string)
		}
		equal(t, "the link to the last page", last, "/api/posts?filter%5Bpublished%5D=true&per_page=4&sort=title%2C-id&page=3")
		for path := last; path != ""; {
			page := b.must(http.StatusOK, "GET", path, "")
			back = append(page.list("title"), back...)
			path, _ = page.meta("previous_page_url").(string)
		}
		equal(t, "the pages backwards", back, there)
		if len(there) != 10 || !slices.IsSorted(there) {
			t.Errorf("the pages have %q", there)
		}

		for _, row := range []struct {
			query         string
			page, perPage float64
			rows          int
		}{
			{"page=0", 1, 20, 10}, {"page=-3&per_page=-1", 1, 1, 1}, {"per_page=0", 1, 1, 1}, {"per_page=1000", 1, 100, 10},
			{"page=2", 2, 20, 0}, {"page=9000000000000000000&per_page=100", 100_000, 100, 0}, {"page=3&per_page=4", 3, 4, 2},
		} {
			page := b.must(http.StatusOK, "GET", "/api/posts?"+row.query, "")
			equal(t, row.query+": page", page.meta("current_page"), any(row.page))
			equal(t, row.query+": per_page", page.meta("per_page"), any(row.perPage))
			equal(t, row.query+": rows", len(page.list("id")), row.rows)
		}

		b.create("/api/posts", `{"title":"Draft","body":"text","author_id":1}`)
		b.create("/api/posts", `{"title":"Later","body":"text","author_id":1,"published_at":"2999-01-01T00:00:00Z"}`)
		equal(t, "drafts", b.must(http.StatusOK, "GET", "/api/posts?filter[published]=false&sort=title", "").list("title"), []string{"Draft", "Later"})
		for _, slug := range []string{"b", "a", "c"} { // rows that are equal come in the order of their ids, or the reverse
			b.create("/api/posts", `{"title":"Same","body":"text","author_id":3,"slug":"`+slug+`"}`)
		}
		equal(t, "equals", b.must(http.StatusOK, "GET", "/api/posts?filter[author_id]=3&filter[published]=false&sort=title", "").list("slug"), []string{"b", "a", "c"})
		equal(t, "equals", b.must(http.StatusOK, "GET", "/api/posts?filter[author_id]=3&filter[published]=false&sort=-title", "").list("slug"), []string{"c", "a", "b"})
		equal(t, "published", b.must(http.StatusOK, "GET", "/api/posts?filter[published]=true", "").meta("total"), any(10.0))
		equal(t, "drafts of Mara", b.must(http.StatusOK, "GET", "/api/posts?filter[author_id]=1&filter[published]=false&sort=-title", "").list("title"),
			[]string{"Later", "Draft"})
		equal(t, "of nobody", b.must(http.StatusOK, "GET", "/api/posts?filter[author_id]=0", "").text,
			`{"meta":{"total":0,"per_page":20,"current_page":1,"last_page":1,"first_page":1,`+
				`"first_page_url":"/api/posts?filter%5Bauthor_id%5D=0\u0026page=1",`+
				`"last_page_url":"/api/posts?filter%5Bauthor_id%5D=0\u0026page=1",`+
				`"next_page_url":null,"previous_page_url":null},"data":[]}`)
	})
}

func problem(r reply) map[string]any {
	return r.json
}

func TestErrors(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		user := "/api/users/2" // Mara, who came with the imported posts, as Tobias did
		other := "/api/users/3"
		post := b.create("/api/posts", `{"title":"One","body":"text","author_id":1}`)
		twin := b.create("/api/posts", `{"title":"Two","body":"text","author_id":1}`)
		before := b.must(http.StatusOK, "GET", post, "").text + b.must(http.StatusOK, "GET", user, "").text

		for _, row := range []struct {
			name, method, path, body string
			status                   int
			field                    string
		}{
			{"NoRoute", "GET", "/api/nothing", "", 404, ""},
			{"NoRouteAtRoot", "GET", "/api/", "", 404, ""},
			{"SlashAtTheEnd", "GET", "/api/posts/", "", 404, ""},
			{"WrongMethod", "PUT", "/api/posts", "{}", 405, ""},
			{"WrongMethodOfDescription", "POST", "/api/openapi.yaml", "{}", 405, ""},
			{"WrongMethodOfRecord", "POST", post, "{}", 405, ""},

			{"NoRecord", "GET", "/api/posts/999999", "", 404, "id"},
			{"IDOfText", "GET", "/api/posts/one", "", 404, "id"},
			{"IDWithZero", "GET", "/api/posts/01", "", 404, "id"},
			{"IDWithSpace", "GET", "/api/posts/%201", "", 404, "id"},
			{"IDWithNUL", "DELETE", "/api/users/1%00", "", 404, "id"},
			{"IDBeyondRange", "PATCH", "/api/users/99999999999999999999", "{}", 404, "id"},
			{"IDOfFloat", "DELETE", "/api/users/1.0", "", 404, "id"},
			{"IDOfCondition", "GET", "/api/users/1%20OR%201=1", "", 404, "id"},

			{"UnknownParameter", "GET", "/api/posts?limit=3", "", 400, "limit"},
			{"UnknownParameterOfRecord", "GET", post + "?page=1", "", 400, "page"},
			{"UnknownParameterOfWrite", "DELETE", post + "?force=1", "", 400, "force"},
			{"ParameterOfOther", "GET", "/api/users?filter[published]=true", "", 400, "filter[published]"},
			{"ParameterTwice", "GET", "/api/posts?page=1&page=2", "", 400, "page"},
			{"ParameterEmpty", "GET", "/api/posts?sort=", "", 400, "sort"},
			{"ParameterMalformed", "GET", "/api/posts?page=%zz", "", 400, "query"},
			{"PageOfText", "GET", "/api/posts?page=two", "", 400, "page"},
			{"PageOfFloat", "GET", "/api/posts?page=1.5", "", 400, "page"},
			{"PerPageOfText", "GET", "/api/users?per_page=all", "", 400, "per_page"},
			{"SortByOther", "GET", "/api/posts?sort=version", "", 400, "sort"},
			{"SortByHidden", "GET", "/api/users?sort=password", "", 400, "sort"},
			{"SortByNothing", "GET", "/api/posts?sort=title,,id", "", 400, "sort"},
			{"SortByCode", "GET", "/api/posts?sort=id;drop%20table", "", 400, "query"},
			{"SortByMore", "GET", "/api/posts?sort=id,id,id,id,id,id,id,id", "", 400, "sort"},
			{"FilterByText", "GET", "/api/posts?filter[author_id]=ada", "", 400, "filter[author_id]"},
			{"FilterByMaybe", "GET", "/api/posts?filter[published]=maybe", "", 400, "filter[published]"},

			{"BodyWithoutType", "POST", "/api/posts", "", 415, "Content-Type"},
			{"BodyEmpty", "POST", "/api/posts", " ", 400, "body"},
			{"BodyCut", "POST", "/api/posts", `{"title":"x"`, 400, "body"},
			{"BodyOfList", "POST", "/api/posts", `[{"title":"x"}]`, 400, "body"},
			{"BodyOfNull", "PATCH", post, `null`, 400, "body"},
			{"BodyAndMore", "PATCH", post, `{} {}`, 400, "body"},
			{"BodyTooLarge", "POST", "/api/posts", `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body"},

			{"UnknownField", "POST", "/api/users", `{"email":"c@example.org","nick":"c"}`, 422, "nick"},
			{"UnknownFieldOfOtherCase", "PATCH", post, `{"Title":"x"}`, 422, "Title"},
			{"UnknownFieldAfterGood", "PATCH", post, `{"title":"x","rating":5}`, 422, "rating"},
			{"ComputedField", "PATCH", post, `{"excerpt":"x"}`, 422, "excerpt"},
			{"HiddenField", "PATCH", post, `{"deleted_at":null}`, 422, "deleted_at"},
			{"FieldTwice", "PATCH", post, `{"title":"x","title":"y"}`, 422, "title"},
			{"GuardedKey", "PATCH", post, `{"id":7}`, 422, "id"},
			{"GuardedVersion", "PATCH", post, `{"version":7}`, 409, "version"},
			{"GuardedTime", "PATCH", user, `{"created_at":"2025-01-01T00:00:00Z"}`, 422, "created_at"},
			{"NumberForText", "PATCH", post, `{"title":7}`, 422, "title"},
			{"ObjectForText", "PATCH", post, `{"body":{"a":1}}`, 422, "body"},
			{"NullForText", "PATCH", user, `{"name":null}`, 422, "name"},
			{"TextForNumber", "PATCH", post, `{"author_id":"1"}`, 422, "author_id"},
			{"FloatForInteger", "PATCH", post, `{"author_id":1.5}`, 422, "author_id"},
			{"NumberBeyondRange", "PATCH", post, `{"author_id":9223372036854775808}`, 422, "author_id"},
			{"TextForTime", "PATCH", post, `{"published_at":"yesterday"}`, 422, "published_at"},
			{"TimeThatJSONCannotShow", "PATCH", post, `{"published_at":"9999-12-31T23:59:59-01:00"}`, 422, "published_at"},

			{"EmailMissing", "POST", "/api/users", `{"name":"C","password":"correct horse"}`, 422, "email"},
			{"EmailMalformed", "PATCH", user, `{"email":"ada"}`, 422, "email"},
			{"EmailWithName", "PATCH", user, `{"email":"Mara <mara@example.com>"}`, 422, "email"},
			{"NameMissing", "POST", "/api/users", `{"email":"c@example.org","password":"correct horse"}`, 422, "name"},
			{"NameTooLong", "PATCH", user, `{"name":"` + strings.Repeat("é", 101) + `"}`, 422, "name"},
			{"PasswordMissing", "POST", "/api/users", `{"email":"c@example.org","name":"C"}`, 422, "password"},
			{"PasswordTooShort", "PATCH", user, `{"password":"horse"}`, 422, "password"},
			{"PasswordEmpty", "PATCH", user, `{"password":""}`, 422, "password"},
			{"TitleMissing", "POST", "/api/posts", `{"body":"x","author_id":1}`, 422, "title"},
			{"TitleBlank", "PATCH", post, `{"title":"  "}`, 422, "title"},
			{"TitleWithoutSlug", "POST", "/api/posts", `{"title":"!!!","body":"x","author_id":1}`, 422, "slug"},
			{"SlugMalformed", "PATCH", post, `{"slug":"Not a slug"}`, 422, "slug"},
			{"BodyWithNUL", "PATCH", post, `{"body":"a\u0000b"}`, 422, "body"},
			{"BodyMissing", "POST", "/api/posts", `{"title":"x","author_id":1}`, 422, "body"},
			{"AuthorMissing", "POST", "/api/posts", `{"title":"x","body":"x"}`, 422, "author_id"},
			{"AuthorUnknown", "POST", "/api/posts", `{"title":"x","body":"x","author_id":999999}`, 422, "author_id"},
			{"AuthorUnknownInPatch", "PATCH", post, `{"author_id":-1}`, 422, "author_id"},

			{"EmailTaken", "POST", "/api/users", `{"email":"MARA@example.com","name":"C","password":"correct horse"}`, 409, "email"},
			{"EmailTakenInPatch", "PATCH", other, `{"email":"mara@example.com"}`, 409, "email"},
			{"SlugTaken", "POST", "/api/posts", `{"title":"one","body":"x","author_id":1}`, 409, "slug"},
			{"SlugTakenInPatch", "PATCH", twin, `{"slug":"one"}`, 409, "slug"},
			{"AuthorInUse", "DELETE", user, "", 409, "id"},
		} {
			t.Run(row.name, func(t *testing.T) {
				b := *b
				b.t = t
				got := b.must(row.status, row.method, row.path, row.body)
				p := problem(got)
				equal(t, "status in the body", p["status"], any(float64(row.status)))
				if p["title"] == "" {
					t.Error("there is no title")
				}
				field, _ := p["field"].(string)
				equal(t, "field", field, row.field)
				if row.status == 405 && !strings.Contains(got.header.Get("Allow"), "GET") {
					t.Errorf("Allow = %q", got.header.Get("Allow"))
				}
			})
		}
		equal(t, "the records after all that", b.must(http.StatusOK, "GET", post, "").text+b.must(http.StatusOK, "GET", user, "").text, before)
	})
}

func TestContentType(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		user := `{"email":"ada@example.org","name":"Ada","password":"correct horse"}`
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/", "json", ""} {
			refused := b.must(http.StatusUnsupportedMediaType, "POST", "/api/users", user, "Content-Type", kind)
			equal(t, "field", problem(refused)["field"], any("Content-Type"))
		}
		b.must(http.StatusCreated, "POST", "/api/users", user, "Content-Type", "application/JSON; charset=utf-8")
	})
}

// A client that breaks off in the middle of a body has made a mistake, not the server.
func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	b := start(t, t.TempDir()+"/blog.db")
	for name, rest := range map[string]string{
		"too short": "Content-Length: 100\r\n\r\n{", "bad chunk": "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", b.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "POST /api/posts HTTP/1.1\r\nHost: blog\r\nContent-Type: application/json\r\n"+rest)
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		equal(t, name, resp.StatusCode, http.StatusBadRequest)
	}
}

// Whoever has an answer already is told so, and gets a new one after a change.
func TestConditionalRequests(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		for _, path := range []string{
			"/api/posts", "/api/posts?cursor=", "/api/posts/2", "/api/posts/2?include=comments", "/api/posts/2/comments", "/api/tags", "/api/users/1/posts",
		} {
			known := b.must(http.StatusOK, "GET", path, "").header.Get("ETag")
			for _, value := range []string{known, "W/" + known, `"other", ` + known, "*"} {
				b.must(http.StatusNotModified, "GET", path, "", "If-None-Match", value)
			}
			b.must(http.StatusNotModified, "HEAD", path, "", "If-None-Match", known)
			b.must(http.StatusOK, "GET", path, "", "If-None-Match", `"other"`)
			b.must(http.StatusOK, "GET", path, "", "If-Match", `"other"`)
			b.must(http.StatusOK, "GET", path, "", "Range", "bytes=99999-")
			if path != "/api/tags" {
				b.create("/api/posts/2/comments", `{"body":"Another one","author_id":1}`)
				b.must(http.StatusOK, "GET", path, "", "If-None-Match", known)
			}
		}
		resp, err := http.Get("http://" + b.addr + "/")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+b.addr+"/", nil)
		req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
		if resp, err = http.DefaultClient.Do(req); err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		equal(t, "the start page", resp.StatusCode, http.StatusNotModified)
	})
}

func TestStaleVersion(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		path := b.create("/api/posts", `{"title":"One","body":"text","author_id":1}`)
		known := b.must(http.StatusOK, "GET", path, "").header.Get("ETag")
		b.must(http.StatusNotModified, "GET", path, "", "If-None-Match", known)
		b.must(http.StatusOK, "PATCH", path, `{"title":"Two","version":1}`, "If-Match", known)
		for _, method := range []string{"PATCH", "DELETE"} {
			late := b.must(http.StatusPreconditionFailed, method, path, `{"title":"Three"}`, "If-Match", known)
			equal(t, "field", problem(late)["field"], any("If-Match"))
		}
		late := b.must(http.StatusConflict, "PATCH", path, `{"title":"Three","version":1}`)
		equal(t, "field", problem(late)["field"], any("version"))
		b.must(http.StatusOK, "GET", path, "", "If-None-Match", known)
		equal(t, "title", b.must(http.StatusOK, "GET", path, "").json["title"], any("Two"))
		known = b.must(http.StatusOK, "GET", path, "").header.Get("ETag")
		b.must(http.StatusOK, "PATCH", path, `{}`, "If-Match", `"other", `+known)
		b.must(http.StatusNoContent, "DELETE", path, "", "If-Match", "*")
	})
}

// Of those who have seen the same state, one may change it.
func TestIfMatchOfManyAtOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		b.create("/api/posts/1/comments", `{"body":"One","author_id":1}`)
		for _, path := range []string{"/api/comments/1", "/api/users/1", "/api/tags/1", "/api/countries/1"} {
			field := "name"
			if path == "/api/comments/1" {
				field = "body"
			}
			known := b.must(http.StatusOK, "GET", path, "").header.Get("ETag")
			var changed atomic.Int32
			var wg sync.WaitGroup
			for writer := range 8 {
				wg.Go(func() {
					if b.call("PATCH", path, fmt.Sprintf(`{%q:"Writer %d"}`, field, writer), "If-Match", known).status == http.StatusOK {
						changed.Add(1)
					}
				})
			}
			wg.Wait()
			equal(t, path, changed.Load(), 1)
			refused := b.must(http.StatusUnprocessableEntity, "PATCH", path, `{"version":1}`)
			equal(t, "field", problem(refused)["field"], any("version"))
		}
	})
}

// Every write counts the version up, so writes that were lost would be missing in it.
func TestWritersAtOnce(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, dsn string) {
		b := start(t, dsn)
		path := b.create("/api/posts", `{"title":"One","body":"text","author_id":1}`)
		var wg sync.WaitGroup
		statuses := make(chan int, 100)
		for writer := range 8 {
			wg.Go(func() {
				for round := range 5 {
					statuses <- b.call("PATCH", path, fmt.Sprintf(`{"title":"%d of %d"}`, round, writer)).status
				}
			})
			wg.Go(func() {
				statuses <- -b.call("POST", "/api/posts", `{"title":"Only one","body":"text","author_id":1}`).status
			})
		}
		wg.Wait()
		close(statuses)
		count := map[int]int{}
		for status := range statuses {
			count[status]++
		}
		equal(t, "patches", count[http.StatusOK]+count[http.StatusConflict], 40)
		equal(t, "posts of one slug", count[-http.StatusCreated], 1)
		equal(t, "refused posts of one slug", count[-http.StatusConflict], 7)
		equal(t, "version", b.must(http.StatusOK, "GET", path, "").json["version"], any(float64(1+count[http.StatusOK])))
	})
}
