// SPDX-License-Identifier: MIT

package related_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// user has a relation of every kind, some of which their definitions narrow.
type user struct {
	model.BaseModel[user]

	ID      int64
	TeamID  *int64
	BossID  *int64
	Team    *team   `relation:"belongsTo"`
	Boss    *user   `relation:"belongsTo"`
	Posts   []*post `relation:"hasMany"`
	Live    []*post `relation:"hasMany"`
	Latest  *post   `relation:"hasOne"`
	Best    *post   `relation:"hasOne"`
	Tags    []*tag  `relation:"manyToMany;pivotColumns:note"`
	Pinned  []*tag  `relation:"manyToMany"`
	Friends []*user `relation:"manyToMany;pivotTable:friends;pivotForeignKey:user_id;pivotRelatedForeignKey:friend_id"`
}

func (u *user) Define(d *model.Definition[user]) {
	d.Relation(&u.Live).OnQuery(func(q *relation.Query) { q.Where("title", "a").OrWhere("title", "b").OrderBy("title") })
	d.Relation(&u.Latest).LatestOfMany("id")
	d.Relation(&u.Best).OfMany("score", "max")
	d.Relation(&u.Pinned).WherePivot("note", "pinned")
}

type team struct {
	model.BaseModel[team]

	ID    int64
	Users []*user `relation:"hasMany"`
	Posts []*post `relation:"hasManyThrough;through:Users;via:Posts"`
	Tags  []*tag  `relation:"hasManyThrough;through:Users;via:Tags"`
}

type post struct {
	model.BaseModel[post]

	ID        int64
	UserID    int64
	Title     string
	Score     *int
	DeletedAt gorm.DeletedAt
}

type tag struct {
	model.BaseModel[tag]

	ID int64
}

func newWorld(t *testing.T, e *harness.Env) (*user, *team) {
	t.Helper()
	e.Migrate(t, &team{}, &user{}, &post{}, &tag{})
	a := &team{}
	require.NoError(t, model.Create(e.Ctx, e.DB, a))
	u := &user{TeamID: &a.ID}
	require.NoError(t, model.Create(e.Ctx, e.DB, u))
	return u, a
}

// TestQueriesOfRelationsInSQL has the query of each relation of a record, and that of its pivot rows.
func TestQueriesOfRelationsInSQL(t *testing.T) {
	harness.Golden(t, "relations", func(t *testing.T, e *harness.Env) []harness.Step {
		u, a := newWorld(t, e)
		run := func(name string, spec *query.Spec) harness.Step {
			return harness.NewStep(name, func() {
				require.NoError(t, spec.Err)
				ctx, run, err := scope.Prepare(e.Ctx, spec)
				require.NoError(t, err)
				_, err = preload.Select(ctx, run)
				require.NoError(t, err)
			})
		}
		of := func(rec any, name string) *query.Spec {
			owner := related.OwnerOf(rec, name)
			return owner.Query()
		}
		pivots := related.OwnerOf(u, "pinned")
		return []harness.Step{
			run("belongsTo", of(u, "team")), run("belongsTo nothing", of(u, "boss")), run("hasMany", of(u, "posts")),
			run("the definition's conditions are kept together", of(u, "live")),
			run("the latest", of(u, "latest")), run("the best: NULL is last", of(u, "best")),
			run("manyToMany", of(u, "Tags")), run("of some pivot rows", of(u, "pinned")), run("of the same model", of(u, "friends")),
			run("through hasMany", of(a, "posts")), run("through manyToMany", of(a, "tags")),
			run("the pivot rows", pivots.PivotQuery()),
		}
	})
}

func TestAnOwnerIsFoundByNameOrField(t *testing.T) {
	t.Parallel()
	u := &user{}
	for _, owner := range []related.Owner{
		related.OwnerOf(u, "posts"), related.OwnerOf(u, "Posts"), related.OwnerOfField(u, &u.Posts, meta.HasOne, meta.HasMany),
	} {
		l, err := owner.Link()
		require.NoError(t, err)
		require.Equal(t, "posts", l.Name)
		require.Equal(t, memory.Of(u), owner.State.Owner)
	}
}

// TestMistakesNameTheRelation has what no owner can be made of, and what its relation cannot do.
func TestMistakesNameTheRelation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, _ := newWorld(t, e)
		var stranger []*post
		for _, row := range []struct {
			owner related.Owner
			is    error
			says  string
		}{
			{related.OwnerOf(7, "posts"), errs.ErrUnsupported, "int"},
			{related.OwnerOf(u, "postz"), errs.ErrUnknownRelation, `"posts"`},
			{related.OwnerOfField(u, &stranger, meta.HasMany), errs.ErrUnknownRelation, "the address of a relation field"},
			{related.OwnerOfField(u, &u.Posts, meta.ManyToMany), errs.ErrUnsupported, "it is hasMany, not manyToMany"},
			{related.OwnerOf(&user{}, "posts"), errs.ErrNotPersisted, "user"},
		} {
			spec := row.owner.Query()
			require.ErrorIs(t, spec.Err, row.is)
			require.ErrorContains(t, spec.Err, row.says)
		}
		posts := related.OwnerOf(u, "posts")
		require.ErrorIs(t, posts.PivotQuery().Err, errs.ErrUnsupported)
		l, err := posts.Link()
		require.NoError(t, err)
		require.ErrorContains(t, related.CheckKind(l.Relation, "Attach", "a"), "Attach is for a, not for hasMany")
		require.ErrorContains(t, related.CheckKind(l.Relation, "Save", "a", "b", "c"), "Save is for a, b and c, not for hasMany")
		require.NoError(t, related.CheckKind(l.Relation, "Save", "a", meta.HasMany))
		_, err = related.Record(l, u)
		require.ErrorContains(t, err, "a record of user where one of post belongs")
		_, err = related.Records(l, &post{})
		require.ErrorIs(t, err, errs.ErrInvalidValue)
		list, err := related.Records(l, []*post{{}, {}})
		require.NoError(t, err)
		require.Len(t, list, 2)
	})
}

func TestTheKeyOfAnOwner(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, a := newWorld(t, e)
		for _, row := range []struct {
			owner     related.Owner
			key       any
			is, write error
		}{
			{related.OwnerOf(u, "posts"), u.ID, nil, nil},
			{related.OwnerOf(u, "team"), a.ID, nil, nil},
			{related.OwnerOf(u, "boss"), nil, nil, errs.ErrMissingKey},
			{related.OwnerOf(&user{TeamID: &a.ID}, "team"), a.ID, nil, nil},
			{related.OwnerOf(&user{}, "posts"), nil, errs.ErrNotPersisted, errs.ErrNotPersisted},
		} {
			l, err := row.owner.Link()
			require.NoError(t, err)
			k, err := row.owner.Key(l)
			require.ErrorIs(t, err, row.is)
			require.Equal(t, row.key, k)
			_, err = row.owner.WriteKey(l)
			require.ErrorIs(t, err, row.write)
		}
		owner := related.OwnerOf(u, "posts")
		require.NoError(t, owner.Writable())
		_, h, l, err := owner.Serve(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "posts", l.Name)
		require.Same(t, owner.State.Handle, h)
		require.NoError(t, model.Delete(e.Ctx, e.DB, u))
		require.ErrorIs(t, owner.Writable(), errs.ErrDeleted)
	})
}
