// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Select leaves out what is not needed. With the key among the columns, the record can be saved.
func ExampleBuilder_Select() {
	ctx, db := context.Background(), open()
	defer shut(db)

	post, err := model.Query[Post](db).Select("id", "title").Find(ctx, 1)
	must(err)
	fmt.Println(post.Attributes())

	post.Title = "Engines!"
	fmt.Println(post.Save(ctx))
	// Output:
	// map[ID:1 Title:Engines]
	// <nil>
}

func ExampleBuilder_Distinct() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var topics []string
	must(model.Query[Post](db).Distinct().OrderBy("topic").Pluck(ctx, "topic", &topics))
	fmt.Println(topics)
	// Output: [food tech]
}

// A table of another model is joined by name; its columns are named with it, and arrive in Extras.
func ExampleBuilder_Join() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Join("authors", "posts.author_id", "=", "authors.id").
		Where("authors.city", "London").
		Select("title", "authors.name as author").
		All(ctx)
	must(err)
	for _, post := range posts {
		fmt.Println(post.Title, "by", post.Extras().String("author"))
	}
	// Output:
	// Engines by Ada
	// Notes by Ada
}

// LeftJoin keeps rows that have no partner.
func ExampleQuery_LeftJoin() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var names []string
	must(model.Query[Author](db).
		Use(func(q *relation.Query) { q.LeftJoin("posts", "posts.author_id", "=", "authors.id") }).
		WhereNull("posts.id").
		Pluck(ctx, "name", &names))
	fmt.Println(names)
	// Output: [Cy]
}

// ReadOnly spares the snapshot that finds changes, where a long list is only shown.
func ExampleQuery_ReadOnly() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.ReadOnly() }).All(ctx)
	must(err)
	fmt.Println(len(posts))

	posts[0].Title = "Steam"
	fmt.Println(errors.Is(posts[0].Save(ctx), model.ErrUnsupported))
	// Output:
	// 4
	// true
}

// Sideload hands the caller's own values to every record, for hooks and computed values.
func ExampleQuery_Sideload() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.Sideload(model.Attrs{"viewer": "Ben"}) }).Limit(1).All(ctx)
	must(err)
	fmt.Println(posts[0].Title, "for", model.Sideloaded(posts[0])["viewer"])
	// Output: Engines for Ben
}
