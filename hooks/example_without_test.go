// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// Order sends a mail when it was written.
type Order struct {
	model.BaseModel[Order]

	ID     int64
	Status string
}

// Saved runs after an INSERT or UPDATE.
func (o *Order) Saved(context.Context) error {
	fmt.Println("mail about", o.Status)
	return nil
}

// A repair of old data must not send mails. Everything that gets the context is silent.
func ExampleWithout() {
	ctx, db := context.Background(), open(&Order{})
	defer shut(db)

	order := &Order{Status: "new order"}
	must(model.Create(ctx, db, order))

	quiet := hooks.Without(ctx)
	order.Status = "repaired order"
	must(order.Save(quiet))
	must(model.CreateMany(quiet, db, []*Order{{Status: "imported"}, {Status: "imported"}}))

	order.Status = "paid order"
	must(order.Save(ctx))
	// Output:
	// mail about new order
	// mail about paid order
}
