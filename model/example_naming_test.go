// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// camelCase names JSON fields as JavaScript does.
type camelCase struct{}

func (camelCase) Serialized(field string) string { return strings.ToLower(field[:1]) + field[1:] }

// PivotTable and PivotKey name what many-to-many relations need.
func (camelCase) PivotTable(a, b string) string { return strings.ToLower(a + "_" + b) }
func (camelCase) PivotKey(a, key string) string { return strings.ToLower(a + "_" + key) }

type Product struct {
	model.BaseModel[Product]

	Code     string `gorm:"primaryKey"`
	UnitCost int
}

func ExampleNaming() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Naming: camelCase{}})
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &Product{}))

	product := &Product{Code: "P-1", UnitCost: 250}
	must(model.Create(ctx, db, product))

	text, err := json.Marshal(product)
	must(err)
	fmt.Println(string(text))
	// Output: {"code":"P-1","unitCost":250}
}
