// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A Query does not know its model when the program is compiled, so code that takes one serves all
// models, and results go into a destination.
func ExampleQuery() {
	ctx, db := context.Background(), open()
	defer shut(db)

	newest := func(q *relation.Query, dest any) { must(q.Clone().OrderBy("id", relation.Desc).First(ctx, dest)) }

	var post *Post
	newest(model.Query[Post](db).Untyped(), &post)
	var author *Author
	newest(model.Query[Author](db).Untyped(), &author)
	fmt.Println(post.Title, author.Name)
	// Output: Butter Cy
}

// Query makes a copy for places that take one, such as a sub-query.
func ExampleBuilder_Untyped() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts := model.Query[Post](db).Use(func(q *relation.Query) { q.WhereColumn("author_id", "=", "authors.id") }).Untyped()
	n, err := model.Query[Author](db).Use(func(q *relation.Query) { q.WhereExists(posts) }).Count(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}

func ExampleQuery_All() {
	ctx, db := context.Background(), open()
	defer shut(db)
	q := model.Query[Post](db).Where("topic", "food").Untyped()

	var posts []*Post
	must(q.All(ctx, &posts))
	fmt.Println(len(posts), posts[0].Title)

	var authors []*Author // of another model
	err := q.All(ctx, &authors)
	fmt.Println(errors.Is(err, model.ErrInvalidValue))
	// Output:
	// 2 Bread
	// true
}

// The destination is a pointer to a pointer, or a record whose content is replaced.
func ExampleQuery_First() {
	ctx, db := context.Background(), open()
	defer shut(db)
	q := model.Query[Post](db).OrderBy("id").Untyped()

	var pointer *Post
	must(q.First(ctx, &pointer))
	var record Post
	must(q.First(ctx, &record))
	fmt.Println(pointer.Title, record.Title)
	// Output: Engines Engines
}

func ExampleQuery_Find() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var post *Post
	must(model.Query[Post](db).Untyped().Find(ctx, &post, 3))
	fmt.Println(post.Title)
	// Output: Bread
}

func ExampleQuery_Paginate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var posts []*Post
	var meta relation.Meta
	meta, err := model.Query[Post](db).Untyped().OrderBy("id").Paginate(ctx, &posts, 2, 3)
	must(err)
	fmt.Println(meta.CurrentPage, meta.LastPage, len(posts))
	// Output: 2 2 1
}
