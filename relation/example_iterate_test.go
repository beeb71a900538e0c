// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Each goes through a table of any size with memory for a few hundred records.
func ExampleBuilder_Each() {
	ctx, db := context.Background(), open()
	defer shut(db)

	for post, err := range model.Query[Post](db).OrderBy("id").Each(ctx) {
		if err != nil {
			panic(err)
		}
		fmt.Println(post.Title)
		if post.ID == 2 {
			break // nothing has to be closed
		}
	}
	// Output:
	// Engines
	// Notes
}

// Chunk gives lists, for work that is cheaper many at a time. The loop may change or delete its
// records and skips none.
func ExampleBuilder_Chunk() {
	ctx, db := context.Background(), open()
	defer shut(db)

	for posts, err := range model.Query[Post](db).Chunk(ctx, 3) {
		must(err)
		fmt.Println(len(posts), "posts")
		for _, post := range posts {
			must(post.Delete(ctx))
		}
	}
	left, err := model.Query[Post](db).Count(ctx)
	must(err)
	fmt.Println(left, "left")
	// Output:
	// 3 posts
	// 1 posts
	// 0 left
}
