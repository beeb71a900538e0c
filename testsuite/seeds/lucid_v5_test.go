// SPDX-License-Identifier: MIT

package seeds_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV5 is the guide to relationships of AdonisJS 5: definitions, preloading, querying.
func TestLucidV5(t *testing.T) {
	t.Parallel()
	keys := keyed()
	guide(
		t,
		section{title: "HasOne", check: v5HasOne},
		section{title: "HasOne/Custom relationship keys", check: v5CustomKeys, own: keys},
		section{title: "HasMany", check: v4HasMany},
		section{title: "HasMany/Custom relationship keys", check: v5CustomKeys, own: keys},
		section{title: "BelongsTo", check: v4BelongsTo},
		section{title: "ManyToMany", check: previewModels},
		section{title: "ManyToMany/Custom relationship keys", check: v5CustomPivot, own: keys},
		section{title: "Custom pivot table", check: v5CustomPivot, own: keys},
		section{title: "Additional pivot columns", check: v5CustomPivot, own: keys},
		section{title: "Pivot table timestamps", check: v5PivotTimestamps, own: keys},
		section{title: "HasManyThrough", check: v4ManyThrough},
		section{title: "Preload relationship", check: v5Preload},
		section{title: "Preload multiple relationships", check: v4LoadingMultiple},
		section{title: "Preload nested relationships", check: v5PreloadNested},
		section{title: "Many to many pivot columns", check: v5PreloadPivotColumns},
		section{title: "Lazy load relationships", check: v5LazyLoad},
		section{title: "Limit preloaded relationships", check: v5LimitPreloaded},
		section{title: "Relationship query builder", check: v5RelationshipBuilder},
		section{title: "Relationship query builder/no hooks", check: v5BuilderWithoutHooks, own: []any{&Mailer{}, &UserEmail{}}},
	)
}

func v5HasOne(t *testing.T, e *env) {
	blog(t, e)
	user := find[User](t, e, 1)
	require.NoError(t, user.Load(e.ctx, "profile"))
	require.Equal(t, "virk.jpg", user.Profile.AvatarURL)
	require.Contains(t, toJSON(t, user), `"profile":{"id":1,"user_id":1,"avatar_url":"virk.jpg","is_active":true}`)
}

// Keyed has relations whose keys are not those of the conventions.
type Keyed struct {
	model.BaseModel[Keyed]

	ID   int64
	UUID string `gorm:"size:36;uniqueIndex"`

	Profile *KeyedProfile `relation:"hasOne;foreignKey:ProfileUserID"`
	Avatar  *KeyedProfile `relation:"hasOne;foreignKey:Token;localKey:UUID"`
	Posts   []*KeyedPost  `relation:"hasMany;foreignKey:AuthorID"`
	Drafts  []*KeyedPost  `relation:"hasMany;foreignKey:Token;localKey:UUID"`
	Skills  []*Technique  `relation:"manyToMany;localKey:ID;pivotForeignKey:user_id;relatedKey:ID;pivotRelatedForeignKey:skill_id;pivotTable:user_skills;pivotColumns:proficiency"`
	Stamped []*Technique  `relation:"manyToMany;pivotTable:stamped_skills;pivotTimestamps"`
	Named   []*Technique  `relation:"manyToMany;pivotTable:named_skills;pivotTimestamps:created=creation_date,updated=updation_date"`
	Created []*Technique  `relation:"manyToMany;pivotTable:created_skills;pivotTimestamps:created=creation_date,updated=-"`
}

type KeyedProfile struct {
	model.BaseModel[KeyedProfile]

	ID            int64
	ProfileUserID int64
	Token         string `gorm:"size:36"`
}

type KeyedPost struct {
	model.BaseModel[KeyedPost]

	ID       int64
	AuthorID int64
	Token    string `gorm:"size:36"`
}

type Technique struct {
	model.BaseModel[Technique]

	ID   int64
	Name string
}

func keyed() []any { return []any{&Keyed{}, &KeyedProfile{}, &KeyedPost{}, &Technique{}} }

func v5CustomKeys(t *testing.T, e *env) {
	seed(t, e, &Keyed{UUID: "a-1"}, &Keyed{UUID: "b-2"})
	user := find[Keyed](t, e, 2)
	require.NoError(t, user.Related("profile").Create(e.ctx, &KeyedProfile{}))
	require.NoError(t, user.Related("avatar").Create(e.ctx, &KeyedProfile{}))
	require.NoError(t, user.Related("posts").Create(e.ctx, &KeyedPost{}))
	require.NoError(t, user.Related("drafts").CreateMany(e.ctx, []*KeyedPost{{}, {}}))
	require.Equal(t, [][]string{{"2", ""}, {"0", "b-2"}}, e.rows(t, "SELECT profile_user_id, token FROM keyed_profiles ORDER BY id"))
	users := all(t, e, model.Query[Keyed](e.db).OrderBy("id").Preload("profile").Preload("avatar").Preload("posts").Preload("drafts"))
	require.Nil(t, users[0].Profile)
	require.Nil(t, users[0].Avatar)
	require.Equal(t, []int64{1, 2}, []int64{users[1].Profile.ID, users[1].Avatar.ID})
	require.Len(t, users[1].Posts, 1)
	require.Len(t, users[1].Drafts, 2)
}

func v5CustomPivot(t *testing.T, e *env) {
	seed(t, e, &Keyed{})
	seed(t, e, &Technique{Name: "Programming"})
	user := find[Keyed](t, e, 1)
	require.NoError(t, user.Related("skills").Attach(e.ctx, relation.Pivot(1, pivot{"proficiency": "Master"})))
	require.Equal(t, [][]string{{"1", "1", "Master"}}, e.rows(t, "SELECT user_id, skill_id, proficiency FROM user_skills"))
	require.NoError(t, user.Load(e.ctx, "skills"))
	require.Equal(t, "Master", user.Skills[0].Extras()["pivot_proficiency"])
}

func v5PivotTimestamps(t *testing.T, e *env) {
	seed(t, e, &Keyed{})
	seed(t, e, &Technique{Name: "Programming"})
	user := find[Keyed](t, e, 1)
	for _, name := range []string{"stamped", "named", "created"} {
		require.NoError(t, user.Related(name).Attach(e.ctx, 1))
		require.NoError(t, user.Load(e.ctx, name))
	}
	now := func(list []*Technique, name string) {
		require.IsType(t, time.Time{}, list[0].Extras()[name], name)
		require.WithinDuration(t, time.Now(), list[0].Extras().Time(name), time.Minute)
	}
	now(user.Stamped, "pivot_created_at")
	now(user.Stamped, "pivot_updated_at")
	now(user.Named, "pivot_creation_date")
	now(user.Named, "pivot_updation_date")
	now(user.Created, "pivot_creation_date")
	require.False(t, user.Created[0].Extras().Has("pivot_updated_at"))
	require.False(t, user.Created[0].Extras().Has("pivot_updation_date"))

	e.exec(t, "UPDATE stamped_skills SET created_at = ?, updated_at = ?", day(1), day(1))
	require.NoError(t, user.Related("stamped").Save(e.ctx, user.Stamped[0]))
	require.NoError(t, user.Load(e.ctx, "stamped"))
	require.Equal(t, day(1), user.Stamped[0].Extras().Time("pivot_updated_at"), "nothing has changed")
	_, err := user.Related("stamped").PivotQuery().Update(e.ctx, pivot{"created_at": day(2)})
	require.NoError(t, err)
	require.NoError(t, user.Load(e.ctx, "stamped"))
	require.Equal(t, day(2), user.Stamped[0].Extras().Time("pivot_created_at"))
	now(user.Stamped, "pivot_updated_at")
}

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func v5Preload(t *testing.T, e *env) {
	blog(t, e)
	seed(t, e, &User{Username: "romain"})
	e.sends(t, 2, func() {
		users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("profile"))
		require.Equal(t, "virk.jpg", users[0].Profile.AvatarURL)
		require.Nil(t, users[2].Profile)
		require.True(t, users[2].Related("profile").Loaded())
		require.Contains(t, toJSON(t, users[2]), `"profile":null`)
	})
	users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("posts"))
	require.Equal(t, []*Post{}, users[2].Posts, "a list that is empty, not nil")

	users = all(t, e, model.Query[User](e.db).OrderBy("id").Preload("profile", func(q *relation.Query) { q.Where("is_active", true) }))
	require.NotNil(t, users[0].Profile)
	require.Nil(t, users[1].Profile)
}

func v5PreloadNested(t *testing.T, e *env) {
	blog(t, e)
	e.sends(t, 4, func() {
		users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) {
			q.OrderBy("id").Preload("comments", func(q *relation.Query) { q.OrderBy("id").Preload("user") })
		}))
		require.Equal(t, "nikk", users[0].Posts[0].Comments[0].User.Username)
		require.Nil(t, users[0].Posts[0].Comments[1].User)
		require.Equal(t, "virk", users[0].Posts[1].Comments[0].User.Username)
	})
}

func v5PreloadPivotColumns(t *testing.T, e *env) {
	skilled(t, e)
	e.exec(t, "UPDATE skill_user SET created_at = ?", day(1))
	users := all(t, e, model.Query[User](e.db).Preload("skills", func(q *relation.Query) { q.PivotColumns("proficiency", "created_at").OrderBy("id") }))
	extras := users[0].Skills[0].Extras()
	require.Equal(t, "expert", extras["pivot_proficiency"])
	require.Equal(t, int64(1), extras["pivot_user_id"])
	require.Equal(t, int64(1), extras["pivot_skill_id"])
	require.Equal(t, day(1), extras.Time("pivot_created_at"))
}

func v5LazyLoad(t *testing.T, e *env) {
	blog(t, e)
	user := find[User](t, e, 2)
	e.sends(t, 2, func() {
		require.NoError(t, user.Load(e.ctx, "profile"))
		require.NoError(t, user.Load(e.ctx, "posts"))
	})
	require.Equal(t, "nikk.jpg", user.Profile.AvatarURL)
	require.Len(t, user.Posts, 1)
	require.NoError(t, user.Load(e.ctx, "profile", func(q *relation.Query) { q.Where("is_active", true) }))
	require.Nil(t, user.Profile)

	user = find[User](t, e, 2)
	e.sends(t, 2, func() { require.NoError(t, user.LoadMissing(e.ctx, "profile", "posts")) }) // the relations loader
}

func v5LimitPreloaded(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"}, &Post{Title: "second"})
	for range 5 {
		seed(t, e, &Comment{PostID: 1}, &Comment{PostID: 2})
	}
	e.sends(t, 2, func() {
		posts := all(t, e, model.Query[Post](e.db).OrderBy("id").Preload("comments", func(q *relation.Query) { q.GroupLimit(3).OrderBy("id", relation.Desc) }))
		require.Equal(t, []int64{9, 7, 5}, names(posts[0].Comments, func(c *Comment) int64 { return c.ID }))
		require.Equal(t, []int64{10, 8, 6}, names(posts[1].Comments, func(c *Comment) int64 { return c.ID }))
	})
	// Limit is of the whole query in Lucid; in Kindred it counts per parent too.
	posts := all(t, e, model.Query[Post](e.db).OrderBy("id").Preload("comments", func(q *relation.Query) { q.Limit(3).OrderBy("id") }))
	require.Len(t, posts[0].Comments, 3)
	require.Len(t, posts[1].Comments, 3)
}

func v5RelationshipBuilder(t *testing.T, e *env) {
	blog(t, e)
	user := find[User](t, e, 1)
	require.Len(t, all(t, e, relation.HasMany(user, &user.Posts).Query()), 2)
	page, err := relation.HasMany(user, &user.Posts).Query().Where("is_published", true).Paginate(e.ctx, 1, 20)
	require.NoError(t, err)
	require.Equal(t, int64(1), page.Meta.Total)
	require.Equal(t, []string{"Adonis 101"}, names(page.Data, title))

	n, err := user.Related("posts").Query().Update(e.ctx, model.Attrs{"body": "…"})
	require.NoError(t, err)
	require.Equal(t, int64(2), n, "the relation is a condition; AllRows is not asked for")
	n, err = user.Related("posts").Query().Where("title", "draft").Delete(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	require.Equal(t, [][]string{{"Adonis 101", "…"}, {"Lucid 101", ""}}, e.rows(t, "SELECT title, body FROM posts ORDER BY id"))
}

// Mailer is the user of the query hook, with another name for its key.
type Mailer struct {
	model.BaseModel[Mailer]

	ID int64

	Emails       []*UserEmail `relation:"hasMany;foreignKey:UserID"`
	ActiveEmails []*UserEmail `relation:"hasMany;foreignKey:UserID"`
}

func (m *Mailer) Define(d *model.Definition[Mailer]) {
	d.Relation(&m.ActiveEmails).OnQuery(func(q *relation.Query) { q.Where("is_active", true) })
}

type UserEmail struct {
	model.BaseModel[UserEmail]

	ID       int64
	UserID   int64
	Address  string
	IsActive bool
}

var errHooked = errors.New("a hook has run")

func (*UserEmail) Define(d *model.Definition[UserEmail]) {
	fail := func(context.Context, *UserEmail) error { return errHooked }
	d.On(hooks.Updating, fail)
	d.On(hooks.Deleting, fail)
}

// mails makes two users with two emails each, of which the first is active.
func mails(t *testing.T, e *env) *Mailer {
	t.Helper()
	seed(t, e, &Mailer{}, &Mailer{})
	seed(t, e, &UserEmail{UserID: 1, IsActive: true}, &UserEmail{UserID: 1}, &UserEmail{UserID: 2, IsActive: true}, &UserEmail{UserID: 2})
	return find[Mailer](t, e, 1)
}

func v5BuilderWithoutHooks(t *testing.T, e *env) {
	mailer := mails(t, e)
	_, err := mailer.Related("emails").Query().Update(e.ctx, model.Attrs{"address": "x"})
	require.NoError(t, err)
	_, err = mailer.Related("emails").Query().Delete(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(2), e.count(t, "user_emails"))
	email := find[UserEmail](t, e, 3)
	require.ErrorIs(t, email.Delete(e.ctx), errHooked)
}
