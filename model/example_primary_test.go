// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Behind replicas, the primary answers what is read with such a context.
func ExampleWithPrimary() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))

	n, err := model.Query[User](db).Count(model.WithPrimary(ctx))
	fmt.Println(n, err)
	// Output: 1 <nil>
}

// Behind replicas, whoever has written with a sticky context reads it back with it.
func ExampleSticky() {
	ctx, db := model.Sticky(context.Background()), open(&User{})
	defer shut(db)

	must(model.Create(ctx, db, &User{Email: "ada@example.com"})) // from here on the primary answers
	n, err := model.Query[User](db).Count(ctx)
	fmt.Println(n, err)
	// Output: 1 <nil>
}
