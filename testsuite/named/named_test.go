// SPDX-License-Identifier: MIT

// Package named_test holds the promises about values that are given by name, and about those that are not known.
package named_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type user struct {
	model.BaseModel[user]

	ID     int64
	Email  string `gorm:"uniqueIndex"`
	Name   string
	Active bool    `gorm:"default:true"`
	Score  *int    `gorm:"default:7"`
	Teams  []*team `relation:"manyToMany;pivotTable:memberships;pivotForeignKey:user_id;pivotRelatedForeignKey:team_id"`
}

func (u *user) Define(d *model.Definition[user]) { d.Relation(&u.Teams).Using(&membership{}) }

type team struct {
	model.BaseModel[team]

	ID int64
}

type membership struct {
	model.BaseModel[membership]

	UserID int64 `gorm:"primaryKey;autoIncrement:false"`
	TeamID int64 `gorm:"primaryKey;autoIncrement:false"`
	Active bool  `gorm:"default:true"`
}

// ways are the calls that are given values by name, and insert a user.
func ways(e *harness.Env) map[string]func(ctx context.Context, email string) (*user, error) {
	off := func(email string) model.Attrs { return model.Attrs{"email": email, "active": false, "score": nil} }
	create := func(ctx context.Context, u *user, err error) (*user, error) {
		if err != nil {
			return nil, err
		}
		return u, model.Create(ctx, e.DB, u)
	}
	return map[string]func(ctx context.Context, email string) (*user, error){
		"FirstOrCreate": func(ctx context.Context, email string) (*user, error) {
			return model.FirstOrCreate[user](ctx, e.DB, off(email), nil)
		},
		"UpdateOrCreate": func(ctx context.Context, email string) (*user, error) {
			return model.UpdateOrCreate[user](ctx, e.DB, model.Attrs{"email": email}, off(email))
		},
		"FirstOrNew": func(ctx context.Context, email string) (*user, error) {
			u, err := model.FirstOrNew[user](ctx, e.DB, off(email), nil)
			return create(ctx, u, err)
		},
		"FetchOrCreateMany": func(ctx context.Context, email string) (*user, error) {
			list, err := model.FetchOrCreateMany[user](ctx, e.DB, []string{"email"}, []model.Attrs{off(email)})
			return list[0], err
		},
		"Merge": func(ctx context.Context, email string) (*user, error) {
			u := &user{}
			return create(ctx, u, u.Merge(off(email)))
		},
		"Fill": func(ctx context.Context, email string) (*user, error) {
			u := &user{Name: "gone"}
			return create(ctx, u, u.Fill(off(email)))
		},
		"Decode": func(ctx context.Context, email string) (*user, error) {
			u := &user{}
			return create(ctx, u, serialize.Decode([]byte(`{"email":"`+email+`","active":false,"score":null}`), u))
		},
		"Replicate": func(ctx context.Context, email string) (*user, error) {
			from := &user{}
			if _, err := create(ctx, from, from.Merge(off("from "+email))); err != nil {
				return nil, err
			}
			u := from.Replicate()
			u.Email = email
			return u, u.Save(ctx) // on the database of the original
		},
		"Upsert": func(ctx context.Context, email string) (*user, error) {
			u := &user{Email: email}
			return u, model.Upsert(ctx, e.DB, []*user{u}, []string{"email"}, "active", "score")
		},
	}
}

func TestZeroValuesGivenByNameAreWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &user{}, &team{}, &membership{})
		for name, way := range ways(e) {
			u, err := way(e.Ctx, name)
			require.NoError(t, err, name)
			require.False(t, u.Active, name)
			require.Nil(t, u.Score, name)
			require.False(t, u.IsDirty(), name)
			require.EqualValues(t, 1, e.Row(t, "SELECT count(*) AS n FROM users WHERE email = ? AND NOT active AND score IS NULL", name)["n"], name)
		}
		literal := &user{Email: "literal"}
		require.NoError(t, model.Create(e.Ctx, e.DB, literal))
		require.True(t, literal.Active, "the zero field of a literal is left to the database")
		require.Equal(t, 7, *literal.Score)
	})
}

func TestASearchForAZeroFindsWhatItCreated(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &user{}, &team{}, &membership{})
		for range 3 {
			_, err := model.FirstOrCreate[user](e.Ctx, e.DB, model.Attrs{"name": "a", "active": false}, nil)
			require.NoError(t, err)
		}
		require.EqualValues(t, 1, e.Count(t, "users"))
	})
}

func TestPivotAttributesOfZeroAreWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &user{}, &team{}, &membership{})
		u, all := &user{}, []*team{{}, {}, {}}
		require.NoError(t, model.Create(e.Ctx, e.DB, u))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, all))
		teams, off := relation.ManyToMany(u, &u.Teams), relation.Attrs{"active": false}
		require.NoError(t, teams.Attach(e.Ctx, relation.Pivot(all[0], off)))
		_, err := teams.SyncWithoutDetaching(e.Ctx, relation.Pivot(all[1], off))
		require.NoError(t, err)
		require.NoError(t, teams.Save(e.Ctx, all[2], off))
		require.EqualValues(t, 3, e.Row(t, "SELECT count(*) AS n FROM memberships WHERE NOT active")["n"])
	})
}

// An Upsert of a loaded record writes what the record has, zero or not.
func TestUpsertOfALoadedRecordWritesItsZeros(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &user{}, &team{}, &membership{})
		u := &user{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, u))
		u.Active, u.Score = false, nil
		require.NoError(t, model.Upsert(e.Ctx, e.DB, []*user{u}, nil))
		require.False(t, u.Active)
		require.Nil(t, u.Score)
	})
}

func TestColumnsThatWereNotLoadedAreNeverWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &user{}, &team{}, &membership{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &user{Email: "a", Name: "Ada"}))
		some, err := model.Query[user](e.DB).Select("id", "email").First(e.Ctx)
		require.NoError(t, err)
		copied := some.Replicate()
		copied.Email = "b"
		e.Sends(t, 0, func() {
			require.ErrorIs(t, copied.Save(e.Ctx), model.ErrNotLoaded)
			require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, []*user{copied}), model.ErrNotLoaded)
			require.ErrorIs(t, model.Upsert(e.Ctx, e.DB, []*user{some}, []string{"id"}), model.ErrNotLoaded)
			require.ErrorIs(t, model.Upsert(e.Ctx, e.DB, []*user{some}, []string{"id"}, "active"), model.ErrNotLoaded)
		})
		require.NoError(t, copied.Merge(model.Attrs{"name": "", "active": false, "score": 1}))
		require.NoError(t, copied.Save(e.Ctx))
		require.NoError(t, some.Save(e.Ctx))
		excepted := some.Replicate("name", "active", "score", "email")
		require.NoError(t, excepted.Save(e.Ctx))
		require.Equal(t, "Ada", e.Row(t, "SELECT name FROM users WHERE id = ?", some.ID)["name"])
	})
}
