// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// One statement for all rows, without loading them and without hooks.
func ExampleBuilder_Update() {
	ctx, db := context.Background(), open()
	defer shut(db)

	n, err := model.Query[Post](db).Where("topic", "food").Update(ctx, model.Attrs{"topic": "kitchen"})
	must(err)
	fmt.Println(n)
	// Output: 2
}

func ExampleQuery_Increment() {
	ctx, db := context.Background(), open()
	defer shut(db)

	_, err := model.Query[Post](db).Where("topic", "tech").Increment(ctx, "likes", 5)
	must(err)
	_, err = model.Query[Post](db).Where("topic", "food").Untyped().Decrement(ctx, "likes", 5)
	must(err)

	var likes []int
	must(model.Query[Post](db).OrderBy("id").Pluck(ctx, "likes", &likes))
	fmt.Println(likes)
	// Output: [15 65 15 0]
}

func ExampleBuilder_Delete() {
	ctx, db := context.Background(), open()
	defer shut(db)

	n, err := model.Query[Post](db).Where("views", "<", 50).Delete(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}

// A forgotten condition would hit the whole table, so it must be said.
func ExampleBuilder_AllRows() {
	ctx, db := context.Background(), open()
	defer shut(db)

	_, err := model.Query[Post](db).Delete(ctx)
	fmt.Println(errors.Is(err, model.ErrMissingWhere))
	n, err := model.Query[Post](db).AllRows().Delete(ctx)
	fmt.Println(n, err)
	// Output:
	// true
	// 4 <nil>
}
