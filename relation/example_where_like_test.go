// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A % in the pattern stands for any text, a _ for one character.
func ExampleBuilder_WhereLike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereLike("title", "B%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereNotLike("title", "%s") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Bread Butter]
	// [Bread Butter]
}

func ExampleQuery_OrWhereLike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).Where("likes", 60).Use(func(q *relation.Query) { q.OrWhereLike("title", "%tt%") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).Where("likes", 60).Use(func(q *relation.Query) { q.OrWhereNotLike("title", "%t%") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Butter]
	// [Engines Notes Bread]
}

// A search box ignores case on every database.
func ExampleQuery_WhereILike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereILike("title", "%BREAD%") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereNotILike("title", "b%") }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Bread]
	// [Engines Notes]
}

func ExampleQuery_OrWhereILike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Use(func(q *relation.Query) {
			q.WhereILike("title", "%note%").
				OrWhereILike("topic", "FOOD")
		}).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	must(model.Query[Post](db).
		Where("title", "Bread").
		Use(func(q *relation.Query) { q.OrWhereNotILike("topic", "FOOD") }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Bread Butter]
	// [Engines Notes Bread]
}
