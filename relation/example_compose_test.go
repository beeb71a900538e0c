// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A filter that may be missing needs no if around the chain.
func ExampleBuilder_When() {
	ctx, db := context.Background(), open()
	defer shut(db)

	search := func(topic string, all bool) {
		var titles []string
		must(model.Query[Post](db).
			When(topic != "", func(q *model.Builder[Post]) { q.Where("topic", topic) }).
			When(!all, func(q *model.Builder[Post]) { q.Limit(1) }).
			OrderBy("id").
			Pluck(ctx, "title", &titles))
		fmt.Println(titles)
	}
	search("", false)
	search("food", false)
	search("food", true)
	// Output:
	// [Engines]
	// [Bread]
	// [Bread Butter]
}

// A second function is the else.
func ExampleQuery_Unless() {
	ctx, db := context.Background(), open()
	defer shut(db)

	sort := func(newest bool) {
		post, err := model.Query[Post](db).
			Use(func(q *relation.Query) {
				q.Unless(newest,
					func(q *relation.Query) { q.OrderBy("views", relation.Desc) },
					func(q *relation.Query) { q.Latest() },
				)
			}).
			First(ctx)
		must(err)
		fmt.Println(post.Title)
	}
	sort(false)
	sort(true)
	// Output:
	// Bread
	// Butter
}

// A chain method changes the builder; Clone is for going two ways from one.
func ExampleBuilder_Clone() {
	ctx, db := context.Background(), open()
	defer shut(db)

	food := model.Query[Post](db).Where("topic", "food")
	popular, err := food.Clone().Where("views", ">", 100).Count(ctx)
	must(err)
	all, err := food.Count(ctx)
	must(err)
	fmt.Println(popular, "of", all)
	// Output: 1 of 2
}

// Attrs are values by name, where the names are known only at run time.
func ExampleAttrs() {
	ctx, db := context.Background(), open()
	defer shut(db)

	changes := relation.Attrs{"title": "Loaf", "Views": 0} // column and attribute names
	n, err := model.Query[Post](db).Where("title", "Bread").Update(ctx, changes)
	must(err)
	fmt.Println(n)
	// Output: 1
}
