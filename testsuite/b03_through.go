// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models for through relations with belongsTo and soft deletes in the middle.
type (
	kinShelf struct {
		model.BaseModel[kinShelf]

		ID       int64
		Posts    []*kinPost    `relation:"hasMany;foreignKey:ID;localKey:ID"`
		Comments []*kinComment `relation:"hasManyThrough;through:posts"`
		Writers  []*kinUser    `relation:"hasManyThrough;through:posts;via:author"`
		Lands    []*kinCountry `relation:"hasManyThrough;through:writers;via:country"`
		Nation   *kinCountry   `relation:"hasOneThrough;through:posts.author;via:country"`
		Mates    []*kinUser    `relation:"hasManyThrough;through:writers.skills;via:users"`
	}
)

// throughPromises are those of row B3.
func throughPromises() []promise {
	return []promise{
		{
			name: "B3/AnyKindInTheMiddle",
			says: "A through relation passes any kinds, of any number, with one statement: read, loaded and preloaded",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 5, model.Query[kinCountry](e.db).OrderBy("id").
					Preload("posts", func(q *relation.Query) { q.OrderBy("id") }).
					Preload("skills", func(q *relation.Query) { q.OrderBy("id") }).
					Preload("remark", func(q *relation.Query) { q.OrderBy("id") }).Preload("bio"))
				require.Equal(t, "p1 p2 p3", kinTitles(list[0].Posts))
				require.Equal(t, "p5", kinTitles(list[1].Posts))
				require.Equal(t, "go go sql", kinSkillNames(list[0].Skills), "one for each way that leads to it")
				require.Equal(t, "css", kinSkillNames(list[1].Skills))
				require.Equal(t, "c1 c2 c3 c4 c5", kinBodies(list[0].Remark))
				require.Equal(t, "a", list[0].Bio.Bio)
				require.Nil(t, list[1].Bio)
				require.NotNil(t, list[2].Posts)
				require.Empty(t, list[2].Posts)
				require.True(t, list[2].Related("bio").Loaded())
				for _, p := range list[0].Posts {
					require.Empty(t, p.Extras(), "the key that tells whose it is, is no extra")
					require.False(t, p.IsDirty())
				}
				e.sends(t, 3, func() {
					posts, err := relation.Through(list[0], &list[0].Posts).Query().OrderBy("id").All(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "p1 p2 p3", kinTitles(posts))
					bio, err := relation.ThroughOne(list[0], &list[0].Bio).Query().OrderBy("id").First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "a", bio.Bio)
					require.NoError(t, list[1].Load(e.ctx, "skills"))
				})
			},
			twin: bent("SELECT", "`kin_users`.`kin_country_id`", "`kin_users`.`id`"),
		},
		{
			name: "B3/BelongsToOnTheWay",
			says: "A way may lead through belongsTo, through another through relation, and back to a table that it has passed",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				e.migrate(t, &kinShelf{})
				require.NoError(t, model.Insert(e.ctx, e.db, []*kinShelf{{ID: 1}, {ID: 3}, {ID: 6}}))
				list := kinAll(t, e, 6, model.Query[kinShelf](e.db).OrderBy("id").Preload("comments").Preload("writers").Preload("lands").
					Preload("nation").Preload("mates", func(q *relation.Query) { q.OrderBy("id") }))
				require.Equal(t, "c1 c2 c5", kinBodies(list[0].Comments))
				require.Equal(t, "Ann", kinNames(list[0].Writers))
				require.Equal(t, "Bob", kinNames(list[1].Writers))
				require.Empty(t, list[2].Writers)
				require.Equal(t, "Atlantis", list[0].Lands[0].Name)
				require.Equal(t, "Atlantis", list[1].Nation.Name)
				require.Nil(t, list[2].Nation)
				require.Equal(t, "Ann Ann Bob", kinNames(list[0].Mates), "users of both tables of users")
				require.Equal(t, "Ann Bob", kinNames(list[1].Mates))
			},
			twin: bent("SELECT", "`kin_posts`.`id`", "`kin_posts`.`author_id`"),
		},
		{
			name: "B3/DeletedInTheMiddle",
			says: "Rows that are reached through soft deleted ones are hidden, for reading, existence and counts",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				kinExec(t, e, "INSERT INTO kin_comments (kin_post_id, body, stars, rate) VALUES (4, 'c6', 1, 1)")
				e.sent.Reset()
				list := kinAll(t, e, 2, model.Query[kinCountry](e.db).OrderBy("id").Preload("remark").WithCount("remark").Has("remark"))
				require.Len(t, list, 1)
				require.Len(t, list[0].Remark, 5)
				require.EqualValues(t, 5, list[0].Extras().Int64("remark_count"))
				n, err := list[0].Related("remark").Query().Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 5, n)
			},
			twin: bent("SELECT", "`kin_posts`.`deleted_at` IS NULL", "1 = 1"),
		},
		{
			name: "B3/SelectsOnlyRelatedColumns",
			says: "A through query selects the columns of the related model only, whatever is selected, and an OR stays inside the relation",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				atlantis, err := model.Query[kinCountry](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				q := relation.Through(atlantis, &atlantis.Posts)
				post, err := q.Query().Where("title", "p3").First(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 3, post.ID)
				require.EqualValues(t, 9, post.Score, "not that of the user")
				posts, err := q.Query().Select("id", "title").Where("score", ">", 4).OrWhere("title", "like", "p%").OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "p1 p2 p3", kinTitles(posts))
				require.Empty(t, posts[0].Extras())
				list := kinAll(t, e, 2, model.Query[kinCountry](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) {
					q.Select("title").Where("score", 9).OrWhere("score", 1).OrderBy("kin_users.name")
				}))
				require.Equal(t, "p3", kinTitles(list[0].Posts))
				require.Equal(t, "p5", kinTitles(list[1].Posts))
				one := kinAll(t, e, 1, model.Query[kinCountry](e.db).WhereHas("posts", func(q *relation.Query) {
					q.Where("title", "none").OrWhere("title", "p5")
				}))
				require.Len(t, one, 1)
				require.Equal(t, "Borduria", one[0].Name)
			},
			twin: bent("SELECT", "`kin_users`.`kin_country_id` = ", "1 = 1 OR 1 = "),
		},
		{
			name: "B3/ThroughManyToMany",
			says: "A way through manyToMany reads its pivot table, and a query may name columns of the tables on the way",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 1, model.Query[kinCountry](e.db).WhereHas("skills", func(q *relation.Query) { q.Where("name", "css") }))
				require.Len(t, list, 1)
				require.Equal(t, "Borduria", list[0].Name)
				list = kinAll(t, e, 1, model.Query[kinCountry](e.db).OrderBy("id").WithCount("skills").Use(func(q *relation.Query) { q.WithMax("posts", "score") }))
				require.EqualValues(t, 3, list[0].Extras().Int64("skills_count"))
				require.EqualValues(t, 0, list[2].Extras().Int64("skills_count"))
				require.Nil(t, list[2].Extras()["posts_max_score"])
				require.EqualValues(t, 9, list[0].Extras()["posts_max_score"])
			},
			twin: kinLoses,
		},
	}
}
