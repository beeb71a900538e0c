// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// shortKeys names the columns of pivot tables after the model alone, and all else as model.CamelCase does.
type shortKeys struct{ model.CamelCase }

// PivotKey names a column user where DefaultNaming names it user_id.
func (k shortKeys) PivotKey(of, _ string) string { return k.DefaultNaming.Serialized(of) }

type Product struct {
	model.BaseModel[Product]

	ID       int64
	UnitCost int
}

func ExampleNaming() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Naming: shortKeys{}})
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &Product{}))

	product := &Product{UnitCost: 250}
	must(model.Create(ctx, db, product))

	text, err := json.Marshal(product)
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"unitCost":250}
}
