// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// A missing row is the error to branch on; code that knows gorm's goes on to work.
func Example_notFound() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	_, err := model.Query[User](db).Find(ctx, 42)
	switch {
	case errors.Is(err, model.ErrNotFound):
		fmt.Println("404")
	case err != nil:
		fmt.Println("500")
	}
	fmt.Println(errors.Is(err, gorm.ErrRecordNotFound))
	// Output:
	// 404
	// true
}

// A key from a URL that is no key at all never reaches the database.
func Example_invalidKey() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	for _, id := range []string{"1", "1 OR 1=1", "1e0"} {
		_, err := model.Query[User](db).Find(ctx, id)
		fmt.Println(errors.Is(err, model.ErrNotFound), errors.Is(err, model.ErrInvalidKey))
	}
	// Output:
	// true false
	// false true
	// false true
}

// Error says which operation on which model has failed.
func ExampleError() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	_, err := model.Query[User](db).Find(ctx, 42)
	if e, ok := errors.AsType[*model.Error](err); ok {
		fmt.Println(e.Model, "/", e.Op, "/", e.Err)
	}
	// Output:
	// User / find / record not found
}

// ConstraintError says which columns a form has to mark.
func ExampleConstraintError() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))

	err := model.Create(ctx, db, &User{Email: "ada@example.com"})
	if e, ok := errors.AsType[*model.ConstraintError](err); ok {
		fmt.Println(e.Kind, e.Table, e.Columns)
	}
	// Output: unique users [email]
}

// One statement over a whole table is never an accident.
func Example_missingWhere() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Visits: 4}))

	reset := model.Query[User](db)
	_, err := reset.Update(ctx, model.Attrs{"visits": 0})
	fmt.Println(errors.Is(err, model.ErrMissingWhere))

	n, err := reset.AllRows().Update(ctx, model.Attrs{"visits": 0})
	fmt.Println(n, err)
	// Output:
	// true
	// 1 <nil>
}
