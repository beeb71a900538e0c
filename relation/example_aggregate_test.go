// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleBuilder_WithCount() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).
		WithCount("comments").
		WithCount("tags as topics").
		OrderBy("comments_count", relation.Desc).OrderBy("id").All(ctx)
	must(err)
	for _, p := range posts[:2] {
		fmt.Println(p.Title, p.Extras().Int64("comments_count"), p.Extras().Int64("topics"))
	}
	// Output:
	// Engines 2 2
	// Bread 1 1
}

func ExampleBuilder_WithSum() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tech := func(q *relation.Query) { q.Where("topic", "tech") }
	ada, err := model.Query[Author](db).WithSum("posts", "views").WithSum("posts as likes", "likes", tech).First(ctx)
	must(err)
	fmt.Println(ada.Extras().Int64("posts_sum_views"), ada.Extras().Int64("likes"))
	// Output: 140 70
}

func ExampleQuery_WithMin() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada, err := model.Query[Author](db).Use(func(q *relation.Query) { q.WithMin("posts", "created_at") }).First(ctx)
	must(err)
	fmt.Println(ada.Extras().Time("posts_min_created_at").Format("January 2"))
	// Output: March 1
}

func ExampleQuery_WithMax() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	authors, err := model.Query[Author](db).Use(func(q *relation.Query) { q.WithMax("comments", "stars") }).OrderBy("id").All(ctx)
	must(err)
	for _, a := range authors {
		fmt.Println(a.Name, a.Extras()["comments_max_stars"])
	}
	// Output:
	// Ada 5
	// Ben 4
	// Cy <nil>
}

func ExampleQuery_WithAvg() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada, err := model.Query[Author](db).Use(func(q *relation.Query) { q.WithAvg("posts", "likes") }).First(ctx)
	must(err)
	fmt.Println(ada.Extras().Float64("posts_avg_likes"))
	// Output: 35
}

func ExampleQuery_WithExists() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts, err := model.Query[Post](db).Use(func(q *relation.Query) { q.WithExists("comments") }).OrderBy("id").All(ctx)
	must(err)
	for _, p := range posts {
		fmt.Println(p.Title, p.Extras().Bool("comments_exists"))
	}
	// Output:
	// Engines true
	// Notes false
	// Bread true
	// Butter false
}

func ExampleQuery_WithAggregate() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	best := func(q *relation.Query) { q.Where("topic", "tech").Aggregate("max", "likes").As("best") }
	ada, err := model.Query[Author](db).Use(func(q *relation.Query) { q.WithAggregate("posts", best) }).First(ctx)
	must(err)
	fmt.Println(ada.Extras().Int64("best"))
	// Output: 60
}
