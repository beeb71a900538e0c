// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Order is watched by code that has nothing to do with orders.
type Order struct {
	model.BaseModel[Order]

	ID     int64
	Status string
}

// audit has a method for every moment that it wants to see.
type audit struct{ prefix string }

// Created gets every new order.
func (a audit) Created(_ context.Context, o *Order) error {
	fmt.Println(a.prefix, "created", o.Status)
	return nil
}

// Updated gets every changed order.
func (a audit) Updated(_ context.Context, o *Order) error {
	fmt.Println(a.prefix, "updated", o.Changes()["Status"])
	return nil
}

// Define lets the observer watch.
func (o *Order) Define(d *model.Definition[Order]) { d.Observe(audit{prefix: "audit:"}) }

func ExampleDefinition_Observe() {
	ctx, db := context.Background(), open(&Order{})
	defer shut(db)

	order := &Order{Status: "new"}
	must(model.Create(ctx, db, order))
	order.Status = "paid"
	must(order.Save(ctx))
	// Output:
	// audit: created new
	// audit: updated paid
}
