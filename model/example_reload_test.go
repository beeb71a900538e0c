// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Refresh takes over what others have written, and drops what is pending.
func ExampleRecord_Refresh() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Name: "Ada"}
	must(model.Create(ctx, db, user))

	_, err := model.Query[User](db).Where("id", user.ID).Update(ctx, model.Attrs{"visits": 5})
	must(err)
	user.Name = "Countess"

	must(user.Refresh(ctx))
	fmt.Println(user.Name, user.Visits, user.IsDirty())
	// Output: Ada 5 false
}

// Fresh reads the row into another record, to compare it with this one.
func ExampleRecord_Fresh() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Name: "Ada"}
	must(model.Create(ctx, db, user))
	user.Name = "Countess"

	stored, err := user.Fresh(ctx)
	must(err)
	fmt.Println(stored.Name, "→", user.Name)
	// Output: Ada → Countess
}

// WithLock is for a decision that depends on the row: nobody changes it between look and write.
func ExampleRecord_WithLock() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Visits: 3}
	must(model.Create(ctx, db, user))

	errNoVisits := errors.New("no visits left")
	spend := func() error {
		return user.WithLock(ctx, func(ctx context.Context, locked *User) error {
			if locked.Visits < 2 {
				return errNoVisits // rolls back
			}
			locked.Visits -= 2
			return locked.Save(ctx)
		})
	}
	fmt.Println(spend())
	fmt.Println(errors.Is(spend(), errNoVisits))
	// Output:
	// <nil>
	// true
}
