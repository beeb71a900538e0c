// SPDX-License-Identifier: MIT

package seeds_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

// TestLucidV4Loading is the guide of AdonisJS 4.1: eager loading, existence and counts.
func TestLucidV4Loading(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "Eager Loading", check: v4EagerLoading},
		section{title: "Adding Runtime Constraints", check: v4RuntimeConstraints},
		section{title: "Loading Multiple Relations", check: v4LoadingMultiple},
		section{title: "Loading Nested Relations", check: v4LoadingNested},
		section{title: "Retrieving loaded models data", check: v4RetrievingLoaded},
		section{title: "Lazy Eager Loading", check: v4LazyEagerLoading},
		section{title: "Filtering Data/has", check: v4Has},
		section{title: "Filtering Data/whereHas", check: v4WhereHas},
		section{title: "Filtering Data/doesntHave", check: v4DoesntHave},
		section{title: "Filtering Data/whereDoesntHave", check: v4WhereDoesntHave},
		section{title: "Filtering Data/or clauses", check: v4OrHas},
		section{title: "Counts", check: v4Counts},
		section{title: "Count Constraints", check: v4CountConstraints},
	)
}

// blog makes two users with a profile each. The first has a published post with three comments, one of them
// approved, and a draft with one; the second has a published post without.
func blog(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Profile{UserID: new(int64(1)), AvatarURL: "virk.jpg", IsActive: true}, &Profile{UserID: new(int64(2)), AvatarURL: "nikk.jpg"})
	seed(t, e, &Post{UserID: 1, Title: "Adonis 101", IsPublished: true}, &Post{UserID: 1, Title: "draft"},
		&Post{UserID: 2, Title: "Lucid 101", IsPublished: true})
	seed(t, e, &Comment{PostID: 1, UserID: new(int64(2)), Body: "a", Approved: true, IsPublished: true},
		&Comment{PostID: 1, Body: "b", IsPublished: true},
		&Comment{PostID: 2, UserID: new(int64(1)), Body: "c"}, &Comment{PostID: 1, Body: "d", IsPublished: true})
}

func byID(q *relation.Query) { q.OrderBy("id") }

func body(c *Comment) string { return c.Body }

// titles returns the posts of a query in order of their ids.
func titles(t *testing.T, e *env, q *model.Builder[Post]) []string {
	t.Helper()
	return names(all(t, e, q.OrderBy("id")), title)
}

func v4EagerLoading(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 3, func() { // one, and one per user
		for _, user := range all(t, e, model.Query[User](e.db)) {
			var posts []*Post
			require.NoError(t, user.Related("posts").All(e.ctx, &posts))
		}
	})
	var users []*User
	e.sends(t, 2, func() { users = all(t, e, model.Query[User](e.db).OrderBy("id").Preload("posts", byID)) })
	require.JSONEq(t, `[
		{"id": 1, "username": "virk", "posts": [{"id": 1, "user_id": 1, "title": "Adonis 101"}, {"id": 2, "user_id": 1, "title": "draft"}]},
		{"id": 2, "username": "nikk", "posts": [{"id": 3, "user_id": 2, "title": "Lucid 101"}]}
	]`, short(t, users, serialize.Options{
		Fields:    serialize.Pick("id", "username"),
		Relations: map[string]serialize.Options{"posts": {Fields: serialize.Pick("id", "user_id", "title")}},
	}))
	require.Contains(t, toJSON(t, users[1]), `"posts":[{"id":3,"user_id":2,"title":"Lucid 101"`)
}

// short returns the JSON of chosen fields.
func short(t *testing.T, v any, opts serialize.Options) string {
	t.Helper()
	out, err := serialize.JSON(v, opts)
	require.NoError(t, err)
	return string(out)
}

func v4RuntimeConstraints(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 2, func() {
		users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) { q.Where("is_published", true) }))
		require.Equal(t, []string{"Adonis 101"}, names(users[0].Posts, title))
		require.Equal(t, []string{"Lucid 101"}, names(users[1].Posts, title))
	})
}

func v4LoadingMultiple(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 3, func() {
		users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("posts").Preload("profile"))
		require.Len(t, users[0].Posts, 2)
		require.Equal(t, "virk.jpg", users[0].Profile.AvatarURL)
		require.Equal(t, "nikk.jpg", users[1].Profile.AvatarURL)
	})
}

func v4LoadingNested(t *testing.T, e *env) {
	blog(t, e)
	load := func(want int, q *model.Builder[User]) []*User {
		var users []*User
		e.sends(t, want, func() { users = all(t, e, q.OrderBy("id")) })
		return users
	}
	users := load(3, model.Query[User](e.db).Preload("posts.comments", byID))
	require.Len(t, users[0].Posts, 2)
	require.Equal(t, []string{"a", "b", "d"}, names(postOf(users[0], "Adonis 101").Comments, body))
	require.NotNil(t, users[1].Posts[0].Comments)
	require.Empty(t, users[1].Posts[0].Comments)

	// The function is about the last relation of the path.
	users = load(3, model.Query[User](e.db).Preload("posts.comments", func(q *relation.Query) { q.Where("approved", true) }))
	require.Len(t, users[0].Posts, 2)
	require.Equal(t, []string{"a"}, names(postOf(users[0], "Adonis 101").Comments, body))
	require.Empty(t, postOf(users[0], "draft").Comments)

	// Here it is about the first.
	users = load(3, model.Query[User](e.db).Preload("posts", func(q *relation.Query) {
		q.Where("is_published", true).Preload("comments")
	}))
	require.Equal(t, []string{"Adonis 101"}, names(users[0].Posts, title))
	require.Len(t, users[0].Posts[0].Comments, 3)
}

func postOf(user *User, title string) *Post {
	for _, post := range user.Posts {
		if post.Title == title {
			return post
		}
	}
	return nil
}

func v4RetrievingLoaded(t *testing.T, e *env) {
	blog(t, e)
	user, err := model.Query[User](e.db).Preload("posts").Find(e.ctx, 1)
	require.NoError(t, err)
	require.True(t, user.Related("posts").Loaded())
	e.sends(t, 0, func() { require.Len(t, user.Posts, 2) })
}

func v4LazyEagerLoading(t *testing.T, e *env) {
	blog(t, e)
	user := find[User](t, e, 1)
	require.False(t, user.Related("posts").Loaded())
	e.sends(t, 1, func() { require.NoError(t, user.Load(e.ctx, "posts")) })
	require.Len(t, user.Posts, 2)

	user = find[User](t, e, 1)
	e.sends(t, 2, func() { require.NoError(t, user.LoadMissing(e.ctx, "posts", "profile")) })
	require.Len(t, user.Posts, 2)
	require.Equal(t, "virk.jpg", user.Profile.AvatarURL)
	e.sends(t, 0, func() { require.NoError(t, user.LoadMissing(e.ctx, "posts", "profile")) })

	user = find[User](t, e, 1)
	require.NoError(t, user.Load(e.ctx, "posts", func(q *relation.Query) { q.Where("is_published", true) }))
	require.NoError(t, user.Load(e.ctx, "profile"))
	require.Equal(t, []string{"Adonis 101"}, names(user.Posts, title))
	require.NotNil(t, user.Profile)

	users := all(t, e, model.Query[User](e.db))
	e.sends(t, 1, func() { require.NoError(t, model.Load(e.ctx, users, "posts")) })
}

func v4Has(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 1, func() {
		require.Equal(t, []string{"Adonis 101", "draft"}, titles(t, e, model.Query[Post](e.db).Has("comments")))
	})
	require.Equal(t, []string{"Adonis 101"}, titles(t, e, model.Query[Post](e.db).Has("comments", relation.Count(">", 2))))
}

func v4WhereHas(t *testing.T, e *env) {
	blog(t, e)
	published := func(q *relation.Query) { q.Where("is_published", true) }
	require.Equal(t, []string{"Adonis 101"}, titles(t, e, model.Query[Post](e.db).WhereHas("comments", published, relation.Count(">", 2))))
	require.Empty(t, titles(t, e, model.Query[Post](e.db).WhereHas("comments", published, relation.Count(">", 3))))
}

func v4DoesntHave(t *testing.T, e *env) {
	blog(t, e)
	require.Equal(t, []string{"Lucid 101"}, titles(t, e, model.Query[Post](e.db).DoesntHave("comments")))
}

func v4WhereDoesntHave(t *testing.T, e *env) {
	blog(t, e)
	unpublished := func(q *relation.Query) { q.Where("is_published", false) }
	require.Equal(t, []string{"Adonis 101", "Lucid 101"}, titles(t, e, model.Query[Post](e.db).WhereDoesntHave("comments", unpublished)))
}

func v4OrHas(t *testing.T, e *env) {
	blog(t, e)
	approved := func(q *relation.Query) { q.Where("approved", true) }
	query := func() *model.Builder[Post] { return model.Query[Post](e.db).Where("title", "Lucid 101") }
	require.Equal(t, []string{"Adonis 101", "draft", "Lucid 101"}, titles(t, e, query().Use(func(q *relation.Query) { q.OrHas("comments") })))
	require.Equal(t, []string{"Adonis 101", "Lucid 101"}, titles(t, e, query().Use(func(q *relation.Query) { q.OrWhereHas("comments", approved) })))
	require.Equal(t, []string{"draft", "Lucid 101"},
		titles(t, e, model.Query[Post](e.db).Where("title", "draft").Use(func(q *relation.Query) { q.OrDoesntHave("comments") })))
	require.Equal(t, []string{"draft", "Lucid 101"}, titles(t, e, query().Use(func(q *relation.Query) { q.OrWhereDoesntHave("comments", approved) })))
}

func v4Counts(t *testing.T, e *env) {
	blog(t, e)
	var posts []*Post
	sent := e.sends(t, 1, func() { posts = all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments")) })
	require.Equal(t, 1, strings.Count(sent[0], "count(")+strings.Count(sent[0], "COUNT("), sent[0])
	require.Equal(t, []int64{3, 1, 0}, names(posts, func(p *Post) int64 { return p.Extras().Int64("comments_count") }))
	only := serialize.Options{Fields: serialize.Pick("title"), Extras: true, ExtrasAs: "__meta__"}
	require.JSONEq(t, `{"title": "Adonis 101", "__meta__": {"comments_count": 3}}`, short(t, posts[0], only))

	posts = all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments as total_comments"))
	require.JSONEq(t, `{"title": "Adonis 101", "__meta__": {"total_comments": 3}}`, short(t, posts[0], only))
}

func v4CountConstraints(t *testing.T, e *env) {
	blog(t, e)
	posts := all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments", func(q *relation.Query) { q.Where("approved", true) }))
	require.Equal(t, []int64{1, 0, 0}, names(posts, func(p *Post) int64 { return p.Extras().Int64("comments_count") }))
}
