// SPDX-License-Identifier: MIT

package pivotts_test

import (
	"context"
	"fmt"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
)

// Reader borrows books.
type Reader struct {
	model.BaseModel[Reader]

	ID    int64
	Books []*Book `relation:"manyToMany;pivotTable:loans"`
}

// Define names the time of a loan, and keeps none of its changes.
func (r *Reader) Define(d *model.Definition[Reader]) {
	d.Relation(&r.Books).PivotTimestamps(pivotts.Columns{CreatedAt: "lent_at"})
}

// Book is borrowed.
type Book struct {
	model.BaseModel[Book]

	ID int64
}

func ExampleColumns() {
	ctx := context.Background()
	noon := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Now: func() time.Time { return noon }})
	must(err)
	defer func() { must(db.Close()) }()
	must(db.Migrate(ctx, &Reader{}, &Book{}))

	reader := &Reader{}
	must(model.Create(ctx, db, reader))
	must(reader.Related("books").Create(ctx, &Book{}))
	must(reader.Load(ctx, "books"))
	fmt.Println(reader.Books[0].Extras().Time("pivot_lent_at").Format(time.DateTime))
	// Output: 2026-03-01 12:00:00
}

// Without columns, PivotTimestamps takes these.
func ExampleDefault() {
	fmt.Printf("%+v\n", pivotts.Default())
	// Output: {CreatedAt:created_at UpdatedAt:updated_at}
}

// must stops an example. A program returns the error instead.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
