// SPDX-License-Identifier: MIT

package existence_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models that are related in every way. Their keys are inferred wherever a rule gives them.
type (
	Country struct {
		model.BaseModel[Country]

		ID     int64
		Name   string
		Users  []*User    `relation:"hasMany"`
		Posts  []*Post    `relation:"hasManyThrough;through:users"`
		Skills []*Skill   `relation:"hasManyThrough;through:Users"`
		Remark []*Comment `relation:"hasManyThrough;through:users.posts"`
		Bio    *Profile   `relation:"hasOneThrough;through:users"`
	}
	User struct {
		model.BaseModel[User]

		ID        int64
		Name      string
		Score     int
		CountryID *int64
		ManagerID *int64
		CreatedAt time.Time
		UpdatedAt time.Time
		Tally     int64 `gorm:"-"`
		Busy      bool  `gorm:"-"`

		Country   *Country   `relation:"belongsTo"`
		Manager   *User      `relation:"belongsTo"`
		Reports   []*User    `relation:"hasMany;foreignKey:ManagerID"`
		Profile   *Profile   `relation:"hasOne"`
		Posts     []*Post    `relation:"hasMany;foreignKey:AuthorID"`
		Remarks   []*Comment `relation:"hasMany"`
		Skills    []*Skill   `relation:"manyToMany;pivotColumns:level,note;pivotTimestamps"`
		Followers []*User    `relation:"manyToMany;pivotTable:follows;pivotForeignKey:followed_id;pivotRelatedForeignKey:follower_id"`
		Following []*User    `relation:"manyToMany;pivotTable:follows;pivotForeignKey:follower_id;pivotRelatedForeignKey:followed_id"`
	}
	Profile struct {
		model.BaseModel[Profile]

		ID     int64
		UserID int64
		Bio    string
		Owner  *User `relation:"belongsTo"`
	}
	Post struct {
		model.BaseModel[Post]

		ID        int64
		AuthorID  *int64
		Title     string
		Score     int
		CreatedAt time.Time
		DeletedAt gorm.DeletedAt

		Author   *User      `relation:"belongsTo"`
		Comments []*Comment `relation:"hasMany"`
	}
	Comment struct {
		model.BaseModel[Comment]

		ID     int64
		PostID int64
		UserID *int64
		Body   string
		Stars  int
		Rate   float64

		Post   *Post `relation:"belongsTo"`
		Author *User `relation:"belongsTo"`
	}
	Skill struct {
		model.BaseModel[Skill]

		ID    int64
		Name  string
		Users []*User `relation:"manyToMany;pivotTimestamps"`
	}
)

// Define adds a scope.
func (*Post) Define(d *model.Definition[Post]) {
	d.Scope("scored", func(q *relation.Query, args ...any) { q.Where("score", ">=", args[0]) })
}

// made and changed are the timestamps of the first pivot row.
var (
	made    = time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	changed = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
)

// exec runs a statement past Kindred.
func exec(t testing.TB, e *harness.Env, sql string, args ...any) {
	t.Helper()
	require.NoError(t, e.Gorm.WithContext(e.Ctx).Exec(sql, args...).Error)
}

// allModels are all of them.
func allModels() []any {
	return []any{&Skill{}, &Country{}, &User{}, &Profile{}, &Post{}, &Comment{}}
}

// seedUsers fills the tables: Ann has the posts 1 and 2 and a deleted one, Bob the post 3, Cid the post 5, and
// nobody the post 6.
func seedUsers(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, allModels()...)
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	id := func(n int64) *int64 { return &n }
	insert := func(err error) { require.NoError(t, err) }
	insert(model.Insert(e.Ctx, e.DB, []*Country{{Name: "Atlantis"}, {Name: "Borduria"}, {Name: "Caledonia"}}))
	insert(model.Insert(e.Ctx, e.DB, []*User{
		{Name: "Ann", Score: 1, CountryID: id(1)},
		{Name: "Bob", Score: 2, CountryID: id(1), ManagerID: id(1)},
		{Name: "Cid", Score: 3, CountryID: id(2), ManagerID: id(1)},
		{Name: "Dee", Score: 4, ManagerID: id(2)},
	}))
	insert(model.Insert(e.Ctx, e.DB, []*Profile{{UserID: 1, Bio: "a"}, {UserID: 2, Bio: "b"}}))
	insert(model.Insert(e.Ctx, e.DB, []*Post{
		{AuthorID: id(1), Title: "p1", Score: 5, CreatedAt: at(3)},
		{AuthorID: id(1), Title: "p2", Score: 3, CreatedAt: at(4)},
		{AuthorID: id(2), Title: "p3", Score: 9, CreatedAt: at(1)},
		{AuthorID: id(1), Title: "p4", Score: 7, CreatedAt: at(9), DeletedAt: gorm.DeletedAt{Time: at(10), Valid: true}},
		{AuthorID: id(3), Title: "p5", Score: 1, CreatedAt: at(2)},
		{Title: "p6", Score: 6, CreatedAt: at(6)},
	}))
	insert(model.Insert(e.Ctx, e.DB, []*Comment{
		{PostID: 1, UserID: id(2), Body: "c1", Stars: 5, Rate: 0.5},
		{PostID: 1, UserID: id(3), Body: "c2", Stars: 1, Rate: 1.5},
		{PostID: 3, UserID: id(1), Body: "c3", Stars: 4},
		{PostID: 2, Body: "c4", Stars: 2},
		{PostID: 1, UserID: id(1), Body: "c5", Stars: 3, Rate: 2.5},
	}))
	insert(model.Insert(e.Ctx, e.DB, []*Skill{{Name: "go"}, {Name: "sql"}, {Name: "css"}}))
	for _, row := range [][]any{
		{1, 1, "expert", "n1", made, changed},
		{1, 2, "novice", nil, made, made},
		{2, 1, "novice", "n2", made, made},
		{3, 3, "expert", nil, made, nil},
	} {
		exec(t, e, "INSERT INTO skill_user (user_id, skill_id, level, note, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
			row...)
	}
	e.Exec(t, "INSERT INTO follows (follower_id, followed_id) VALUES (2, 1), (3, 1), (1, 2)")
	e.Sent.Reset()
}

// usersByID is the query of all users in the order of their keys.
func usersByID(e *harness.Env) *model.Builder[User] { return model.Query[User](e.DB).OrderBy("id") }

// fetch runs a query that must succeed with one statement of its own and further ones.
func fetch[T any](t testing.TB, e *harness.Env, want int, q *model.Builder[T]) []*T {
	t.Helper()
	var list []*T
	e.Sends(t, want, func() {
		var err error
		list, err = q.All(e.Ctx)
		require.NoError(t, err)
	})
	return list
}

// titles are the titles of posts in their order.
func titles(posts []*Post) string {
	var out []string
	for _, p := range posts {
		out = append(out, p.Title)
	}
	return strings.Join(out, " ")
}

// namesOf are the names of users in their order.
func namesOf(users []*User) string {
	var out []string
	for _, u := range users {
		out = append(out, u.Name)
	}
	return strings.Join(out, " ")
}

// refused is a query that must fail before anything is sent.
type refused struct {
	name string
	run  func() error
	is   error  // what errors.Is finds; nil is any error
	says string // part of the text
}
