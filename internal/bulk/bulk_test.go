// SPDX-License-Identifier: MIT

package bulk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/bulk"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type user struct {
	model.BaseModel[user]

	ID     int64
	Posts  []*post `relation:"hasMany"`
	Home   *post   `relation:"hasOne"`
	Latest *post   `relation:"hasOne"`
	Tags   []*tag  `relation:"manyToMany"`
}

func (u *user) Define(d *model.Definition[user]) { d.Relation(&u.Latest).LatestOfMany("id") }

// post has all that a write of many rows sets by itself.
type post struct {
	model.BaseModel[post]

	ID        int64
	UserID    int64
	Title     string
	Views     *int
	Version   int `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

type tag struct {
	model.BaseModel[tag]

	ID   int64
	Name string
}

// newWorld has a user with the posts 1 to 3, of no views, one and two, and the tags 1 and 2, which another user has too.
func newWorld(t *testing.T, e *harness.Env) *user {
	t.Helper()
	e.Migrate(t, &user{}, &post{}, &tag{})
	u := &user{}
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*user{u, {}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*post{
		{UserID: 1, Title: "a"}, {UserID: 1, Title: "b", Views: new(1)}, {UserID: 1, Title: "c", Views: new(2)}, {UserID: 2, Title: "d"},
	}))
	e.Exec(t,
		"INSERT INTO tags (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
		"INSERT INTO tag_user (user_id, tag_id) VALUES (1, 1), (1, 2), (2, 1), (2, 3)",
	)
	return u
}

func of(rec any, name string) *query.Spec {
	owner := related.OwnerOf(rec, name)
	return owner.Query()
}

func titled(q *query.Spec, title string) *query.Spec {
	q.Add(query.And, query.NewCompare("title", "=", title))
	return q
}

// TestWritesOfManyRowsInSQL has the one statement of each, and the number of its rows.
func TestWritesOfManyRowsInSQL(t *testing.T) {
	harness.Golden(t, "writes", func(t *testing.T, e *harness.Env) []harness.Step {
		u := newWorld(t, e)
		step := func(name string, rows int64, write func() (int64, error)) harness.Step {
			return harness.NewStep(name, func() {
				n, err := write()
				require.NoError(t, err, name)
				require.Equal(t, rows, n, name)
			})
		}
		return []harness.Step{
			step("update", 1, func() (int64, error) {
				return bulk.Update(e.Ctx, titled(of(u, "posts"), "a"), map[string]any{"title": "x", "Views": nil})
			}),
			step("increment: NULL counts as 0", 3, func() (int64, error) { return bulk.Increment(e.Ctx, of(u, "posts"), "views", 2) }),
			step("decrement", 3, func() (int64, error) { return bulk.Decrement(e.Ctx, of(u, "posts"), "views", "1") }),
			step("a relation to one is all of its rows", 3, func() (int64, error) { return bulk.Increment(e.Ctx, of(u, "home"), "views", 1) }),
			step("the latest is one", 1, func() (int64, error) {
				return bulk.Update(e.Ctx, of(u, "latest"), map[string]any{"title": "last"})
			}),
			step("delete marks", 1, func() (int64, error) { return bulk.Delete(e.Ctx, titled(of(u, "posts"), "last")) }),
			step("restore", 1, func() (int64, error) { return bulk.Restore(e.Ctx, of(u, "posts")) }),
			step("force delete", 3, func() (int64, error) { return bulk.ForceDelete(e.Ctx, of(u, "posts")) }),
			step("a limit", 1, func() (int64, error) {
				q := of(u, "tags")
				q.Limit, q.Orders = new(1), []query.Order{{Column: "id"}}
				return bulk.Update(e.Ctx, q, map[string]any{"name": "first"})
			}),
			step("delete of manyToMany: the pivot rows go first", 2, func() (int64, error) { return bulk.Delete(e.Ctx, of(u, "tags")) }),
			step("delete of none", 0, func() (int64, error) { return bulk.Delete(e.Ctx, of(u, "tags")) }),
		}
	})
}

func TestWritesSetTimestampAndVersion(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := newWorld(t, e)
		e.Clock.Add(time.Hour)
		require.NoError(t, harness.Err(bulk.Increment(e.Ctx, of(u, "posts"), "Views", 5)))
		posts, err := model.Query[post](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		for i, want := range []int{5, 6, 7} {
			require.Equal(t, want, *posts[i].Views)
			require.Equal(t, 2, posts[i].Version)
			require.True(t, e.Clock.Now().Equal(posts[i].UpdatedAt))
		}
		require.Nil(t, posts[3].Views, "the rows of others stay")
		require.Equal(t, 1, posts[3].Version)
	})
}

func TestDeletingRelatedRowsLeavesNoPivotRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := newWorld(t, e)
		require.NoError(t, harness.Err(bulk.Delete(e.Ctx, of(u, "tags"))))
		require.EqualValues(t, 1, e.Count(t, "tags"))
		require.EqualValues(t, 1, e.Count(t, "tag_user"))
	})
}

// TestMistakesWriteNothing has one mistake per row.
func TestMistakesWriteNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := newWorld(t, e)
		all := func() *query.Spec {
			spec := query.New(tx.From(model.WithDB(e.Ctx, e.DB)), of(u, "posts").Model)
			return spec
		}
		set := func(q *query.Spec, name string, v any) error {
			return harness.Err(bulk.Update(e.Ctx, q, map[string]any{name: v}))
		}
		e.Sends(t, 0, func() {
			require.ErrorIs(t, set(all(), "title", "x"), errs.ErrMissingWhere)
			require.ErrorIs(t, harness.Err(bulk.Delete(e.Ctx, all())), errs.ErrMissingWhere)
			require.ErrorIs(t, set(of(u, "posts"), "titel", "x"), errs.ErrUnknownAttribute)
			require.ErrorIs(t, set(of(u, "posts"), "views", "x"), errs.ErrInvalidValue)
			require.ErrorIs(t, set(of(u, "posts"), "title", nil), errs.ErrInvalidValue)
			require.ErrorIs(t, harness.Err(bulk.Increment(e.Ctx, of(u, "posts"), "title", 1)), errs.ErrUnsupported)
			require.ErrorIs(t, harness.Err(bulk.Increment(e.Ctx, of(u, "posts"), "id", 1)), errs.ErrGuarded)
			require.ErrorIs(t, harness.Err(bulk.Restore(e.Ctx, of(u, "tags"))), errs.ErrUnsupported)
			require.ErrorIs(t, set(of(u, "poss"), "title", "x"), errs.ErrUnknownRelation)
		})
		q := all()
		q.AllRows = true
		require.NoError(t, set(q, "title", "x"))
	})
}
