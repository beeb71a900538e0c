// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleClient_LoadSum() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Related("posts").LoadSum(ctx, "views"))
	fmt.Println(ada.Extras().Int64("posts_sum_views"))
	// Output: 140
}

func ExampleClient_LoadMin() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Related("posts").LoadMin(ctx, "title"))
	fmt.Println(ada.Extras().String("posts_min_title"))
	// Output: Engines
}

func ExampleClient_LoadMax() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Related("posts").LoadMax(ctx, "views"))
	fmt.Println(ada.Extras().Int64("posts_max_views"))
	// Output: 100
}

func ExampleClient_LoadAvg() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Related("posts").LoadAvg(ctx, "views"))
	fmt.Println(ada.Extras().Float64("posts_avg_views"))
	// Output: 70
}

func ExampleClient_LoadExists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	cy := author(db, 3)
	must(cy.Related("posts").LoadExists(ctx))
	fmt.Println(cy.Extras().Bool("posts_exists"))
	// Output: false
}

// The function chooses the aggregate, and may add conditions.
func ExampleClient_LoadAggregate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Related("posts").LoadAggregate(ctx, func(q *relation.Query) {
		q.Where("views", "<", 50).Aggregate("max", "likes").As("best")
	}))
	fmt.Println(ada.Extras().Int64("best"))
	// Output: 60
}

// A relation without rows is loaded, one that nobody has asked for is not.
func ExampleClient_Loaded() {
	ctx, db := context.Background(), open()
	defer shut(db)

	cy, err := model.Query[Author](db).Preload("posts").Find(ctx, 3)
	must(err)
	fmt.Println(cy.Related("posts").Loaded(), cy.Related("profile").Loaded())
	// Output: true false
}

// SetLoaded changes memory only; the key stays as it is.
func ExampleClient_SetLoaded() {
	db := open()
	defer shut(db)

	draft := &Post{Title: "Draft"}
	must(draft.Related("author").SetLoaded(author(db, 1)))
	fmt.Println(draft.Author.Name, draft.AuthorID)
	fmt.Println(draft.Related("author").SetLoaded(&Tag{}))
	// Output:
	// Ada 0
	// relation Post.author: set loaded: invalid value: a record of Tag where one of Author belongs
}

func ExampleClient_PushLoaded() {
	ctx, db := context.Background(), open()
	defer shut(db)

	ada := author(db, 1)
	must(ada.Load(ctx, "posts"))
	must(ada.Related("posts").PushLoaded(&Post{Title: "Draft"}))
	fmt.Println(len(ada.Posts))
	// Output: 3
}
