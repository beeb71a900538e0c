// SPDX-License-Identifier: MIT

package seeds_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV5Writing is the guide to relationships of AdonisJS 5: filters, aggregates, persistence.
func TestLucidV5Writing(t *testing.T) {
	t.Parallel()
	mailers := []any{&Mailer{}, &UserEmail{}}
	guide(
		t,
		section{title: "Filter by relationships", check: v5Filter},
		section{title: "withAggregate", check: v5WithAggregate},
		section{title: "withCount", check: v5WithCount},
		section{title: "Lazy load relationship aggregates", check: v5LazyAggregates},
		section{title: "Relationship query hook", check: v5QueryHook, own: mailers},
		section{title: "create", check: v5RelationCreate},
		section{title: "save", check: v5RelationSave},
		section{title: "createMany", check: v5RelationCreateMany},
		section{title: "saveMany", check: v5RelationSaveMany},
		section{title: "associate", check: v5RelationAssociate},
		section{title: "dissociate", check: v4Dissociate},
		section{title: "attach", check: v5RelationAttach},
		section{title: "detach", check: previewDetach},
		section{title: "sync", check: v5RelationSync},
		section{title: "Delete relationship", check: v5DeleteRelationship},
		section{title: "Using the onDelete action", check: v5OnDelete, own: []any{&Tenant{}, &Flat{}}},
	)
}

func v5Filter(t *testing.T, e *env) {
	blog(t, e)
	e.exec(t, "UPDATE comments SET is_approved = approved")
	approved := func(q *relation.Query) { q.Where("is_approved", true) }
	query := func() *model.Builder[Post] { return model.Query[Post](e.db) }
	require.Equal(t, []string{"Adonis 101", "draft"}, titles(t, e, query().Has("comments")))
	require.Equal(t, []string{"Adonis 101"}, titles(t, e, query().Has("comments", relation.Count(">", 2))))
	require.Equal(t, []string{"Adonis 101"}, titles(t, e, query().WhereHas("comments", approved)))
	require.Empty(t, titles(t, e, query().WhereHas("comments", approved, relation.Count(">", 2))))
	e.exec(t, "UPDATE comments SET is_approved = true")
	require.Equal(t, []string{"Adonis 101"}, titles(t, e, query().WhereHas("comments", approved, relation.Count(">", 2))))

	e.exec(t, "UPDATE comments SET is_approved = approved")
	last := func() *model.Builder[Post] { return query().Where("title", "Lucid 101") }
	require.Equal(t, []string{"Adonis 101", "draft", "Lucid 101"}, titles(t, e, last().Use(func(q *relation.Query) { q.OrHas("comments") })))
	require.Equal(t, []string{"Adonis 101", "Lucid 101"}, titles(t, e, last().Use(func(q *relation.Query) { q.OrWhereHas("comments", approved) })))
	require.Equal(t, []string{"Lucid 101"}, titles(t, e, query().DoesntHave("comments")))
	require.Equal(t, []string{"draft", "Lucid 101"}, titles(t, e, query().WhereDoesntHave("comments", approved)))
	require.Equal(t, []string{"draft", "Lucid 101"}, titles(t, e, query().Where("title", "draft").Use(func(q *relation.Query) { q.OrDoesntHave("comments") })))
	require.Equal(t, []string{"draft", "Lucid 101"}, titles(t, e, query().Where("title", "draft").Use(func(q *relation.Query) { q.OrWhereDoesntHave("comments", approved) })))
}

func counts(posts []*Post, name string) []int64 {
	return names(posts, func(p *Post) int64 { return p.Extras().Int64(name) })
}

func v5WithAggregate(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 1, func() {
		posts := all(t, e, model.Query[Post](e.db).OrderBy("id").Use(func(q *relation.Query) {
			q.WithAggregate("comments", func(q *relation.Query) {
				q.Aggregate("count", "*").As("comments_count")
			})
		}))
		require.Equal(t, []int64{3, 1, 0}, counts(posts, "comments_count"))
		require.NotContains(t, toJSON(t, posts[0]), "comments_count")
	})
}

func v5WithCount(t *testing.T, e *env) {
	blog(t, e)
	e.exec(t, "UPDATE comments SET is_approved = approved")
	require.Equal(t, []int64{3, 1, 0}, counts(all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments")), "comments_count"))
	posts := all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments", func(q *relation.Query) { q.As("commentsCount") }))
	require.Equal(t, []int64{3, 1, 0}, counts(posts, "commentsCount"))
	posts = all(t, e, model.Query[Post](e.db).OrderBy("id").WithCount("comments", func(q *relation.Query) { q.Where("is_approved", true) }))
	require.Equal(t, []int64{1, 0, 0}, counts(posts, "comments_count"))
}

func v5LazyAggregates(t *testing.T, e *env) {
	blog(t, e)
	post, err := model.Query[Post](e.db).First(e.ctx)
	require.NoError(t, err)
	e.sends(t, 1, func() { require.NoError(t, post.LoadCount(e.ctx, "comments")) })
	require.Equal(t, int64(3), post.Extras().Int64("comments_count"))
	e.sends(t, 1, func() {
		require.NoError(t, post.Related("comments").LoadAggregate(e.ctx, func(q *relation.Query) { q.Aggregate("count", "*").As("commentsCount") }))
	})
	require.Equal(t, int64(3), post.Extras().Int64("commentsCount"))
	require.False(t, post.IsDirty())

	posts := all(t, e, model.Query[Post](e.db).OrderBy("id"))
	e.sends(t, 1, func() { require.NoError(t, model.LoadCount(e.ctx, posts, "comments")) }) // for several records
	require.Equal(t, []int64{3, 1, 0}, counts(posts, "comments_count"))
}

func v5QueryHook(t *testing.T, e *env) {
	mailer := mails(t, e)
	require.Len(t, all(t, e, relation.HasMany(mailer, &mailer.Emails).Query()), 2)
	require.Len(t, all(t, e, relation.HasMany(mailer, &mailer.ActiveEmails).Query()), 1) // select
	loaded := all(t, e, model.Query[Mailer](e.db).OrderBy("id").Preload("activeEmails"))
	require.Equal(t, []int64{1}, names(loaded[0].ActiveEmails, func(m *UserEmail) int64 { return m.ID }))
	require.Equal(t, []int64{3}, names(loaded[1].ActiveEmails, func(m *UserEmail) int64 { return m.ID }))

	n, err := mailer.Related("activeEmails").Query().Update(e.ctx, model.Attrs{"address": "virk@example.com"})
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	n, err = mailer.Related("activeEmails").Query().Delete(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	require.Equal(t, [][]string{{"2"}, {"3"}, {"4"}}, e.rows(t, "SELECT id FROM user_emails ORDER BY id"))
}

func v5RelationCreate(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "Adonis 101"})
	post := find[Post](t, e, 1)
	comment := &Comment{Body: "This is a great post"}
	e.sends(t, 1, func() { require.NoError(t, post.Related("comments").Create(e.ctx, comment)) })
	require.Equal(t, post.ID, comment.PostID)
	require.Equal(t, [][]string{{"1", "This is a great post"}}, e.rows(t, "SELECT post_id, body FROM comments"))
}

func v5RelationSave(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "Adonis 101"})
	post, comment := find[Post](t, e, 1), &Comment{}
	comment.Body = "This is a great post"
	require.NoError(t, relation.HasMany(post, &post.Comments).Save(e.ctx, comment))
	require.Equal(t, post.ID, comment.PostID)
	comment.Body = "Still"
	e.sends(t, 1, func() { require.NoError(t, relation.HasMany(post, &post.Comments).Save(e.ctx, comment)) })
	require.Equal(t, [][]string{{"1", "Still"}}, e.rows(t, "SELECT post_id, body FROM comments"))
}

func v5RelationCreateMany(t *testing.T, e *env) {
	post := &Post{Title: "Adonis 101"} // a parent that is not saved yet is saved first
	post.UseDB(e.db)
	comments := []*Comment{{Body: "This is a great post."}, {Body: "Well written."}}
	e.sends(t, 2, func() { require.NoError(t, post.Related("comments").CreateMany(e.ctx, comments)) })
	require.True(t, post.IsPersisted())
	require.Equal(t, []int64{1, 2}, names(comments, func(c *Comment) int64 { return c.ID }))
	require.Equal(t, int64(1), comments[1].PostID)
	require.ErrorIs(t, post.Related("user").CreateMany(e.ctx, []*User{{}}), model.ErrUnsupported, "only hasMany and manyToMany")
}

func v5RelationSaveMany(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "Adonis 101"})
	post := find[Post](t, e, 1)
	one, two := &Comment{Body: "This is a great post"}, &Comment{Body: "Well written"}
	e.sends(t, 1, func() { require.NoError(t, post.Related("comments").SaveMany(e.ctx, []*Comment{one, two})) })
	require.Equal(t, [][]string{{"1", "This is a great post"}, {"1", "Well written"}}, e.rows(t, "SELECT post_id, body FROM comments ORDER BY id"))
}

func v5RelationAssociate(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	user := find[User](t, e, 1)
	profile := &Profile{AvatarURL: "foo.jpg"}
	profile.UseDB(e.db)
	e.sends(t, 1, func() { require.NoError(t, profile.Related("user").Associate(e.ctx, user)) })
	require.Equal(t, [][]string{{"1", "foo.jpg"}}, e.rows(t, "SELECT user_id, avatar_url FROM profiles"))

	parent, child := &User{Username: "nikk"}, &Profile{}
	child.UseDB(e.db)
	e.sends(t, 2, func() { require.NoError(t, child.Related("user").Associate(e.ctx, parent)) }) // a new parent is saved first
	require.Equal(t, new(int64(2)), child.UserID)
	require.ErrorIs(t, user.Related("posts").Associate(e.ctx, &Post{}), model.ErrUnsupported)
}

func v5RelationAttach(t *testing.T, e *env) {
	user := skilled(t, e)
	third := find[Skill](t, e, 3)
	sent := e.sends(t, 1, func() { require.NoError(t, user.Related("skills").Attach(e.ctx, third.ID)) })
	require.Contains(t, sent[0], "INSERT INTO")
	require.NoError(t, user.Related("skills").Attach(e.ctx, relation.Pivot(4, pivot{"proficiency": "Beginner"})))
	require.Equal(t, [][]string{{"1", "expert"}, {"2", "beginner"}, {"3", "NULL"}, {"4", "Beginner"}}, e.rows(t, skillRows))
	require.ErrorIs(t, user.Related("posts").Attach(e.ctx, 1), model.ErrUnsupported)
}

func v5RelationSync(t *testing.T, e *env) {
	user := skilled(t, e)
	_, err := user.Related("skills").Sync(e.ctx, 1, 2, 3)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"1", "expert"}, {"2", "beginner"}, {"3", "NULL"}}, e.rows(t, skillRows))

	e.sends(t, 3, func() { // SELECT, and an UPDATE of 1 and of 3
		diff, err := user.Related("skills").Sync(e.ctx, relation.Pivot(1, pivot{"proficiency": "Beginner"}),
			relation.Pivot(2, pivot{"proficiency": "beginner"}), relation.Pivot(3, pivot{"proficiency": "Master"}))
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Updated: []any{int64(1), int64(3)}}, diff)
	})
	require.Equal(t, [][]string{{"1", "Beginner"}, {"2", "beginner"}, {"3", "Master"}}, e.rows(t, skillRows))

	require.NoError(t, user.Related("skills").Attach(e.ctx, 4))
	e.sends(t, 1, func() {
		_, err = user.Related("skills").SyncWithoutDetaching(e.ctx, 1, 2, 3)
		require.NoError(t, err)
	})
	require.Len(t, e.rows(t, skillRows), 4)

	diff, err := user.Related("skills").Sync(e.ctx) // sync([]) detaches all
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Detached: []any{int64(1), int64(2), int64(3), int64(4)}}, sorted(diff))
}

// sorted orders the detached ids, which come in the order of the rows.
func sorted(diff relation.Changes) relation.Changes {
	slices.SortFunc(diff.Detached, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return diff
}

func v5DeleteRelationship(t *testing.T, e *env) {
	blog(t, e)
	require.NoError(t, find[Comment](t, e, 1).Delete(e.ctx), "a comment is deleted by itself")
	require.Equal(t, int64(3), e.count(t, "comments"))
}

// Tenant and Flat go with what they belong to.
type Tenant struct {
	model.BaseModel[Tenant]

	ID     int64
	FlatID int64

	Flat *Flat `relation:"belongsTo;onDelete:CASCADE"`
}

type Flat struct {
	model.BaseModel[Flat]

	ID int64

	Tenants []*Tenant `relation:"hasMany;onDelete:CASCADE"`
}

func v5OnDelete(t *testing.T, e *env) {
	flat := &Flat{}
	seed(t, e, flat, &Flat{})
	seed(t, e, &Tenant{FlatID: 1}, &Tenant{FlatID: 2}, &Tenant{FlatID: 1})
	e.sends(t, 1, func() { require.NoError(t, flat.Delete(e.ctx)) })
	require.Equal(t, [][]string{{"2"}}, e.rows(t, "SELECT id FROM tenants"))
}
