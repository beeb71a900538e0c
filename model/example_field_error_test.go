// SPDX-License-Identifier: MIT

package model_test

import (
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// An API tells its caller which field is wrong, without reading the text of the error.
func ExampleFieldError() {
	user := &User{}
	for _, attrs := range []model.Attrs{{"email": 7}, {"emial": "ada@example.com"}, {"id": 1}} {
		err := user.Merge(attrs)
		if wrong, ok := errors.AsType[*model.FieldError](err); ok {
			fmt.Println(wrong.Field, errors.Is(err, model.ErrInvalidValue))
		}
	}
	// A hook may say the same.
	fmt.Println(&model.FieldError{Field: "Email", Err: errors.New("must be an address")})
	// Output:
	// Email true
	// emial false
	// id false
	// Email: must be an address
}
