// SPDX-License-Identifier: MIT

package existence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// The existence methods compare with counts, follow dotted paths, combine by OR and negate, in the
// statement of the query.
func TestExistenceComparesWithCounts(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		good := func(q *relation.Query) { q.Where("score", ">", 4) }
		q := func() *model.Builder[User] { return usersByID(e) }
		for _, c := range []struct {
			name, want string
			q          *model.Builder[User]
		}{
			{"has", "Ann Bob Cid", q().Has("posts")},
			{"at least", "Ann", q().Has("posts", relation.Count(">=", 2))},
			{"at least one", "Ann Bob Cid", q().Has("posts", relation.Count(">=", 1))},
			{"more than none", "Ann Bob Cid", q().Has("posts", relation.Count(">", 0))},
			{"exactly", "Bob Cid", q().Has("posts", relation.Count("=", 1))},
			{"none", "Dee", q().Has("posts", relation.Count("=", 0))},
			{"less than one", "Dee", q().Has("posts", relation.Count("<", 1))},
			{"at most", "Bob Cid Dee", q().Has("posts", relation.Count("<=", 1))},
			{"not", "Ann Dee", q().Has("posts", relation.Count("<>", 1))},
			{"doesnt", "Dee", q().DoesntHave("posts")},
			{"or", "Ann Bob Cid", q().Where("id", 3).Use(func(q *relation.Query) { q.OrHas("posts", relation.Count("<", 9)) }).Has("posts")},
			{"or has", "Ann Cid", q().Where("id", 3).Use(func(q *relation.Query) { q.OrHas("posts", relation.Count(">", 1)) })},
			{"or doesnt", "Ann Dee", q().Where("id", 1).Use(func(q *relation.Query) { q.OrDoesntHave("posts") })},
			{"where has", "Ann Bob", q().WhereHas("posts", good)},
			{"where has or inside", "Bob Cid", q().WhereHas("posts", func(q *relation.Query) { q.Where("score", 1).OrWhere("score", 9) })},
			{"where has count", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 2) }, relation.Count(">=", 2))},
			{"where doesnt", "Cid Dee", q().WhereDoesntHave("posts", good)},
			{"or where has", "Ann Bob Dee", q().Where("id", 4).Use(func(q *relation.Query) { q.OrWhereHas("posts", good) })},
			{"or where doesnt", "Ann Cid Dee", q().Where("id", 1).Use(func(q *relation.Query) { q.OrWhereDoesntHave("posts", good) })},
			{"dotted", "Ann Bob", q().Has("posts.comments")},
			{"dotted count", "Ann", q().Has("posts.comments", relation.Count(">=", 3))},
			{"dotted callback", "Ann", q().WhereHas("posts.comments.author", func(q *relation.Query) { q.Where("name", "Bob") })},
			{"dotted doesnt", "Cid Dee", q().DoesntHave("posts.comments")},
			{"self", "Ann Bob", q().Has("reports")},
			{"self nested", "Ann", q().WhereHas("reports", func(q *relation.Query) {
				q.WhereHas("reports", func(q *relation.Query) { q.Where("name", "Dee").WhereColumn("manager_id", "<>", "id") })
			})},
			{"self up and down", "Bob Cid", q().WhereHas("manager", func(q *relation.Query) {
				q.Has("reports", relation.Count("=", 2)).DoesntHave("manager")
			})},
			{"belongs to null", "Dee", q().DoesntHave("country")},
			{"pivot count", "Ann", q().Has("skills", relation.Count(">", 1))},
			{"aggregate", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.Aggregate("sum", "score") }, relation.Count("=", 8))},
			{"trashed", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.OnlyTrashed() })},
			{"group", "Bob", q().Where(func(q *relation.Query) { q.Has("profile").Has("manager") })},
			{"relation", "Bob", q().Use(func(q *relation.Query) { q.WhereRelation("posts", "score", ">", 8) })},
			{"relation path", "Ann", q().Use(func(q *relation.Query) { q.WhereRelation("posts.comments", "body", "c2") })},
			{"or relation", "Ann Bob", q().Where("id", 1).Use(func(q *relation.Query) { q.OrWhereRelation("posts", "title", "p3") })},
		} {
			require.Equal(t, c.want, namesOf(fetch(t, e, 1, c.q)), c.name)
		}
	})
}

// Unknown relations, columns and operators of existence are errors before anything is sent, naming the
// model.
func TestUnknownRelationOfExistenceIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		refuses(t, e, []refused{
			{"unknown", all(e, usersByID(e).Has("pots")), model.ErrUnknownRelation, "User"},
			{"nested", all(e, usersByID(e).Has("posts.writer")), model.ErrUnknownRelation, "Post"},
			{"operator", all(e, usersByID(e).Has("posts", relation.Count("~", 1))), model.ErrUnsupported, "~"},
			{"counts", all(e, usersByID(e).Has("posts", relation.Count(">", 1), relation.Count("<", 2))), model.ErrInvalidValue, "2 counts"},
			{"column", all(e, usersByID(e).WhereHas("posts", func(q *relation.Query) { q.Where("scor", 1) })), model.ErrUnknownColumn, "Post"},
		})
	})
}

// WithWhereHas searches and preloads by one condition: whereHas, withCount and preload on one list send 2
// statements.
func TestWithWhereHasSearchesAndPreloads(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 2, usersByID(e).Use(func(q *relation.Query) { q.WithWhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 3) }) }))
		require.Equal(t, "Ann Bob", namesOf(list))
		require.Equal(t, "p1", titles(list[0].Posts))
		list = fetch(t, e, 2, usersByID(e).WhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 3) }).WithCount("posts").
			Preload("posts", func(q *relation.Query) { q.OrderBy("id") }))
		require.Equal(t, "p1 p2", titles(list[0].Posts))
		require.EqualValues(t, 2, list[0].Extras().Int64("posts_count"))
	})
}

// WhereBelongsTo and WhereAttachedTo take a record or a slice, and find the relation by the model, or by
// name if several fit.
func TestWhereBelongsToFindsTheRelation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e))
		skills := fetch(t, e, 1, model.Query[Skill](e.DB).OrderBy("id"))
		posts := func() *model.Builder[Post] { return model.Query[Post](e.DB).OrderBy("id") }
		require.Equal(t, "p1 p2", titles(fetch(t, e, 1, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[0]) }))))
		require.Equal(t, "p1 p2 p3", titles(fetch(t, e, 1, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[:2], "author") }))))
		require.Equal(t, "Bob Cid", namesOf(fetch(t, e, 1, usersByID(e).Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "manager") }))))
		require.Equal(t, "Ann Bob", namesOf(fetch(t, e, 1, usersByID(e).Use(func(q *relation.Query) { q.WhereAttachedTo(skills[0]) }))))
		require.Equal(t, "Ann Bob Cid", namesOf(fetch(t, e, 1, usersByID(e).Use(func(q *relation.Query) { q.WhereAttachedTo(skills) }))))
		require.Equal(t, "Ann", namesOf(fetch(t, e, 1, usersByID(e).Use(func(q *relation.Query) { q.WhereAttachedTo(users[2], "followers") }))))
		refuses(t, e, []refused{
			{"empty", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo([]*User{}) })), model.ErrInvalidValue, "no record"},
			{"none", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(skills[0]) })), model.ErrUnknownRelation, "Skill"},
			{"several", all(e, usersByID(e).Use(func(q *relation.Query) { q.WhereAttachedTo(users[0]) })), model.ErrUnknownRelation, "followers"},
			{"unknown", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "writer") })), model.ErrUnknownRelation, "writer"},
			{"kind", all(e, usersByID(e).Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "reports") })), model.ErrUnsupported, "reports"},
			{"unsaved", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(&User{}) })), model.ErrNotPersisted, "User"},
		})
	})
}
