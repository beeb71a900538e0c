// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleCreate() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: "ada@example.com", Name: "Ada"}
	if err := model.Create(ctx, db, user); err != nil {
		panic(err)
	}

	// The record equals its row now: key and timestamps are filled in.
	fmt.Println(user.ID, user.CreatedAt.Format("2006-01-02"), user.IsPersisted())

	// A second one with the same address is refused by the unique index.
	err := model.Create(ctx, db, &User{Email: "ada@example.com"})
	fmt.Println(errors.Is(err, model.ErrDuplicate))
	// Output:
	// 1 2026-03-01 true
	// true
}

// CreateMany inserts a list with one statement; all of it or nothing.
func ExampleCreateMany() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	users := []*User{{Email: "ada@example.com"}, {Email: "ben@example.com"}, {Email: "cy@example.com"}}
	must(model.CreateMany(ctx, db, users))

	for _, user := range users {
		fmt.Println(user.ID, user.Email)
	}
	// Output:
	// 1 ada@example.com
	// 2 ben@example.com
	// 3 cy@example.com
}

// Save with a database is for records that do not know theirs: those that were not loaded.
func ExampleSave() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: "ada@example.com"}
	must(model.Save(ctx, db, user)) // INSERT

	user.Name = "Ada"
	must(model.Save(ctx, db, user)) // UPDATE
	must(user.Save(ctx))            // by now the record knows its database, and has nothing to write

	fmt.Println(user.ID, user.Name)
	// Output: 1 Ada
}

func ExampleDelete() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	must(model.Delete(ctx, db, user))

	left, err := model.Query[User](db).Count(ctx)
	must(err)
	fmt.Println(user.IsDeleted(), left)
	// Output: true 0
}

// Truncate empties the table, whatever scopes, soft deletes and hooks say.
func ExampleTruncate() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*User{{Email: "ada@example.com"}, {Email: "ben@example.com"}}))

	must(model.Truncate[User](ctx, db))

	left, err := model.Query[User](db).Count(ctx)
	must(err)
	fmt.Println(left)
	// Output: 0
}
