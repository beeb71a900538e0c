// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// WhereColumn compares two columns of a row.
func ExampleQuery_WhereColumn() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereColumn("likes", ">", "views") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).
		Where("topic", "food").
		Use(func(q *relation.Query) { q.OrWhereColumn("likes", ">", "views") }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes]
	// [Notes Bread Butter]
}

// In the inner query, a column of the outer one is named with its table.
func ExampleQuery_WhereExists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	foodPosts := model.Query[Post](db).
		Use(func(q *relation.Query) { q.WhereColumn("author_id", "=", "authors.id") }).
		Where("topic", "food").
		Untyped()

	var names []string
	must(model.Query[Author](db).Use(func(q *relation.Query) { q.WhereExists(foodPosts) }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).Use(func(q *relation.Query) { q.WhereNotExists(foodPosts) }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Ben]
	// [Ada Cy]
}

func ExampleQuery_OrWhereExists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereColumn("author_id", "=", "authors.id") })
	popular := posts.Clone().Where("views", ">", 200).Untyped()

	var names []string
	must(model.Query[Author](db).Where("city", "London").Use(func(q *relation.Query) { q.OrWhereExists(popular) }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).Where("city", "London").Use(func(q *relation.Query) { q.OrWhereNotExists(posts.Untyped()) }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Ada Ben]
	// [Ada Cy]
}
