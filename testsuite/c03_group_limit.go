// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// kinLimited preloads a relation of all countries and users with a limit.
func kinLimited(t testing.TB, e *env, fn func(q *relation.Query)) []*kinUser {
	t.Helper()
	return kinAll(t, e, 2, kinUsers(e).Preload("posts", fn))
}

// groupLimitPromises are those of row C3.
func groupLimitPromises() []promise {
	return []promise{
		{
			name: "C3/LimitPerParent",
			says: "GroupLimit loads so many rows per parent, ordered as asked, else the newest; conditions hold before, helpers stay invisible",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				for i := range int64(6) {
					kinExec(t, e, "INSERT INTO kin_posts (author_id, title, score, created_at) VALUES (2, ?, ?, ?)", string(rune('a'+i)), i*i%5, kinMade)
				}
				e.sent.Reset()
				for _, c := range []struct {
					name     string
					fn       func(q *relation.Query)
					ann, bob string
				}{
					{"newest", func(q *relation.Query) { q.GroupLimit(2) }, "p2 p1", "f e"},
					{"ordered", func(q *relation.Query) { q.GroupLimit(2).GroupOrderBy("score", relation.Desc).GroupOrderBy("id") }, "p1 p2", "p3 c"},
					{"order", func(q *relation.Query) { q.GroupLimit(2).OrderBy("title") }, "p1 p2", "a b"},
					{"other order", func(q *relation.Query) { q.GroupLimit(2).GroupOrderBy("title", relation.Desc).OrderBy("title") }, "p1 p2", "f p3"},
					{"conditions", func(q *relation.Query) { q.Where("title", "<", "d").OrWhere("title", "p2").GroupLimit(2) }, "p2", "c b"},
					{"offset", func(q *relation.Query) { q.GroupLimit(1).Offset(1).GroupOrderBy("id") }, "p2", "a"},
					{"limit", func(q *relation.Query) { q.Limit(1).OrderBy("id") }, "p1", "p3"},
					{"raw", func(q *relation.Query) { q.Limit(1).OrderByRaw("score * 2 DESC") }, "p1", "p3"},
					{"select", func(q *relation.Query) { q.Select("title").GroupLimit(1).GroupOrderBy("score", relation.Desc) }, "p1", "p3"},
					{"trashed", func(q *relation.Query) { q.WithTrashed().GroupLimit(1).GroupOrderBy("score", relation.Desc) }, "p4", "p3"},
					{"none", func(q *relation.Query) { q.GroupLimit(0) }, "", ""},
					{"count", func(q *relation.Query) { q.WithCount("comments").GroupLimit(1).GroupOrderBy("id") }, "p1", "p3"},
				} {
					users := kinLimited(t, e, c.fn)
					require.Equal(t, c.ann, kinTitles(users[0].Posts), c.name)
					require.Equal(t, c.bob, kinTitles(users[1].Posts), c.name)
					for _, p := range users[1].Posts {
						if c.name != "count" {
							require.Empty(t, p.Extras(), c.name)
							continue
						}
						require.Len(t, p.Extras(), 1)
					}
				}
			},
			twin: bent("SELECT", " DESC", " ASC"),
		},
		{
			name: "C3/OtherKinds",
			says: "GroupLimit counts per parent for manyToMany and through relations too, with their pivot values and children",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 3, kinUsers(e).Preload("skills", func(q *relation.Query) {
					q.GroupLimit(1).GroupOrderBy("name", relation.Desc).Preload("users")
				}))
				require.Equal(t, "sql", kinSkillNames(users[0].Skills))
				require.Equal(t, "go", kinSkillNames(users[1].Skills))
				require.Equal(t, "novice", users[0].Skills[0].Extras().String("pivot_level"))
				require.Equal(t, "Ann Bob", kinNames(users[1].Skills[0].Users))
				lands := kinAll(t, e, 3, model.Query[kinCountry](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) {
					q.GroupLimit(2).GroupOrderBy("score", relation.Desc).Preload("comments")
				}))
				require.Equal(t, "p3 p1", kinTitles(lands[0].Posts))
				require.Equal(t, "p5", kinTitles(lands[1].Posts))
				require.Len(t, lands[0].Posts[1].Comments, 3)
				lands = kinAll(t, e, 2, model.Query[kinCountry](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) {
					q.GroupLimit(1).GroupOrderBy("kin_users.name", relation.Desc)
				}))
				require.Equal(t, "p3", kinTitles(lands[0].Posts))
				require.Empty(t, lands[0].Posts[0].Extras())
			},
			twin: bent("SELECT", " DESC", " ASC"),
		},
		{
			name: "C3/OfOneParent",
			says: "In the query of one record's relation, GroupLimit is a limit; outside of relations it is ErrUnsupported",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				e.sends(t, 1, func() {
					list, err := relation.HasMany(ann, &ann.Posts).Query().Use(func(q *relation.Query) { q.GroupLimit(1).GroupOrderBy("score") }).All(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "p2", kinTitles(list))
				})
				refuses(t, e, []refused{
					{"limit", all(e, kinUsers(e).Use(func(q *relation.Query) { q.GroupLimit(1) })), model.ErrUnsupported, "GroupLimit"},
					{"order", all(e, kinUsers(e).Use(func(q *relation.Query) { q.GroupOrderBy("id") })), model.ErrUnsupported, "GroupOrderBy"},
					{"negative", all(e, relation.HasMany(ann, &ann.Posts).Query().Use(func(q *relation.Query) { q.GroupLimit(-1) })), model.ErrInvalidValue, "-1"},
				})
			},
			twin: bent("SELECT", " LIMIT ", " LIMIT 1 + "),
		},
	}
}
