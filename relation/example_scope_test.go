// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Product keeps what is not on sale out of every query that does not ask for it.
type Product struct {
	model.BaseModel[Product]

	ID     int64
	Name   string
	Cents  int
	OnSale bool
}

// Define names conditions, and adds one to every query.
func (p *Product) Define(d *model.Definition[Product]) {
	d.GlobalScope("onSale", func(q *relation.Query) { q.Where("on_sale", true) })
	d.Scope("cheaperThan", func(q *relation.Query, args ...any) { q.Where("cents", "<", args[0]) })
}

func ExampleBuilder_Scope() {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Migrate(ctx, &Product{}))
	must(model.CreateMany(ctx, db, []*Product{
		{Name: "Pen", Cents: 150, OnSale: true},
		{Name: "Desk", Cents: 19900, OnSale: true},
		{Name: "Quill", Cents: 90},
	}))

	var names []string
	must(model.Query[Product](db).Scope("cheaperThan", 1000).Pluck(ctx, "name", &names))
	fmt.Println(names)
	must(model.Query[Product](db).WithoutScope("onSale").Scope("cheaperThan", 1000).Pluck(ctx, "name", &names))
	fmt.Println(names)

	err := model.Query[Product](db).Scope("cheeperThan", 1000).Pluck(ctx, "name", &names)
	fmt.Println(err)
	// Output:
	// [Pen]
	// [Pen Quill]
	// model Product: pluck: unknown scope: Product has no scope "cheeperThan"; did you mean "cheaperThan"?
}
