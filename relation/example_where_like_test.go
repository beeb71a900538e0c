// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// A % in the pattern stands for any text, a _ for one character.
func ExampleChain_WhereLike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereLike("title", "B%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).WhereNotLike("title", "%s").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Bread Butter]
	// [Bread Butter]
}

func ExampleChain_OrWhereLike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).Where("likes", 60).OrWhereLike("title", "%tt%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).Where("likes", 60).OrWhereNotLike("title", "%t%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Butter]
	// [Engines Notes Bread]
}

// A search box ignores case on every database.
func ExampleChain_WhereILike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).WhereILike("title", "%BREAD%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	must(model.Query[Post](db).WhereNotILike("title", "b%").Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Bread]
	// [Engines Notes]
}

func ExampleChain_OrWhereILike() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var titles []string
	must(model.Query[Post](db).
		WhereILike("title", "%note%").
		OrWhereILike("topic", "FOOD").
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)

	must(model.Query[Post](db).
		Where("title", "Bread").
		OrWhereNotILike("topic", "FOOD").
		Pluck(ctx, "title", &titles))
	fmt.Println(titles)
	// Output:
	// [Notes Bread Butter]
	// [Engines Notes Bread]
}
