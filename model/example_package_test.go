// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// Note is a record because its first field is the base model of itself.
type Note struct {
	model.BaseModel[Note]

	ID     int64
	Title  string
	Pinned bool
}

// The whole way of a record: open, migrate, create, find, change, delete.
func Example() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &Note{}))

	must(model.Create(ctx, db, &Note{Title: "Buy bread"}))
	must(model.Create(ctx, db, &Note{Title: "Call Ada"}))

	note, err := model.Query[Note](db).Where("title", "like", "Call%").First(ctx)
	must(err)
	note.Pinned = true
	must(note.Save(ctx)) // UPDATE notes SET pinned: only what has changed

	pinned, err := model.Query[Note](db).Where("pinned", true).All(ctx)
	must(err)
	fmt.Println(len(pinned), pinned[0].Title)

	must(note.Delete(ctx))
	left, err := model.Query[Note](db).Count(ctx)
	must(err)
	fmt.Println(left, "left")
	// Output:
	// 1 Call Ada
	// 1 left
}
