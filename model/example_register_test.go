// SPDX-License-Identifier: MIT

package model_test

import (
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Invoice was copied from User, base model included.
type Invoice struct {
	model.BaseModel[User]

	ID     int64
	Number string
}

type Parcel struct {
	model.BaseModel[Parcel]

	ID   int64
	Code string `model:"gaurded"`
}

// Register at the start of a program finds the mistakes of all models before the first request does.
func ExampleDB_Register() {
	db := open()
	defer shut(db)

	fmt.Println(db.Register(&User{}, &Invoice{}, &Parcel{}))
	// Output:
	// model Invoice: register: Invoice embeds the base model of User; write model.BaseModel[Invoice] as the first field
	// model Parcel: register: field Code: model tag: unknown word "gaurded"; did you mean "guarded"?
}
