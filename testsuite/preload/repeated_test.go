// SPDX-License-Identifier: MIT

package preload_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A relation that is preloaded with columns and once more without has all columns, whichever comes first.
func TestSecondPreloadWithoutColumnsLoadsAll(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		posts := func(q *relation.Query) { q.OrderBy("id") }
		for name, q := range map[string]*model.Builder[User]{
			"columns first": usersByID(e).Preload("posts:title", posts).Preload("posts"),
			"columns last":  usersByID(e).Preload("posts", posts).Preload("posts:title"),
			"nested":        usersByID(e).Preload("posts:title", posts).Preload("posts", func(q *relation.Query) { q.Where("id", ">", 0) }),
		} {
			post := fetch(t, e, 2, q)[0].Posts[0]
			require.Equal(t, "p1", post.Title, name)
			require.NotZero(t, post.Score, name)
			require.Contains(t, post.Attributes(), "CreatedAt", name)
			require.NoError(t, post.Refresh(e.Ctx), name)
		}
		post := fetch(t, e, 2, usersByID(e).Preload("posts:title", posts).Preload("posts:id"))[0].Posts[0]
		require.Zero(t, post.Score, "two lists of columns are one")
	})
}

// Readers find the shops of their city.
type (
	reader struct {
		model.BaseModel[reader]

		ID    int64
		City  string
		Shops []*shop `relation:"hasMany;localKey:City;foreignKey:City"`
	}
	shop struct {
		model.BaseModel[shop]

		ID   int64
		City string
	}
)

// Parents with one key have lists of their own: what is done to one is not seen by another.
func TestParentsThatShareAKeyDoNotShareAList(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &reader{}, &shop{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*reader{{City: "Wien"}, {City: "Wien"}, {City: "Graz"}, {City: "Wien"}}))
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*shop{{City: "Wien"}, {City: "Graz"}, {City: "Wien"}}))
		q := model.Query[reader](e.DB).OrderBy("id").Preload("shops", func(q *relation.Query) { q.OrderBy("id") })
		ids := func(r *reader) (ids []int64) {
			for _, s := range r.Shops {
				ids = append(ids, s.ID)
			}
			return ids
		}
		for i := range 3 {
			list := fetch(t, e, 2, q)
			changed := []*reader{list[0], list[1], list[3]}[i]
			changed.Shops[0], changed.Shops[1] = changed.Shops[1], changed.Shops[0]
			changed.Shops = append(changed.Shops, &shop{})
			_ = append(list[2].Shops, &shop{})
			for _, r := range list {
				switch r {
				case changed:
					require.Equal(t, []int64{3, 1, 0}, ids(r))
				case list[2]:
					require.Equal(t, []int64{2}, ids(r))
				default:
					require.Equal(t, []int64{1, 3}, ids(r))
				}
			}
		}
	})
}
