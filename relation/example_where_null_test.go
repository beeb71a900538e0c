// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// NULL equals nothing, so it has conditions of its own.
func ExampleBuilder_WhereNull() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var names []string
	must(model.Query[Author](db).WhereNull("city").Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).WhereNotNull("city").Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Cy]
	// [Ada Ben]
}

func ExampleQuery_OrWhereNull() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var names []string
	must(model.Query[Author](db).Where("city", "Paris").Use(func(q *relation.Query) { q.OrWhereNull("city") }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Author](db).Where("name", "Cy").Use(func(q *relation.Query) { q.OrWhereNotNull("city") }).Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output:
	// [Ben Cy]
	// [Ada Ben Cy]
}

// Both ends belong to the range.
func ExampleBuilder_WhereBetween() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereBetween("views", 40, 100).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereNotBetween("views", 40, 100) }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Engines Notes Butter]
	// [Bread]
}

func ExampleQuery_OrWhereBetween() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("topic", "food").
		Use(func(q *relation.Query) { q.OrWhereBetween("likes", 50, 99) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	must(model.Query[Post](db).
		Where("title", "Engines").
		Use(func(q *relation.Query) { q.OrWhereNotBetween("likes", 10, 99) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Bread Butter]
	// [Engines Butter]
}
