// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Mailbox has a trigger on PostgreSQL that writes addresses in small letters.
type Mailbox struct {
	model.BaseModel[Mailbox]

	ID      int64
	Address string
}

// Define has each write return the address as the row has it.
func (m *Mailbox) Define(d *model.Definition[Mailbox]) { d.ReadBack(&m.Address) }

func ExampleDefinition_ReadBack() {
	ctx, db := context.Background(), open(&Mailbox{})
	defer shut(db)

	box := &Mailbox{Address: "ada@example.com"}
	must(model.Create(ctx, db, box))
	fmt.Println(box.Address) // what the row has, whatever a trigger made of it
	// Output: ada@example.com
}
