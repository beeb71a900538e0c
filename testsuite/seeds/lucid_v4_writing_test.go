// SPDX-License-Identifier: MIT

package seeds_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV4Writing is the guide of AdonisJS 4.1: inserts, updates and deletes.
func TestLucidV4Writing(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "save", check: v4Save},
		section{title: "create", check: v4Create},
		section{title: "createMany", check: v4CreateMany},
		section{title: "saveMany", check: v4SaveMany},
		section{title: "associate", check: v4Associate},
		section{title: "dissociate", check: v4Dissociate},
		section{title: "attach", check: v4Attach},
		section{title: "detach", check: v4Detach},
		section{title: "sync", check: v4Sync},
		section{title: "update", check: v4Update},
		section{title: "delete", check: v4Delete},
	)
}

func v4Save(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	user := find[User](t, e, 1)
	post := &Post{Title: "Adonis 101"}
	e.sends(t, 1, func() { require.NoError(t, user.Related("posts").Save(e.ctx, post)) })
	require.Equal(t, user.ID, post.UserID)
	require.True(t, post.IsPersisted())

	profile := &Profile{AvatarURL: "virk.jpg"} // hasOne
	require.NoError(t, user.Related("profile").Save(e.ctx, profile))
	require.Equal(t, new(user.ID), profile.UserID)

	car := &Car{Name: "mercedes"} // belongsToMany
	require.NoError(t, user.Related("cars").Save(e.ctx, car, pivot{"is_current_owner": true}))
	require.Len(t, e.rows(t, "SELECT 1 FROM car_user WHERE user_id = 1 AND car_id = 1 AND is_current_owner"), 1)
	require.Empty(t, user.Posts, "a write does not change what is loaded")
}

func v4Create(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	user := find[User](t, e, 1)
	post := &Post{Title: "Adonis 101"}
	require.NoError(t, user.Related("posts").Create(e.ctx, post))
	require.Equal(t, []int64{1, 1}, []int64{post.ID, post.UserID})
	require.ErrorIs(t, user.Related("posts").Create(e.ctx, post), model.ErrUnsupported, "Create is for new records")

	require.NoError(t, user.Related("profile").Create(e.ctx, &Profile{}))
	require.NoError(t, user.Related("cars").Create(e.ctx, &Car{Name: "audi"}, pivot{"is_current_owner": true}))
	require.Equal(t, int64(1), e.count(t, "profiles"))
	require.Len(t, e.rows(t, "SELECT 1 FROM car_user WHERE is_current_owner"), 1)
}

func v4CreateMany(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	user := find[User](t, e, 1)
	posts := []*Post{{Title: "Adonis 101"}, {Title: "Lucid 101"}}
	// Lucid sends one INSERT per record. Kindred sends one for all; hooks run for each of them all the same.
	e.sends(t, 1, func() { require.NoError(t, user.Related("posts").CreateMany(e.ctx, posts)) })
	require.Equal(t, []int64{1, 2}, names(posts, func(p *Post) int64 { return p.ID }))
	require.Equal(t, [][]string{{"Adonis 101"}, {"Lucid 101"}}, e.rows(t, "SELECT title FROM posts WHERE user_id = 1 ORDER BY id"))

	cars := []*Car{{Name: "mercedes"}, {Name: "audi"}}
	e.sends(t, 2, func() { require.NoError(t, user.Related("cars").CreateMany(e.ctx, cars)) })
	require.Equal(t, [][]string{{"1"}, {"2"}}, e.rows(t, "SELECT car_id FROM car_user WHERE user_id = 1 ORDER BY car_id"))
}

func v4SaveMany(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Post{UserID: 2, Title: "Lucid 101"})
	user := find[User](t, e, 1)
	adonis, lucid := &Post{Title: "Adonis 101"}, find[Post](t, e, 1)
	e.sends(t, 2, func() { // an INSERT and an UPDATE
		require.NoError(t, user.Related("posts").SaveMany(e.ctx, []*Post{adonis, lucid}))
	})
	require.Equal(t, int64(2), adonis.ID)
	require.Equal(t, [][]string{{"Lucid 101"}, {"Adonis 101"}}, e.rows(t, "SELECT title FROM posts WHERE user_id = 1 ORDER BY id"))
}

func v4Associate(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Profile{})
	user, profile := find[User](t, e, 1), find[Profile](t, e, 1)
	e.sends(t, 1, func() { require.NoError(t, relation.BelongsTo(profile, &profile.User).Associate(e.ctx, user)) })
	require.Equal(t, [][]string{{"1"}}, e.rows(t, "SELECT user_id FROM profiles"))
	require.Same(t, user, profile.User)
	e.sends(t, 0, func() { require.NoError(t, profile.Related("user").Associate(e.ctx, user)) })
}

func v4Dissociate(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Profile{UserID: new(int64(1))})
	profile := find[Profile](t, e, 1)
	e.sends(t, 1, func() { require.NoError(t, profile.Related("user").Dissociate(e.ctx)) })
	require.Equal(t, [][]string{{"NULL"}}, e.rows(t, "SELECT user_id FROM profiles"))
	require.Nil(t, profile.UserID)
	require.Equal(t, int64(1), e.count(t, "users"))
}

// garage makes a user and two cars, the mercedes and the audi.
func garage(t *testing.T, e *env) (user *User, mercedes, audi *Car) {
	t.Helper()
	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Car{Name: "mercedes", RegNo: "39020103"}, &Car{Name: "audi", RegNo: "99001020"})
	var err error
	mercedes, err = model.Query[Car](e.db).FindBy(e.ctx, "reg_no", "39020103")
	require.NoError(t, err)
	audi, err = model.Query[Car](e.db).FindBy(e.ctx, "reg_no", "99001020")
	require.NoError(t, err)
	return find[User](t, e, 1), mercedes, audi
}

const ownedCars = "SELECT car_id, CASE WHEN is_current_owner THEN 'owner' END FROM car_user WHERE user_id = 1 ORDER BY car_id"

func v4Attach(t *testing.T, e *env) {
	user, mercedes, audi := garage(t, e)
	e.sends(t, 1, func() { require.NoError(t, user.Related("cars").Attach(e.ctx, mercedes.ID)) })
	require.Equal(t, [][]string{{"1", "NULL"}}, e.rows(t, ownedCars))

	e.exec(t, "DELETE FROM car_user")
	e.sends(t, 1, func() {
		require.NoError(t, relation.ManyToMany(user, &user.Cars).AttachEach(e.ctx, func(id any, row relation.Attrs) {
			if id == mercedes.ID {
				row["is_current_owner"] = true
			}
		}, mercedes.ID, audi.ID))
	})
	require.Equal(t, [][]string{{"1", "owner"}, {"2", "NULL"}}, e.rows(t, ownedCars))

	e.sends(t, 0, func() { require.NoError(t, user.Related("cars").Attach(e.ctx)) })
}

func v4Detach(t *testing.T, e *env) {
	user, mercedes, audi := garage(t, e)
	require.NoError(t, user.Related("cars").Attach(e.ctx, mercedes, audi))

	// Detach of nothing is a list that turned out empty, and sends nothing; DetachAll is what Lucid's detach() means.
	e.sends(t, 0, func() {
		n, err := user.Related("cars").Detach(e.ctx)
		require.NoError(t, err)
		require.Zero(t, n)
	})
	e.sends(t, 1, func() {
		n, err := user.Related("cars").Detach(e.ctx, mercedes.ID)
		require.NoError(t, err)
		require.Equal(t, int64(1), n)
	})
	require.Equal(t, [][]string{{"2", "NULL"}}, e.rows(t, ownedCars))
	e.sends(t, 1, func() {
		n, err := user.Related("cars").DetachAll(e.ctx)
		require.NoError(t, err)
		require.Equal(t, int64(1), n)
	})
	require.Zero(t, e.count(t, "car_user"))
	require.Equal(t, int64(2), e.count(t, "cars"))
}

func v4Sync(t *testing.T, e *env) {
	user, mercedes, audi := garage(t, e)
	require.NoError(t, user.Related("cars").Attach(e.ctx, audi))
	// Not a detach of everything and an attach: a row that stays is left alone.
	diff, err := user.Related("cars").Sync(e.ctx, mercedes.ID)
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Attached: []any{mercedes.ID}, Detached: []any{audi.ID}}, diff)
	require.Equal(t, [][]string{{"1", "NULL"}}, e.rows(t, ownedCars))
	e.sends(t, 1, func() {
		diff, err = user.Related("cars").Sync(e.ctx, mercedes.ID)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{}, diff)
	})
}

func v4Update(t *testing.T, e *env) {
	user, mercedes, audi := garage(t, e)
	seed(t, e, &Post{UserID: 1, Title: "Adonis 101"}, &Post{UserID: 1, Title: "Lucid 101"}, &Post{UserID: 2, Title: "Adonis 101"})
	e.sends(t, 1, func() {
		n, err := user.Related("posts").Query().Where("title", "Adonis 101").Update(e.ctx, model.Attrs{"is_published": true})
		require.NoError(t, err)
		require.Equal(t, int64(1), n)
	})
	require.Equal(t, [][]string{{"1"}}, e.rows(t, "SELECT id FROM posts WHERE is_published"))

	require.NoError(t, user.Related("cars").Attach(e.ctx, mercedes, audi))
	// PivotQuery is a query of pivot rows; a condition on the cars is a sub-query of it.
	e.sends(t, 1, func() {
		_, err := user.Related("cars").PivotQuery().
			WhereIn("car_id", model.Query[Car](e.db).Where("name", "mercedes").Select("id").Untyped()).
			Update(e.ctx, pivot{"is_current_owner": true})
		require.NoError(t, err)
	})
	require.Equal(t, [][]string{{"1", "owner"}, {"2", "NULL"}}, e.rows(t, ownedCars))
}

func v4Delete(t *testing.T, e *env) {
	user, mercedes, audi := garage(t, e)
	seed(t, e, &Car{Name: "mercedes", RegNo: "of somebody else"})
	require.NoError(t, user.Related("cars").Attach(e.ctx, mercedes, audi))
	n, err := user.Related("cars").Query().Where("name", "mercedes").Delete(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	require.Equal(t, [][]string{{"2"}, {"3"}}, e.rows(t, "SELECT id FROM cars ORDER BY id"))
	// The pivot rows of what is deleted go with it.
	require.Equal(t, [][]string{{"2", "NULL"}}, e.rows(t, ownedCars))
}
