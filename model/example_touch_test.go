// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// Touch says that something about the record has happened, without a change of its columns.
func ExampleRecord_Touch() {
	ctx, now := context.Background(), noon()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Now: func() time.Time { return now }})
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &User{}))
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	now = now.Add(time.Hour)
	must(user.Touch(ctx))
	fmt.Println(user.UpdatedAt.Format(time.TimeOnly))
	// Output: 13:00:00
}

// ForceUpdate has the next Save write although nothing has changed.
func ExampleForceUpdate() {
	ctx, now := context.Background(), noon()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Now: func() time.Time { return now }})
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &User{}))
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	now = now.Add(time.Hour)
	must(user.Save(ctx)) // sends nothing
	fmt.Println(user.UpdatedAt.Format(time.TimeOnly))

	model.ForceUpdate(user)
	must(user.Save(ctx))
	fmt.Println(user.UpdatedAt.Format(time.TimeOnly))
	// Output:
	// 12:00:00
	// 13:00:00
}
