// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// maxTags is how many tags a post may have.
const maxTags = 20

// What clients may see.
var (
	users     = kind{name: "users", brief: "id name country_id created_at updated_at", more: "email"}
	profiles  = kind{name: "profiles", brief: "id user_id bio website created_at updated_at"}
	countries = kind{name: "countries", brief: "id name"}
	tags      = kind{name: "tags", brief: "id slug name posts_count"}
	posts     = kind{
		name:  "posts",
		brief: "id slug title author_id published_at comments_count version created_at updated_at excerpt reading_minutes",
		more:  "body",
	}
	comments = kind{name: "comments", brief: "id post_id author_id parent_id body created_at updated_at", limit: 20}
)

// routes says what there is, and what may be asked of it. Nothing else may.
func (a *api) routes() {
	countriesAt := mount(a, resource[store.Country, *store.Country]{
		path: "/api/countries", view: view{kind: countries},
		order: "name", sorts: both("id", "name"),
	})
	usersAt := mount(a, resource[store.User, *store.User]{
		path:  "/api/users",
		view:  view{users, map[string]kind{"country": countries, "profile": profiles}},
		order: "-created_at", sorts: both("id", "name", "created_at", "updated_at"),
		filters: []filter[store.User]{byID[store.User]("country_id")},
	})
	postsAt := mount(a, resource[store.Post, *store.Post]{
		path: "/api/posts",
		view: view{posts, map[string]kind{
			"author": users, "author.country": countries, "byline": profiles,
			"comments": comments, "comments.author": users, "tags": tags,
		}},
		order:   "-created_at",
		sorts:   both("id", "title", "slug", "published_at", "comments_count", "created_at", "updated_at"),
		filters: []filter[store.Post]{byID[store.Post]("author_id"), byPublished, byTag, bySearch},
	})
	commentsAt := mount(a, resource[store.Comment, *store.Comment]{
		path: "/api/comments",
		view: view{comments, map[string]kind{
			"author": users, "post": posts, "parent": comments, "replies": comments, "replies.author": users,
		}},
		scope: "visible", order: "id", sorts: both("id", "created_at"),
		filters: []filter[store.Comment]{byID[store.Comment]("author_id"), byID[store.Comment]("parent_id")},
	})
	tagsAt := mount(a, resource[store.Tag, *store.Tag]{
		path: "/api/tags", view: view{kind: tags}, scope: "counted",
		order: "name", sorts: both("id", "name", "slug"),
	})

	nest(a, "/api/posts/{id}/comments", postsAt, commentsAt, func(p *store.Post) *model.Builder[store.Comment] {
		return relation.HasMany(p, &p.Comments).Query()
	})
	nest(a, "/api/users/{id}/posts", usersAt, postsAt, func(u *store.User) *model.Builder[store.Post] {
		return relation.HasMany(u, &u.Posts).Query()
	})
	nest(a, "/api/tags/{id}/posts", tagsAt, postsAt, func(t *store.Tag) *model.Builder[store.Post] {
		return relation.ManyToMany(t, &t.Posts).Query()
	})
	nest(a, "/api/countries/{id}/posts", countriesAt, postsAt, func(c *store.Country) *model.Builder[store.Post] {
		return relation.Through(c, &c.Posts).Query()
	})
	a.handle("POST", "/api/posts/{id}/comments", postsAt.with(func(r *http.Request, post *store.Post) (answer, error) {
		comment := &store.Comment{}
		return commentsAt.write(r, comment, func(ctx context.Context) error {
			return relation.HasMany(post, &post.Comments).Create(ctx, comment)
		})
	}))
	a.handle("PUT", "/api/posts/{id}/tags", postsAt.with(a.retag))
	a.handle("PUT", "/api/users/{id}/profile", usersAt.with(putProfile))

	a.handle("GET", "/healthz", func(r *http.Request) (answer, error) {
		return answer{body: map[string]string{"status": "ok"}}, a.db.Gorm().WithContext(r.Context()).Exec("SELECT 1").Error
	})
	a.methods["/api/openapi.yaml"] = []string{http.MethodGet, http.MethodHead}
	a.mux.HandleFunc("GET /api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(Description)
	})
}

// both are the ways to sort by columns: up, and down after a minus.
func both(columns ...string) (keys []string) {
	for _, column := range columns {
		keys = append(keys, column, "-"+column)
	}
	return keys
}

// byID filters by a foreign key.
func byID[T any](column string) filter[T] {
	return func(p *params, q *model.Builder[T]) {
		if id := p.number("filter["+column+"]", -1, 0, math.MaxInt); id >= 0 {
			q.Where(column, id)
		}
	}
}

func byPublished(p *params, q *model.Builder[store.Post]) {
	scopes := map[string]string{"true": "published", "false": "draft"}
	for _, value := range p.list("filter[published]", []string{"true", "false"}) {
		q.Scope(scopes[value])
	}
}

func byTag(p *params, q *model.Builder[store.Post]) {
	if slug, ok := p.get("filter[tag]"); ok {
		q.WhereHas("tags", func(q *relation.Query) { q.Where("slug", store.Slug(slug)) })
	}
}

func bySearch(p *params, q *model.Builder[store.Post]) {
	if text, ok := p.get("filter[search]"); ok {
		q.Scope("search", text)
		if n := len(store.Words(text)); n == 0 || n > store.MaxWords {
			p.refuse("filter[search]", "must have one to %d words", store.MaxWords)
		}
	}
}

// nest serves the related records of one record as a list.
func nest[T, R any, P record[T], Q record[R]](
	a *api, path string, from resource[T, P], to resource[R, Q], related func(P) *model.Builder[R],
) {
	a.handle("GET", path, from.with(func(r *http.Request, rec P) (answer, error) {
		return to.list(r, related(rec))
	}))
}

// putProfile makes or changes the profile of a user.
func putProfile(r *http.Request, user *store.User) (answer, error) {
	client := relation.HasOne(user, &user.Profile)
	profile, err := client.FirstOrNew(r.Context(), nil, nil)
	if err != nil {
		return answer{}, err
	}
	profilesAt := resource[store.Profile, *store.Profile]{view: view{kind: profiles}}
	return profilesAt.write(r, profile, func(ctx context.Context) error { return client.Save(ctx, profile) })
}

// retag makes the tags of a post those of {"tags":["Go","Testing"]}, and says by their slugs what has changed.
func (a *api) retag(r *http.Request, post *store.Post) (out answer, err error) {
	body, err := read(r)
	if err != nil {
		return out, err
	}
	var given map[string][]string
	if json.Unmarshal(body, &given) != nil || len(given) != 1 || given["tags"] == nil || len(given["tags"]) > maxTags {
		return out, &model.FieldError{Field: "tags", Err: store.Reason("must be a list of at most 20 names")}
	}
	err = a.db.Transaction(r.Context(), func(ctx context.Context, _ *model.DB) error {
		changes, err := post.Retag(ctx, given["tags"])
		if field, ok := errors.AsType[*model.FieldError](err); ok {
			field.Field = "tags" // where the client has written what is the name of a tag
		}
		if err != nil {
			return err
		}
		diff := map[string][]any{"attached": changes.Attached, "detached": changes.Detached, "updated": changes.Updated}
		slugs := map[string][]string{}
		for what, ids := range diff {
			list := []string{}
			if err := model.Query[store.Tag](a.db).Use(func(q *relation.Query) { q.WhereKey(ids...) }).OrderBy("slug").Pluck(ctx, "slug", &list); err != nil {
				return err
			}
			slugs[what] = list
		}
		out.body = slugs
		return nil
	})
	return out, err
}
