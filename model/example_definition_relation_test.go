// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Shop has what tags cannot say of its relations in Define.
type Shop struct {
	model.BaseModel[Shop]

	ID     int64
	Goods  []*Good `relation:"hasMany"`
	Newest *Good   `relation:"hasOne"`
}

// Define refines relations, which are named by the addresses of their fields.
func (s *Shop) Define(d *model.Definition[Shop]) {
	d.Relation(&s.Goods).OnQuery(func(q *relation.Query) { q.Where("sold", false) }).OnDelete("CASCADE")
	d.Relation(&s.Newest).LatestOfMany()
}

// Good is for sale.
type Good struct {
	model.BaseModel[Good]

	ID     int64
	ShopID int64
	Name   string
	Sold   bool
}

func ExampleDefinition_Relation() {
	ctx, db := context.Background(), open(&Shop{}, &Good{})
	defer shut(db)
	shop := &Shop{}
	must(model.Create(ctx, db, shop))
	must(shop.Related("goods").CreateMany(ctx, []*Good{{Name: "chair"}, {Name: "lamp"}, {Name: "table", Sold: true}}))

	must(shop.Load(ctx, "goods"))
	must(shop.Load(ctx, "newest"))
	fmt.Println(len(shop.Goods), shop.Newest.Name)
	// Output: 2 table
}

// Migrate makes pivot tables, too, with foreign keys to both sides; other relations get one if they say
// what it does.
func ExampleDB_Migrate_relations() {
	ctx, db := context.Background(), open(&Artist{}, &Album{}, &Song{}, &Genre{}, &Shop{}, &Good{})
	defer shut(db)

	migrator := db.Gorm().Migrator()
	fmt.Println(migrator.HasTable("artist_genre"))
	fmt.Println(migrator.HasConstraint("goods", "fk_goods_shop_id"), migrator.HasConstraint("albums", "fk_albums_artist_id"))

	shop := &Shop{}
	must(model.Create(ctx, db, shop))
	must(shop.Related("goods").Create(ctx, &Good{Name: "chair"}))
	must(shop.Delete(ctx))
	n, err := model.Query[Good](db).Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// true
	// true false
	// 0
}
