// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// Author is somebody who writes posts.
type Author struct {
	model.BaseModel[Author]

	ID   int64
	Name string
	City *string

	Profile  *Profile   `relation:"hasOne"`
	Posts    []*Post    `relation:"hasMany"`
	Comments []*Comment `relation:"hasManyThrough;through:Posts"` // on the author's posts
	Heard    *Comment   `relation:"hasOneThrough;through:Posts"`
}

// Post is what most examples look for.
type Post struct {
	model.BaseModel[Post]

	ID        int64
	AuthorID  int64
	Title     string
	Topic     string
	Views     int
	Likes     int
	CreatedAt time.Time

	Author   *Author    `relation:"belongsTo"`
	Comments []*Comment `relation:"hasMany"`
	Tags     []*Tag     `relation:"manyToMany;pivotColumns:note"`
}

// open returns a new database in memory with these rows:
//
//	authors: 1 Ada, London   2 Ben, Paris   3 Cy, nowhere
//
//	posts:   id  author  title    topic  views  likes  created
//	         1   Ada     Engines  tech     100     10  March 1st
//	         2   Ada     Notes    tech      40     60  March 2nd
//	         3   Ben     Bread    food     250     20  March 3rd
//	         4   Ben     Butter   food      40      5  March 4th
func open() *model.DB {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)
	must(db.Migrate(ctx, &Author{}, &Post{}, &Profile{}, &Comment{}, &Tag{}))

	london, paris := "London", "Paris"
	must(model.Insert(ctx, db, []*Author{{Name: "Ada", City: &london}, {Name: "Ben", City: &paris}, {Name: "Cy"}}))
	day := func(n int) time.Time { return time.Date(2026, time.March, n, 9, 0, 0, 0, time.UTC) }
	must(model.Insert(ctx, db, []*Post{
		{AuthorID: 1, Title: "Engines", Topic: "tech", Views: 100, Likes: 10, CreatedAt: day(1)},
		{AuthorID: 1, Title: "Notes", Topic: "tech", Views: 40, Likes: 60, CreatedAt: day(2)},
		{AuthorID: 2, Title: "Bread", Topic: "food", Views: 250, Likes: 20, CreatedAt: day(3)},
		{AuthorID: 2, Title: "Butter", Topic: "food", Views: 40, Likes: 5, CreatedAt: day(4)},
	}))
	return db
}

// shut closes the database of an example.
func shut(db *model.DB) { must(db.Close()) }

// must stops an example. A program returns the error instead.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
