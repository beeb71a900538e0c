// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleRecord_Delete() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	if err := user.Delete(ctx); err != nil {
		panic(err)
	}
	_, err := model.Query[User](db).Find(ctx, user.ID)
	fmt.Println(errors.Is(err, model.ErrNotFound))
	// Output: true
}

// A row that somebody else has deleted meanwhile is an error, so that nobody believes to have done it.
func ExampleRecord_Delete_stale() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	here := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, here))
	there, err := model.Query[User](db).First(ctx)
	must(err)

	must(there.Delete(ctx))
	err = here.Delete(ctx)
	fmt.Println(errors.Is(err, model.ErrStale))
	// Output: true
}

// DeleteQuietly deletes without hooks; the example WithoutHooks of the package has some to skip.
func ExampleDeleteQuietly() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	must(model.DeleteQuietly(ctx, nil, user))
	fmt.Println(user.IsDeleted())
	// Output: true
}
