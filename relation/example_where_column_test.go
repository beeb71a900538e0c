// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// WhereColumn compares two columns of a row.
func ExampleChain_WhereColumn() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereColumn("likes", ">", "views").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).
		Where("topic", "food").
		OrWhereColumn("likes", ">", "views").
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes]
	// [Notes Bread Butter]
}

// In the inner query, a column of the outer one is named with its table.
func ExampleChain_WhereExists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	foodPosts := model.Query[Post](db).
		WhereColumn("author_id", "=", "authors.id").
		Where("topic", "food").
		Query()

	var names []string
	must(model.Query[Author](db).WhereExists(foodPosts).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).WhereNotExists(foodPosts).Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Ben]
	// [Ada Cy]
}

func ExampleChain_OrWhereExists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts := model.Query[Post](db).WhereColumn("author_id", "=", "authors.id")
	popular := posts.Clone().Where("views", ">", 200).Query()

	var names []string
	must(model.Query[Author](db).Where("city", "London").OrWhereExists(popular).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).Where("city", "London").OrWhereNotExists(posts.Query()).Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Ada Ben]
	// [Ada Cy]
}
