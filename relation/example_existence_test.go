// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleBuilder_Has() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Has("comments").OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	posts, err = model.Query[Post](db).Has("author.profile").OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output:
	// [Engines Bread]
	// [Engines Notes]
}

func ExampleCount() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Has("comments", relation.Count(">=", 2)).All(ctx)
	must(err)
	titles(posts)
	posts, err = model.Query[Post](db).Has("comments", relation.Count("<", 2)).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output:
	// [Engines]
	// [Notes Bread Butter]
}

func ExampleQuery_OrHas() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Where("views", "<", 50).Use(func(q *relation.Query) { q.OrHas("tags", relation.Count(">", 1)) }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Notes Butter]
}

func ExampleBuilder_DoesntHave() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).DoesntHave("comments").OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Notes Butter]
}

func ExampleQuery_OrDoesntHave() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Where("title", "Bread").Use(func(q *relation.Query) { q.OrDoesntHave("author.profile") }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Bread Butter]
}

// The conditions are of the related rows, and the count is of those for which they hold.
func ExampleBuilder_WhereHas() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	good := func(q *relation.Query) { q.Where("stars", ">", 3) }
	posts, err := model.Query[Post](db).WhereHas("comments", good, relation.Count("=", 1)).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Bread]
}

func ExampleQuery_OrWhereHas() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Where("topic", "food").
		Use(func(q *relation.Query) { q.OrWhereHas("tags", func(q *relation.Query) { q.Where("name", "math") }) }).
		OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Bread Butter]
}

func ExampleBuilder_WhereDoesntHave() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		WhereDoesntHave("tags", func(q *relation.Query) { q.WherePivot("note", "main") }).
		OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Notes Butter]
}

func ExampleQuery_OrWhereDoesntHave() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Where("title", "Bread").
		Use(func(q *relation.Query) {
			q.OrWhereDoesntHave("author", func(q *relation.Query) { q.Where("city", "Paris") })
		}).
		OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Notes Bread]
}
