// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Pages by cursor cost the same however far one scrolls, and skip nothing when rows come and go.
func ExampleBuilder_CursorPaginate() {
	ctx, db := context.Background(), open()
	defer shut(db)
	newest := model.Query[Post](db).OrderBy("created_at", relation.Desc)

	page, err := newest.CursorPaginate(ctx, "", 3)
	must(err)
	fmt.Println(page.Data[0].Title, page.Data[1].Title, page.Data[2].Title)

	page, err = newest.CursorPaginate(ctx, page.NextCursor, 3)
	must(err)
	fmt.Println(page.Data[0].Title, page.NextCursor == "")

	// A cursor belongs to its order.
	_, err = newest.Clone().Use(func(q *relation.Query) { q.Reorder() }).CursorPaginate(ctx, page.PrevCursor, 3)
	fmt.Println(errors.Is(err, model.ErrInvalidCursor))
	// Output:
	// Butter Bread Notes
	// Engines true
	// true
}

func ExampleCursorPage_MarshalJSON() {
	ctx, db := context.Background(), open()
	defer shut(db)

	page, err := model.Query[Author](db).Where("name", "Cy").CursorPaginate(ctx, "", 20)
	must(err)
	text, err := json.Marshal(page)
	must(err)
	fmt.Println(string(text))
	// Output: {"meta":{"per_page":20,"next_cursor":null,"prev_cursor":null},"data":[{"id":3,"name":"Cy","city":null}]}
}
