// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// FirstOrNew is for a form that edits what there is or starts a new one: it writes nothing.
func ExampleFirstOrNew() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user, err := model.FirstOrNew[User](ctx, db,
		model.Attrs{"email": "ada@example.com"}, // look for this
		model.Attrs{"name": "Ada"},              // and add this to a new one
	)
	must(err)
	fmt.Println(user.Email, user.Name, user.IsNew())

	must(user.Save(ctx)) // the record knows its database
	fmt.Println(user.IsNew())
	// Output:
	// ada@example.com Ada true
	// false
}

// A sign-in by an identity provider creates the account when it sees the address first. With a unique
// index on the address, two sign-ins at the same time get one account.
func ExampleFirstOrCreate() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	signIn := func(email, name string) {
		user, err := model.FirstOrCreate[User](ctx, db, model.Attrs{"email": email}, model.Attrs{"name": name})
		must(err)
		fmt.Println(user.ID, user.Name)
	}
	signIn("ada@example.com", "Ada")
	signIn("ada@example.com", "Countess") // found, and left as it is
	// Output:
	// 1 Ada
	// 1 Ada
}

// UpdateOrCreate leaves a row with the given values, whether there was one or not.
func ExampleUpdateOrCreate() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	for _, name := range []string{"Ada", "Ada Lovelace"} {
		user, err := model.UpdateOrCreate[User](ctx, db,
			model.Attrs{"email": "ada@example.com"}, model.Attrs{"name": name})
		must(err)
		fmt.Println(user.ID, user.Name)
	}
	// Output:
	// 1 Ada
	// 1 Ada Lovelace
}
