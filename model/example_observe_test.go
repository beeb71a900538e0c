// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// OnStatement is where metrics come from: it learns of every statement, and of no value.
func ExampleConfig_onStatement() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{
		OnStatement: func(_ context.Context, s model.Statement) {
			if s.Model == "User" {
				fmt.Println(s.Model, s.Rows, s.Err)
			}
		},
	})
	must(err)
	defer shut(db)
	must(db.Gorm().Exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)").Error)

	n, err := model.Query[User](db).Where("email", "ada@example.com").Count(ctx)
	fmt.Println(n, err)
	// Output:
	// User 1 <nil>
	// 0 <nil>
}

// Servers and logs show the comment: they know then which part of a program has sent a statement.
func ExampleAnnotate() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{
		OnStatement: func(_ context.Context, s model.Statement) { fmt.Println(s.SQL) },
	})
	must(err)
	defer shut(db)
	must(db.Gorm().Exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)").Error)

	_, err = model.Query[User](db).Count(model.Annotate(ctx, "route", "/users/{id}"))
	must(err)
	// Output: SELECT count(*) FROM `users` /*route='%2Fusers%2F%7Bid%7D'*/
}
