// SPDX-License-Identifier: MIT

// Package web serves the blog as pages that need no script.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/yuin/goldmark"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

const (
	postsPerPage = 10
	maxComments  = 500 // on one page
	maxTags      = 30  // in the cloud
	maxPage      = 100_000
)

// policy allows no script, and nothing of other sites but images.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

//go:embed templates
var files embed.FS

// site serves pages.
type site struct {
	db       *model.DB
	log      *slog.Logger
	mux      *http.ServeMux
	markdown goldmark.Markdown
	pages    *template.Template

	mu     sync.Mutex
	tags   []*store.Tag // the cloud, which takes long to count and may be a minute old
	tagsAt time.Time
}

// New returns the handler of all pages. Its Markdown has no tables: with a thousand columns and short rows,
// those of one post would take gigabytes.
func New(db *model.DB, log *slog.Logger) http.Handler {
	s := &site{db: db, log: log, mux: http.NewServeMux(), markdown: goldmark.New()}
	s.pages = template.Must(template.New("").Funcs(template.FuncMap{
		"markdown": s.html,
		"date":     func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"size":     func(n int64) int { return 100 + 12*min(int(n), 10) }, // of a tag, in percent
	}).ParseFS(files, "templates/*.html"))
	s.page("GET /{$}", "list.html", s.index)
	s.page("GET /tags/{slug}", "list.html", s.index)
	s.page("GET /posts/{slug}", "post.html", s.post)
	s.page("/", "", func(*http.Request) (any, error) { return nil, model.ErrNotFound })
	s.mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "templates/style.css")
	})
	return s.mux
}

// page serves what a function returns in a template, all or nothing.
func (s *site) page(pattern, name string, view func(r *http.Request) (any, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var out bytes.Buffer
		shown, err := view(r)
		if err == nil {
			err = s.pages.ExecuteTemplate(&out, name, shown)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		if err == nil {
			w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(out.Bytes())))
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(out.Bytes()))
			return
		}
		status := http.StatusNotFound
		if !errors.Is(err, model.ErrNotFound) && !errors.Is(err, model.ErrInvalidValue) {
			status = http.StatusInternalServerError
			s.log.Error("page failed", "route", r.Pattern, "error", err)
		}
		w.WriteHeader(status)
		_ = s.pages.ExecuteTemplate(w, "error.html", http.StatusText(status)) // a client that has gone needs no answer
	})
}

// list is what the page of posts shows.
type list struct {
	Heading, Search string
	Posts           *model.Page[store.Post]
	Tags            []*store.Tag
}

// index shows published posts, all or those of a tag or a search, and the cloud of tags: four statements,
// one more for a tag, and one a minute for the cloud.
func (s *site) index(r *http.Request) (any, error) {
	ctx, q, view := r.Context(), model.Query[store.Post](s.db), list{Heading: "Latest posts"}
	if slug := r.PathValue("slug"); slug != "" {
		tag, err := model.Query[store.Tag](s.db).FindBy(ctx, "slug", slug)
		if err != nil {
			return nil, err
		}
		q, view.Heading = relation.ManyToMany(tag, &tag.Posts).Query(), "Posts about "+tag.Name
	}
	links := model.Attrs{}
	if view.Search = strings.Join(strings.Fields(r.FormValue("q")), " "); view.Search != "" {
		q.Scope("search", view.Search)
		view.Heading, links["q"] = "Posts with "+view.Search, view.Search
	}
	page, _ := strconv.Atoi(r.FormValue("page")) // what is no number is the first page
	posts, err := q.Scope("published").Preload("author:id,name").Preload("tags").
		OrderBy("published_at", relation.Desc).OrderBy("id", relation.Desc).
		Paginate(ctx, min(max(page, 1), maxPage), postsPerPage)
	if err == nil {
		view.Posts = posts.BaseURL(r.URL.EscapedPath()).QueryString(links)
		view.Tags, err = s.cloud(ctx)
	}
	return view, err
}

// cloud returns the tags with most posts, counted at most once a minute.
func (s *site) cloud(ctx context.Context) ([]*store.Tag, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.tagsAt) < time.Minute {
		return s.tags, nil
	}
	tags, err := model.Query[store.Tag](s.db).Scope("counted").
		WhereHas("posts", func(q *relation.Query) { q.Scope("published") }).
		OrderBy("posts_count", relation.Desc).OrderBy("slug").Limit(maxTags).All(ctx)
	if err == nil {
		s.tags, s.tagsAt = tags, time.Now()
	}
	return tags, err
}

// post shows a post and what was said about it, each comment below the one that it replies to: seven
// statements, however many there are.
func (s *site) post(r *http.Request) (any, error) {
	post, err := model.Query[store.Post](s.db).Scope("published").
		Preload("author.country").Preload("byline").Preload("tags").
		Preload("comments", func(q *relation.Query) { q.OrderBy("id").GroupLimit(maxComments) }).
		Preload("comments.author:id,name").
		FindBy(r.Context(), "slug", r.PathValue("slug"))
	if err != nil {
		return nil, err
	}
	replies, err := model.RelationOf[store.Comment]("replies")
	if err == nil {
		err = replies.SetRelatedForMany(post.Comments, post.Comments)
	}
	post.Comments = slices.DeleteFunc(post.Comments, func(c *store.Comment) bool { return c.ParentID != nil })
	return post, err
}

// html turns Markdown into HTML. Tags in the text, and links that are scripts, are left out.
func (s *site) html(text string) (template.HTML, error) {
	var out bytes.Buffer
	err := s.markdown.Convert([]byte(text), &out)
	return template.HTML(out.String()), err //nolint:gosec // goldmark escapes what is not its own.
}
