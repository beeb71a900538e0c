// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Whatever gets the context of the function takes part; an error undoes all of it, in the records too.
func ExampleDB_Transaction() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	ada := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, ada))

	ben, errRefused := &User{Email: "ben@example.com"}, errors.New("refused")
	err := db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		if err := model.Create(ctx, tx, ben); err != nil {
			return err
		}
		if err := ada.Increment(ctx, "visits", 1); err != nil { // ctx carries the transaction
			return err
		}
		return errRefused
	})

	fmt.Println(err)
	fmt.Println(ben.IsNew(), ben.ID, ada.Visits)
	// Output:
	// refused
	// true 0 0
}

// A transaction in a transaction is a savepoint: it may fail alone.
func ExampleDB_Transaction_nested() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	must(db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		must(model.Create(ctx, tx, &User{Email: "ada@example.com"}))
		err := tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			must(model.Create(ctx, tx, &User{Email: "ben@example.com"}))
			return errors.New("not Ben")
		})
		fmt.Println(err)
		return nil
	}))

	var emails []string
	must(model.Query[User](db).Pluck(ctx, "email", &emails))
	fmt.Println(emails)
	// Output:
	// not Ben
	// [ada@example.com]
}

// Begin is for transactions that do not end in the function that opens them.
func ExampleDB_Begin() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	tx, err := db.Begin(ctx)
	must(err)
	must(model.Create(ctx, tx, &User{Email: "ada@example.com"}))
	must(tx.Commit())

	n, err := model.Query[User](db).Count(ctx)
	must(err)
	fmt.Println(n)

	// A transaction that has ended serves nobody.
	_, err = model.Query[User](tx).Count(ctx)
	fmt.Println(errors.Is(err, model.ErrTxDone))
	// Output:
	// 1
	// true
}

func ExampleDB_Rollback() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	tx, err := db.Begin(ctx)
	must(err)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, tx, user))
	fmt.Println(user.IsNew())

	must(tx.Rollback())
	fmt.Println(user.IsNew()) // the record knows that its row is gone
	// Output:
	// false
	// true
}

// A mail must not leave before its data is safe, and never if it is not.
func ExampleDB_AfterCommit() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	must(db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		must(model.Create(ctx, tx, &User{Email: "ada@example.com"}))
		must(db.AfterCommit(ctx, func(context.Context) { fmt.Println("welcome, ada@example.com") }))
		fmt.Println("saved")
		return nil
	}))
	// Output:
	// saved
	// welcome, ada@example.com
}
