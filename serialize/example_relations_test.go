// SPDX-License-Identifier: MIT

package serialize_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Blog has pages, and an owner that may be missing.
type Blog struct {
	model.BaseModel[Blog]

	ID      int64
	Title   string
	OwnerID *int64
	Owner   *User    `relation:"belongsTo"`
	Pages   []*Page  `relation:"hasMany" json:"content"`
	Topics  []*Topic `relation:"manyToMany;pivotColumns:weight"`
}

// Page is part of a blog.
type Page struct {
	model.BaseModel[Page]

	ID     int64
	BlogID int64
	Text   string
	Blog   *Blog `relation:"belongsTo"`
}

// Topic is what blogs are about.
type Topic struct {
	model.BaseModel[Topic]

	ID   int64
	Name string
}

// blog returns a blog with a page and a topic; nothing is loaded.
func blog(ctx context.Context, db *model.DB) *Blog {
	must(db.Migrate(ctx, &User{}, &Blog{}, &Page{}, &Topic{}))
	b := &Blog{Title: "Looms"}
	must(model.Create(ctx, db, b))
	must(b.Related("pages").Create(ctx, &Page{Text: "Cards"}))
	must(b.Related("topics").Create(ctx, &Topic{Name: "cloth"}, model.Attrs{"weight": "high"}))
	return b
}

// write prints the JSON of a record.
func write(v any, options ...serialize.Options) {
	text, err := serialize.JSON(v, options...)
	must(err)
	fmt.Println(string(text))
}

// A relation that is not loaded is absent, one without a row is null, and one that leads back is left out.
func Example_relations() {
	ctx, db := context.Background(), open()
	defer shut(db)

	b := blog(ctx, db)
	write(b)
	must(b.Load(ctx, "owner"))
	must(b.Load(ctx, "pages"))
	must(b.Pages[0].Related("blog").SetLoaded(b))
	write(b)
	// Output:
	// {"id":1,"title":"Looms","owner_id":null}
	// {"id":1,"title":"Looms","owner_id":null,"owner":null,"content":[{"id":1,"blog_id":1,"text":"Cards"}]}
}

// Options say what of a relation is written, by its name in JSON; pivot values are extras.
func ExampleOptions_relations() {
	ctx, db := context.Background(), open()
	defer shut(db)

	b := blog(ctx, db)
	must(b.Load(ctx, "pages"))
	must(b.Load(ctx, "topics"))
	write(b, serialize.Options{
		Fields: serialize.Pick("title"),
		Relations: map[string]serialize.Options{
			"content": {Fields: serialize.Pick("text")},
			"topics":  {Fields: serialize.Omit("id"), Extras: true, ExtrasAs: "pivot"},
		},
	})
	// Output: {"title":"Looms","content":[{"text":"Cards"}],"topics":[{"name":"cloth","pivot":{"pivot_blog_id":1,"pivot_topic_id":1,"pivot_weight":"high"}}]}
}
