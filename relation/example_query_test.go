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
	newest(model.Query[Post](db).Query(), &post)
	var author *Author
	newest(model.Query[Author](db).Query(), &author)
	fmt.Println(post.Title, author.Name)
	// Output: Butter Cy
}

// Query makes a copy for places that take one, such as a sub-query.
func ExampleBuilder_Query() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts := model.Query[Post](db).WhereColumn("author_id", "=", "authors.id").Query()
	n, err := model.Query[Author](db).WhereExists(posts).Count(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}

func ExampleQuery_All() {
	ctx, db := context.Background(), open()
	defer shut(db)
	q := model.Query[Post](db).Where("topic", "food").Query()

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
	q := model.Query[Post](db).OrderBy("id").Query()

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
	must(model.Query[Post](db).Query().Find(ctx, 3, &post))
	fmt.Println(post.Title)
	// Output: Bread
}

func ExampleQuery_Paginate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var posts []*Post
	var meta relation.Meta
	meta, err := model.Query[Post](db).Query().OrderBy("id").Paginate(ctx, 2, 3, &posts)
	must(err)
	fmt.Println(meta.CurrentPage, meta.LastPage, len(posts))
	// Output: 2 2 1
}
