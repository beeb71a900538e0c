// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleQuery_WhereRelation() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereRelation("author.profile", "bio", "mathematician") }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines Notes]
}

func ExampleQuery_OrWhereRelation() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Where("title", "Notes").
		Use(func(q *relation.Query) { q.OrWhereRelation("comments", "stars", "=", 4) }).
		OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output: [Notes Bread]
}

// WithWhereHas loads the rows that it looks for, and only these.
func ExampleQuery_WithWhereHas() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Use(func(q *relation.Query) { q.WithWhereHas("comments", func(q *relation.Query) { q.Where("stars", 5) }) }).
		All(ctx)
	must(err)
	fmt.Println(len(posts), len(posts[0].Comments), posts[0].Comments[0].Text)
	// Output: 1 1 Great
}

func ExampleQuery_WhereBelongsTo() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereBelongsTo(author(db, 1)) }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	posts, err = model.Query[Post](db).Use(func(q *relation.Query) { q.WhereBelongsTo([]*Author{author(db, 2), author(db, 3)}, "author") }).OrderBy("id").All(ctx)
	must(err)
	titles(posts)
	// Output:
	// [Engines Notes]
	// [Bread Butter]
}

func ExampleQuery_WhereAttachedTo() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var tags []*Tag
	must(post(db, 1).Related("tags").All(ctx, &tags))
	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereAttachedTo(tags) }).All(ctx)
	must(err)
	titles(posts)
	// Output: [Engines]
}

// A function that serves conditions and loads alike can tell which it is asked for.
func ExampleQuery_IsRelatedSubQuery() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tell := func(q *relation.Query) { fmt.Println(q.IsRelatedSubQuery()) }
	_, err := model.Query[Post](db).WhereHas("comments", func(q *relation.Query) { tell(q.Where("stars", 5)) }).All(ctx)
	must(err)
	_, err = model.Query[Post](db).Preload("comments", tell).All(ctx)
	must(err)
	// Output:
	// true
	// false
}
