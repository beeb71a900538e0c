// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models for through relations with belongsTo and soft deletes in the middle.
type Shelf struct {
	model.BaseModel[Shelf]

	ID       int64
	Posts    []*Post    `relation:"hasMany;foreignKey:ID;localKey:ID"`
	Comments []*Comment `relation:"hasManyThrough;through:posts"`
	Writers  []*User    `relation:"hasManyThrough;through:posts;via:author"`
	Lands    []*Country `relation:"hasManyThrough;through:writers;via:country"`
	Nation   *Country   `relation:"hasOneThrough;through:posts.author;via:country"`
	Mates    []*User    `relation:"hasManyThrough;through:writers.skills;via:users"`
}

// A through relation passes any kinds, of any number, with one statement: read, loaded and preloaded.
func TestThroughPassesAnyKind(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 5, model.Query[Country](e.DB).OrderBy("id").
			Preload("posts", func(q *relation.Query) { q.OrderBy("id") }).
			Preload("skills", func(q *relation.Query) { q.OrderBy("id") }).
			Preload("remark", func(q *relation.Query) { q.OrderBy("id") }).Preload("bio"))
		require.Equal(t, "p1 p2 p3", titles(list[0].Posts))
		require.Equal(t, "p5", titles(list[1].Posts))
		require.Equal(t, "go go sql", skillNames(list[0].Skills), "one for each way that leads to it")
		require.Equal(t, "css", skillNames(list[1].Skills))
		require.Equal(t, "c1 c2 c3 c4 c5", bodies(list[0].Remark))
		require.Equal(t, "a", list[0].Bio.Bio)
		require.Nil(t, list[1].Bio)
		require.NotNil(t, list[2].Posts)
		require.Empty(t, list[2].Posts)
		require.True(t, list[2].Related("bio").Loaded())
		for _, p := range list[0].Posts {
			require.Empty(t, p.Extras(), "the key that tells whose it is, is no extra")
			require.False(t, p.IsDirty())
		}
		e.Sends(t, 3, func() {
			posts, err := relation.Through(list[0], &list[0].Posts).Query().OrderBy("id").All(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "p1 p2 p3", titles(posts))
			bio, err := relation.ThroughOne(list[0], &list[0].Bio).Query().OrderBy("id").First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "a", bio.Bio)
			require.NoError(t, list[1].Load(e.Ctx, "skills"))
		})
	})
}

// A way may lead through belongsTo, through another through relation, and back to a table that it has
// passed.
func TestThroughMayLeadBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Migrate(t, &Shelf{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*Shelf{{ID: 1}, {ID: 3}, {ID: 6}}))
		list := fetch(t, e, 6, model.Query[Shelf](e.DB).OrderBy("id").Preload("comments").Preload("writers").Preload("lands").
			Preload("nation").Preload("mates", func(q *relation.Query) { q.OrderBy("id") }))
		require.Equal(t, "c1 c2 c5", bodies(list[0].Comments))
		require.Equal(t, "Ann", namesOf(list[0].Writers))
		require.Equal(t, "Bob", namesOf(list[1].Writers))
		require.Empty(t, list[2].Writers)
		require.Equal(t, "Atlantis", list[0].Lands[0].Name)
		require.Equal(t, "Atlantis", list[1].Nation.Name)
		require.Nil(t, list[2].Nation)
		require.Equal(t, "Ann Ann Bob", namesOf(list[0].Mates), "users of both tables of users")
		require.Equal(t, "Ann Bob", namesOf(list[1].Mates))
	})
}

// Rows that are reached through soft deleted ones are hidden, for reading, existence and counts.
func TestThroughHidesRowsBehindSoftDeletedOnes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Exec(t, "INSERT INTO comments (post_id, body, stars, rate) VALUES (4, 'c6', 1, 1)")
		e.Sent.Reset()
		list := fetch(t, e, 2, model.Query[Country](e.DB).OrderBy("id").Preload("remark").WithCount("remark").Has("remark"))
		require.Len(t, list, 1)
		require.Len(t, list[0].Remark, 5)
		require.EqualValues(t, 5, list[0].Extras().Int64("remark_count"))
		n, err := list[0].Related("remark").Query().Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 5, n)
	})
}

// A through query selects the columns of the related model only, whatever is selected, and an OR stays
// inside the relation.
func TestThroughSelectsOnlyRelatedColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		atlantis, err := model.Query[Country](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		q := relation.Through(atlantis, &atlantis.Posts)
		post, err := q.Query().Where("title", "p3").First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 3, post.ID)
		require.EqualValues(t, 9, post.Score, "not that of the user")
		posts, err := q.Query().Select("id", "title").Where("score", ">", 4).OrWhere("title", "like", "p%").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "p1 p2 p3", titles(posts))
		require.Empty(t, posts[0].Extras())
		list := fetch(t, e, 2, model.Query[Country](e.DB).OrderBy("id").Preload("posts", func(q *relation.Query) {
			q.Select("title").Where("score", 9).OrWhere("score", 1).OrderBy("users.name")
		}))
		require.Equal(t, "p3", titles(list[0].Posts))
		require.Equal(t, "p5", titles(list[1].Posts))
		one := fetch(t, e, 1, model.Query[Country](e.DB).WhereHas("posts", func(q *relation.Query) {
			q.Where("title", "none").OrWhere("title", "p5")
		}))
		require.Len(t, one, 1)
		require.Equal(t, "Borduria", one[0].Name)
	})
}

// A way through manyToMany reads its pivot table, and a query may name columns of the tables on the way.
func TestThroughReadsPivotTables(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 1, model.Query[Country](e.DB).WhereHas("skills", func(q *relation.Query) { q.Where("name", "css") }))
		require.Len(t, list, 1)
		require.Equal(t, "Borduria", list[0].Name)
		list = fetch(t, e, 1, model.Query[Country](e.DB).OrderBy("id").WithCount("skills").Use(func(q *relation.Query) { q.WithMax("posts", "score") }))
		require.EqualValues(t, 3, list[0].Extras().Int64("skills_count"))
		require.EqualValues(t, 0, list[2].Extras().Int64("skills_count"))
		require.Nil(t, list[2].Extras()["posts_max_score"])
		require.EqualValues(t, 9, list[0].Extras()["posts_max_score"])
	})
}
