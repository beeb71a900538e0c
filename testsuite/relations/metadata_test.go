// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// RelationOf tells name, kind, models, keys, pivot columns and the name in JSON by either name of the
// relation, booted.
func TestRelationOfTellsTheFacts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(append(allModels(), &Author{}, &Article{})...))
		for _, name := range []string{"skills", "Skills"} {
			r := relationOf[User](t, name)
			require.Equal(t, "skills", r.Name)
			require.Equal(t, "manyToMany", r.Kind)
			require.Equal(t, "skills", r.SerializeAs)
			require.True(t, r.Booted)
			require.NoError(t, r.Boot())
			require.Equal(t, []string{"level", "note", "created_at", "updated_at"}, r.PivotColumns)
			require.IsType(t, &User{}, r.Model())
			require.IsType(t, &Skill{}, r.RelatedModel())
		}
		require.Equal(t, "texts", relationOf[Author](t, "articles").SerializeAs)
		require.Equal(t, "newest_good", relationOf[Author](t, "newestGood").SerializeAs)
		require.Equal(t, []string{"created_at", "updated_at"}, relationOf[Skill](t, "users").PivotColumns)
	})
}

// SetRelated and PushRelated change the loaded relation in memory, from the metadata and from the record,
// and send nothing.
func TestSetRelatedChangesMemoryOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		posts, profile := relationOf[User](t, "posts"), relationOf[User](t, "profile")
		one, other := &Post{Title: "x"}, &Post{Title: "y"}
		e.Sends(t, 0, func() {
			require.NoError(t, posts.SetRelated(ann, []*Post{one}))
			require.NoError(t, posts.PushRelated(ann, other, []*Post{one}))
			require.Equal(t, "x y x", titles(ann.Posts))
			require.True(t, ann.Related("posts").Loaded())
			require.NoError(t, ann.Related("posts").PushLoaded(other))
			require.Len(t, ann.Posts, 4)
			require.NoError(t, ann.Related("posts").SetLoaded(nil))
			require.NotNil(t, ann.Posts)
			require.Empty(t, ann.Posts)
			require.NoError(t, profile.SetRelated(ann, &Profile{Bio: "z"}))
			require.Equal(t, "z", ann.Profile.Bio)
			require.NoError(t, profile.PushRelated(ann, &Profile{Bio: "w"}))
			require.Equal(t, "w", ann.Profile.Bio)
			require.NoError(t, ann.Related("profile").SetLoaded(nil))
			require.Nil(t, ann.Profile)
			require.True(t, ann.Related("profile").Loaded())
			require.False(t, ann.IsDirty())
		})
		refuses(t, e, []refused{
			{"model", func() error { return posts.SetRelated(ann, []*Skill{{}}) }, model.ErrInvalidValue, "Skill"},
			{"list", func() error { return posts.SetRelated(ann, one) }, model.ErrInvalidValue, "slice"},
			{"parent", func() error { return posts.SetRelated(one, nil) }, model.ErrInvalidValue, "Post"},
			{"many", func() error { return profile.PushRelated(ann, &Profile{}, &Profile{}) }, model.ErrInvalidValue, "2 records"},
			{"name", func() error { return ann.Related("postz").SetLoaded(nil) }, model.ErrUnknownRelation, "postz"},
		})
	})
}

// SetRelatedForMany distributes the records of EagerQuery, or others, among parents by key, and leaves one
// without a key alone.
func TestSetRelatedForManyDistributesByKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e))
		users = append(users, &User{Name: "new"})
		for name, want := range map[string]string{"posts": "p1 p2 p3 p5", "skills": "go go sql css"} {
			r := relationOf[User](t, name)
			e.Sends(t, 1, func() {
				q, err := r.EagerQuery(users[:4])
				require.NoError(t, err)
				if name == "posts" {
					var list []*Post
					require.NoError(t, q.OrderBy("id").All(e.Ctx, &list))
					require.Equal(t, want, titles(list))
					require.NoError(t, r.SetRelatedForMany(users[:4], list))
					return
				}
				var list []*Skill
				require.NoError(t, q.OrderBy("id").All(e.Ctx, &list))
				require.Equal(t, want, skillNames(list))
				require.NoError(t, r.SetRelatedForMany(users[:4], list))
			})
		}
		require.Equal(t, "p1 p2", titles(users[0].Posts))
		require.Equal(t, "go", skillNames(users[1].Skills))
		require.True(t, users[3].Related("posts").Loaded())
		country, author := relationOf[User](t, "country"), relationOf[Post](t, "author")
		lands := fetch(t, e, 1, model.Query[Country](e.DB).OrderBy("id"))
		e.Sends(t, 0, func() {
			require.NoError(t, country.SetRelatedForMany(users, lands))
			require.Same(t, lands[0], users[0].Country)
			require.Same(t, lands[0], users[1].Country)
			require.False(t, users[3].Related("country").Loaded(), "it has no key")
			require.NoError(t, author.SetRelatedForMany(users[0].Posts, users[:4]))
			require.Same(t, users[0], users[0].Posts[1].Author)
		})
		posts := relationOf[Country](t, "posts")
		q, err := posts.EagerQuery(lands)
		require.NoError(t, err)
		var through []*Post
		require.NoError(t, q.OrderBy("id").All(e.Ctx, &through))
		require.NoError(t, posts.SetRelatedForMany(lands, through))
		require.Equal(t, "p1 p2 p3", titles(lands[0].Posts))
	})
}

// PivotPair and PivotRelatedPair give column and typed value of a pivot row's keys; other kinds and unsaved
// records are errors.
func TestPivotPairsAreTyped(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		skills, posts := relationOf[User](t, "skills"), relationOf[User](t, "posts")
		column, value, err := skills.PivotPair(ann)
		require.NoError(t, err)
		require.Equal(t, "user_id", column)
		require.Equal(t, int64(1), value)
		column, value, err = skills.PivotRelatedPair(&Skill{})
		require.ErrorIs(t, err, model.ErrNotPersisted)
		require.Empty(t, column)
		require.Nil(t, value)
		skill, err := model.Query[Skill](e.DB).Find(e.Ctx, 2)
		require.NoError(t, err)
		column, value, err = skills.PivotRelatedPair(skill)
		require.NoError(t, err)
		require.Equal(t, "skill_id", column)
		require.Equal(t, int64(2), value)
		_, _, err = posts.PivotPair(ann)
		require.ErrorIs(t, err, model.ErrUnsupported)
		_, _, err = skills.PivotPair(&User{})
		require.ErrorIs(t, err, model.ErrNotPersisted)
	})
}

// SubQuery is correlated with the outer table and serves in WhereExists; Client is the client of the
// relation of a record.
func TestSubQueryIsCorrelated(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		for _, name := range []string{"posts", "skills", "followers"} {
			sub, err := relationOf[User](t, name).SubQuery()
			require.NoError(t, err)
			require.True(t, sub.IsRelatedSubQuery())
			a := fetch(t, e, 1, usersByID(e).Use(func(q *relation.Query) { q.WhereExists(sub) }))
			b := fetch(t, e, 1, usersByID(e).Has(name))
			require.Equal(t, namesOf(b), namesOf(a), name)
		}
		client, err := relationOf[User](t, "posts").Client(user1(t, e))
		require.NoError(t, err)
		var list []*Post
		require.NoError(t, client.Query().Where("score", ">", 4).All(e.Ctx, &list))
		require.Equal(t, "p1", titles(list))
		_, err = relationOf[User](t, "posts").Client(&Post{})
		require.ErrorIs(t, err, model.ErrInvalidValue)
		var named *relation.Error
		require.ErrorAs(t, err, &named)
		require.Equal(t, "posts", named.Relation)
	})
}
