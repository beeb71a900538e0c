// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleBuilder_Count() {
	ctx, db := context.Background(), open()
	defer shut(db)

	n, err := model.Query[Post](db).Where("topic", "food").Count(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}

// Exists asks for one row at most, where a count would look at all.
func ExampleBuilder_Exists() {
	ctx, db := context.Background(), open()
	defer shut(db)

	taken, err := model.Query[Author](db).Where("name", "Ada").Exists(ctx)
	must(err)
	fmt.Println(taken)
	// Output: true
}

// Results of aggregates go into a variable of the type that is wanted.
func ExampleBuilder_Sum() {
	ctx, db := context.Background(), open()
	defer shut(db)
	food := model.Query[Post](db).Where("topic", "food")

	var total, least, most int
	var average float64
	must(food.Sum(ctx, "views", &total))
	must(food.Untyped().Min(ctx, "views", &least))
	must(food.Untyped().Max(ctx, "views", &most))
	must(food.Untyped().Avg(ctx, "views", &average))
	fmt.Println(total, least, most, average)
	// Output: 290 40 250 145
}

// A pointer tells no rows from a sum of zero.
func ExampleQuery_Sum_noRows() {
	ctx, db := context.Background(), open()
	defer shut(db)
	sports := model.Query[Post](db).Where("topic", "sports")

	var total int
	must(sports.Sum(ctx, "views", &total))
	var most *int
	must(sports.Untyped().Max(ctx, "views", &most))
	fmt.Println(total, most == nil)
	// Output: 0 true
}

// Pluck reads one column without making records.
func ExampleBuilder_Pluck() {
	ctx, db := context.Background(), open()
	defer shut(db)

	var cities []*string // a pointer is nil for NULL; a plain string would be ""
	must(model.Query[Author](db).OrderBy("id").Pluck(ctx, "city", &cities))
	fmt.Println(*cities[0], *cities[1], cities[2] == nil)
	// Output: London Paris true
}

// ToSQL shows a statement without sending it.
func ExampleBuilder_ToSQL() {
	db := open()
	defer shut(db)

	sql, values, err := model.Query[Post](db).Select("id").Where("views", ">", 50).Limit(10).ToSQL()
	must(err)
	fmt.Println(sql)
	fmt.Println(values)
	// Output:
	// SELECT `posts`.`id` FROM `posts` WHERE `posts`.`views` > ? LIMIT ?
	// [50 10]
}
