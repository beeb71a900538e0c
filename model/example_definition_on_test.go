// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// Booking refuses what makes no sense before it gets into the table.
type Booking struct {
	model.BaseModel[Booking]

	ID     int64
	Seats  int
	Status string
}

var errNoSeats = errors.New("a booking has seats")

// Define registers functions for moments in the life of a record.
func (b *Booking) Define(d *model.Definition[Booking]) {
	d.On(hooks.Creating, func(_ context.Context, b *Booking) error {
		b.Status = "requested" // what a hook sets is written too
		return nil
	})
	d.On(hooks.Saving, func(_ context.Context, b *Booking) error {
		if b.Seats < 1 {
			return errNoSeats // nothing is written
		}
		return nil
	})
}

func ExampleDefinition_On() {
	ctx, db := context.Background(), open(&Booking{})
	defer shut(db)

	booking := &Booking{Seats: 2}
	must(model.Create(ctx, db, booking))
	fmt.Println(booking.Status)

	booking.Seats = 0
	err := booking.Save(ctx)
	fmt.Println(errors.Is(err, errNoSeats), booking.IsDirty())
	// Output:
	// requested
	// true true
}
