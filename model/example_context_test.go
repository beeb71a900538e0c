// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// countGuests takes part in the transaction of its caller, if there is one.
func countGuests(ctx context.Context) (int64, error) {
	return model.Query[User](nil).Where("visits", 0).Count(ctx)
}

// Functions that run queries need no database parameter if the context carries one.
func ExampleWithDB() {
	db := open(&User{})
	defer shut(db)
	ctx := model.WithDB(context.Background(), db) // once, where a request comes in

	must(model.Create(ctx, nil, &User{Email: "ada@example.com"}))
	n, err := countGuests(ctx)
	must(err)
	fmt.Println(n)

	_, err = countGuests(context.Background())
	fmt.Println(errors.Is(err, model.ErrUnbound))
	// Output:
	// 1
	// true
}
