// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// User has its address in one form, whoever writes it.
type User struct {
	model.BaseModel[User]

	ID    int64
	Email string
}

var errNoAddress = errors.New("an address has an @")

// Saving runs before an INSERT or UPDATE; an error stops it.
func (u *User) Saving(context.Context) error {
	u.Email = strings.ToLower(strings.TrimSpace(u.Email))
	if !strings.Contains(u.Email, "@") {
		return errNoAddress
	}
	return nil
}

// The compiler finds a method whose name or signature is not quite that of a hook.
var _ hooks.SavingHook = (*User)(nil)

func ExampleSavingHook() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: " Ada@Example.com "}
	must(model.Create(ctx, db, user))
	fmt.Println(user.Email)

	user.Email = "nobody"
	err := user.Save(ctx)
	fmt.Println(errors.Is(err, errNoAddress))
	// Output:
	// ada@example.com
	// true
}
