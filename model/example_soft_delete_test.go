// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// Document has soft deletes because it has a gorm.DeletedAt: Delete marks the row, queries pass over
// marked rows, and Restore takes the mark away.
type Document struct {
	model.BaseModel[Document]

	ID        int64
	Title     string
	DeletedAt gorm.DeletedAt
}

func Example_softDelete() {
	ctx, db := context.Background(), open(&Document{})
	defer shut(db)
	document := &Document{Title: "Contract"}
	must(model.Create(ctx, db, document))

	count := func() int64 {
		n, err := model.Query[Document](db).Count(ctx)
		must(err)
		return n
	}

	must(document.Delete(ctx))
	fmt.Println("trashed:", document.Trashed(), "deleted:", document.IsDeleted(), "found:", count())

	// The bin is a query of its own.
	bin, err := model.Query[Document](db).OnlyTrashed().All(ctx)
	must(err)
	fmt.Println("in the bin:", bin[0].Title)

	must(document.Restore(ctx))
	fmt.Println("trashed:", document.Trashed(), "found:", count())

	must(document.ForceDelete(ctx)) // the row itself, for good
	fmt.Println("deleted:", document.IsDeleted(), "found:", count())
	// Output:
	// trashed: true deleted: false found: 0
	// in the bin: Contract
	// trashed: false found: 1
	// deleted: true found: 0
}
