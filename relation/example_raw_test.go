// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// SQL of one's own goes through methods whose names end in Raw. A ? stands for a value, or for all
// values of a slice; text from outside belongs nowhere else.
func ExampleBuilder_WhereRaw() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		WhereRaw("likes * ? > views", 4).
		WhereRaw("author_id IN (?)", []int64{1, 2}).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Notes]
}

func ExampleQuery_OrWhereRaw() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		Where("title", "Bread").
		Use(func(q *relation.Query) { q.OrWhereRaw("length(title) > ?", 6) }).
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Engines Bread]
}

// Apply takes over conditions that are written for gorm.
func ExampleBuilder_Apply() {
	ctx, db := context.Background(), open()
	defer shut(db)

	popular := func(g *gorm.DB) *gorm.DB { return g.Where("views > ?", 50).Order("views DESC") }

	var titles []string
	must(model.Query[Post](db).Apply(popular).Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Bread Engines]
}

// SelectRaw selects an expression, which arrives in Extras.
func ExampleBuilder_SelectRaw() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts, err := model.Query[Post](db).
		Select("id", "title").
		SelectRaw("likes * 100 / views AS percent").
		All(ctx)
	must(err)
	for _, post := range posts {
		fmt.Println(post.Title, post.Extras().Int64("percent"))
	}
	// Output:
	// Engines 10
	// Notes 150
	// Bread 8
	// Butter 12
}

// OrderByRaw sorts by an expression.
func ExampleBuilder_OrderByRaw() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		OrderByRaw("topic = ? DESC, length(title)", "food").
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output: [Bread Butter Notes Engines]
}
