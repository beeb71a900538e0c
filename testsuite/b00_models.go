// SPDX-License-Identifier: MIT

package testsuite

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models that are related in every way. Their keys are inferred wherever a rule gives them.
type (
	kinCountry struct {
		model.BaseModel[kinCountry]

		ID     int64
		Name   string
		Users  []*kinUser    `relation:"hasMany"`
		Posts  []*kinPost    `relation:"hasManyThrough;through:users"`
		Skills []*kinSkill   `relation:"hasManyThrough;through:Users"`
		Remark []*kinComment `relation:"hasManyThrough;through:users.posts"`
		Bio    *kinProfile   `relation:"hasOneThrough;through:users"`
	}
	kinUser struct {
		model.BaseModel[kinUser]

		ID           int64
		Name         string
		Score        int
		KinCountryID *int64
		ManagerID    *int64
		CreatedAt    time.Time
		UpdatedAt    time.Time
		Tally        int64 `gorm:"-"`
		Busy         bool  `gorm:"-"`

		Country   *kinCountry   `relation:"belongsTo"`
		Manager   *kinUser      `relation:"belongsTo"`
		Reports   []*kinUser    `relation:"hasMany;foreignKey:ManagerID"`
		Profile   *kinProfile   `relation:"hasOne"`
		Posts     []*kinPost    `relation:"hasMany;foreignKey:AuthorID"`
		Remarks   []*kinComment `relation:"hasMany"`
		Skills    []*kinSkill   `relation:"manyToMany;pivotColumns:level,note;pivotTimestamps"`
		Followers []*kinUser    `relation:"manyToMany;pivotTable:kin_follows;pivotForeignKey:followed_id;pivotRelatedForeignKey:follower_id"`
		Following []*kinUser    `relation:"manyToMany;pivotTable:kin_follows;pivotForeignKey:follower_id;pivotRelatedForeignKey:followed_id"`
	}
	kinProfile struct {
		model.BaseModel[kinProfile]

		ID        int64
		KinUserID int64
		Bio       string
		Owner     *kinUser `relation:"belongsTo"`
	}
	kinPost struct {
		model.BaseModel[kinPost]

		ID        int64
		AuthorID  *int64
		Title     string
		Score     int
		CreatedAt time.Time
		DeletedAt gorm.DeletedAt

		Author   *kinUser      `relation:"belongsTo"`
		Comments []*kinComment `relation:"hasMany"`
	}
	kinComment struct {
		model.BaseModel[kinComment]

		ID        int64
		KinPostID int64
		KinUserID *int64
		Body      string
		Stars     int
		Rate      float64

		Post   *kinPost `relation:"belongsTo"`
		Author *kinUser `relation:"belongsTo"`
	}
	kinSkill struct {
		model.BaseModel[kinSkill]

		ID    int64
		Name  string
		Users []*kinUser `relation:"manyToMany;pivotTimestamps"`
	}
)

// Define adds a scope.
func (*kinPost) Define(d *model.Definition[kinPost]) {
	d.Scope("scored", func(q *relation.Query, args ...any) { q.Where("score", ">=", args[0]) })
}

// kinMade and kinChanged are the timestamps of the first pivot row.
var (
	kinMade    = time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant.
	kinChanged = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant.
)

// kinExec runs a statement past Kindred.
func kinExec(t testing.TB, e *env, sql string, args ...any) {
	t.Helper()
	require.NoError(t, e.gorm.WithContext(e.ctx).Exec(sql, args...).Error)
}

// kinModels are all of them.
func kinModels() []any {
	return []any{&kinSkill{}, &kinCountry{}, &kinUser{}, &kinProfile{}, &kinPost{}, &kinComment{}}
}

// seedKin fills the tables: Ann has the posts 1 and 2 and a deleted one, Bob the post 3, Cid the post 5, and
// nobody the post 6.
func seedKin(t testing.TB, e *env) {
	t.Helper()
	e.migrate(t, kinModels()...)
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	id := func(n int64) *int64 { return &n }
	insert := func(err error) { require.NoError(t, err) }
	insert(model.Insert(e.ctx, e.db, []*kinCountry{{Name: "Atlantis"}, {Name: "Borduria"}, {Name: "Caledonia"}}))
	insert(model.Insert(e.ctx, e.db, []*kinUser{
		{Name: "Ann", Score: 1, KinCountryID: id(1)},
		{Name: "Bob", Score: 2, KinCountryID: id(1), ManagerID: id(1)},
		{Name: "Cid", Score: 3, KinCountryID: id(2), ManagerID: id(1)},
		{Name: "Dee", Score: 4, ManagerID: id(2)},
	}))
	insert(model.Insert(e.ctx, e.db, []*kinProfile{{KinUserID: 1, Bio: "a"}, {KinUserID: 2, Bio: "b"}}))
	insert(model.Insert(e.ctx, e.db, []*kinPost{
		{AuthorID: id(1), Title: "p1", Score: 5, CreatedAt: at(3)},
		{AuthorID: id(1), Title: "p2", Score: 3, CreatedAt: at(4)},
		{AuthorID: id(2), Title: "p3", Score: 9, CreatedAt: at(1)},
		{AuthorID: id(1), Title: "p4", Score: 7, CreatedAt: at(9), DeletedAt: gorm.DeletedAt{Time: at(10), Valid: true}},
		{AuthorID: id(3), Title: "p5", Score: 1, CreatedAt: at(2)},
		{Title: "p6", Score: 6, CreatedAt: at(6)},
	}))
	insert(model.Insert(e.ctx, e.db, []*kinComment{
		{KinPostID: 1, KinUserID: id(2), Body: "c1", Stars: 5, Rate: 0.5},
		{KinPostID: 1, KinUserID: id(3), Body: "c2", Stars: 1, Rate: 1.5},
		{KinPostID: 3, KinUserID: id(1), Body: "c3", Stars: 4},
		{KinPostID: 2, Body: "c4", Stars: 2},
		{KinPostID: 1, KinUserID: id(1), Body: "c5", Stars: 3, Rate: 2.5},
	}))
	insert(model.Insert(e.ctx, e.db, []*kinSkill{{Name: "go"}, {Name: "sql"}, {Name: "css"}}))
	for _, row := range [][]any{
		{1, 1, "expert", "n1", kinMade, kinChanged},
		{1, 2, "novice", nil, kinMade, kinMade},
		{2, 1, "novice", "n2", kinMade, kinMade},
		{3, 3, "expert", nil, kinMade, nil},
	} {
		kinExec(t, e, "INSERT INTO kin_skill_kin_user (kin_user_id, kin_skill_id, level, note, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
			row...)
	}
	kinExec(t, e, "INSERT INTO kin_follows (follower_id, followed_id) VALUES (2, 1), (3, 1), (1, 2)")
	e.sent.Reset()
}

// kinUsers is the query of all users in the order of their keys.
func kinUsers(e *env) *model.Builder[kinUser] { return model.Query[kinUser](e.db).OrderBy("id") }

// kinAll runs a query that must succeed with one statement of its own and further ones.
func kinAll[T any](t testing.TB, e *env, want int, q *model.Builder[T]) []*T {
	t.Helper()
	var list []*T
	e.sends(t, want, func() {
		var err error
		list, err = q.All(e.ctx)
		require.NoError(t, err)
	})
	return list
}

// kinUser1 is Ann, loaded.
func kinUser1(t testing.TB, e *env) *kinUser {
	t.Helper()
	u, err := model.Query[kinUser](e.db).Find(e.ctx, 1)
	require.NoError(t, err)
	e.sent.Reset()
	return u
}

// kinTitles are the titles of posts in their order.
func kinTitles(posts []*kinPost) string {
	var out []string
	for _, p := range posts {
		out = append(out, p.Title)
	}
	return strings.Join(out, " ")
}

// kinNames are the names of users in their order.
func kinNames(users []*kinUser) string {
	var out []string
	for _, u := range users {
		out = append(out, u.Name)
	}
	return strings.Join(out, " ")
}

// kinSkillNames are the names of skills in their order.
func kinSkillNames(skills []*kinSkill) string {
	var out []string
	for _, s := range skills {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

// kinBodies are the texts of comments in their order.
func kinBodies(list []*kinComment) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Body)
	}
	return strings.Join(out, " ")
}

// kinLoses is a twin that finds no row.
func kinLoses(e *env) { bent("SELECT", " WHERE ", " WHERE 1 = 0 AND ")(e) }

// kinErr is the error of a call that returns something else too.
func kinErr(_ any, err error) error { return err }
