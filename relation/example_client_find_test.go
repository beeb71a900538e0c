// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

func ExampleClient_FirstOrCreate() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts := author(db, 1).Related("posts")
	for _, title := range []string{"Notes", "Looms"} {
		var found *Post
		must(posts.FirstOrCreate(ctx, &found, relation.Attrs{"title": title}, relation.Attrs{"topic": "new"}))
		fmt.Println(found.ID, found.Title, found.Topic)
	}
	// Output:
	// 2 Notes tech
	// 5 Looms new
}

func ExampleClient_UpdateOrCreate() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts := author(db, 1).Related("posts")
	for _, title := range []string{"Notes", "Looms"} {
		var found *Post
		must(posts.UpdateOrCreate(ctx, &found, relation.Attrs{"title": title}, relation.Attrs{"topic": "new"}))
		fmt.Println(found.ID, found.Title, found.Topic)
	}
	// Output:
	// 2 Notes new
	// 5 Looms new
}

func ExampleClient_FetchOrCreateMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var tags []*Tag // of Notes, which has none yet
	must(post(db, 2).Related("tags").FetchOrCreateMany(ctx, &tags, []string{"name"}, []relation.Attrs{{"name": "steam"}, {"name": "iron"}}))
	names(tags)
	// Output: [steam iron]
}

func ExampleClient_UpdateOrCreateMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var list []*Post
	must(author(db, 1).Related("posts").UpdateOrCreateMany(ctx, &list, []string{"title"}, []relation.Attrs{
		{"title": "Notes", "likes": 61}, {"title": "Looms", "likes": 1},
	}))
	for _, p := range list {
		fmt.Println(p.ID, p.Title, p.Likes)
	}
	// Output:
	// 2 Notes 61
	// 5 Looms 1
}

// Associate saves, the parent too if it is new.
func ExampleClient_Associate() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread := post(db, 3)
	must(bread.Related("author").Associate(ctx, &Author{Name: "Dee"}))
	fmt.Println(bread.AuthorID, bread.Author.Name)
	// Output: 4 Dee
}

func ExampleClient_Dissociate() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var yum *Comment
	must(post(db, 3).Related("comments").First(ctx, &yum))
	must(yum.Related("post").Dissociate(ctx))
	fmt.Println(yum.PostID == nil, yum.IsDirty())

	fmt.Println(post(db, 3).Related("author").Dissociate(ctx))
	// Output:
	// true false
	// relation Post.author: dissociate: unsupported: Post.AuthorID cannot be NULL; delete the Post, or associate another Author
}

// Set and Unset only change the record; Save sends it.
func ExampleClient_Set() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread := post(db, 3)
	must(bread.Related("author").Set(author(db, 1)))
	fmt.Println(bread.Dirty(), bread.Author.Name)
	must(bread.Save(ctx))
	// Output: map[AuthorID:1] Ada
}

func ExampleClient_Unset() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var yum *Comment
	must(post(db, 3).Related("comments").First(ctx, &yum))
	must(yum.Related("post").Unset())
	fmt.Println(yum.PostID == nil, yum.IsDirty("PostID"), yum.Related("post").Loaded())
	// Output: true true true
}
