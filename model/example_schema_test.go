// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Each tenant has its tables in a schema of its own: here in a file that SQLite has attached, on PostgreSQL in a schema.
func ExampleWithSchema() {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Gorm().Exec("ATTACH DATABASE ':memory:' AS t7").Error)
	must(db.Gorm().Exec("ATTACH DATABASE ':memory:' AS t8").Error)

	seven, eight := model.WithSchema(ctx, "t7"), model.WithSchema(ctx, "t8")
	must(db.Migrate(seven, &User{}))
	must(db.Migrate(eight, &User{}))
	ada := &User{Email: "ada@example.com"}
	must(model.Create(seven, db, ada))
	must(ada.Increment(ctx, "visits", 1)) // the record knows where its row is

	for _, tenant := range []context.Context{seven, eight} {
		n, err := model.Query[User](db).Count(tenant)
		fmt.Println(n, err)
	}
	_, err := model.Query[User](db).All(model.WithSchema(ctx, "t7; DROP TABLE users"))
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// 0 <nil>
	// model User: all: unsupported: WithSchema: the name of a schema is letters, digits and _, at most 63 of them
}
