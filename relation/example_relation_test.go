// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// metadata returns what is known of a relation of posts.
func metadata(name string) *relation.Relation {
	r, err := model.RelationOf[Post](name)
	must(err)
	return r
}

// Keys of models are attributes, those of the pivot table columns.
func ExampleRelation() {
	db := blog()
	defer shut(db)

	tags := metadata("tags")
	fmt.Println(tags.Name, tags.Kind, tags.SerializeAs)
	fmt.Println(tags.LocalKey, tags.RelatedKey)
	fmt.Println(tags.PivotTable, tags.PivotForeignKey, tags.PivotRelatedForeignKey, tags.PivotColumns)
	// Output:
	// tags manyToMany tags
	// ID ID
	// post_tag post_id tag_id [note]
}

// RelationOf has booted the relation; to do so again changes nothing.
func ExampleRelation_Boot() {
	db := blog()
	defer shut(db)

	tags := metadata("tags")
	fmt.Println(tags.Booted, tags.Boot())
	// Output: true <nil>
}

func ExampleRelation_Model() {
	db := blog()
	defer shut(db)

	fmt.Printf("%T\n", metadata("tags").Model())
	// Output: *relation_test.Post
}

func ExampleRelation_RelatedModel() {
	db := blog()
	defer shut(db)

	fmt.Printf("%T\n", metadata("tags").RelatedModel())
	// Output: *relation_test.Tag
}

func ExampleRelation_SetRelated() {
	db := blog()
	defer shut(db)

	p := &Post{Title: "Looms"}
	must(metadata("author").SetRelated(p, &Author{Name: "Dee"}))
	fmt.Println(p.Author.Name, p.Related("author").Loaded())
	// Output: Dee true
}

func ExampleRelation_PushRelated() {
	db := blog()
	defer shut(db)

	p := &Post{Title: "Looms"}
	must(metadata("tags").PushRelated(p, &Tag{Name: "cloth"}, &Tag{Name: "steam"}))
	names(p.Tags)
	// Output: [cloth steam]
}

func ExampleRelation_SetRelatedForMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	posts := []*Post{post(db, 1), post(db, 2), post(db, 3)}
	comments, err := model.Query[Comment](db).OrderBy("id").All(ctx)
	must(err)
	must(metadata("comments").SetRelatedForMany(posts, comments))
	for _, p := range posts {
		fmt.Println(p.Title, len(p.Comments))
	}
	// Output:
	// Engines 2
	// Notes 0
	// Bread 1
}
