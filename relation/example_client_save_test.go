// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A record that is new is inserted first, in the same transaction.
func ExampleClient_Create() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	dee := &Author{Name: "Dee"}
	dee.UseDB(db)
	looms := &Post{Title: "Looms"}
	must(dee.Related("posts").Create(ctx, looms))
	fmt.Println(dee.ID, looms.AuthorID)

	must(looms.Related("tags").Create(ctx, &Tag{Name: "cloth"}, relation.Attrs{"note": "main"}))
	n, err := looms.Related("tags").PivotQuery().Where("note", "main").Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// 4 4
	// 1
}

// Save writes what has changed. A pair of a manyToMany that is there is brought up to date.
func ExampleClient_Save() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread := post(db, 3)
	must(author(db, 1).Related("posts").Save(ctx, bread)) // bread becomes Ada's
	fmt.Println(bread.AuthorID)

	tag, err := model.Query[Tag](db).Find(ctx, 3)
	must(err)
	tag.Name = "loaves"
	must(bread.Related("tags").Save(ctx, tag, relation.Attrs{"note": "first"}))
	fmt.Println(tag.Name, tag.Extras().String("pivot_note"))
	// Output:
	// 1
	// loaves first
}

func ExampleClient_CreateMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := []*Tag{{Name: "steam"}, {Name: "iron"}}
	must(post(db, 2).Related("tags").CreateMany(ctx, tags, relation.Attrs{"note": "main"}, nil))
	for _, tag := range tags {
		fmt.Printf("%d %s %q\n", tag.ID, tag.Name, tag.Extras().String("pivot_note"))
	}
	// Output:
	// 4 steam "main"
	// 5 iron ""
}

func ExampleClient_SaveMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread, flour := post(db, 3), &Post{Title: "Flour"}
	bread.Title = "Rolls"
	must(author(db, 2).Related("posts").SaveMany(ctx, []*Post{bread, flour})) // an INSERT and an UPDATE

	var posts []*Post
	must(author(db, 2).Related("posts").Query().OrderBy("id").All(ctx, &posts))
	titles(posts)
	// Output: [Rolls Butter Flour]
}

func ExampleClient_FindOrNew() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var found *Post
	must(author(db, 1).Related("posts").FindOrNew(ctx, &found, 3)) // Bread is Ben's
	fmt.Println(found.IsNew(), found.AuthorID)
	// Output: true 1
}

func ExampleClient_FirstOrNew() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	var found *Post
	must(author(db, 2).Related("posts").FirstOrNew(ctx, &found, relation.Attrs{"topic": "tea"}, relation.Attrs{"title": "Green"}))
	fmt.Println(found.IsNew(), found.AuthorID, found.Topic, found.Title)
	// Output: true 2 tea Green
}
