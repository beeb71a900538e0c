// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

func ExampleBuilder_Paginate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	page, err := model.Query[Post](db).OrderBy("id").Paginate(ctx, 1, 3)
	must(err)
	for _, post := range page.Data {
		fmt.Println(post.Title)
	}
	fmt.Println("page", page.Meta.CurrentPage, "of", page.Meta.LastPage, "more:", page.HasMorePages())
	// Output:
	// Engines
	// Notes
	// Bread
	// page 1 of 2 more: true
}

// A page is an answer of an API as it is, with links to its kin.
func ExamplePage_MarshalJSON() {
	ctx, db := context.Background(), open()
	defer shut(db)

	page, err := model.Query[Author](db).OrderBy("id").Paginate(ctx, 1, 1)
	must(err)
	page.BaseURL("/authors")

	text, err := json.MarshalIndent(page, "", "  ")
	must(err)
	fmt.Println(string(text))
	// Output:
	// {
	//   "meta": {
	//     "total": 3,
	//     "per_page": 1,
	//     "current_page": 1,
	//     "last_page": 3,
	//     "first_page": 1,
	//     "first_page_url": "/authors?page=1",
	//     "last_page_url": "/authors?page=3",
	//     "next_page_url": "/authors?page=2",
	//     "previous_page_url": null
	//   },
	//   "data": [
	//     {
	//       "id": 1,
	//       "name": "Ada",
	//       "city": "London"
	//     }
	//   ]
	// }
}

func ExamplePage_HasMorePages() {
	ctx, db := context.Background(), open()
	defer shut(db)

	for number := 1; ; number++ {
		page, err := model.Query[Post](db).OrderBy("id").Paginate(ctx, number, 2)
		must(err)
		fmt.Println(number, len(page.Data))
		if !page.HasMorePages() {
			break
		}
	}
	// Output:
	// 1 2
	// 2 2
}

// Links keep the filter that the list was asked for.
func ExamplePage_QueryString() {
	ctx, db := context.Background(), open()
	defer shut(db)

	page, err := model.Query[Post](db).Where("topic", "food").OrderBy("id").Paginate(ctx, 1, 1)
	must(err)
	page.BaseURL("/posts").QueryString(relation.Attrs{"topic": "food"})
	fmt.Println(*page.Meta.NextPageURL)
	fmt.Println(page.Meta.PreviousPageURL == nil)
	// Output:
	// /posts?topic=food&page=2
	// true
}
