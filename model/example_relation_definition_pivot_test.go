// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
)

// Guest stays in rooms, again and again.
type Guest struct {
	model.BaseModel[Guest]

	ID    int64
	Name  string
	Rooms []*Room `relation:"manyToMany"`
}

// Define is manyToMany;pivotTable:stays;… of the tag.
func (g *Guest) Define(d *model.Definition[Guest]) {
	d.Relation(&g.Rooms).
		PivotTable("stays").
		PivotForeignKey("guest").
		PivotRelatedForeignKey("room").
		RelatedKey("Number").
		PivotColumns("wish").
		PivotTimestamps(pivotts.Columns{CreatedAt: "came"}).
		Duplicates()
}

// Room has a number on its door.
type Room struct {
	model.BaseModel[Room]

	ID     int64
	Number string `gorm:"uniqueIndex"`
}

// openGuests returns a database with a guest who has stayed in room 2b.
func openGuests() (*model.DB, *Guest) {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{
		Now: func() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) },
	})
	must(err)
	must(db.Migrate(ctx, &Guest{}, &Room{}))
	guest := &Guest{Name: "Gil"}
	must(model.Create(ctx, db, guest))
	must(guest.Related("rooms").Create(ctx, &Room{Number: "2b"}, relation.Attrs{"wish": "quiet"}))
	return db, guest
}

// stay returns the first pivot row of a guest.
func stay(g *Guest) relation.Attrs {
	var row relation.Attrs
	must(g.Related("rooms").PivotQuery().First(context.Background(), &row))
	return row
}

func ExampleRelationDefinition_PivotTable() {
	db, _ := openGuests()
	defer shut(db)

	fmt.Println(db.Gorm().Migrator().HasTable("stays"))
	// Output: true
}

func ExampleRelationDefinition_PivotForeignKey() {
	db, guest := openGuests()
	defer shut(db)

	fmt.Println(stay(guest)["guest"])
	// Output: 1
}

func ExampleRelationDefinition_PivotRelatedForeignKey() {
	db, guest := openGuests()
	defer shut(db)

	fmt.Println(stay(guest)["room"])
	// Output: 2b
}

// Pivot rows may point to another key than the primary one.
func ExampleRelationDefinition_RelatedKey() {
	db, guest := openGuests()
	defer shut(db)

	var room *Room
	must(guest.Related("rooms").First(context.Background(), &room))
	fmt.Println(room.ID, room.Number)
	// Output: 1 2b
}

func ExampleRelationDefinition_PivotColumns() {
	db, guest := openGuests()
	defer shut(db)
	must(guest.Load(context.Background(), "rooms"))
	fmt.Println(guest.Rooms[0].Extras().String("pivot_wish"))
	// Output: quiet
}

func ExampleRelationDefinition_PivotTimestamps() {
	db, guest := openGuests()
	defer shut(db)

	must(guest.Load(context.Background(), "rooms"))
	fmt.Println(guest.Rooms[0].Extras().Time("pivot_came").Format(time.DateTime))
	// Output: 2026-03-01 12:00:00
}

func ExampleRelationDefinition_Duplicates() {
	ctx := context.Background()
	db, guest := openGuests()
	defer shut(db)

	must(guest.Related("rooms").Attach(ctx, "2b"))
	n, err := guest.Related("rooms").PivotQuery().Count(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}
