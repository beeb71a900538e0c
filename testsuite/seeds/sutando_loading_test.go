// SPDX-License-Identifier: MIT

package seeds_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestSutandoLoading is the guide to relationships of Sutando: queries, aggregates, eager loading.
func TestSutandoLoading(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "Querying Relations", check: sutandoIntroduction},
		section{title: "Chaining orWhere Clauses After Relationships", check: sutandoOrWhere},
		section{title: "Querying Relationship Existence", check: sutandoExistence},
		section{title: "Counting Related Models", check: sutandoCounting},
		section{title: "Deferred Count Loading", check: sutandoDeferredCount},
		section{title: "Relationship Counting & Custom Select Statements", check: sutandoCountAndSelect},
		section{title: "Other Aggregate Functions", check: sutandoAggregates},
		section{title: "Eager Loading", check: sutandoEagerLoading},
		section{title: "Eager Loading Multiple Relationships", check: sutandoEagerMultiple},
		section{title: "Nested Eager Loading", check: sutandoEagerNested},
		section{title: "Eager Loading Specific Columns", check: sutandoEagerColumns},
		section{title: "Constraining Eager Loads", check: sutandoEagerConstraints},
		section{title: "Lazy Eager Loading", check: sutandoLazyEager},
	)
}

func sutandoOrWhere(t *testing.T, e *env) {
	seed(t, e, &User{Name: "virk"})
	seed(t, e, &Post{UserID: 1, Title: "a", Active: true}, &Post{UserID: 1, Title: "b", Votes: 100}, &Post{UserID: 1, Title: "c"},
		&Post{UserID: 2, Title: "d", Votes: 500})
	user := find[User](t, e, 1)
	posts := relation.HasMany(user, &user.Posts)
	// In Sutando an OR leaves the relation, and the post of another user is found. Kindred puts the caller's
	// conditions in parentheses, so both forms mean the same.
	require.Equal(t, []string{"a", "b"}, titles(t, e, posts.Query().Where("active", true).OrWhere("votes", ">=", 100)))
	require.Equal(t, []string{"a", "b"}, titles(t, e, posts.Query().Where(func(q *relation.Query) {
		q.Where("active", true).OrWhere("votes", ">=", 100)
	})))
}

func sutandoExistence(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "none"}, &Post{Title: "one"}, &Post{Title: "many"})
	seed(t, e, &Comment{PostID: 2, Content: "prose"}, &Comment{PostID: 3, Content: "code a"})
	for i := range 10 {
		seed(t, e, &Comment{PostID: 3, Content: fmt.Sprintf("code %d", i)})
	}
	seed(t, e, &Image{CommentID: 1})
	query := func() *model.Builder[Post] { return model.Query[Post](e.db) }
	require.Equal(t, []string{"one", "many"}, titles(t, e, query().Has("comments")))
	require.Equal(t, []string{"none", "one", "many"}, titles(t, e, query().Where("title", "none").Use(func(q *relation.Query) { q.OrHas("comments") })))
	require.Equal(t, []string{"many"}, titles(t, e, query().Has("comments", relation.Count(">=", 3))))
	require.Equal(t, []string{"one"}, titles(t, e, query().Has("comments.images")))
	code := func(q *relation.Query) { q.Where("content", "like", "code%") }
	require.Equal(t, []string{"many"}, titles(t, e, query().WhereHas("comments", code)))
	require.Equal(t, []string{"many"}, titles(t, e, query().WhereHas("comments", code, relation.Count(">=", 10))))
	require.Empty(t, titles(t, e, query().WhereHas("comments", code, relation.Count(">=", 12))))
	require.Equal(t, []string{"none", "many"}, titles(t, e, query().Where("title", "none").Use(func(q *relation.Query) { q.OrWhereHas("comments", code) })))
	require.Equal(t, []string{"many"}, titles(t, e, query().Use(func(q *relation.Query) { q.WhereRelation("comments", "content", "like", "code%") })))
}

// discussed makes a post with three comments, two of them about code, and one without.
func discussed(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &Post{Title: "first", Body: "…"}, &Post{Title: "second"})
	seed(t, e, &Comment{PostID: 1, Content: "code a", Votes: 3}, &Comment{PostID: 1, Content: "code b", Votes: 4},
		&Comment{PostID: 1, Content: "prose", Votes: 5})
}

func sutandoCounting(t *testing.T, e *env) {
	discussed(t, e)
	posts := all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments"))
	require.Equal(t, []int64{3, 0}, counts(posts, "comments_count"))
	e.sends(t, 1, func() {
		posts = all(t, e, model.Query[Post](e.db).OrderBy("id").
			WithCount("comments", func(q *relation.Query) { q.Where("content", "like", "code%") }).
			WithCount("comments as all_comments"))
	})
	require.Equal(t, []int64{2, 0}, counts(posts, "comments_count"))
	require.Equal(t, []int64{3, 0}, counts(posts, "all_comments"))
}

func sutandoDeferredCount(t *testing.T, e *env) {
	seed(t, e, &Book{Title: "Go"})
	seed(t, e, &Genre{Name: "a"}, &Genre{Name: "b"})
	seed(t, e, &Review{BookID: 1, Rating: 5}, &Review{BookID: 1, Rating: 2}, &Review{BookID: 1, Rating: 5})
	book, err := model.Query[Book](e.db).First(e.ctx)
	require.NoError(t, err)
	require.NoError(t, book.Related("genres").Attach(e.ctx, 1, 2))
	e.sends(t, 1, func() { require.NoError(t, book.LoadCount(e.ctx, "genres")) })
	require.Equal(t, int64(2), book.Extras().Int64("genres_count"))
	require.NoError(t, book.LoadCount(e.ctx, "reviews", func(q *relation.Query) { q.Where("rating", 5) }))
	require.Equal(t, int64(2), book.Extras().Int64("reviews_count"))
}

func sutandoCountAndSelect(t *testing.T, e *env) {
	discussed(t, e)
	// The order of Select and WithCount does not matter in Kindred.
	for _, q := range []*model.Builder[Post]{
		model.Query[Post](e.db).Select("title", "body").WithCount("comments"),
		model.Query[Post](e.db).WithCount("comments").Select("title", "body"),
	} {
		posts := all(t, e, q.OrderBy("id"))
		require.Equal(t, []int64{3, 0}, counts(posts, "comments_count"))
		require.Equal(t, []string{"first", "second"}, names(posts, title))
		require.Zero(t, posts[0].ID)
	}
}

func sutandoAggregates(t *testing.T, e *env) {
	discussed(t, e)
	var posts []*Post
	e.sends(t, 1, func() {
		posts = all(t, e, model.Query[Post](e.db).OrderBy("id").WithSum("comments", "votes").Use(func(q *relation.Query) {
			q.WithMin("comments", "votes").
				WithMax("comments", "votes").WithAvg("comments", "votes").WithExists("comments")
		}))
	})
	extras := posts[0].Extras()
	require.Equal(t, []int64{12, 3, 5},
		[]int64{extras.Int64("comments_sum_votes"), extras.Int64("comments_min_votes"), extras.Int64("comments_max_votes")})
	require.InDelta(t, 4, extras.Float64("comments_avg_votes"), 0)
	require.Equal(t, true, extras["comments_exists"])
	require.Nil(t, posts[1].Extras()["comments_sum_votes"], "the sum of nothing is NULL, as in SQL")
	require.Equal(t, false, posts[1].Extras()["comments_exists"])

	post, err := model.Query[Post](e.db).First(e.ctx)
	require.NoError(t, err)
	e.sends(t, 1, func() { require.NoError(t, post.Related("comments").LoadSum(e.ctx, "votes")) })
	require.Equal(t, int64(12), post.Extras().Int64("comments_sum_votes"))

	posts = all(t, e, model.Query[Post](e.db).Select("title", "body").Use(func(q *relation.Query) { q.WithExists("comments") }).OrderBy("id"))
	require.Equal(t, true, posts[0].Extras()["comments_exists"])
}

// library makes two authors, the first with a contact and two books, the second with one.
func library(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &Author{Name: "Ada"}, &Author{Name: "Grace"})
	seed(t, e, &Publisher{Name: "Press"})
	seed(t, e, &Contact{AuthorID: 1, Address: "ada@example.com"})
	one := new(int64(1))
	seed(t, e, &Book{Title: "b", AuthorID: one, PublisherID: one, PublishedDate: "2002"},
		&Book{Title: "a", AuthorID: one, PublishedDate: "2001"}, &Book{Title: "c", AuthorID: new(int64(2)), PublishedDate: "2003"})
}

func sutandoEagerLoading(t *testing.T, e *env) {
	library(t, e)
	e.sends(t, 4, func() { // one, and one per book
		for _, book := range all(t, e, model.Query[Book](e.db)) {
			require.NoError(t, book.LoadMissing(e.ctx, "author"))
			require.NotEmpty(t, book.Author.Name)
		}
	})
	e.sends(t, 2, func() { // with AutoLoad the first Get loads the authors of all books
		for _, book := range all(t, e, model.Query[Book](e.db).Use(func(q *relation.Query) { q.AutoLoad() })) {
			author, err := relation.Get(e.ctx, book, &book.Author)
			require.NoError(t, err)
			require.NotEmpty(t, author.Name)
		}
	})
	e.sends(t, 2, func() {
		books := all(t, e, model.Query[Book](e.db).OrderBy("id").Preload("author"))
		require.Equal(t, []string{"Ada", "Ada", "Grace"}, names(books, func(b *Book) string { return b.Author.Name }))
		require.Same(t, books[0].Author, books[1].Author)
	})
}

func sutandoEagerMultiple(t *testing.T, e *env) {
	library(t, e)
	e.sends(t, 3, func() {
		books := all(t, e, model.Query[Book](e.db).OrderBy("id").Preload("author").Preload("publisher"))
		require.Equal(t, "Press", books[0].Publisher.Name)
		require.Nil(t, books[1].Publisher)
	})
}

func sutandoEagerNested(t *testing.T, e *env) {
	library(t, e)
	e.sends(t, 3, func() {
		books := all(t, e, model.Query[Book](e.db).OrderBy("id").Preload("author.contacts"))
		require.Equal(t, "ada@example.com", books[0].Author.Contacts[0].Address)
		require.Empty(t, books[2].Author.Contacts)
	})
}

func sutandoEagerColumns(t *testing.T, e *env) {
	library(t, e)
	books := all(t, e, model.Query[Book](e.db).OrderBy("id").Preload("author:id,name"))
	require.Equal(t, "Ada", books[0].Author.Name)
	authors := all(t, e, model.Query[Author](e.db).OrderBy("id").Preload("books:title")) // keys are added by themselves
	require.Len(t, authors[0].Books, 2)
	require.Equal(t, int64(1), *authors[0].Books[0].AuthorID)
	require.Empty(t, authors[0].Books[0].PublishedDate)
}

func sutandoEagerConstraints(t *testing.T, e *env) {
	seed(t, e, &User{Name: "virk"})
	seed(t, e, &Post{UserID: 1, Title: "some code", CreatedAt: day(1)}, &Post{UserID: 1, Title: "prose", CreatedAt: day(3)},
		&Post{UserID: 1, Title: "code", CreatedAt: day(2)})
	load := func(fn func(q *relation.Query)) []string {
		return names(all(t, e, model.Query[User](e.db).Preload("posts", fn))[0].Posts, title)
	}
	require.ElementsMatch(t, []string{"some code", "code"}, load(func(q *relation.Query) { q.Where("title", "like", "%code%") }))
	require.Equal(t, []string{"prose", "code", "some code"}, load(func(q *relation.Query) { q.OrderBy("created_at", relation.Desc) }))
}

func sutandoLazyEager(t *testing.T, e *env) {
	library(t, e)
	books := all(t, e, model.Query[Book](e.db).OrderBy("id"))
	e.sends(t, 2, func() { require.NoError(t, model.LoadMissing(e.ctx, books, "author", "publisher")) })
	require.Equal(t, "Grace", books[2].Author.Name)

	author := find[Author](t, e, 1)
	require.NoError(t, author.Load(e.ctx, "books", func(q *relation.Query) { q.OrderBy("published_date", relation.Asc) }))
	require.Equal(t, []string{"a", "b"}, names(author.Books, func(b *Book) string { return b.Title }))
}
