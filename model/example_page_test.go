// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// A page of a list with numbered pages. See relation.Builder for more ways to read many rows.
func ExamplePage() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	for i := range 5 {
		must(model.Create(ctx, db, &User{Email: fmt.Sprintf("user%d@example.com", i)}))
	}

	list := func(ctx context.Context, number int) (*model.Page[User], error) {
		return model.Query[User](db).OrderBy("id").Paginate(ctx, number, 2)
	}
	page, err := list(ctx, 2)
	must(err)
	fmt.Println("page", page.Meta.CurrentPage, "of", page.Meta.LastPage, "with", len(page.Data), "of", page.Meta.Total)
	// Output: page 2 of 3 with 2 of 5
}

// A page of an endless list, whose cost does not grow the further one scrolls.
func ExampleCursorPage() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	for i := range 5 {
		must(model.Create(ctx, db, &User{Email: fmt.Sprintf("user%d@example.com", i)}))
	}

	list := func(ctx context.Context, cursor string) (*model.CursorPage[User], error) {
		return model.Query[User](db).OrderBy("id").CursorPaginate(ctx, cursor, 2)
	}
	for cursor := ""; ; {
		page, err := list(ctx, cursor)
		must(err)
		fmt.Println(len(page.Data))
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	// Output:
	// 2
	// 2
	// 1
}
