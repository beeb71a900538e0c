// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// A transaction that loses against another one is undone and begun again.
func ExampleTxOptions() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	ada := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, ada))

	attempts := 0
	err := db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		attempts++
		if err := ada.Increment(ctx, "visits", 1); err != nil {
			return err
		}
		if attempts < 3 {
			return model.ErrConflict // as a deadlock would be
		}
		return nil
	}, model.TxOptions{Retries: 3})

	fmt.Println(err, attempts, ada.Visits)
	// Output: <nil> 3 1
}
