// SPDX-License-Identifier: MIT

package seeds_test

import (
	"testing"
	"time"

	"github.com/kindred-orm/kindred/model"
)

// The models that the guides share. What a section says of keys, pivot columns and the like is in
// models of its own.

type User struct {
	model.BaseModel[User]

	ID        int64
	Username  string
	Name      string
	CountryID *int64
	AccountID *int64

	Profile  *Profile   `relation:"hasOne"`
	Phone    *Phone     `relation:"hasOne"`
	Posts    []*Post    `relation:"hasMany"`
	Cars     []*Car     `relation:"manyToMany"`
	Skills   []*Skill   `relation:"manyToMany"`
	Projects []*Project `relation:"manyToMany"`
	Roles    []*Role    `relation:"manyToMany"`
	Account  *Account   `relation:"belongsTo"`
	Country  *Country   `relation:"belongsTo"`
}

type Profile struct {
	model.BaseModel[Profile]

	ID        int64
	UserID    *int64
	AvatarURL string
	IsActive  bool

	User *User `relation:"belongsTo"`
}

type Phone struct {
	model.BaseModel[Phone]

	ID     int64
	UserID int64
	Number string

	User *User `relation:"belongsTo"`
}

type Post struct {
	model.BaseModel[Post]

	ID          int64
	UserID      int64
	Title       string
	Body        string
	IsPublished bool
	Active      bool
	Votes       int64
	CreatedAt   time.Time

	User     *User      `relation:"belongsTo"`
	Comments []*Comment `relation:"hasMany"`
}

type Comment struct {
	model.BaseModel[Comment]

	ID          int64
	PostID      int64
	UserID      *int64
	AuthorID    *int64
	Title       string
	Body        string
	Content     string
	Message     string
	Approved    bool
	IsApproved  bool
	IsPublished bool
	Votes       int64

	Post   *Post    `relation:"belongsTo"`
	User   *User    `relation:"belongsTo"`
	Author *Author  `relation:"belongsTo"`
	Images []*Image `relation:"hasMany"`
}

type Image struct {
	model.BaseModel[Image]

	ID        int64
	CommentID int64
}

type Car struct {
	model.BaseModel[Car]

	ID    int64
	Name  string
	RegNo string

	Users []*User `relation:"manyToMany"`
}

type Country struct {
	model.BaseModel[Country]

	ID   int64
	Name string

	Users []*User `relation:"hasMany"`
	Posts []*Post `relation:"hasManyThrough;through:Users"`
}

type Skill struct {
	model.BaseModel[Skill]

	ID   int64
	Name string

	Users []*User `relation:"manyToMany"`
}

type Project struct {
	model.BaseModel[Project]

	ID        int64
	Title     string
	IsActive  bool
	UpdatedAt time.Time

	Tasks []*Task `relation:"hasMany"`
}

type Task struct {
	model.BaseModel[Task]

	ID        int64
	ProjectID int64
	Name      string
}

type Role struct {
	model.BaseModel[Role]

	ID   int64
	Name string

	Users []*User `relation:"manyToMany"`
}

type Account struct {
	model.BaseModel[Account]

	ID   int64
	Name string
}

type Book struct {
	model.BaseModel[Book]

	ID            int64
	Title         string
	AuthorID      *int64
	PublisherID   *int64
	PublishedDate string

	Author    *Author    `relation:"belongsTo"`
	Publisher *Publisher `relation:"belongsTo"`
	Reviews   []*Review  `relation:"hasMany"`
	Genres    []*Genre   `relation:"manyToMany"`
}

type Author struct {
	model.BaseModel[Author]

	ID   int64
	Name string

	Books    []*Book    `relation:"hasMany"`
	Contacts []*Contact `relation:"hasMany"`
}

type Publisher struct {
	model.BaseModel[Publisher]

	ID   int64
	Name string
}

type Contact struct {
	model.BaseModel[Contact]

	ID       int64
	AuthorID int64
	Address  string
}

type Review struct {
	model.BaseModel[Review]

	ID     int64
	BookID int64
	Rating int64
}

type Genre struct {
	model.BaseModel[Genre]

	ID   int64
	Name string
}

func world() []any {
	return []any{
		&User{}, &Profile{}, &Phone{}, &Post{}, &Comment{}, &Image{}, &Car{}, &Country{}, &Skill{}, &Project{}, &Task{}, &Role{},
		&Account{}, &Book{}, &Author{}, &Publisher{}, &Contact{}, &Review{}, &Genre{},
	}
}

// pivotTables replaces pivot tables by those that the migrations of the guides make, with columns which
// the models do not declare.
func (e *env) pivotTables(t *testing.T) {
	t.Helper()
	for table, columns := range map[string]string{
		"car_user":     "user_id bigint, car_id bigint, is_current_owner boolean",
		"skill_user":   "user_id bigint, skill_id bigint, proficiency text, created_at timestamp, UNIQUE (user_id, skill_id)",
		"project_user": "user_id bigint, project_id bigint, role text, deleted_at timestamp, UNIQUE (user_id, project_id)",
		"role_user":    "user_id bigint, role_id bigint, active boolean, expires boolean, created_by text, UNIQUE (user_id, role_id)",
	} {
		e.exec(t, "DROP TABLE "+table)
		e.exec(t, "CREATE TABLE "+table+" ("+columns+")")
	}
}
