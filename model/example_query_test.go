// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Package relation lists the methods of a builder.
func ExampleQuery() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*User{
		{Email: "ada@example.com", Name: "Ada", Visits: 3},
		{Email: "ben@example.com", Name: "Ben"},
		{Email: "cy@example.com", Name: "Cy", Visits: 9},
	}))

	users, err := model.Query[User](db).
		Where("visits", ">", 0).
		OrderBy("visits", relation.Desc).
		All(ctx)
	must(err)
	for _, user := range users {
		fmt.Println(user.Name)
	}
	// Output:
	// Cy
	// Ada
}

// A mistake in a name comes back from the call that runs the query, before anything is sent.
func ExampleQuery_mistakes() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	_, err := model.Query[User](db).Where("emial", "ada@example.com").First(ctx)
	fmt.Println(err)
	fmt.Println(errors.Is(err, model.ErrUnknownColumn))
	// Output:
	// model User: first: unknown column: User has no column "emial"; did you mean "email"?
	// true
}
