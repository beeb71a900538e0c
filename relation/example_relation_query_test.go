// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleRelation_PivotPair() {
	db := blog()
	defer shut(db)

	column, value, err := metadata("tags").PivotPair(post(db, 3))
	must(err)
	fmt.Println(column, value)
	// Output: post_id 3
}

func ExampleRelation_PivotRelatedPair() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tag, err := model.Query[Tag](db).FindBy(ctx, "name", "math")
	must(err)
	column, value, err := metadata("tags").PivotRelatedPair(tag)
	must(err)
	fmt.Println(column, value)
	// Output: tag_id 2
}

// What a preload would load, for code that does something else with it.
func ExampleRelation_EagerQuery() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts := []*Post{post(db, 1), post(db, 3)}
	tags := metadata("tags")
	query, err := tags.EagerQuery(posts)
	must(err)
	var list []*Tag
	must(query.Where("name", "<>", "math").OrderBy("id").All(ctx, &list))
	must(tags.SetRelatedForMany(posts, list))
	for _, p := range posts {
		names(p.Tags)
	}
	// Output:
	// [go]
	// [baking]
}

// The sub-query names the table of the query around it.
func ExampleRelation_SubQuery() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	comments, err := metadata("comments").SubQuery()
	must(err)
	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereExists(comments.Where("stars", ">", 3)) }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Bread]
}

func ExampleRelation_Client() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	client, err := metadata("tags").Client(post(db, 1))
	must(err)
	n, err := client.Query().Count(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}
