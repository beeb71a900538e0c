// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A report: one record per topic, whose numbers are in Extras.
func ExampleBuilder_GroupBy() {
	ctx, db := context.Background(), open()
	defer shut(db)

	topics, err := model.Query[Post](db).
		GroupBy("topic").
		Aggregate("count", "*").
		Aggregate("sum", "views").
		OrderBy("topic").
		All(ctx)
	must(err)
	for _, t := range topics {
		fmt.Println(t.Topic, t.Extras().Int64("count"), t.Extras().Int64("sum_views"))
	}
	// Output:
	// food 2 290
	// tech 2 140
}

// As names an aggregate, so that Having and OrderBy can use it.
func ExampleBuilder_Aggregate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	authors, err := model.Query[Post](db).
		GroupBy("author_id").
		Aggregate("avg", "likes").As("popularity").
		OrderBy("popularity", relation.Desc).
		All(ctx)
	must(err)
	for _, a := range authors {
		fmt.Println(a.AuthorID, a.Extras().Float64("popularity"))
	}
	// Output:
	// 1 35
	// 2 12.5
}

func ExampleBuilder_As() {
	ctx, db := context.Background(), open()
	defer shut(db)

	// Without groups it is one record for the whole query.
	total, err := model.Query[Post](db).
		Aggregate("count", "*").As("posts").
		Aggregate("countDistinct", "topic").As("topics").
		First(ctx)
	must(err)
	fmt.Println(total.Extras().Int64("posts"), total.Extras().Int64("topics"))
	// Output: 4 2
}

// Having keeps groups as Where keeps rows.
func ExampleBuilder_Having() {
	ctx, db := context.Background(), open()
	defer shut(db)

	topics, err := model.Query[Post](db).
		GroupBy("topic").
		Aggregate("sum", "views").As("total").
		Having("total", ">", 200).
		All(ctx)
	must(err)
	for _, t := range topics {
		fmt.Println(t.Topic, t.Extras().Int64("total"))
	}
	// Output: food 290
}

func ExampleQuery_HavingRaw() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var topics []string
	must(model.Query[Post](db).
		GroupBy("topic").
		Use(func(q *relation.Query) { q.HavingRaw("sum(likes) > ?", 50) }).
		Pluck(ctx, "topic", &topics))
	fmt.Println(topics)
	// Output: [tech]
}
