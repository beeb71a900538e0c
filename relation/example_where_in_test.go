// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A list of any length is one value of the statement; nothing is in an empty one.
func ExampleBuilder_WhereIn() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereIn("views", []int{100, 250}).Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	none, err := model.Query[Post](db).WhereIn("views", []int{}).Count(ctx)
	must(err)
	fmt.Println(none)
	// Output:
	// [Engines Bread]
	// 0
}

// A query of one column is a list too.
func ExampleQuery_WhereIn_subquery() {
	ctx, db := context.Background(), open()
	defer shut(db)

	londoners := model.Query[Author](db).Select("id").Where("city", "London")
	var titles []string
	must(model.Query[Post](db).WhereIn("author_id", londoners).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Engines Notes]
}

func ExampleBuilder_WhereNotIn() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereNotIn("topic", []string{"food", "sports"}).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Engines Notes]
}

// The twins join with OR what stands before.
func ExampleQuery_OrWhereIn() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("likes", ">", 50).
		Use(func(q *relation.Query) { q.OrWhereIn("title", []string{"Bread", "Wine"}) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	must(model.Query[Post](db).
		Where("title", "Engines").
		Use(func(q *relation.Query) { q.OrWhereNotIn("topic", []string{"tech"}) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Bread]
	// [Engines Bread Butter]
}

// Primary keys need no name of a column.
func ExampleQuery_WhereKey() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereKey(1, 3) }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	read := []int64{1, 2, 3}
	must(model.Query[Post](db).Use(func(q *relation.Query) { q.WhereKeyNot(read) }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Engines Bread]
	// [Butter]
}
