// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

// maxTags is how many tags a post may have.
const maxTags = 20

// routes says what there is, and what may be asked of it. Nothing else may.
func (a *api) routes() {
	countriesAt := mount(a, resource[store.Country, *store.Country]{
		path: "/api/countries", view: view{kind: countries},
		order: "name", sorts: []string{"id", "name"},
	})
	usersAt := mount(a, resource[store.User, *store.User]{
		path:  "/api/users",
		view:  view{kind: users, includes: map[string]include{"country": {kind: countries}, "profile": {kind: profiles}}},
		order: "-created_at", sorts: []string{"id", "name", "created_at", "updated_at"},
		filters: map[string]filter[store.User]{"country_id": byID[store.User]("country_id")},
	})
	postsAt := mount(a, resource[store.Post, *store.Post]{
		path: "/api/posts",
		view: view{kind: posts, includes: map[string]include{
			"author": {kind: users}, "author.country": {kind: countries}, "byline": {kind: profiles},
			"comments": {comments, true}, "comments.author": {kind: users}, "tags": {kind: tags},
		}},
		order: "-created_at", sorts: []string{"id", "title", "slug", "published_at", "comments_count", "created_at", "updated_at"},
		filters: map[string]filter[store.Post]{
			"author_id": byID[store.Post]("author_id"), "published": byPublished, "tag": byTag, "search": bySearch,
		},
	})
	commentsAt := mount(a, resource[store.Comment, *store.Comment]{
		path: "/api/comments",
		view: view{kind: comments, includes: map[string]include{
			"author": {kind: users}, "post": {kind: posts}, "parent": {kind: comments},
			"replies": {comments, true}, "replies.author": {kind: users},
		}},
		order: "id", sorts: []string{"id", "created_at"},
		filters: map[string]filter[store.Comment]{
			"author_id": byID[store.Comment]("author_id"), "parent_id": byID[store.Comment]("parent_id"),
		},
	})
	tagsAt := mount(a, resource[store.Tag, *store.Tag]{
		path: "/api/tags", view: view{kind: tags}, scope: "counted",
		order: "name", sorts: []string{"id", "name", "slug"},
	})

	nest(a, "posts/{id}/comments", postsAt, commentsAt, func(p *store.Post) *model.Builder[store.Comment] {
		return relation.HasMany(p, &p.Comments).Query()
	})
	nest(a, "users/{id}/posts", usersAt, postsAt, func(u *store.User) *model.Builder[store.Post] {
		return relation.HasMany(u, &u.Posts).Query()
	})
	nest(a, "tags/{id}/posts", tagsAt, postsAt, func(t *store.Tag) *model.Builder[store.Post] {
		return relation.ManyToMany(t, &t.Posts).Query()
	})
	nest(a, "countries/{id}/posts", countriesAt, postsAt, func(c *store.Country) *model.Builder[store.Post] {
		return relation.Through(c, &c.Posts).Query()
	})
	a.handle("POST /api/posts/{id}/comments", func(r *http.Request) (answer, error) {
		post, err := postsAt.find(r, postsAt.query())
		if err != nil {
			return answer{}, err
		}
		comment := &store.Comment{}
		if err := decode(r, comment); err != nil {
			return answer{}, err
		}
		if err := relation.HasMany(post, &post.Comments).Create(r.Context(), comment); err != nil {
			return answer{}, err
		}
		return commentsAt.created(comment)
	})
	a.handle("PUT /api/users/{id}/profile", func(r *http.Request) (answer, error) {
		user, err := usersAt.find(r, usersAt.query())
		if err != nil {
			return answer{}, err
		}
		client := relation.HasOne(user, &user.Profile)
		profile, err := client.FirstOrNew(r.Context(), nil, nil)
		if err != nil {
			return answer{}, err
		}
		if err := decode(r, profile); err != nil {
			return answer{}, err
		}
		show := serialize.Options{Fields: serialize.Pick(profiles.whole...)}
		return answer{body: profile, show: show}, client.Save(r.Context(), profile)
	})
	a.handle("PUT /api/posts/{id}/tags", func(r *http.Request) (answer, error) {
		names, err := tagNames(r)
		if err != nil {
			return answer{}, err
		}
		var changes map[string]any
		err = a.db.Transaction(r.Context(), func(ctx context.Context, _ *model.DB) error {
			post, err := postsAt.find(r.WithContext(ctx), postsAt.query())
			if err == nil {
				changes, err = a.retag(ctx, post, names)
			}
			return err
		})
		return answer{plain: changes}, err
	})
	a.refuse("/api/posts/{id}/tags", http.StatusMethodNotAllowed, "PUT")
	a.refuse("/api/users/{id}/profile", http.StatusMethodNotAllowed, "PUT")
	a.refuse("/api/posts/{id}/comments", http.StatusMethodNotAllowed, "GET, HEAD, POST")
}

// nest serves the related records of one record as a list.
func nest[T, R any, P record[T], Q record[R]](
	a *api, path string, from resource[T, P], to resource[R, Q], related func(P) *model.Builder[R],
) {
	a.handle("GET /api/"+path, func(r *http.Request) (answer, error) {
		rec, err := from.find(r, from.query())
		if err != nil {
			return answer{}, err
		}
		return to.list(r, related(rec))
	}, to.listParams()...)
}

// tagNames reads {"tags":["go","testing"]}.
func tagNames(r *http.Request) (names []string, err error) {
	_, fields, err := object(r)
	if err != nil {
		return nil, err
	}
	for name := range fields {
		if name != "tags" {
			return nil, &store.FieldError{Field: name, Err: model.ErrUnknownAttribute}
		}
	}
	if json.Unmarshal(fields["tags"], &names) != nil || names == nil || len(names) > maxTags {
		return nil, &store.FieldError{Field: "tags", Message: "must be a list of at most 20 names", Err: model.ErrInvalidValue}
	}
	return names, nil
}

// retag syncs the tags of a post, and says by their slugs what has changed.
func (a *api) retag(ctx context.Context, post *store.Post, names []string) (map[string]any, error) {
	changes, err := post.Retag(ctx, names)
	if field, ok := errors.AsType[*store.FieldError](err); ok {
		return nil, &store.FieldError{Field: "tags", Message: "must be names, each of which " + field.Message, Err: field.Err}
	} else if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for what, ids := range map[string][]any{"attached": changes.Attached, "detached": changes.Detached, "updated": changes.Updated} {
		slugs := []string{}
		if err := model.Query[store.Tag](a.db).WhereKey(ids...).OrderBy("slug").Pluck(ctx, "slug", &slugs); err != nil {
			return nil, err
		}
		out[what] = slugs
	}
	return out, nil
}
