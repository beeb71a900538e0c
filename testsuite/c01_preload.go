// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// preloadPromises are those of rows C1 and C2.
func preloadPromises() []promise {
	return []promise{
		{
			name: "C1/OneStatementPerLevel",
			says: "Preloading posts.comments.author of 1,000 users sends 4 statements, whatever the number of rows",
			check: func(t testing.TB, e *env) {
				e.migrate(t, kinModels()...)
				var users []*kinUser
				var posts []*kinPost
				var comments []*kinComment
				for i := range int64(1000) {
					users = append(users, &kinUser{Name: "u"})
					posts = append(posts, &kinPost{AuthorID: new(i + 1), Title: "p"})
					comments = append(comments, &kinComment{KinPostID: i + 1, KinUserID: new(1000 - i), Body: "c"})
				}
				require.NoError(t, model.Insert(e.ctx, e.db, users))
				require.NoError(t, model.Insert(e.ctx, e.db, posts))
				require.NoError(t, model.Insert(e.ctx, e.db, comments))
				list := kinAll(t, e, 4, kinUsers(e).Preload("posts.comments.author"))
				for _, i := range []int{0, 1, 499, 999} {
					require.Len(t, list[i].Posts, 1)
					require.EqualValues(t, 1000-i, list[i].Posts[0].Comments[0].Author.ID)
				}
			},
			twin: bent("SELECT", "`kin_comments`.`kin_post_id`", "`kin_comments`.`kin_user_id`"),
		},
		{
			name: "C1/Forms",
			says: "Preloads take callbacks, nested callbacks, dotted paths and columns; keys are added, repeated preloads merge, order is kept",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 3, kinUsers(e).Preload("posts", func(q *relation.Query) {
					q.Where("score", ">", 4).OrWhere("title", "p5").OrderBy("id", relation.Desc).Preload("comments", func(q *relation.Query) {
						q.Where("stars", ">", 2).OrderBy("stars")
					})
				}))
				require.Equal(t, "p1", kinTitles(list[0].Posts))
				require.Equal(t, "p5", kinTitles(list[2].Posts))
				require.Equal(t, "c5 c1", kinBodies(list[0].Posts[0].Comments))
				list = kinAll(t, e, 4, kinUsers(e).Preload("posts:title").Preload("posts.comments:body", func(q *relation.Query) { q.OrderBy("id") }).
					Preload("posts.comments.author:name"))
				require.Equal(t, "c1 c2 c5", kinBodies(list[0].Posts[0].Comments))
				require.Zero(t, list[0].Posts[0].Score)
				require.Equal(t, "Bob", list[0].Posts[0].Comments[0].Author.Name)
				require.Zero(t, list[0].Posts[0].Comments[0].Author.Score)
				list = kinAll(t, e, 2, kinUsers(e).Preload("posts", func(q *relation.Query) { q.Where("score", ">", 3) }).
					Preload("posts", func(q *relation.Query) { q.Where("score", "<", 9) }))
				require.Equal(t, "p1", kinTitles(list[0].Posts), "both callbacks hold")
				require.Empty(t, list[1].Posts)
				list = kinAll(t, e, 2, kinUsers(e).Preload("posts", func(q *relation.Query) { q.Where("score", 9) }).Use(func(q *relation.Query) { q.PreloadOnce("posts") }))
				require.Equal(t, "p3", kinTitles(list[1].Posts))
				list = kinAll(t, e, 3, kinUsers(e).Preload("posts", func(q *relation.Query) { q.Preload("comments") }).Preload("posts.comments"))
				require.Len(t, list[0].Posts[0].Comments, 3)
				list = kinAll(t, e, 2, kinUsers(e).Preload("posts", func(q *relation.Query) { q.Scope("scored", 5) }))
				require.Equal(t, "p1", kinTitles(list[0].Posts))
				list = kinAll(t, e, 2, kinUsers(e).Preload("posts", func(q *relation.Query) { q.WithTrashed().OrderBy("id") }))
				require.Equal(t, "p1 p2 p4", kinTitles(list[0].Posts))
			},
			twin: bent("SELECT", "`kin_comments`.`stars`", "`kin_comments`.`id`"),
		},
		{
			name: "C1/NoKeysNoStatement",
			says: "Parents without keys, or no parents, send nothing; a relation without rows is nil or an empty list of its own, and loaded",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e).Where("id", 4).Preload("country"))
				require.Nil(t, users[0].Country)
				require.True(t, see(e, "loaded", users[0].Related("country").Loaded()))
				kinAll(t, e, 1, kinUsers(e).Where("id", 99).Preload("posts.comments"))
				users = kinAll(t, e, 2, kinUsers(e).Where("id", 4).Preload("posts.comments"))
				require.NotNil(t, users[0].Posts)
				require.Empty(t, users[0].Posts)
				require.True(t, users[0].Related("posts").Loaded())
				require.False(t, users[0].Related("skills").Loaded())
				e.sends(t, 0, func() {
					require.NoError(t, model.Load(e.ctx, []*kinUser{}, "posts"))
					require.NoError(t, users[0].Load(e.ctx, "country"))
				})
			},
			twin: negating("loaded"),
		},
		{
			name: "C1/Terminals",
			says: "Every terminal that loads records loads their relations: First, Find, FindBy, FindMany, Sole, Paginate, CursorPaginate, Each, Chunk",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				q := func() *model.Builder[kinUser] {
					return kinUsers(e).Preload("posts", func(q *relation.Query) { q.OrderBy("id") })
				}
				for name, run := range map[string]func() (*kinUser, error){
					"first":  func() (*kinUser, error) { return q().First(e.ctx) },
					"find":   func() (*kinUser, error) { return q().Find(e.ctx, 1) },
					"plain":  func() (*kinUser, error) { return model.Query[kinUser](e.db).Preload("posts").Find(e.ctx, 1) },
					"findBy": func() (*kinUser, error) { return q().FindBy(e.ctx, "name", "Ann") },
					"sole":   func() (*kinUser, error) { return q().Where("id", 1).Sole(e.ctx) },
					"findMany": func() (*kinUser, error) {
						list, err := q().FindMany(e.ctx, 2, 1)
						return list[1], err
					},
					"cursor": func() (*kinUser, error) {
						page, err := q().CursorPaginate(e.ctx, "", 2)
						return page.Data[0], err
					},
					"chunk": func() (*kinUser, error) {
						for list, err := range q().Chunk(e.ctx, 2) {
							return list[0], err
						}
						return nil, nil
					},
					"each": func() (*kinUser, error) {
						for u, err := range q().Each(e.ctx) {
							return u, err
						}
						return nil, nil
					},
				} {
					e.sends(t, 2, func() {
						u, err := run()
						require.NoError(t, err, name)
						require.Equal(t, "p1 p2", kinTitles(u.Posts), name)
					})
				}
				e.sends(t, 3, func() {
					page, err := q().Paginate(e.ctx, 2, 2)
					require.NoError(t, err)
					require.Equal(t, "p5", kinTitles(page.Data[0].Posts))
				})
			},
			twin: bent("SELECT", "`kin_posts`.`author_id`", "`kin_posts`.`id`"),
		},
		{
			name: "C1/Transaction",
			says: "A preload runs in the transaction of its parents, sees what is not committed, and its records belong to it",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				err := e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
					require.NoError(t, model.Create(ctx, tx, &kinPost{AuthorID: new(int64(4)), Title: "new"}))
					u, err := model.Query[kinUser](tx).Preload("posts", func(q *relation.Query) { q.GroupLimit(2) }).Find(e.ctx, 4) //nolint:contextcheck // tx tells
					require.NoError(t, err)
					require.Equal(t, "new", see(e, "titles", kinTitles(u.Posts)))
					u.Posts[0].Title = "newer"
					require.NoError(t, u.Posts[0].Save(e.ctx)) //nolint:contextcheck // the record tells
					return context.Canceled
				})
				require.ErrorIs(t, err, context.Canceled)
				require.EqualValues(t, 6, e.count(t, "kin_posts"))
			},
			twin: func(e *env) { e.seen["titles"] = func(any) any { return "" } },
		},
		{
			name: "C1/SideloadAndReadOnly",
			says: "Sideloaded values and ReadOnly reach preloaded records; what the preload's own query says goes before",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				u, err := kinUsers(e).Use(func(q *relation.Query) { q.Sideload(model.Attrs{"viewer": 7}) }).Preload("posts.comments").
					Preload("skills", func(q *relation.Query) { q.Sideload(relation.Attrs{"viewer": 8}) }).First(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 7, see(e, "viewer", model.Sideloaded(u.Posts[0])["viewer"]))
				require.EqualValues(t, 7, model.Sideloaded(u.Posts[0].Comments[0])["viewer"])
				require.EqualValues(t, 8, model.Sideloaded(u.Skills[0])["viewer"])
				u, err = kinUsers(e).Use(func(q *relation.Query) { q.ReadOnly() }).Preload("posts").First(e.ctx)
				require.NoError(t, err)
				u.Posts[0].Title = "other"
				require.ErrorIs(t, u.Posts[0].Save(e.ctx), model.ErrUnsupported)
			},
			twin: func(e *env) { e.seen["viewer"] = func(any) any { return 0 } },
		},
		{
			name: "C1/ParentWithoutKey",
			says: "A parent that was selected without the key of a relation is ErrMissingKey naming relation and key",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				for _, q := range []*model.Builder[kinUser]{
					kinUsers(e).Select("name").Preload("posts"), kinUsers(e).Select("id", "name").Preload("country"),
					model.Query[kinUser](e.db).GroupBy("name").Preload("posts"),
				} {
					e.sends(t, 0, func() {
						err := e.do("load", func() error { return kinErr(q.All(e.ctx)) })
						require.ErrorIs(t, err, model.ErrMissingKey)
						require.ErrorContains(t, err, "kinUser.")
					})
				}
				list := kinAll(t, e, 1, kinUsers(e).Select("name"))
				e.sends(t, 0, func() { require.ErrorIs(t, model.Load(e.ctx, list, "posts"), model.ErrMissingKey) })
			},
			twin: lenient("load"),
		},
		{
			name: "C1/MistakesFirst",
			says: "a mistake inside a preload, however deep, is found before any statement is sent, of every terminal and of Load",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e))
				for name, c := range map[string]struct {
					want error
					path string
					fn   func(q *relation.Query)
				}{
					"condition": {model.ErrUnknownColumn, "posts", func(q *relation.Query) { q.Where("titel", "p1") }},
					"value":     {model.ErrInvalidValue, "posts", func(q *relation.Query) { q.Where("score", "high") }},
					"order":     {model.ErrUnknownColumn, "posts", func(q *relation.Query) { q.OrderBy("titel").GroupLimit(2) }},
					"group":     {model.ErrUnknownColumn, "posts", func(q *relation.Query) { q.GroupOrderBy("titel").GroupLimit(2) }},
					"limit":     {model.ErrInvalidValue, "posts", func(q *relation.Query) { q.GroupLimit(-1) }},
					"columns":   {model.ErrUnknownColumn, "skills", func(q *relation.Query) { q.Select("titel") }},
					"relation":  {model.ErrUnknownRelation, "posts", func(q *relation.Query) { q.Preload("coments") }},
					"again":     {model.ErrUnknownColumn, "manager.manager", func(q *relation.Query) { q.Where("titel", 1) }},
					"further":   {model.ErrUnknownColumn, "posts.comments", func(q *relation.Query) { q.Where("titel", 1) }},
					"inside": {model.ErrUnknownColumn, "posts.comments", func(q *relation.Query) {
						q.Preload("author", func(q *relation.Query) { q.WhereHas("posts", func(q *relation.Query) { q.Where("titel", 1) }) })
					}},
					"pivot": {model.ErrUnsupported, "posts", func(q *relation.Query) { q.WherePivot("level", 1) }},
				} {
					q := func() *model.Builder[kinUser] { return kinUsers(e).Preload("profile").Preload(c.path, c.fn) }
					for terminal, run := range map[string]func() error{
						"all":      func() error { return kinErr(q().All(e.ctx)) },
						"first":    func() error { return kinErr(q().First(e.ctx)) },
						"paginate": func() error { return kinErr(q().Paginate(e.ctx, 1, 2)) },
						"cursor":   func() error { return kinErr(q().CursorPaginate(e.ctx, "", 2)) },
						"each": func() error {
							for _, err := range q().Each(e.ctx) {
								return err
							}
							return nil
						},
						"load": func() error { return model.Load(e.ctx, users, c.path, c.fn) },
					} {
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("load", run), c.want, "%s %s", name, terminal) })
					}
				}
				require.Nil(t, users[0].Posts)
			},
			twin: lenient("load"),
		},
		{
			name: "C1/CallbacksOnce",
			says: "the callback of a preload runs once per run of the query, and a relation whose own query loads it again goes on while there are rows",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				calls := 0
				q := kinUsers(e).Preload("posts", func(q *relation.Query) {
					calls++
					q.Preload("comments", func(*relation.Query) { calls++ })
				})
				for run := range 2 {
					kinAll(t, e, 3, q)
					require.Equal(t, 2*(run+1), see(e, "calls", calls))
				}
				var tree func(q *relation.Query)
				tree = func(q *relation.Query) { q.Preload("manager", tree) }
				list := kinAll(t, e, 3, kinUsers(e).Where("id", 4).Preload("manager", tree))
				require.Equal(t, "Ann", list[0].Manager.Manager.Name)
				require.Nil(t, list[0].Manager.Manager.Manager)
			},
			twin: func(e *env) { e.seen["calls"] = func(any) any { return 0 } },
		},
		{
			name: "C2/LoadAndLoadMissing",
			says: "Load loads again, LoadMissing what is missing only, nil counts as loaded; one statement for a record or a slice",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 1, kinUsers(e))
				e.sends(t, 2, func() { require.NoError(t, model.Load(e.ctx, users, "posts.comments")) })
				require.Len(t, users[0].Posts[0].Comments, 3)
				e.sends(t, 1, func() {
					require.NoError(t, model.LoadMissing(e.ctx, users, "posts", "posts.comments", "profile"))
					require.Nil(t, users[2].Profile)
					require.NoError(t, model.LoadMissing(e.ctx, users, "profile"))
					require.NoError(t, users[2].LoadMissing(e.ctx, "profile", "posts"))
				})
				e.sends(t, 1, func() { require.NoError(t, model.LoadMissing(e.ctx, users, "posts.author")) })
				require.Equal(t, "Ann", users[0].Posts[0].Author.Name)
				e.sends(t, 1, func() {
					require.NoError(t, users[0].Load(e.ctx, "posts", func(q *relation.Query) { q.Where("score", 3) }))
				})
				require.Equal(t, "p2", kinTitles(users[0].Posts))
				fresh := append(users[:1:1], kinAll(t, e, 1, kinUsers(e).Where("id", 2))...)
				e.sends(t, 1, func() { require.NoError(t, model.LoadMissing(e.ctx, fresh, "posts")) })
				require.Equal(t, "p2", kinTitles(users[0].Posts), "it was loaded")
				require.Equal(t, "p3", kinTitles(fresh[1].Posts))
				require.False(t, users[0].IsDirty())
			},
			twin: bent("SELECT", "`kin_posts`.`author_id`", "`kin_posts`.`id`"),
		},
	}
}
