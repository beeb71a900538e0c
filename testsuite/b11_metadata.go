// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// relationMetadataPromises are those of row B11.
func relationMetadataPromises() []promise {
	return []promise{
		{
			name: "B11/Facts",
			says: "RelationOf tells name, kind, models, keys, pivot columns and the name in JSON by either name of the relation, booted",
			check: func(t testing.TB, e *env) {
				require.NoError(t, e.db.Register(append(kinModels(), &kinAuthor{}, &kinArticle{})...))
				for _, name := range []string{"skills", "Skills"} {
					r := kinRelation[kinUser](t, name)
					require.Equal(t, "skills", see(e, "name", r.Name))
					require.Equal(t, "manyToMany", r.Kind)
					require.Equal(t, "skills", r.SerializeAs)
					require.True(t, r.Booted)
					require.NoError(t, r.Boot())
					require.Equal(t, []string{"level", "note", "created_at", "updated_at"}, r.PivotColumns)
					require.IsType(t, &kinUser{}, r.Model())
					require.IsType(t, &kinSkill{}, r.RelatedModel())
				}
				require.Equal(t, "texts", kinRelation[kinAuthor](t, "articles").SerializeAs)
				require.Equal(t, "newest_good", kinRelation[kinAuthor](t, "newestGood").SerializeAs)
				require.Equal(t, []string{"created_at", "updated_at"}, kinRelation[kinSkill](t, "users").PivotColumns)
			},
			twin: func(e *env) { e.seen["name"] = func(any) any { return "" } },
		},
		{
			name: "B11/SetAndPush",
			says: "SetRelated and PushRelated change the loaded relation in memory, from the metadata and from the record, and send nothing",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				posts, profile := kinRelation[kinUser](t, "posts"), kinRelation[kinUser](t, "profile")
				one, other := &kinPost{Title: "x"}, &kinPost{Title: "y"}
				e.sends(t, 0, func() {
					require.NoError(t, posts.SetRelated(ann, []*kinPost{one}))
					require.NoError(t, e.do("push", func() error { return posts.PushRelated(ann, other, []*kinPost{one}) }))
					require.Equal(t, "x y x", kinTitles(ann.Posts))
					require.True(t, ann.Related("posts").Loaded())
					require.NoError(t, ann.Related("posts").PushLoaded(other))
					require.Len(t, ann.Posts, 4)
					require.NoError(t, ann.Related("posts").SetLoaded(nil))
					require.NotNil(t, ann.Posts)
					require.Empty(t, ann.Posts)
					require.NoError(t, profile.SetRelated(ann, &kinProfile{Bio: "z"}))
					require.Equal(t, "z", ann.Profile.Bio)
					require.NoError(t, profile.PushRelated(ann, &kinProfile{Bio: "w"}))
					require.Equal(t, "w", ann.Profile.Bio)
					require.NoError(t, ann.Related("profile").SetLoaded(nil))
					require.Nil(t, ann.Profile)
					require.True(t, ann.Related("profile").Loaded())
					require.False(t, ann.IsDirty())
				})
				refuses(t, e, []refused{
					{"model", func() error { return posts.SetRelated(ann, []*kinSkill{{}}) }, model.ErrInvalidValue, "kinSkill"},
					{"list", func() error { return posts.SetRelated(ann, one) }, model.ErrInvalidValue, "slice"},
					{"parent", func() error { return posts.SetRelated(one, nil) }, model.ErrInvalidValue, "kinPost"},
					{"many", func() error { return profile.PushRelated(ann, &kinProfile{}, &kinProfile{}) }, model.ErrInvalidValue, "2 records"},
					{"name", func() error { return ann.Related("postz").SetLoaded(nil) }, model.ErrUnknownRelation, "postz"},
				})
			},
			twin: without("push"),
		},
		{
			name: "B11/SetRelatedForMany",
			says: "SetRelatedForMany distributes the records of EagerQuery, or others, among parents by key, and leaves one without a key alone",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e))
				users = append(users, &kinUser{Name: "new"})
				for name, want := range map[string]string{"posts": "p1 p2 p3 p5", "skills": "go go sql css"} {
					r := kinRelation[kinUser](t, name)
					e.sends(t, 1, func() {
						q, err := r.EagerQuery(users[:4])
						require.NoError(t, err)
						if name == "posts" {
							var list []*kinPost
							require.NoError(t, q.OrderBy("id").All(e.ctx, &list))
							require.Equal(t, want, kinTitles(list))
							require.NoError(t, e.do("set", func() error { return r.SetRelatedForMany(users[:4], list) }))
							return
						}
						var list []*kinSkill
						require.NoError(t, q.OrderBy("id").All(e.ctx, &list))
						require.Equal(t, want, kinSkillNames(list))
						require.NoError(t, r.SetRelatedForMany(users[:4], list))
					})
				}
				require.Equal(t, "p1 p2", kinTitles(users[0].Posts))
				require.Equal(t, "go", kinSkillNames(users[1].Skills))
				require.True(t, users[3].Related("posts").Loaded())
				country, author := kinRelation[kinUser](t, "country"), kinRelation[kinPost](t, "author")
				lands := kinAll(t, e, 1, model.Query[kinCountry](e.db).OrderBy("id"))
				e.sends(t, 0, func() {
					require.NoError(t, country.SetRelatedForMany(users, lands))
					require.Same(t, lands[0], users[0].Country)
					require.Same(t, lands[0], users[1].Country)
					require.False(t, users[3].Related("country").Loaded(), "it has no key")
					require.NoError(t, author.SetRelatedForMany(users[0].Posts, users[:4]))
					require.Same(t, users[0], users[0].Posts[1].Author)
				})
				posts := kinRelation[kinCountry](t, "posts")
				q, err := posts.EagerQuery(lands)
				require.NoError(t, err)
				var through []*kinPost
				require.NoError(t, q.OrderBy("id").All(e.ctx, &through))
				require.NoError(t, posts.SetRelatedForMany(lands, through))
				require.Equal(t, "p1 p2 p3", kinTitles(lands[0].Posts))
			},
			twin: without("set"),
		},
		{
			name: "B11/PivotPairs",
			says: "PivotPair and PivotRelatedPair give column and typed value of a pivot row's keys; other kinds and unsaved records are errors",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				skills, posts := kinRelation[kinUser](t, "skills"), kinRelation[kinUser](t, "posts")
				column, value, err := skills.PivotPair(ann)
				require.NoError(t, err)
				require.Equal(t, "kin_user_id", see(e, "column", column))
				require.Equal(t, int64(1), value)
				column, value, err = skills.PivotRelatedPair(&kinSkill{})
				require.ErrorIs(t, err, model.ErrNotPersisted)
				require.Empty(t, column)
				require.Nil(t, value)
				skill, err := model.Query[kinSkill](e.db).Find(e.ctx, 2)
				require.NoError(t, err)
				column, value, err = skills.PivotRelatedPair(skill)
				require.NoError(t, err)
				require.Equal(t, "kin_skill_id", column)
				require.Equal(t, int64(2), value)
				_, _, err = posts.PivotPair(ann)
				require.ErrorIs(t, err, model.ErrUnsupported)
				_, _, err = skills.PivotPair(&kinUser{})
				require.ErrorIs(t, err, model.ErrNotPersisted)
			},
			twin: func(e *env) { e.seen["column"] = func(any) any { return "id" } },
		},
		{
			name: "B11/SubQueryAndClient",
			says: "SubQuery is correlated with the outer table and serves in WhereExists; Client is the client of the relation of a record",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				for _, name := range []string{"posts", "skills", "followers"} {
					sub, err := kinRelation[kinUser](t, name).SubQuery()
					require.NoError(t, err)
					require.True(t, sub.IsRelatedSubQuery())
					a := kinAll(t, e, 1, kinUsers(e).Use(func(q *relation.Query) { q.WhereExists(sub) }))
					b := kinAll(t, e, 1, kinUsers(e).Has(name))
					require.Equal(t, kinNames(b), kinNames(a), name)
				}
				client, err := kinRelation[kinUser](t, "posts").Client(kinUser1(t, e))
				require.NoError(t, err)
				var list []*kinPost
				require.NoError(t, client.Query().Where("score", ">", 4).All(e.ctx, &list))
				require.Equal(t, "p1", see(e, "posts", kinTitles(list)))
				_, err = kinRelation[kinUser](t, "posts").Client(&kinPost{})
				require.ErrorIs(t, err, model.ErrInvalidValue)
				var named *relation.Error
				require.ErrorAs(t, err, &named)
				require.Equal(t, "posts", named.Relation)
			},
			twin: func(e *env) { e.seen["posts"] = func(any) any { return "" } },
		},
	}
}
