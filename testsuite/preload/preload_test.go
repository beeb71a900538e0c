// SPDX-License-Identifier: MIT

package preload_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Preloading posts.comments.author of 1,000 users sends 4 statements, whatever the number of rows.
func TestPreloadSendsOneStatementPerLevel(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, allModels()...)
		var users []*User
		var posts []*Post
		var comments []*Comment
		for i := range int64(1000) {
			users = append(users, &User{Name: "u"})
			posts = append(posts, &Post{AuthorID: new(i + 1), Title: "p"})
			comments = append(comments, &Comment{PostID: i + 1, UserID: new(1000 - i), Body: "c"})
		}
		require.NoError(t, model.Insert(e.Ctx, e.DB, users))
		require.NoError(t, model.Insert(e.Ctx, e.DB, posts))
		require.NoError(t, model.Insert(e.Ctx, e.DB, comments))
		list := fetch(t, e, 4, usersByID(e).Preload("posts.comments.author"))
		for _, i := range []int{0, 1, 499, 999} {
			require.Len(t, list[i].Posts, 1)
			require.EqualValues(t, 1000-i, list[i].Posts[0].Comments[0].Author.ID)
		}
	})
}

// Preloads take callbacks, nested callbacks, dotted paths and columns; keys are added, repeated preloads
// merge, order is kept.
func TestPreloadTakesCallbacksPathsAndColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 3, usersByID(e).Preload("posts", func(q *relation.Query) {
			q.Where("score", ">", 4).OrWhere("title", "p5").OrderBy("id", relation.Desc).Preload("comments", func(q *relation.Query) {
				q.Where("stars", ">", 2).OrderBy("stars")
			})
		}))
		require.Equal(t, "p1", titles(list[0].Posts))
		require.Equal(t, "p5", titles(list[2].Posts))
		require.Equal(t, "c5 c1", bodies(list[0].Posts[0].Comments))
		list = fetch(t, e, 4, usersByID(e).Preload("posts:title").Preload("posts.comments:body", func(q *relation.Query) { q.OrderBy("id") }).
			Preload("posts.comments.author:name"))
		require.Equal(t, "c1 c2 c5", bodies(list[0].Posts[0].Comments))
		require.Zero(t, list[0].Posts[0].Score)
		require.Equal(t, "Bob", list[0].Posts[0].Comments[0].Author.Name)
		require.Zero(t, list[0].Posts[0].Comments[0].Author.Score)
		list = fetch(t, e, 2, usersByID(e).Preload("posts", func(q *relation.Query) { q.Where("score", ">", 3) }).
			Preload("posts", func(q *relation.Query) { q.Where("score", "<", 9) }))
		require.Equal(t, "p1", titles(list[0].Posts), "both callbacks hold")
		require.Empty(t, list[1].Posts)
		list = fetch(t, e, 2, usersByID(e).Preload("posts", func(q *relation.Query) { q.Where("score", 9) }).Use(func(q *relation.Query) { q.PreloadOnce("posts") }))
		require.Equal(t, "p3", titles(list[1].Posts))
		list = fetch(t, e, 3, usersByID(e).Preload("posts", func(q *relation.Query) { q.Preload("comments") }).Preload("posts.comments"))
		require.Len(t, list[0].Posts[0].Comments, 3)
		list = fetch(t, e, 2, usersByID(e).Preload("posts", func(q *relation.Query) { q.Scope("scored", 5) }))
		require.Equal(t, "p1", titles(list[0].Posts))
		list = fetch(t, e, 2, usersByID(e).Preload("posts", func(q *relation.Query) { q.WithTrashed().OrderBy("id") }))
		require.Equal(t, "p1 p2 p4", titles(list[0].Posts))
	})
}

// Parents without keys, or no parents, send nothing; a relation without rows is nil or an empty list of its
// own, and loaded.
func TestParentsWithoutKeysSendNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e).Where("id", 4).Preload("country"))
		require.Nil(t, users[0].Country)
		require.True(t, users[0].Related("country").Loaded())
		fetch(t, e, 1, usersByID(e).Where("id", 99).Preload("posts.comments"))
		users = fetch(t, e, 2, usersByID(e).Where("id", 4).Preload("posts.comments"))
		require.NotNil(t, users[0].Posts)
		require.Empty(t, users[0].Posts)
		require.True(t, users[0].Related("posts").Loaded())
		require.False(t, users[0].Related("skills").Loaded())
		e.Sends(t, 0, func() {
			require.NoError(t, model.Load(e.Ctx, []*User{}, "posts"))
			require.NoError(t, users[0].Load(e.Ctx, "country"))
		})
	})
}

// Every terminal that loads records loads their relations: First, Find, FindBy, FindMany, Sole, Paginate,
// CursorPaginate, Each, Chunk.
func TestEveryTerminalPreloads(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		q := func() *model.Builder[User] {
			return usersByID(e).Preload("posts", func(q *relation.Query) { q.OrderBy("id") })
		}
		for name, run := range map[string]func() (*User, error){
			"first":  func() (*User, error) { return q().First(e.Ctx) },
			"find":   func() (*User, error) { return q().Find(e.Ctx, 1) },
			"plain":  func() (*User, error) { return model.Query[User](e.DB).Preload("posts").Find(e.Ctx, 1) },
			"findBy": func() (*User, error) { return q().FindBy(e.Ctx, "name", "Ann") },
			"sole":   func() (*User, error) { return q().Where("id", 1).Sole(e.Ctx) },
			"findMany": func() (*User, error) {
				list, err := q().FindMany(e.Ctx, 2, 1)
				return list[1], err
			},
			"cursor": func() (*User, error) {
				page, err := q().CursorPaginate(e.Ctx, "", 2)
				return page.Data[0], err
			},
			"chunk": func() (*User, error) {
				for list, err := range q().Chunk(e.Ctx, 2) {
					return list[0], err
				}
				return nil, nil
			},
			"each": func() (*User, error) {
				for u, err := range q().Each(e.Ctx) {
					return u, err
				}
				return nil, nil
			},
		} {
			e.Sends(t, 2, func() {
				u, err := run()
				require.NoError(t, err, name)
				require.Equal(t, "p1 p2", titles(u.Posts), name)
			})
		}
		e.Sends(t, 3, func() {
			page, err := q().Paginate(e.Ctx, 2, 2)
			require.NoError(t, err)
			require.Equal(t, "p5", titles(page.Data[0].Posts))
		})
	})
}

// A preload runs in the transaction of its parents, sees what is not committed, and its records belong to
// it.
func TestPreloadRunsInTheParentsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &Post{AuthorID: new(int64(4)), Title: "new"}))
			u, err := model.Query[User](tx).Preload("posts", func(q *relation.Query) { q.GroupLimit(2) }).Find(e.Ctx, 4) //nolint:contextcheck // tx tells
			require.NoError(t, err)
			require.Equal(t, "new", titles(u.Posts))
			u.Posts[0].Title = "newer"
			require.NoError(t, u.Posts[0].Save(e.Ctx)) //nolint:contextcheck // the record tells
			return context.Canceled
		})
		require.ErrorIs(t, err, context.Canceled)
		require.EqualValues(t, 6, e.Count(t, "posts"))
	})
}

// Sideloaded values and ReadOnly reach preloaded records; what the preload's own query says goes before.
func TestSideloadAndReadOnlyReachPreloads(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		u, err := usersByID(e).Use(func(q *relation.Query) { q.Sideload(model.Attrs{"viewer": 7}) }).Preload("posts.comments").
			Preload("skills", func(q *relation.Query) { q.Sideload(relation.Attrs{"viewer": 8}) }).First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 7, model.Sideloaded(u.Posts[0])["viewer"])
		require.EqualValues(t, 7, model.Sideloaded(u.Posts[0].Comments[0])["viewer"])
		require.EqualValues(t, 8, model.Sideloaded(u.Skills[0])["viewer"])
		u, err = usersByID(e).Use(func(q *relation.Query) { q.ReadOnly() }).Preload("posts").First(e.Ctx)
		require.NoError(t, err)
		u.Posts[0].Title = "other"
		require.ErrorIs(t, u.Posts[0].Save(e.Ctx), model.ErrUnsupported)
	})
}

// A parent that was selected without the key of a relation is ErrMissingKey naming relation and key.
func TestParentWithoutKeyIsErrMissingKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		for _, q := range []*model.Builder[User]{
			usersByID(e).Select("name").Preload("posts"), usersByID(e).Select("id", "name").Preload("country"),
			model.Query[User](e.DB).GroupBy("name").Preload("posts"),
		} {
			e.Sends(t, 0, func() {
				err := harness.Err(q.All(e.Ctx))
				require.ErrorIs(t, err, model.ErrMissingKey)
				require.ErrorContains(t, err, "User.")
			})
		}
		list := fetch(t, e, 1, usersByID(e).Select("name"))
		e.Sends(t, 0, func() { require.ErrorIs(t, model.Load(e.Ctx, list, "posts"), model.ErrMissingKey) })
	})
}

// A mistake inside a preload, however deep, is found before any statement is sent, of every terminal and of
// Load.
func TestMistakeInAPreloadSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e))
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
			q := func() *model.Builder[User] { return usersByID(e).Preload("profile").Preload(c.path, c.fn) }
			for terminal, run := range map[string]func() error{
				"all":      func() error { return harness.Err(q().All(e.Ctx)) },
				"first":    func() error { return harness.Err(q().First(e.Ctx)) },
				"paginate": func() error { return harness.Err(q().Paginate(e.Ctx, 1, 2)) },
				"cursor":   func() error { return harness.Err(q().CursorPaginate(e.Ctx, "", 2)) },
				"each": func() error {
					for _, err := range q().Each(e.Ctx) {
						return err
					}
					return nil
				},
				"load": func() error { return model.Load(e.Ctx, users, c.path, c.fn) },
			} {
				e.Sends(t, 0, func() { require.ErrorIs(t, run(), c.want, "%s %s", name, terminal) })
			}
		}
		require.Nil(t, users[0].Posts)
	})
}

// The callback of a preload runs once per run of the query, and a relation whose own query loads it again
// goes on while there are rows.
func TestPreloadCallbackRunsOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		calls := 0
		q := usersByID(e).Preload("posts", func(q *relation.Query) {
			calls++
			q.Preload("comments", func(*relation.Query) { calls++ })
		})
		for run := range 2 {
			fetch(t, e, 3, q)
			require.Equal(t, 2*(run+1), calls)
		}
		var tree func(q *relation.Query)
		tree = func(q *relation.Query) { q.Preload("manager", tree) }
		list := fetch(t, e, 3, usersByID(e).Where("id", 4).Preload("manager", tree))
		require.Equal(t, "Ann", list[0].Manager.Manager.Name)
		require.Nil(t, list[0].Manager.Manager.Manager)
	})
}

// Load loads again, LoadMissing what is missing only, nil counts as loaded; one statement for a record or a
// slice.
func TestLoadMissingLoadsOnlyWhatIsMissing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 1, usersByID(e))
		e.Sends(t, 2, func() { require.NoError(t, model.Load(e.Ctx, users, "posts.comments")) })
		require.Len(t, users[0].Posts[0].Comments, 3)
		e.Sends(t, 1, func() {
			require.NoError(t, model.LoadMissing(e.Ctx, users, "posts", "posts.comments", "profile"))
			require.Nil(t, users[2].Profile)
			require.NoError(t, model.LoadMissing(e.Ctx, users, "profile"))
			require.NoError(t, users[2].LoadMissing(e.Ctx, "profile", "posts"))
		})
		e.Sends(t, 1, func() { require.NoError(t, model.LoadMissing(e.Ctx, users, "posts.author")) })
		require.Equal(t, "Ann", users[0].Posts[0].Author.Name)
		e.Sends(t, 1, func() {
			require.NoError(t, users[0].Load(e.Ctx, "posts", func(q *relation.Query) { q.Where("score", 3) }))
		})
		require.Equal(t, "p2", titles(users[0].Posts))
		fresh := append(users[:1:1], fetch(t, e, 1, usersByID(e).Where("id", 2))...)
		e.Sends(t, 1, func() { require.NoError(t, model.LoadMissing(e.Ctx, fresh, "posts")) })
		require.Equal(t, "p2", titles(users[0].Posts), "it was loaded")
		require.Equal(t, "p3", titles(fresh[1].Posts))
		require.False(t, users[0].IsDirty())
	})
}
