// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleRecord_Save() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))

	user, err := model.Query[User](db).FindBy(ctx, "email", "ada@example.com")
	must(err)
	user.Name = "Ada"
	if err := user.Save(ctx); err != nil { // UPDATE users SET name, updated_at WHERE id
		panic(err)
	}
	fmt.Println(user.Changes()["Name"], user.IsDirty())

	must(user.Save(ctx)) // nothing has changed, nothing is sent
	// Output: Ada false
}

// SaveQuietly writes without hooks; the example WithoutHooks of the package has some to skip.
func ExampleSaveQuietly() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	user.Visits++
	must(model.SaveQuietly(ctx, nil, user))
	fmt.Println(user.IsDirty())
	// Output: false
}
