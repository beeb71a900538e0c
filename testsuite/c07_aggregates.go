// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// relationAggregatePromises are those of rows C7, C8 and C9.
func relationAggregatePromises() []promise {
	return []promise{
		{
			name: "C7/WithCount",
			says: "Counts of several relations come with the rows in one statement, by default names, aliases or fields, typed and clean",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 1, kinUsers(e).WithCount("posts").WithCount("posts as good", func(q *relation.Query) {
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
				list = kinAll(t, e, 1, kinUsers(e).Select("id", "name").WithCount("posts"))
				require.EqualValues(t, 2, list[0].Extras().Int64("posts_count"))
				require.Zero(t, list[1].Score)
				list = kinAll(t, e, 1, kinUsers(e).
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
				distinct := kinUsers(e).WithSum("posts", "score", func(q *relation.Query) { q.Distinct() })
				e.sends(t, 0, func() { require.ErrorIs(t, kinErr(distinct.All(e.ctx)), model.ErrUnsupported) })
				list = kinAll(t, e, 1, kinUsers(e).WithCount("posts", func(q *relation.Query) { q.WithTrashed() }))
				require.EqualValues(t, 3, list[0].Extras().Int64("posts_count"))
				list = kinAll(t, e, 2, kinUsers(e).Preload("posts", func(q *relation.Query) { q.WithCount("comments").OrderBy("id") }))
				require.EqualValues(t, 3, list[0].Posts[0].Extras().Int64("comments_count"))
				ann := list[0]
				var skills []*kinSkill
				require.NoError(t, ann.Related("skills").Query().WithCount("users").OrderBy("id").All(e.ctx, &skills))
				require.EqualValues(t, 2, skills[0].Extras().Int64("users_count"))
				require.Equal(t, "expert", skills[0].Extras().String("pivot_level"))
			},
			twin: bent("SELECT", "`kin_posts`.`deleted_at` IS NULL", "1 = 1"),
		},
		{
			name: "C7/OrderHavingCount",
			says: "OrderBy and Having take the names of aggregates; Count, Exists and Paginate obey such a Having",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 1, model.Query[kinUser](e.db).WithCount("posts").OrderBy("posts_count", relation.Desc).OrderBy("id"))
				require.Equal(t, "Ann Bob Cid Dee", kinNames(list))
				q := func() *model.Builder[kinUser] {
					return kinUsers(e).WithCount("posts as n").Having("n", ">", 0).Having("n", "<", 2)
				}
				require.Equal(t, "Bob Cid", kinNames(kinAll(t, e, 1, q())))
				e.sends(t, 4, func() {
					n, err := q().Count(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
					found, err := q().Exists(e.ctx)
					require.NoError(t, err)
					require.True(t, found)
					page, err := q().Paginate(e.ctx, 2, 1)
					require.NoError(t, err)
					require.EqualValues(t, 2, page.Meta.Total)
					require.Equal(t, "Cid", kinNames(page.Data))
					require.EqualValues(t, 1, page.Data[0].Extras().Int64("n"))
				})
			},
			twin: bent("SELECT", "`kin_posts`.`author_id`", "`kin_posts`.`id`"),
		},
		{
			name: "C8/OtherAggregates",
			says: "Sum, min, max and avg of a relation are named relation_fn_column and typed, NULL without rows; WithAggregate takes any",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 1, kinUsers(e).WithSum("posts", "score").Use(func(q *relation.Query) {
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
				kinInstant(t, extras, "latest", kinMade.AddDate(0, 0, 3).Add(-10*3600*1e9))
				for _, name := range []string{"posts_sum_score", "posts_min_score", "posts_max_title", "posts_avg_score", "latest", "ids"} {
					require.True(t, list[3].Extras().Has(name), name)
					require.Nil(t, list[3].Extras()[name], name)
				}
				refuses(t, e, []refused{
					{"column", all(e, kinUsers(e).WithSum("posts", "scores")), model.ErrUnknownColumn, "kinPost"},
					{"relation", all(e, kinUsers(e).WithSum("pots", "score")), model.ErrUnknownRelation, "kinUser"},
					{"no aggregate", all(e, kinUsers(e).Use(func(q *relation.Query) { q.WithAggregate("posts", func(*relation.Query) {}) })), model.ErrUnsupported, "Aggregate"},
					{"alias", all(e, kinUsers(e).WithCount("posts as a b")), model.ErrUnknownColumn, "a b"},
					{"column's name", all(e, kinUsers(e).WithCount("posts as name")), model.ErrUnknownColumn, "name"},
					{"twice", all(e, kinUsers(e).WithCount("posts").WithCount("posts")), model.ErrUnknownColumn, "posts_count"},
					{"path", all(e, kinUsers(e).WithCount("posts.comments")), model.ErrUnsupported, "posts.comments"},
				})
			},
			twin: bent("SELECT", "sum(", "count("),
		},
		{
			name: "C9/LoadAggregates",
			says: "LoadCount and its kin select into a record or a slice with one statement, soft deleted records included, and leave it clean",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e))
				ann := users[0]
				ann.Name = "changed"
				e.sends(t, 6, func() {
					require.NoError(t, ann.LoadCount(e.ctx, "posts", func(q *relation.Query) { q.Where("score", ">", 3) }))
					require.NoError(t, ann.Related("posts").LoadSum(e.ctx, "score"))
					require.NoError(t, ann.Related("posts").LoadMin(e.ctx, "score"))
					require.NoError(t, ann.Related("posts").LoadMax(e.ctx, "score", func(q *relation.Query) { q.As("top") }))
					require.NoError(t, ann.Related("posts").LoadAvg(e.ctx, "score"))
					require.NoError(t, ann.Related("reports").LoadExists(e.ctx, func(q *relation.Query) { q.As("busy") }))
				})
				require.EqualValues(t, 1, ann.Extras().Int64("posts_count"))
				require.EqualValues(t, 8, ann.Extras()["posts_sum_score"])
				require.EqualValues(t, 3, ann.Extras()["posts_min_score"])
				require.EqualValues(t, 5, ann.Extras()["top"])
				require.True(t, ann.Busy)
				require.Equal(t, model.Attrs{"Name": "changed"}, ann.Dirty())
				e.sends(t, 2, func() {
					require.NoError(t, model.LoadCount(e.ctx, users, "reports"))
					require.NoError(t, model.LoadAggregate(e.ctx, users, "skills", func(q *relation.Query) { q.Aggregate("max", "name").As("last") }))
				})
				require.EqualValues(t, 2, users[0].Extras().Int64("reports_count"))
				require.EqualValues(t, 0, users[3].Extras().Int64("reports_count"))
				require.Equal(t, "sql", users[0].Extras()["last"])
				require.Nil(t, users[3].Extras()["last"])
				e.sends(t, 0, func() { require.NoError(t, model.LoadCount(e.ctx, []*kinUser{}, "posts")) })
				gone := kinAll(t, e, 1, model.Query[kinPost](e.db).OnlyTrashed())
				require.NoError(t, model.LoadCount(e.ctx, gone, "comments"))
				require.EqualValues(t, 0, gone[0].Extras().Int64("comments_count"))
			},
			twin: bent("SELECT", "count(*)", "1 + count(*)"),
		},
	}
}
