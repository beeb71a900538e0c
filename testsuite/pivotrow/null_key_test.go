// SPDX-License-Identifier: MIT

package pivotrow_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func TestReadsOfANullKeyGiveNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, _ := seed(t, e, 0)
		require.NoError(t, u.Load(e.Ctx, "posts"))
		require.Empty(t, u.Posts)
		for _, name := range []string{"posts", "codes", "first"} {
			n, err := u.Related(name).Query().Count(e.Ctx)
			require.NoError(t, err)
			require.Zero(t, n)
		}
		n, err := relation.ManyToMany(u, &u.Codes).PivotQuery().Count(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		var first *Post
		err = u.Related("first").First(e.Ctx, &first)
		require.ErrorIs(t, err, model.ErrNotFound)
	})
}

func TestWritesOfANullKeySaySo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 1)
		posts, codes := relation.HasMany(u, &u.Posts), relation.ManyToMany(u, &u.Codes)
		writes := map[string]func() error{
			"create":    func() error { return posts.Create(e.Ctx, &Post{}) },
			"save many": func() error { return posts.SaveMany(e.Ctx, []*Post{{}}) },
			"has one":   func() error { return relation.HasOne(u, &u.First).Save(e.Ctx, &Post{}) },
			"attach":    func() error { return codes.Attach(e.Ctx, teams[0]) },
			"sync": func() error {
				_, err := codes.Sync(e.Ctx, teams[0])
				return err
			},
			"associate": func() error {
				p := &Post{}
				return relation.BelongsTo(p, &p.User).Associate(model.WithDB(e.Ctx, e.DB), u)
			},
		}
		for name, write := range writes {
			e.Sends(t, 0, func() {
				err := write()
				require.ErrorIs(t, err, model.ErrMissingKey, name)
				require.NotErrorIs(t, err, model.ErrNotPersisted, name)
				require.Contains(t, err.Error(), "User.Code is NULL", name)
			})
		}
		require.Zero(t, e.Count(t, "posts"))
	})
}

func TestAHasOneTakesNoListOfRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, _ := seed(t, e, 0)
		first := u.Related("first")
		e.Sends(t, 0, func() {
			require.ErrorIs(t, first.CreateMany(e.Ctx, []*Post{{}, {}}), model.ErrUnsupported)
			require.ErrorIs(t, first.SaveMany(e.Ctx, []*Post{{}}), model.ErrUnsupported)
		})
	})
}
