// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Seat has a key of two columns.
type Seat struct {
	model.BaseModel[Seat]

	Row    string `gorm:"primaryKey"`
	Number int    `gorm:"primaryKey;autoIncrement:false"`
	Guest  string
}

func Example_compositeKey() {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Migrate(ctx, &Seat{}))
	must(model.Create(ctx, db, &Seat{Row: "C", Number: 12, Guest: "Ada"}))

	byName, err := model.Query[Seat](db).Find(ctx, model.Attrs{"row": "C", "number": 12})
	must(err)
	byOrder, err := model.Query[Seat](db).Find(ctx, []any{"C", 12}) // the order of the fields
	must(err)
	fmt.Println(byName.Guest, model.Is(byName, byOrder))
	// Output: Ada true
}
