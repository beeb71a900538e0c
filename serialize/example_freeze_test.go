// SPDX-License-Identifier: MIT

package serialize_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// A cache needs what JSON leaves out: key, hidden fields, and what the row looks like, so that a
// record from the cache still saves only what has changed.
func ExampleFreeze() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Name: "Ada", Password: "hash"}
	must(model.Create(ctx, db, user))

	cache := map[string][]byte{}
	frozen, err := serialize.Freeze(user)
	must(err)
	cache["user:1"] = frozen

	thawed := &User{}
	must(serialize.Thaw(cache["user:1"], thawed))
	fmt.Println(thawed.ID, thawed.Password, thawed.IsPersisted(), thawed.IsDirty())

	thawed.Name = "Countess"
	thawed.UseDB(db) // a cache knows no database
	must(thawed.Save(ctx))
	fmt.Println(thawed.Changes())
	// Output:
	// 1 hash true false
	// map[Name:Countess]
}

// What is no frozen record of this model is refused.
func ExampleThaw() {
	user := &User{}
	err := serialize.Thaw([]byte(`{"id": 1}`), user)
	fmt.Println(err)
	// Output: invalid value: this is no frozen User
}
