// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// A sync from elsewhere inserts whom it does not know and updates whom it does, in one statement.
func ExampleUpsert() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "A.", Visits: 7}))

	users := []*User{
		{Email: "ada@example.com", Name: "Ada"},
		{Email: "ben@example.com", Name: "Ben"},
	}
	// Rows are recognised by their address; only the name of a known one is overwritten.
	must(model.Upsert(ctx, db, users, []string{"email"}, "name"))

	// Afterwards every record equals its row, so Ada has her visits back.
	for _, user := range users {
		fmt.Println(user.Name, user.Visits)
	}
	// Output:
	// Ada 7
	// Ben 0
}

// Insert is for many rows whose hooks need not run, such as an import.
func ExampleInsert() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	users := make([]*User, 1000)
	for i := range users {
		users[i] = &User{Email: fmt.Sprintf("user%d@example.com", i)}
	}
	must(model.Insert(ctx, db, users))

	fmt.Println(users[999].ID)
	// Output: 1000
}

// CreateQuietly runs no hooks; the example WithoutHooks of the package has one to skip.
func ExampleCreateQuietly() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: "ada@example.com"}
	must(model.CreateQuietly(ctx, db, user))
	fmt.Println(user.ID)
	// Output: 1
}
