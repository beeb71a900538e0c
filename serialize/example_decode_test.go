// SPDX-License-Identifier: MIT

package serialize_test

import (
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Decode reads what a client sends, by the names that it knows from our JSON. Fields that are not
// given stay as they are, as a PATCH wants it.
func ExampleDecode() {
	user := &User{ID: 1, Email: "ada@example.com", Name: "Ada"}

	must(serialize.Decode([]byte(`{"full_name": "Countess"}`), user))
	fmt.Println(user.ID, user.Email, user.Name)
	// Output: 1 ada@example.com Countess
}

// Every mistake has a kind that a handler can turn into an answer, and a text that says where.
func ExampleDecode_errors() {
	user := &User{ID: 1, Name: "Ada"}
	for _, body := range []string{
		`{"id": 2}`,                            // nobody changes a key
		`{"password": "x"}`,                    // hidden
		`{"fullname": "Ada"}`,                  // misspelt
		`{"full_name": "Eve", "email": 5}`,     // of the wrong type
		`{"full_name": "A", "full_name": "B"}`, // which one?
	} {
		err := serialize.Decode([]byte(body), user)
		fmt.Println(err)
	}
	fmt.Println(user.Name) // after an error nothing has changed
	// Output:
	// model User: decode: guarded attribute: "id" of User is guarded against mass assignment; code may assign the field ID
	// model User: decode: unknown attribute: User has no field "password"
	// model User: decode: unknown attribute: User has no field "fullname"; did you mean "full_name"?
	// model User: decode: User.email: invalid value: a JSON number is not text
	// model User: decode: unknown attribute: "full_name" is given twice for User
	// Ada
}

// The names behind the record are all that this endpoint may set.
func ExampleDecode_only() {
	user := &User{}
	err := serialize.Decode([]byte(`{"full_name": "Ada", "email": "ada@example.com"}`), user, "full_name")
	fmt.Println(errors.Is(err, model.ErrGuarded))
	// Output: true
}
