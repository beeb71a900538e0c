// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A record that was loaded or saved knows its database; a literal has to be told.
func ExampleRecord_UseDB() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: "ada@example.com"}
	fmt.Println(errors.Is(user.Save(ctx), model.ErrUnbound))

	user.UseDB(db)
	must(user.Save(ctx))
	fmt.Println(user.ID, user.Email)
	// Output:
	// true
	// 1 ada@example.com
}

// DB is for code that has a record and needs a query on the same database.
func ExampleDBOf() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*User{{Email: "ada@example.com"}, {Email: "ben@example.com"}}))
	user, err := model.Query[User](db).First(ctx)
	must(err)

	others, err := model.Query[User](model.DBOf(user)).Use(func(q *relation.Query) { q.WhereKeyNot(user.ID) }).All(ctx)
	must(err)
	fmt.Println(others[0].Email)
	fmt.Println(model.DBOf((&User{})) == nil)
	// Output:
	// ben@example.com
	// true
}
