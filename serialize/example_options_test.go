// SPDX-License-Identifier: MIT

package serialize_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Pick names what is shown, by its name in JSON.
func ExamplePick() {
	user := &User{ID: 1, Email: "ada@example.com", Name: "Ada"}

	text, err := serialize.JSON(user, serialize.Options{Fields: serialize.Pick("full_name", "id")})
	must(err)
	fmt.Println(string(text)) // in the order of the struct
	// Output: {"id":1,"full_name":"Ada"}
}

// A list of fields that comes from outside cannot reveal a hidden one, or show that there is one.
func ExamplePick_hidden() {
	_, err := serialize.JSON(&User{}, serialize.Options{Fields: serialize.Pick("id", "password")})
	fmt.Println(errors.Is(err, model.ErrUnknownAttribute))
	fmt.Println(err)
	// Output:
	// true
	// unknown attribute: User serializes no "password"
}

func ExampleOmit() {
	user := &User{ID: 1, Email: "ada@example.com", Name: "Ada"}

	text, err := serialize.JSON(user, serialize.Options{Fields: serialize.Omit("created_at", "email")})
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"full_name":"Ada"}
}

// Omit beats Pick, so a guest's view can be that of a member with something taken away.
func ExampleFields() {
	member := serialize.Pick("id", "email", "full_name")
	guest := serialize.Fields{Pick: member.Pick, Omit: []string{"email"}}

	text, err := serialize.JSON(&User{ID: 1, Email: "ada@example.com", Name: "Ada"}, serialize.Options{Fields: guest})
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"full_name":"Ada"}
}

// Extras, such as counts, are shown when they are asked for, together under a name.
func ExampleOptions_extras() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Name: "Ada"}))
	user, err := model.Query[User](db).Select("id", "name").SelectRaw("length(name) AS letters").First(ctx)
	must(err)

	options := serialize.Options{Fields: serialize.Pick("full_name"), Extras: true}
	text, err := serialize.JSON(user, options)
	must(err)
	fmt.Println(string(text))

	options.ExtrasAs = "numbers"
	text, err = serialize.JSON(user, options)
	must(err)
	fmt.Println(string(text))
	// Output:
	// {"full_name":"Ada","meta":{"letters":3}}
	// {"full_name":"Ada","numbers":{"letters":3}}
}
