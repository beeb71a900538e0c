// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A client by name serves any kind of relation. What a kind does not have is an error.
func ExampleClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	var posts []*Post
	must(ada.Related("posts").All(ctx, &posts))
	titles(posts)

	fmt.Println(ada.Related("posts").Attach(ctx, 3))
	fmt.Println(ada.Related("post").All(ctx, &posts))
	// Output:
	// [Engines Notes]
	// relation Author.posts: attach: unsupported: Attach is for manyToMany, not for hasMany
	// model Author: query: unknown relation: Author has no relation "post"; did you mean "posts"?
}

// Of is Related for code that does not know the model.
func ExampleOf() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	count := func(r relation.Record, name string) {
		n, err := relation.Of(r, name).Query().Count(ctx)
		must(err)
		fmt.Println(name, n)
	}
	count(author(db, 1), "posts")
	count(post(db, 1), "tags")
	// Output:
	// posts 2
	// tags 2
}

// The query is about the related rows, whatever is added to it.
func ExampleClient_Query() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts := func() *relation.Query { return author(db, 1).Related("posts").Query() }
	n, err := posts().Where("title", "Notes").OrWhere("title", "Bread").Count(ctx) // Bread is Ben's
	must(err)
	fmt.Println(n)

	n, err = posts().Increment(ctx, "likes", 1)
	must(err)
	fmt.Println(n)
	// Output:
	// 1
	// 2
}

func ExampleClient_All() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var comments []*Comment
	must(post(db, 1).Related("comments").All(ctx, &comments))
	fmt.Println(len(comments), comments[0].Text)
	// Output: 2 Great
}

func ExampleClient_First() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var profile *Profile
	must(author(db, 1).Related("profile").First(ctx, &profile))
	fmt.Println(profile.Bio)

	err := author(db, 2).Related("profile").First(ctx, &profile)
	fmt.Println(errors.Is(err, model.ErrNotFound))
	// Output:
	// mathematician
	// true
}

// Rows of a pivot table without a model are Attrs.
func ExampleClient_PivotQuery() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	pivot := post(db, 1).Related("tags").PivotQuery()
	var rows []relation.Attrs
	must(pivot.OrderBy("tag_id").All(ctx, &rows))
	for _, row := range rows {
		fmt.Println(row["tag_id"], row["note"])
	}
	// Output:
	// 1 main
	// 2 <nil>
}

// The errors of relations say of which model and relation they are, and keep their cause.
func ExampleError() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	err := post(db, 1).Related("tags").Attach(ctx, 1)
	if failed, ok := errors.AsType[*relation.Error](err); ok {
		fmt.Println(failed.Model, failed.Relation, failed.Op)
	}
	fmt.Println(errors.Is(err, model.ErrDuplicate))
	// Output:
	// Post tags attach
	// true
}
