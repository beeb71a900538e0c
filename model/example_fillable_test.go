// SPDX-License-Identifier: MIT

package model_test

import (
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Account says what mass assignment may set: as soon as one field is fillable, all others are not. A
// password is never shown, but may be given.
type Account struct {
	model.BaseModel[Account]

	ID       int64
	Email    string `model:"fillable"`
	Password string `model:"fillable" json:"-"`
	IsAdmin  bool
}

func Example_massAssignment() {
	account := &Account{}
	must(account.Merge(model.Attrs{"email": "ada@example.com", "password": "correct horse"}))
	fmt.Println(account.Email, account.Password)

	err := account.Merge(model.Attrs{"is_admin": true})
	fmt.Println(errors.Is(err, model.ErrGuarded), account.IsAdmin)

	// Code is free to do what strangers may not.
	account.IsAdmin = true
	fmt.Println(account.IsAdmin)
	// Output:
	// ada@example.com correct horse
	// true false
	// true
}
