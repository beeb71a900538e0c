// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A condition is a column and a value, or a column, an operator and a value. Conditions add up.
func ExampleBuilder_Where() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("topic", "tech").
		Where("views", ">=", 50).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Engines]
}

// A function adds a group in parentheses.
func ExampleQuery_Where_group() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("topic", "food").
		Where(func(q *relation.Query) {
			q.Where("views", ">", 200).OrWhere("likes", "<", 10)
		}).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Bread Butter]
}

func ExampleBuilder_OrWhere() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("views", ">", 200).
		OrWhere("likes", ">", 50).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Notes Bread]
}

// WhereNot turns a condition or a whole group round.
func ExampleBuilder_WhereNot() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		WhereNot("topic", "food").
		WhereNot(func(q *relation.Query) { q.Where("views", ">", 50).Where("likes", "<", 50) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Notes]
}

func ExampleQuery_OrWhereNot() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("topic", "food").
		Use(func(q *relation.Query) { q.OrWhereNot("views", 40) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Engines Bread Butter]
}

// Values are cast to the type of the column first, so what makes no sense is no query.
func ExampleQuery_Where_values() {
	ctx, db := context.Background(), open()
	defer shut(db)

	fromURL := "40" // a text that is a number will do
	n, err := model.Query[Post](db).Where("views", fromURL).Count(ctx)
	must(err)
	fmt.Println(n)

	_, err = model.Query[Post](db).Where("views", "40; DROP TABLE posts").Count(ctx)
	fmt.Println(err)
	_, err = model.Query[Author](db).Where("city", nil).Count(ctx)
	fmt.Println(err)
	// Output:
	// 2
	// model Post: count: Post.Views: invalid value: this text is not an integer in its plain form
	// model Author: count: Author.City: invalid value: nil compares to nothing; use WhereNull or WhereNotNull
}
