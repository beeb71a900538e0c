// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// existencePromises are those of rows C6 and C10.
func existencePromises() []promise {
	count := relation.Count
	return []promise{
		{
			name: "C6/Has",
			says: "The existence methods compare with counts, follow dotted paths, combine by OR and negate, in the statement of the query",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				good := func(q *relation.Query) { q.Where("score", ">", 4) }
				q := func() *model.Builder[kinUser] { return kinUsers(e) }
				for _, c := range []struct {
					name, want string
					q          *model.Builder[kinUser]
				}{
					{"has", "Ann Bob Cid", q().Has("posts")},
					{"at least", "Ann", q().Has("posts", count(">=", 2))},
					{"at least one", "Ann Bob Cid", q().Has("posts", count(">=", 1))},
					{"more than none", "Ann Bob Cid", q().Has("posts", count(">", 0))},
					{"exactly", "Bob Cid", q().Has("posts", count("=", 1))},
					{"none", "Dee", q().Has("posts", count("=", 0))},
					{"less than one", "Dee", q().Has("posts", count("<", 1))},
					{"at most", "Bob Cid Dee", q().Has("posts", count("<=", 1))},
					{"not", "Ann Dee", q().Has("posts", count("<>", 1))},
					{"doesnt", "Dee", q().DoesntHave("posts")},
					{"or", "Ann Bob Cid", q().Where("id", 3).Use(func(q *relation.Query) { q.OrHas("posts", count("<", 9)) }).Has("posts")},
					{"or has", "Ann Cid", q().Where("id", 3).Use(func(q *relation.Query) { q.OrHas("posts", count(">", 1)) })},
					{"or doesnt", "Ann Dee", q().Where("id", 1).Use(func(q *relation.Query) { q.OrDoesntHave("posts") })},
					{"where has", "Ann Bob", q().WhereHas("posts", good)},
					{"where has or inside", "Bob Cid", q().WhereHas("posts", func(q *relation.Query) { q.Where("score", 1).OrWhere("score", 9) })},
					{"where has count", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 2) }, count(">=", 2))},
					{"where doesnt", "Cid Dee", q().WhereDoesntHave("posts", good)},
					{"or where has", "Ann Bob Dee", q().Where("id", 4).Use(func(q *relation.Query) { q.OrWhereHas("posts", good) })},
					{"or where doesnt", "Ann Cid Dee", q().Where("id", 1).Use(func(q *relation.Query) { q.OrWhereDoesntHave("posts", good) })},
					{"dotted", "Ann Bob", q().Has("posts.comments")},
					{"dotted count", "Ann", q().Has("posts.comments", count(">=", 3))},
					{"dotted callback", "Ann", q().WhereHas("posts.comments.author", func(q *relation.Query) { q.Where("name", "Bob") })},
					{"dotted doesnt", "Cid Dee", q().DoesntHave("posts.comments")},
					{"self", "Ann Bob", q().Has("reports")},
					{"self nested", "Ann", q().WhereHas("reports", func(q *relation.Query) {
						q.WhereHas("reports", func(q *relation.Query) { q.Where("name", "Dee").WhereColumn("manager_id", "<>", "id") })
					})},
					{"self up and down", "Bob Cid", q().WhereHas("manager", func(q *relation.Query) {
						q.Has("reports", count("=", 2)).DoesntHave("manager")
					})},
					{"belongs to null", "Dee", q().DoesntHave("country")},
					{"pivot count", "Ann", q().Has("skills", count(">", 1))},
					{"aggregate", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.Aggregate("sum", "score") }, count("=", 8))},
					{"trashed", "Ann", q().WhereHas("posts", func(q *relation.Query) { q.OnlyTrashed() })},
					{"group", "Bob", q().Where(func(q *relation.Query) { q.Has("profile").Has("manager") })},
					{"relation", "Bob", q().Use(func(q *relation.Query) { q.WhereRelation("posts", "score", ">", 8) })},
					{"relation path", "Ann", q().Use(func(q *relation.Query) { q.WhereRelation("posts.comments", "body", "c2") })},
					{"or relation", "Ann Bob", q().Where("id", 1).Use(func(q *relation.Query) { q.OrWhereRelation("posts", "title", "p3") })},
				} {
					require.Equal(t, c.want, kinNames(kinAll(t, e, 1, c.q)), c.name)
				}
			},
			twin: bent("SELECT", "`kin_posts`.`deleted_at` IS NULL", "1 = 1"),
		},
		{
			name: "C6/Mistakes",
			says: "Unknown relations, columns and operators of existence are errors before anything is sent, naming the model",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				refuses(t, e, []refused{
					{"unknown", all(e, kinUsers(e).Has("pots")), model.ErrUnknownRelation, "kinUser"},
					{"nested", all(e, kinUsers(e).Has("posts.writer")), model.ErrUnknownRelation, "kinPost"},
					{"operator", all(e, kinUsers(e).Has("posts", count("~", 1))), model.ErrUnsupported, "~"},
					{"counts", all(e, kinUsers(e).Has("posts", count(">", 1), count("<", 2))), model.ErrInvalidValue, "2 counts"},
					{"column", all(e, kinUsers(e).WhereHas("posts", func(q *relation.Query) { q.Where("scor", 1) })), model.ErrUnknownColumn, "kinPost"},
				})
			},
			twin: lenient("refused"),
		},
		{
			name: "C10/WithWhereHas",
			says: "WithWhereHas searches and preloads by one condition: whereHas, withCount and preload on one list send 2 statements",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 2, kinUsers(e).Use(func(q *relation.Query) { q.WithWhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 3) }) }))
				require.Equal(t, "Ann Bob", kinNames(list))
				require.Equal(t, "p1", kinTitles(list[0].Posts))
				list = kinAll(t, e, 2, kinUsers(e).WhereHas("posts", func(q *relation.Query) { q.Where("score", ">", 3) }).WithCount("posts").
					Preload("posts", func(q *relation.Query) { q.OrderBy("id") }))
				require.Equal(t, "p1 p2", kinTitles(list[0].Posts))
				require.EqualValues(t, 2, list[0].Extras().Int64("posts_count"))
			},
			twin: bent("SELECT", "`kin_posts`.`score` > ", "0 <= "),
		},
		{
			name: "C10/BelongsToAndAttachedTo",
			says: "WhereBelongsTo and WhereAttachedTo take a record or a slice, and find the relation by the model, or by name if several fit",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e))
				skills := kinAll(t, e, 1, model.Query[kinSkill](e.db).OrderBy("id"))
				posts := func() *model.Builder[kinPost] { return model.Query[kinPost](e.db).OrderBy("id") }
				require.Equal(t, "p1 p2", kinTitles(kinAll(t, e, 1, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[0]) }))))
				require.Equal(t, "p1 p2 p3", kinTitles(kinAll(t, e, 1, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[:2], "author") }))))
				require.Equal(t, "Bob Cid", kinNames(kinAll(t, e, 1, kinUsers(e).Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "manager") }))))
				require.Equal(t, "Ann Bob", kinNames(kinAll(t, e, 1, kinUsers(e).Use(func(q *relation.Query) { q.WhereAttachedTo(skills[0]) }))))
				require.Equal(t, "Ann Bob Cid", kinNames(kinAll(t, e, 1, kinUsers(e).Use(func(q *relation.Query) { q.WhereAttachedTo(skills) }))))
				require.Equal(t, "Ann", kinNames(kinAll(t, e, 1, kinUsers(e).Use(func(q *relation.Query) { q.WhereAttachedTo(users[2], "followers") }))))
				refuses(t, e, []refused{
					{"empty", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo([]*kinUser{}) })), model.ErrInvalidValue, "no record"},
					{"none", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(skills[0]) })), model.ErrUnknownRelation, "kinSkill"},
					{"several", all(e, kinUsers(e).Use(func(q *relation.Query) { q.WhereAttachedTo(users[0]) })), model.ErrUnknownRelation, "followers"},
					{"unknown", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "writer") })), model.ErrUnknownRelation, "writer"},
					{"kind", all(e, kinUsers(e).Use(func(q *relation.Query) { q.WhereBelongsTo(users[0], "reports") })), model.ErrUnsupported, "reports"},
					{"unsaved", all(e, posts().Use(func(q *relation.Query) { q.WhereBelongsTo(&kinUser{}) })), model.ErrNotPersisted, "kinUser"},
				})
			},
			twin: kinLoses,
		},
	}
}
