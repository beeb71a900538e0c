// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// A preview shows what an upload would change, in the order of its rows, and writes nothing.
func ExampleFetchOrNewUpMany() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "Ada"}))

	users, err := model.FetchOrNewUpMany[User](ctx, db, []string{"email"}, []model.Attrs{
		{"email": "ada@example.com", "name": "Ada Lovelace"},
		{"email": "ben@example.com", "name": "Ben"},
	})
	must(err)
	for _, user := range users {
		fmt.Println(user.Name, user.IsNew())
	}
	// Output:
	// Ada false
	// Ben true
}

// Rows that exist stay as they are; the others are inserted, in one transaction.
func ExampleFetchOrCreateMany() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "Ada"}))

	users, err := model.FetchOrCreateMany[User](ctx, db, []string{"email"}, []model.Attrs{
		{"email": "ada@example.com", "name": "Ada Lovelace"},
		{"email": "ben@example.com", "name": "Ben"},
	})
	must(err)
	for _, user := range users {
		fmt.Println(user.ID, user.Name)
	}
	// Output:
	// 1 Ada
	// 2 Ben
}

// Rows that exist are updated; the others are inserted, in one transaction and with hooks.
func ExampleUpdateOrCreateMany() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "Ada"}))

	users, err := model.UpdateOrCreateMany[User](ctx, db, []string{"email"}, []model.Attrs{
		{"email": "ada@example.com", "name": "Ada Lovelace"},
		{"email": "ben@example.com", "name": "Ben"},
	})
	must(err)
	for _, user := range users {
		fmt.Println(user.ID, user.Name)
	}
	// Output:
	// 1 Ada Lovelace
	// 2 Ben
}
