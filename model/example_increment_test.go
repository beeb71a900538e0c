// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Increment counts in the database, so that two visits at the same time are two.
func ExampleRecord_Increment() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))
	here, err := model.Query[User](db).First(ctx)
	must(err)
	there, err := model.Query[User](db).First(ctx)
	must(err)

	must(here.Increment(ctx, "visits", 1))
	must(there.Increment(ctx, "visits", 1))
	fmt.Println(here.Visits, there.Visits)

	must(there.Decrement(ctx, "visits", 2))
	fmt.Println(there.Visits)
	// Output:
	// 1 2
	// 0
}

// Decrement leaves other changes of the record pending.
func ExampleRecord_Decrement() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Visits: 5}
	must(model.Create(ctx, db, user))

	user.Name = "Ada"
	must(user.Decrement(ctx, "visits", 2))
	fmt.Println(user.Visits, user.Dirty())
	// Output: 3 map[Name:Ada]
}
