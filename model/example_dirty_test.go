// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Dirty is what Save would write. Its keys are Go field names.
func ExampleRecord_Dirty() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Name: "Ada"}
	must(model.Create(ctx, db, user))

	fmt.Println(user.Dirty())
	user.Name = "Countess"
	user.Email = "ada@example.com" // the same as before is no change
	fmt.Println(user.Dirty())
	user.Name = "Ada" // and neither is a way back
	fmt.Println(user.Dirty())
	// Output:
	// map[]
	// map[Name:Countess]
	// map[]
}

// A new record has everything to write that is not zero.
func ExampleRecord_Dirty_newRecord() {
	user := &User{Email: "ada@example.com", Visits: 1}
	fmt.Println(user, user.Dirty())
	// Output: users#new map[Email:ada@example.com Visits:1]
}

func ExampleRecord_IsDirty() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	user.Email = "ada@lovelace.example"
	fmt.Println(user.IsDirty())                 // anything?
	fmt.Println(user.IsDirty("Email"))          // this one?
	fmt.Println(user.IsDirty("name", "visits")) // one of these? Column names do as well

	must(user.Save(ctx))
	fmt.Println(user.IsDirty())
	// Output:
	// true
	// true
	// false
	// false
}

// Original is the row as it was read or last written, Attributes the record as it is.
func ExampleRecord_Original() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "Ada"}))
	user, err := model.Query[User](db).First(ctx)
	must(err)

	user.Name = "Countess"
	fmt.Println(user.Original()["Name"], "→", user.Attributes()["Name"])
	// Output: Ada → Countess
}

// Attributes has what was read only, so columns that the query left out are not there.
func ExampleRecord_Attributes() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Name: "Ada"}))

	user, err := model.Query[User](db).Select("id", "name").First(ctx)
	must(err)
	fmt.Println(user.Attributes())
	// Output: map[ID:1 Name:Ada]
}

// Changes is what the last update wrote, for an audit log or a message after Save.
func ExampleRecord_Changes() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	user.Name = "Ada"
	must(user.Save(ctx))

	if user.WasChanged("Email") {
		fmt.Println("confirm the new address")
	}
	if user.WasChanged("Name") {
		fmt.Println("name:", user.Changes()["Name"])
	}
	// Output: name: Ada
}

func ExampleRecord_WasChanged() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))
	fmt.Println("after INSERT:", user.WasChanged())

	user.Email = "ada@lovelace.example"
	must(user.Save(ctx))
	fmt.Println("after UPDATE:", user.WasChanged(), user.WasChanged("Name"))
	// Output:
	// after INSERT: false
	// after UPDATE: true false
}
