// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Profile is what an author says of themselves.
type Profile struct {
	model.BaseModel[Profile]

	ID       int64
	AuthorID int64
	Bio      string
}

// Comment is what somebody says about a post.
type Comment struct {
	model.BaseModel[Comment]

	ID     int64
	PostID *int64
	Text   string
	Stars  int
	Post   *Post `relation:"belongsTo"`
}

// Tag is what posts are about.
type Tag struct {
	model.BaseModel[Tag]

	ID    int64
	Name  string
	Posts []*Post `relation:"manyToMany;pivotColumns:note"`
}

// blog is open with these rows, too:
//
//	profiles: Ada, mathematician
//
//	comments: 1 Great, 5 stars, on Engines   2 Why?, 1 star, on Engines   3 Yum, 4 stars, on Bread
//
//	tags: 1 go   2 math   3 baking
//
//	pivot rows: Engines go, with the note "main"   Engines math   Bread baking, with the note "main"
func blog() *model.DB {
	ctx, db := context.Background(), open()
	engines, bread := int64(1), int64(3)
	must(model.Create(ctx, db, &Profile{AuthorID: 1, Bio: "mathematician"}))
	must(model.Insert(ctx, db, []*Comment{
		{PostID: &engines, Text: "Great", Stars: 5}, {PostID: &engines, Text: "Why?", Stars: 1}, {PostID: &bread, Text: "Yum", Stars: 4},
	}))
	must(model.Insert(ctx, db, []*Tag{{Name: "go"}, {Name: "math"}, {Name: "baking"}}))
	main := relation.Attrs{"note": "main"}
	must(post(db, 1).Related("tags").Attach(ctx, relation.Pivot(1, main), 2))
	must(post(db, 3).Related("tags").Attach(ctx, relation.Pivot(3, main)))
	return db
}

// post loads a post.
func post(db *model.DB, id int64) *Post {
	found, err := model.Query[Post](db).Find(context.Background(), id)
	must(err)
	return found
}

// author loads an author.
func author(db *model.DB, id int64) *Author {
	found, err := model.Query[Author](db).Find(context.Background(), id)
	must(err)
	return found
}

// titles prints the titles of posts.
func titles(posts []*Post) {
	names := make([]string, len(posts))
	for i, p := range posts {
		names[i] = p.Title
	}
	fmt.Println(names)
}

// names prints the names of tags.
func names(tags []*Tag) {
	list := make([]string, len(tags))
	for i, t := range tags {
		list[i] = t.Name
	}
	fmt.Println(list)
}
