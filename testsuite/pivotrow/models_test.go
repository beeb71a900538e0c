// SPDX-License-Identifier: MIT

// Package pivotrow_test makes promises about the rows of pivot tables: what records carry of them, and what Sync and
// other calls do to them.
package pivotrow_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type User struct {
	model.BaseModel[User]

	ID    int64
	Code  *string `gorm:"unique"`
	Teams []*Team `relation:"manyToMany;pivotTable:members;pivotForeignKey:user_id;pivotRelatedForeignKey:team_id"`
	Clubs []*Team `relation:"manyToMany;pivotTable:clubs;pivotForeignKey:user_id;pivotRelatedForeignKey:team_id;pivotColumns:role,note;pivotTimestamps;duplicates;as:entry"`
	Fans  []*Team `relation:"manyToMany;pivotTable:fans;pivotForeignKey:user_id;pivotRelatedForeignKey:team_id"`
	Codes []*Team `relation:"manyToMany;pivotTable:codes;pivotForeignKey:user_code;pivotRelatedForeignKey:team_id;localKey:Code"`
	Posts []*Post `relation:"hasMany;foreignKey:UserCode;localKey:Code"`
	First *Post   `relation:"hasOne;foreignKey:UserCode;localKey:Code"`
}

func (u *User) Define(d *model.Definition[User]) { d.Relation(&u.Teams).Using(&Member{}) }

type Post struct {
	model.BaseModel[Post]

	ID       int64
	UserCode *string
	User     *User `relation:"belongsTo;foreignKey:UserCode;localKey:Code"`
}

type Team struct {
	model.BaseModel[Team]

	ID      int64
	Members []*User `relation:"manyToMany;pivotTable:members;pivotForeignKey:team_id;pivotRelatedForeignKey:user_id"`
}

func (m *Team) Define(d *model.Definition[Team]) { d.Relation(&m.Members).Using(&Member{}) }

type Member struct {
	model.BaseModel[Member]

	UserID    int64    `gorm:"primaryKey;autoIncrement:false"`
	TeamID    int64    `gorm:"primaryKey;autoIncrement:false"`
	Rights    []string `gorm:"serializer:json"`
	Token     string   `json:"-"`
	Nick      *string
	Banned    bool
	DeletedAt gorm.DeletedAt
}

func (m *Member) Define(d *model.Definition[Member]) {
	d.GlobalScope("allowed", func(q *relation.Query) { q.Where("banned", false) })
}

// seed makes a user and n teams.
func seed(t *testing.T, e *harness.Env, n int) (*User, []*Team) {
	t.Helper()
	e.Migrate(t, &User{}, &Team{}, &Member{}, &Post{})
	u, teams := &User{}, make([]*Team, n)
	require.NoError(t, model.Create(e.Ctx, e.DB, u))
	for i := range teams {
		teams[i] = &Team{}
	}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, teams))
	e.Sent.Reset()
	return u, teams
}
