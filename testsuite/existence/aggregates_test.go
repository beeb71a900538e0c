// SPDX-License-Identifier: MIT

package existence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Counts of several relations come with the rows in one statement, by default names, aliases or fields,
// typed and clean.
func TestCountsComeWithTheRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 1, usersByID(e).WithCount("posts").WithCount("posts as good", func(q *relation.Query) {
			q.Where("score", 3).OrWhere("score", 9)
		}).WithCount("skills").WithCount("reports").WithCount("followers", func(q *relation.Query) { q.As("fans") }).
			WithCount("posts as tally").Use(func(q *relation.Query) { q.WithExists("profile").WithExists("reports as busy") }))
		for i, want := range [][]int64{{2, 1, 2, 2, 2}, {1, 1, 1, 1, 1}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}} {
			extras := list[i].Extras()
			for j, name := range []string{"posts_count", "good", "skills_count", "reports_count", "fans"} {
				require.Equal(t, want[j], extras[name], "%d: %s", i, name)
			}
			require.Equal(t, want[0], list[i].Tally)
			require.Equal(t, want[3] > 0, list[i].Busy)
			require.Equal(t, i < 2, extras["profile_exists"])
			require.False(t, extras.Has("tally"))
			require.False(t, list[i].IsDirty())
		}
		list = fetch(t, e, 1, usersByID(e).Select("id", "name").WithCount("posts"))
		require.EqualValues(t, 2, list[0].Extras().Int64("posts_count"))
		require.Zero(t, list[1].Score)
		list = fetch(t, e, 1, usersByID(e).
			WithCount("posts as kinds", func(q *relation.Query) { q.Select("deleted_at").Distinct() }).
			WithCount("posts as groups", func(q *relation.Query) { q.Where("score", ">", 0).GroupBy("author_id") }).
			WithCount("skills as levels", func(q *relation.Query) { q.Select("id").Distinct() }).
			Where("id", "<", 4).
			WhereHas("posts", func(q *relation.Query) { q.Select("author_id").Distinct() }, relation.Count("=", 1)))
		for i, want := range [][]int64{{1, 1, 2}, {1, 1, 1}, {1, 1, 1}} {
			for j, name := range []string{"kinds", "groups", "levels"} {
				require.Equal(t, want[j], list[i].Extras()[name], "%d: %s", i, name)
			}
		}
		distinct := usersByID(e).WithSum("posts", "score", func(q *relation.Query) { q.Distinct() })
		e.Sends(t, 0, func() { require.ErrorIs(t, harness.Err(distinct.All(e.Ctx)), model.ErrUnsupported) })
		list = fetch(t, e, 1, usersByID(e).WithCount("posts", func(q *relation.Query) { q.WithTrashed() }))
		require.EqualValues(t, 3, list[0].Extras().Int64("posts_count"))
		list = fetch(t, e, 2, usersByID(e).Preload("posts", func(q *relation.Query) { q.WithCount("comments").OrderBy("id") }))
		require.EqualValues(t, 3, list[0].Posts[0].Extras().Int64("comments_count"))
		ann := list[0]
		var skills []*Skill
		require.NoError(t, ann.Related("skills").Query().WithCount("users").OrderBy("id").All(e.Ctx, &skills))
		require.EqualValues(t, 2, skills[0].Extras().Int64("users_count"))
		require.Equal(t, "expert", skills[0].Extras().String("pivot_level"))
	})
}

// OrderBy and Having take the names of aggregates; Count, Exists and Paginate obey such a Having.
func TestOrderAndHavingTakeAggregates(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 1, model.Query[User](e.DB).WithCount("posts").OrderBy("posts_count", relation.Desc).OrderBy("id"))
		require.Equal(t, "Ann Bob Cid Dee", namesOf(list))
		q := func() *model.Builder[User] {
			return usersByID(e).WithCount("posts as n").Having("n", ">", 0).Having("n", "<", 2)
		}
		require.Equal(t, "Bob Cid", namesOf(fetch(t, e, 1, q())))
		e.Sends(t, 4, func() {
			n, err := q().Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			found, err := q().Exists(e.Ctx)
			require.NoError(t, err)
			require.True(t, found)
			page, err := q().Paginate(e.Ctx, 2, 1)
			require.NoError(t, err)
			require.EqualValues(t, 2, page.Meta.Total)
			require.Equal(t, "Cid", namesOf(page.Data))
			require.EqualValues(t, 1, page.Data[0].Extras().Int64("n"))
		})
	})
}

// Sum, min, max and avg of a relation are named relation_fn_column and typed, NULL without rows;
// WithAggregate takes any.
func TestAggregatesOfRelationsAreTyped(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 1, usersByID(e).WithSum("posts", "score").Use(func(q *relation.Query) {
			q.WithMin("posts", "Score").WithMax("posts", "title").
				WithAvg("posts", "score").WithMax("posts as latest", "created_at").
				WithAggregate("posts", func(q *relation.Query) { q.Where("score", ">", 3).Aggregate("count", "*").As("fine") })
		}).
			WithSum("skills as ids", "id"))
		extras := list[0].Extras()
		require.EqualValues(t, 8, extras["posts_sum_score"])
		require.EqualValues(t, 3, extras["posts_min_score"])
		require.Equal(t, "p2", extras["posts_max_title"])
		require.InDelta(t, 4, extras["posts_avg_score"], 1e-9)
		require.EqualValues(t, 1, extras.Int64("fine"))
		require.EqualValues(t, 3, extras.Int64("ids"))
		instant(t, extras, "latest", made.AddDate(0, 0, 3).Add(-10*3600*1e9))
		for _, name := range []string{"posts_sum_score", "posts_min_score", "posts_max_title", "posts_avg_score", "latest", "ids"} {
			require.True(t, list[3].Extras().Has(name), name)
			require.Nil(t, list[3].Extras()[name], name)
		}
		refuses(t, e, []refused{
			{"column", all(e, usersByID(e).WithSum("posts", "scores")), model.ErrUnknownColumn, "Post"},
			{"relation", all(e, usersByID(e).WithSum("pots", "score")), model.ErrUnknownRelation, "User"},
			{"no aggregate", all(e, usersByID(e).Use(func(q *relation.Query) { q.WithAggregate("posts", func(*relation.Query) {}) })), model.ErrUnsupported, "Aggregate"},
			{"alias", all(e, usersByID(e).WithCount("posts as a b")), model.ErrUnknownColumn, "a b"},
			{"column's name", all(e, usersByID(e).WithCount("posts as name")), model.ErrUnknownColumn, "name"},
			{"twice", all(e, usersByID(e).WithCount("posts").WithCount("posts")), model.ErrUnknownColumn, "posts_count"},
			{"path", all(e, usersByID(e).WithCount("posts.comments")), model.ErrUnsupported, "posts.comments"},
		})
	})
}

// LoadCount and its kin select into a record or a slice with one statement, soft deleted records included,
// and leave it clean.
func TestLoadCountSendsOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e))
		ann := users[0]
		ann.Name = "changed"
		e.Sends(t, 6, func() {
			require.NoError(t, ann.LoadCount(e.Ctx, "posts", func(q *relation.Query) { q.Where("score", ">", 3) }))
			require.NoError(t, ann.Related("posts").LoadSum(e.Ctx, "score"))
			require.NoError(t, ann.Related("posts").LoadMin(e.Ctx, "score"))
			require.NoError(t, ann.Related("posts").LoadMax(e.Ctx, "score", func(q *relation.Query) { q.As("top") }))
			require.NoError(t, ann.Related("posts").LoadAvg(e.Ctx, "score"))
			require.NoError(t, ann.Related("reports").LoadExists(e.Ctx, func(q *relation.Query) { q.As("busy") }))
		})
		require.EqualValues(t, 1, ann.Extras().Int64("posts_count"))
		require.EqualValues(t, 8, ann.Extras()["posts_sum_score"])
		require.EqualValues(t, 3, ann.Extras()["posts_min_score"])
		require.EqualValues(t, 5, ann.Extras()["top"])
		require.True(t, ann.Busy)
		require.Equal(t, model.Attrs{"Name": "changed"}, ann.Dirty())
		e.Sends(t, 2, func() {
			require.NoError(t, model.LoadCount(e.Ctx, users, "reports"))
			require.NoError(t, model.LoadAggregate(e.Ctx, users, "skills", func(q *relation.Query) { q.Aggregate("max", "name").As("last") }))
		})
		require.EqualValues(t, 2, users[0].Extras().Int64("reports_count"))
		require.EqualValues(t, 0, users[3].Extras().Int64("reports_count"))
		require.Equal(t, "sql", users[0].Extras()["last"])
		require.Nil(t, users[3].Extras()["last"])
		e.Sends(t, 0, func() { require.NoError(t, model.LoadCount(e.Ctx, []*User{}, "posts")) })
		gone := fetch(t, e, 1, model.Query[Post](e.DB).OnlyTrashed())
		require.NoError(t, model.LoadCount(e.Ctx, gone, "comments"))
		require.EqualValues(t, 0, gone[0].Extras().Int64("comments_count"))
	})
}
