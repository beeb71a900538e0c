// SPDX-License-Identifier: MIT

// Package through_test makes promises about relations that choose among rows: those that pass other tables, those to
// one of many rows, and those with a limit per record.
package through_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Org struct {
	model.BaseModel[Org]

	ID    int64
	Users []*User  `relation:"hasMany"`
	Posts []*Post  `relation:"hasManyThrough;through:Users"`
	Likes []*Like  `relation:"hasManyThrough;through:Users.Posts"`
	Badge []*Badge `relation:"hasManyThrough;through:Users"`
}

type User struct {
	model.BaseModel[User]

	ID     int64
	OrgID  int64
	Banned bool
	Posts  []*Post  `relation:"hasMany"`
	Badges []*Badge `relation:"manyToMany"`
}

func (u *User) Define(d *model.Definition[User]) {
	d.GlobalScope("allowed", func(q *relation.Query) { q.Where("banned", false) })
}

type Post struct {
	model.BaseModel[Post]

	ID     int64
	UserID int64
	Draft  bool
	Likes  []*Like `relation:"hasMany"`
}

func (p *Post) Define(d *model.Definition[Post]) {
	d.GlobalScope("published", func(q *relation.Query) { q.Where("draft", false).OrWhereNull("draft") })
}

type Like struct {
	model.BaseModel[Like]

	ID     int64
	PostID int64
}

type Badge struct {
	model.BaseModel[Badge]

	ID int64
}

// seedOrg makes an org with a banned and an allowed user, who each have a published post and a draft with a like.
func seedOrg(t *testing.T, e *harness.Env) *Org {
	t.Helper()
	e.Migrate(t, &Org{}, &User{}, &Post{}, &Like{}, &Badge{})
	org := &Org{}
	require.NoError(t, model.Create(e.Ctx, e.DB, org))
	for _, banned := range []bool{true, false} {
		u := &User{OrgID: org.ID, Banned: banned}
		require.NoError(t, model.Create(e.Ctx, e.DB, u))
		require.NoError(t, relation.ManyToMany(u, &u.Badges).Create(e.Ctx, &Badge{}))
		for _, draft := range []bool{true, false} {
			p := &Post{UserID: u.ID, Draft: draft}
			require.NoError(t, model.Create(e.Ctx, e.DB, p))
			require.NoError(t, model.Create(e.Ctx, e.DB, &Like{PostID: p.ID}))
		}
	}
	e.Sent.Reset()
	return org
}

func TestGlobalScopesOfModelsOnTheWayHold(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		org := seedOrg(t, e)
		for _, name := range []string{"posts", "likes", "badge"} {
			found, err := model.Query[Org](e.DB).WithCount(name).Preload(name).First(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, found.Extras()[name+"_count"], name)
			e.Sends(t, 1, func() { require.NoError(t, org.Load(e.Ctx, name)) })
			n, err := org.Related(name).Query().Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n, name)
			has, err := model.Query[Org](e.DB).Has(name, relation.Count("=", 1)).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, has, name)
		}
		require.Len(t, org.Posts, 1)
		require.Len(t, org.Likes, 1)
		require.Len(t, org.Badge, 1)
	})
}

func TestGlobalScopesOnTheWayCanBeLeftOut(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		org := seedOrg(t, e)
		posts := relation.Through(org, &org.Posts)
		n, err := posts.Query().WithoutScope("allowed").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		n, err = posts.Query().WithoutScope().Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 4, n)
		_, err = posts.Query().WithoutScope("other").Count(e.Ctx)
		require.ErrorIs(t, err, model.ErrUnknownScope)
	})
}
