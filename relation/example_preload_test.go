// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// One statement per relation, however many posts there are.
func ExampleBuilder_Preload() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Preload("author:id,name"). // these columns only
		Preload("comments", func(q *relation.Query) { q.Where("stars", ">", 3) }).
		OrderBy("id").All(ctx)
	must(err)
	for _, p := range posts {
		fmt.Println(p.Title, p.Author.Name, len(p.Comments))
	}
	// Output:
	// Engines Ada 1
	// Notes Ada 0
	// Bread Ben 1
	// Butter Ben 0
}

// A path leads further: three statements for posts, authors and profiles.
func ExampleQuery_Preload_path() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Preload("author.profile").OrderBy("id").All(ctx)
	must(err)
	fmt.Println(posts[0].Author.Profile.Bio, posts[2].Author.Profile)
	// Output: mathematician <nil>
}

// Preload adds to what is asked for already, PreloadOnce leaves it.
func ExampleQuery_PreloadOnce() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	popular := func(q *relation.Query) { q.Where("views", ">", 50) }
	authors, err := model.Query[Author](db).Preload("posts", popular).Use(func(q *relation.Query) { q.PreloadOnce("posts").PreloadOnce("profile") }).All(ctx)
	must(err)
	fmt.Println(len(authors[0].Posts), authors[0].Related("profile").Loaded())
	// Output: 1 true
}

// A limit counts per author: the newest post of each, unless the query is ordered.
func ExampleQuery_GroupLimit() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	authors, err := model.Query[Author](db).
		Preload("posts", func(q *relation.Query) { q.OrderBy("views", relation.Desc).GroupLimit(1) }).
		OrderBy("id").All(ctx)
	must(err)
	for _, a := range authors {
		titles(a.Posts)
	}
	// Output:
	// [Engines]
	// [Bread]
	// []
}

// GroupOrderBy picks the rows, OrderBy sorts what was picked.
func ExampleQuery_GroupOrderBy() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	authors, err := model.Query[Author](db).
		Preload("posts", func(q *relation.Query) {
			q.GroupOrderBy("likes", relation.Desc).GroupLimit(1).OrderBy("title")
		}).
		OrderBy("id").All(ctx)
	must(err)
	for _, a := range authors {
		titles(a.Posts)
	}
	// Output:
	// [Notes]
	// [Bread]
	// []
}
