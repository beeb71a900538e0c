// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Merge takes what comes from outside, such as a form. What a stranger must not set is refused: key,
// timestamps, hidden fields.
func ExampleRecord_Merge() {
	user := &User{Email: "ada@example.com", Name: "Ada"}

	must(user.Merge(model.Attrs{"name": "Countess"}))
	fmt.Println(user.Name, user.Email)

	err := user.Merge(model.Attrs{"name": "Eve", "password": "123"})
	fmt.Println(errors.Is(err, model.ErrGuarded))
	fmt.Println(user.Name) // after an error nothing has changed
	// Output:
	// Countess ada@example.com
	// true
	// Countess
}

// The names after the values are all that this form may set.
func ExampleRecord_Merge_only() {
	user := &User{}

	err := user.Merge(model.Attrs{"name": "Ada", "visits": 1_000_000}, "name", "email")
	fmt.Println(err)
	// Output:
	// model User: merge: guarded attribute: "visits" of User is not among the attributes that may be set here
}

// Fill is Merge that resets what is not given, as a PUT does.
func ExampleRecord_Fill() {
	user := &User{ID: 7, Email: "ada@example.com", Name: "Ada", Visits: 3}

	must(user.Fill(model.Attrs{"email": "ada@lovelace.example"}))
	fmt.Printf("%d %q %q %d\n", user.ID, user.Email, user.Name, user.Visits)
	// Output: 7 "ada@lovelace.example" "" 0
}

// Values given to finders come from code, so they may name any column, guarded or not. A name that the
// model does not have is a mistake all the same.
func ExampleAttrs() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user, err := model.FirstOrCreate[User](ctx, db,
		model.Attrs{"email": "ada@example.com"}, model.Attrs{"Password": "hash"})
	must(err)
	fmt.Println(user.Password)

	_, err = model.FirstOrCreate[User](ctx, db,
		model.Attrs{"email": "ben@example.com"}, model.Attrs{"passwrod": "hash"})
	fmt.Println(errors.Is(err, model.ErrUnknownAttribute))
	// Output:
	// hash
	// true
}
