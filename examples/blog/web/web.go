// SPDX-License-Identifier: MIT

// Package web serves the blog as pages that need no script.
package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

const (
	postsPerPage = 10
	maxComments  = 500 // on one page
	maxTags      = 30  // in the cloud
	maxWords     = 5   // of a search
)

//go:embed templates
var files embed.FS

// site serves pages.
type site struct {
	db       *model.DB
	log      *slog.Logger
	markdown goldmark.Markdown
	pages    *template.Template

	mu     sync.Mutex
	tags   []*store.Tag // the cloud, which takes long to count and may be a minute old
	tagsAt time.Time
}

// New returns the handler of all pages.
func New(db *model.DB, log *slog.Logger) http.Handler {
	s := &site{db: db, log: log, markdown: goldmark.New(goldmark.WithExtensions(extension.GFM))}
	s.pages = template.Must(template.New("").Funcs(template.FuncMap{
		"markdown": s.html,
		"date":     func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"size":     func(n int64) int { return 100 + 12*min(int(n), 10) }, // of a tag, in percent
	}).ParseFS(files, "templates/*.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /tags/{slug}", s.index)
	mux.HandleFunc("GET /posts/{slug}", s.post)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "templates/style.css")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, model.ErrNotFound) })
	return mux
}

// list is what the page of posts shows.
type list struct {
	Heading, Search string
	Posts           *model.Page[store.Post]
	Tags            []*store.Tag
}

// index shows published posts, all or those of a tag or a search, and the cloud of tags: four statements,
// one more for a tag, and one a minute for the cloud.
func (s *site) index(w http.ResponseWriter, r *http.Request) {
	ctx, view := r.Context(), list{Heading: "Latest posts"}
	params := url.Values{}
	q := model.Query[store.Post](s.db)
	if slug := r.PathValue("slug"); slug != "" {
		tag, err := model.Query[store.Tag](s.db).FindBy(ctx, "slug", slug)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		q, view.Heading = relation.ManyToMany(tag, &tag.Posts).Query(), "Posts about "+tag.Name
	}
	if words := strings.Fields(r.FormValue("q")); len(words) > 0 {
		for _, word := range words[:min(len(words), maxWords)] {
			q.Scope("search", strings.ToValidUTF8(word, ""))
		}
		view.Search = strings.Join(words, " ")
		view.Heading = "Posts with " + view.Search
		params.Set("q", view.Search)
	}
	page, _ := strconv.Atoi(r.FormValue("page")) // what is no number is the first page
	var err error
	view.Posts, err = q.Scope("published").Preload("author:id,name").Preload("tags").
		OrderBy("published_at", relation.Desc).OrderBy("id", relation.Desc).
		Paginate(ctx, min(max(page, 1), 100_000), postsPerPage)
	if err == nil {
		view.Posts.BaseURL(r.URL.EscapedPath()).QueryString(attrs(params))
		view.Tags, err = s.cloud(ctx)
	}
	s.show(w, r, "list.html", view, err)
}

// cloud returns the tags with most posts, counted at most once a minute.
func (s *site) cloud(ctx context.Context) ([]*store.Tag, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.tagsAt) < time.Minute {
		return s.tags, nil
	}
	tags, err := model.Query[store.Tag](s.db).Scope("counted").
		OrderBy("posts_count", relation.Desc).OrderBy("slug").Limit(maxTags).All(ctx)
	if err == nil {
		s.tags, s.tagsAt = tags, time.Now()
	}
	return tags, err
}

func attrs(params url.Values) model.Attrs {
	out := model.Attrs{}
	for name := range params {
		out[name] = params.Get(name)
	}
	return out
}

// post shows a post and what was said about it: seven statements, however much that is.
func (s *site) post(w http.ResponseWriter, r *http.Request) {
	post, err := model.Query[store.Post](s.db).Scope("published").
		Preload("author.country").Preload("byline").Preload("tags").
		Preload("comments", func(q *relation.Query) { q.OrderBy("id").GroupLimit(maxComments) }).
		Preload("comments.author:id,name").
		FindBy(r.Context(), "slug", r.PathValue("slug"))
	if err == nil {
		post.Comments = store.Thread(post.Comments)
	}
	s.show(w, r, "post.html", post, err)
}

// html turns Markdown into HTML. Tags in the text, and links that are scripts, are left out.
func (s *site) html(text string) (template.HTML, error) {
	var out bytes.Buffer
	err := s.markdown.Convert([]byte(text), &out)
	return template.HTML(out.String()), err //nolint:gosec // goldmark escapes what is not its own.
}

// show writes a page, all or nothing.
func (s *site) show(w http.ResponseWriter, r *http.Request, name string, view any, err error) {
	var out bytes.Buffer
	if err == nil {
		err = s.pages.ExecuteTemplate(&out, name, view)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	write(w, http.StatusOK, out.Bytes())
}

// fail says that there is no such page, or no page now.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, model.ErrNotFound) || errors.Is(err, model.ErrInvalidValue) {
		status = http.StatusNotFound
	} else {
		s.log.Error("page failed", "route", r.Pattern, "error", err)
	}
	var out bytes.Buffer
	if err := s.pages.ExecuteTemplate(&out, "error.html", http.StatusText(status)); err != nil {
		s.log.Error("page failed", "route", r.Pattern, "error", err)
	}
	write(w, status, out.Bytes())
}

func write(w http.ResponseWriter, status int, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(page) // a client that has gone needs no answer
}
