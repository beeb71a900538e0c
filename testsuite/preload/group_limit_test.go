// SPDX-License-Identifier: MIT

package preload_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// limited preloads a relation of all countries and users with a limit.
func limited(t testing.TB, e *harness.Env, fn func(q *relation.Query)) []*User {
	t.Helper()
	return fetch(t, e, 2, usersByID(e).Preload("posts", fn))
}

// GroupLimit loads so many rows per parent, ordered as asked, else the newest; conditions hold before,
// helpers stay invisible.
func TestGroupLimitHoldsPerParent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		for i := range int64(6) {
			exec(t, e, "INSERT INTO posts (author_id, title, score, created_at) VALUES (2, ?, ?, ?)", string(rune('a'+i)), i*i%5, made)
		}
		e.Sent.Reset()
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
			users := limited(t, e, c.fn)
			require.Equal(t, c.ann, titles(users[0].Posts), c.name)
			require.Equal(t, c.bob, titles(users[1].Posts), c.name)
			for _, p := range users[1].Posts {
				if c.name != "count" {
					require.Empty(t, p.Extras(), c.name)
					continue
				}
				require.Len(t, p.Extras(), 1)
			}
		}
	})
}

// GroupLimit counts per parent for manyToMany and through relations too, with their pivot values and
// children.
func TestGroupLimitHoldsForManyToManyAndThrough(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 3, usersByID(e).Preload("skills", func(q *relation.Query) {
			q.GroupLimit(1).GroupOrderBy("name", relation.Desc).Preload("users")
		}))
		require.Equal(t, "sql", skillNames(users[0].Skills))
		require.Equal(t, "go", skillNames(users[1].Skills))
		require.Equal(t, "novice", users[0].Skills[0].Extras().String("pivot_level"))
		require.Equal(t, "Ann Bob", namesOf(users[1].Skills[0].Users))
		lands := fetch(t, e, 3, model.Query[Country](e.DB).OrderBy("id").Preload("posts", func(q *relation.Query) {
			q.GroupLimit(2).GroupOrderBy("score", relation.Desc).Preload("comments")
		}))
		require.Equal(t, "p3 p1", titles(lands[0].Posts))
		require.Equal(t, "p5", titles(lands[1].Posts))
		require.Len(t, lands[0].Posts[1].Comments, 3)
		lands = fetch(t, e, 2, model.Query[Country](e.DB).OrderBy("id").Preload("posts", func(q *relation.Query) {
			q.GroupLimit(1).GroupOrderBy("users.name", relation.Desc)
		}))
		require.Equal(t, "p3", titles(lands[0].Posts))
		require.Empty(t, lands[0].Posts[0].Extras())
	})
}

// In the query of one record's relation, GroupLimit is a limit; outside of relations it is ErrUnsupported.
func TestGroupLimitOfOneParentIsALimit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		e.Sends(t, 1, func() {
			list, err := relation.HasMany(ann, &ann.Posts).Query().Use(func(q *relation.Query) { q.GroupLimit(1).GroupOrderBy("score") }).All(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "p2", titles(list))
		})
		refuses(t, e, []refused{
			{"limit", all(e, usersByID(e).Use(func(q *relation.Query) { q.GroupLimit(1) })), model.ErrUnsupported, "GroupLimit"},
			{"order", all(e, usersByID(e).Use(func(q *relation.Query) { q.GroupOrderBy("id") })), model.ErrUnsupported, "GroupOrderBy"},
			{"negative", all(e, relation.HasMany(ann, &ann.Posts).Query().Use(func(q *relation.Query) { q.GroupLimit(-1) })), model.ErrInvalidValue, "-1"},
		})
	})
}
