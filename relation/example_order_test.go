// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Orders add up: the second one decides where the first has equals.
func ExampleBuilder_OrderBy() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).OrderBy("views").OrderBy("title", relation.Desc).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Notes Butter Engines Bread]
}

// A direction that comes from outside is checked.
func ExampleDirection() {
	ctx, db := context.Background(), open()
	defer shut(db)

	sort := func(direction string) {
		var titles []string
		err := model.Query[Post](db).OrderBy("likes", relation.Direction(direction)).Pluck(ctx, "title", &titles)
		fmt.Println(titles, err)
	}
	sort("desc")
	sort("sideways")
	// Output:
	// [Notes Bread Engines Butter] <nil>
	// [] model Post: pluck: unsupported: direction "sideways"; use relation.Asc or relation.Desc
}

// Latest and Oldest sort by the time of creation, or by a column that is named.
func ExampleBuilder_Latest() {
	ctx, db := context.Background(), open()
	defer shut(db)

	newest, err := model.Query[Post](db).Latest().First(ctx)
	must(err)
	oldest, err := model.Query[Post](db).Use(func(q *relation.Query) { q.Oldest() }).First(ctx)
	must(err)
	mostViewed, err := model.Query[Post](db).Latest("views").First(ctx)
	must(err)
	fmt.Println(newest.Title, oldest.Title, mostViewed.Title)
	// Output: Butter Engines Bread
}

// Reorder drops the orders of a query that somebody else has built.
func ExampleQuery_Reorder() {
	ctx, db := context.Background(), open()
	defer shut(db)
	newestFirst := model.Query[Post](db).Latest()

	var titles []string
	must(newestFirst.Clone().Use(func(q *relation.Query) { q.Reorder() }).OrderBy("title").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Bread Butter Engines Notes]
}

func ExampleBuilder_Limit() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).OrderBy("id").Offset(1).Limit(2).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Notes Bread]
}

// ForPage is Limit and Offset of a page. Paginate counts the pages, too.
func ExampleQuery_ForPage() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).OrderBy("id").Use(func(q *relation.Query) { q.ForPage(2, 3) }).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Butter]
}
