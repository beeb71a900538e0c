// SPDX-License-Identifier: MIT

package seeds_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV4 is the guide of AdonisJS 4.1: definitions and queries.
func TestLucidV4(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "Basic Example/Fetching User Profile", check: v4FetchProfile},
		section{title: "Has One", check: v4HasOne},
		section{title: "Has One/API", check: v4HasOneKeys, own: []any{&keyUser{}, &keyProfile{}}},
		section{title: "Has Many", check: v4HasMany},
		section{title: "Belongs To", check: v4BelongsTo},
		section{title: "Belongs To Many", check: v4BelongsToMany},
		section{title: "pivotTable, withTimestamps, withPivot", check: v4PivotTable, own: []any{&Driver{}, &Vehicle{}}},
		section{title: "pivotModel", check: v4PivotModel, own: []any{&Owner{}, &Vehicle{}, &UserCar{}}},
		section{title: "Many Through", check: v4ManyThrough},
		section{title: "Querying Data", check: v4Querying},
		section{title: "Querying Pivot Table", check: v4QueryingPivot},
	)
}

func v4FetchProfile(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Profile{UserID: new(int64(2)), AvatarURL: "nikk.jpg"}, &Profile{UserID: new(int64(1)), AvatarURL: "virk.jpg"})

	user := find[User](t, e, 1)
	var profile *Profile
	e.sends(t, 1, func() { require.NoError(t, user.Related("profile").First(e.ctx, &profile)) })
	require.Equal(t, "virk.jpg", profile.AvatarURL)

	typed, err := relation.HasOne(user, &user.Profile).Query().First(e.ctx)
	require.NoError(t, err)
	require.Equal(t, profile.ID, typed.ID)
	require.False(t, user.Related("profile").Loaded(), "fetching does not load the relation of the record")
}

func v4HasOne(t *testing.T, _ *env) {
	r, err := model.RelationOf[User]("profile")
	require.NoError(t, err)
	require.Equal(t, "hasOne", r.Kind)
	require.Equal(t, "ID", r.LocalKey, "the primary key")
	require.Equal(t, "UserID", r.ForeignKey, "the column user_id of profiles")
}

type keyUser struct {
	model.BaseModel[keyUser]

	ID    int64
	Email string `gorm:"size:80;uniqueIndex"`

	Profile *keyProfile `relation:"hasOne;localKey:Email;foreignKey:Owner"`
}

type keyProfile struct {
	model.BaseModel[keyProfile]

	ID    int64
	Owner string `gorm:"size:80"`
}

func v4HasOneKeys(t *testing.T, e *env) {
	user := &keyUser{Email: "virk@example.com"}
	seed(t, e, user)
	require.NoError(t, relation.HasOne(user, &user.Profile).Create(e.ctx, &keyProfile{}))
	require.Equal(t, [][]string{{"virk@example.com"}}, e.rows(t, "SELECT owner FROM key_profiles"))
}

func v4HasMany(t *testing.T, e *env) {
	r, err := model.RelationOf[User]("posts")
	require.NoError(t, err)
	require.Equal(t, []string{"hasMany", "ID", "UserID"}, []string{r.Kind, r.LocalKey, r.ForeignKey})

	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Post{UserID: 1, Title: "a"}, &Post{UserID: 2, Title: "b"}, &Post{UserID: 1, Title: "c"})
	user := find[User](t, e, 1)
	posts := all(t, e, relation.HasMany(user, &user.Posts).Query().OrderBy("id"))
	require.Equal(t, []string{"a", "c"}, names(posts, func(p *Post) string { return p.Title }))
}

func v4BelongsTo(t *testing.T, e *env) {
	r, err := model.RelationOf[Profile]("user")
	require.NoError(t, err)
	require.Equal(t, []string{"belongsTo", "ID", "UserID"}, []string{r.Kind, r.LocalKey, r.ForeignKey})

	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Profile{UserID: new(int64(1))}, &Profile{})
	profile := find[Profile](t, e, 1)
	user, err := relation.BelongsTo(profile, &profile.User).Query().First(e.ctx)
	require.NoError(t, err)
	require.Equal(t, "virk", user.Username)

	lonely := find[Profile](t, e, 2)
	e.sends(t, 0, func() {
		require.ErrorIs(t, lonely.Related("user").First(e.ctx, &user), model.ErrNotFound)
	})
}

func v4BelongsToMany(t *testing.T, e *env) {
	r, err := model.RelationOf[User]("cars")
	require.NoError(t, err)
	require.Equal(t, "car_user", r.PivotTable)
	require.Equal(t, []string{"user_id", "car_id", "ID", "ID"},
		[]string{r.PivotForeignKey, r.PivotRelatedForeignKey, r.LocalKey, r.RelatedKey})

	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Car{Name: "mercedes"}, &Car{Name: "audi"})
	e.exec(t, "INSERT INTO car_user (user_id, car_id) VALUES (1, 1), (1, 2), (2, 1)")
	var cars []*Car
	require.NoError(t, find[User](t, e, 1).Related("cars").Query().OrderBy("id").All(e.ctx, &cars))
	require.Equal(t, []string{"mercedes", "audi"}, names(cars, func(c *Car) string { return c.Name }))
	var users []*User
	require.NoError(t, find[Car](t, e, 1).Related("users").Query().OrderBy("id").All(e.ctx, &users))
	require.Equal(t, []string{"virk", "nikk"}, names(users, func(u *User) string { return u.Username }))
}

type Vehicle struct {
	model.BaseModel[Vehicle]

	ID   int64
	Name string
}

type Driver struct {
	model.BaseModel[Driver]

	ID int64

	Cars    []*Vehicle `relation:"manyToMany;pivotTable:user_cars"`
	Stamped []*Vehicle `relation:"manyToMany;pivotTable:stamped_cars;pivotTimestamps"`
	Owned   []*Vehicle `relation:"manyToMany;pivotTable:owned_cars;pivotColumns:is_current_owner"`
}

func v4PivotTable(t *testing.T, e *env) {
	driver := &Driver{}
	seed(t, e, driver)
	seed(t, e, &Vehicle{Name: "mercedes"})
	require.NoError(t, driver.Related("cars").Attach(e.ctx, 1))
	require.Equal(t, [][]string{{"1", "1"}}, e.rows(t, "SELECT driver_id, vehicle_id FROM user_cars"))

	require.NoError(t, driver.Related("stamped").Attach(e.ctx, 1))
	var cars []*Vehicle
	require.NoError(t, driver.Related("stamped").All(e.ctx, &cars))
	for _, name := range []string{"pivot_created_at", "pivot_updated_at"} {
		require.IsType(t, time.Time{}, cars[0].Extras()[name])
		require.WithinDuration(t, time.Now(), cars[0].Extras().Time(name), time.Minute)
	}

	// A column whose type nobody has declared is text where Kindred makes the table.
	require.NoError(t, driver.Related("owned").Attach(e.ctx, relation.Pivot(1, pivot{"is_current_owner": "yes"})))
	require.NoError(t, driver.Related("owned").All(e.ctx, &cars))
	require.Equal(t, "yes", cars[0].Extras().String("pivot_is_current_owner"))
}

// Owner has cars by a pivot table with a model.
type Owner struct {
	model.BaseModel[Owner]

	ID int64

	Cars []*Vehicle `relation:"manyToMany;pivotForeignKey:user_id;pivotRelatedForeignKey:car_id"`
}

func (o *Owner) Define(d *model.Definition[Owner]) { d.Relation(&o.Cars).Using(&UserCar{}) }

type UserCar struct {
	model.BaseModel[UserCar]

	ID             int64
	UserID         int64
	CarID          int64
	IsCurrentOwner bool
	CreatedAt      time.Time
}

func (*UserCar) Define(d *model.Definition[UserCar]) {
	d.On(hooks.Creating, func(_ context.Context, car *UserCar) error {
		car.IsCurrentOwner = true
		return nil
	})
}

func v4PivotModel(t *testing.T, e *env) {
	owner := &Owner{}
	seed(t, e, owner)
	seed(t, e, &Vehicle{Name: "mercedes"})
	require.NoError(t, owner.Related("cars").Attach(e.ctx, 1))
	require.Len(t, e.rows(t, "SELECT id FROM user_cars WHERE is_current_owner AND user_id = 1 AND car_id = 1"), 1)

	cars := all(t, e, relation.ManyToMany(owner, &owner.Cars).Query())
	row, ok := relation.PivotOf[UserCar](cars[0])
	require.True(t, ok)
	require.True(t, row.IsCurrentOwner)
	require.False(t, row.CreatedAt.IsZero())
}

// countries makes two countries, of which the first has two users with three posts.
func countries(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &Country{Name: "India"}, &Country{Name: "France"})
	first := new(int64(1))
	seed(t, e, &User{Username: "virk", CountryID: first}, &User{Username: "romain", CountryID: new(int64(2))},
		&User{Username: "nikk", CountryID: first})
	seed(t, e, &Post{UserID: 1, Title: "a"}, &Post{UserID: 2, Title: "b"}, &Post{UserID: 3, Title: "c"}, &Post{UserID: 1, Title: "d"})
}

func title(p *Post) string { return p.Title }

func v4ManyThrough(t *testing.T, e *env) {
	countries(t, e)
	country := find[Country](t, e, 1)
	e.sends(t, 1, func() {
		posts := all(t, e, relation.Through(country, &country.Posts).Query().OrderBy("id"))
		require.Equal(t, []string{"a", "c", "d"}, names(posts, title))
	})
	e.sends(t, 2, func() {
		list := all(t, e, model.Query[Country](e.db).OrderBy("id").Preload("posts", func(q *relation.Query) { q.OrderBy("id") }))
		require.Equal(t, []string{"a", "c", "d"}, names(list[0].Posts, title))
		require.Equal(t, []string{"b"}, names(list[1].Posts, title))
	})
}

func v4Querying(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	seed(t, e, &Post{UserID: 1, Title: "draft"}, &Post{UserID: 1, Title: "published", IsPublished: true},
		&Post{UserID: 2, Title: "other", IsPublished: true})
	user := find[User](t, e, 1)
	var posts []*Post
	require.NoError(t, user.Related("posts").All(e.ctx, &posts))
	require.Len(t, posts, 2)
	require.NoError(t, user.Related("posts").Query().Where("is_published", true).All(e.ctx, &posts))
	require.Equal(t, []string{"published"}, names(posts, title))
}

func v4QueryingPivot(t *testing.T, e *env) {
	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Car{Name: "mercedes"}, &Car{Name: "audi"}, &Car{Name: "fiat"})
	e.exec(t, "INSERT INTO car_user (user_id, car_id, is_current_owner) VALUES (1, 1, true), (1, 2, false), (1, 3, NULL), (2, 2, true)")
	user := find[User](t, e, 1)
	cars := relation.ManyToMany(user, &user.Cars)
	name := func(c *Car) string { return c.Name }
	require.Equal(t, []string{"mercedes"}, names(all(t, e, cars.Query().Use(func(q *relation.Query) { q.WherePivot("is_current_owner", true) })), name))
	require.Equal(t, []string{"mercedes", "audi"},
		names(all(t, e, cars.Query().Use(func(q *relation.Query) { q.WherePivotIn("is_current_owner", []bool{true, false}) }).OrderBy("id")), name))
	// An OR cannot leave the relation: the audi of another user is not among the rows.
	require.Equal(t, []string{"mercedes", "fiat"},
		names(all(t, e, cars.Query().Where("name", "fiat").Use(func(q *relation.Query) { q.OrWherePivot("is_current_owner", true) }).OrderBy("id")), name))
}
