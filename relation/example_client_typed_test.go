// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

func ExampleHasOne() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ben := author(db, 2)
	profile := relation.HasOne(ben, &ben.Profile)
	must(profile.Create(ctx, &Profile{Bio: "baker"}))
	found, err := profile.Query().First(ctx)
	must(err)
	fmt.Println(found.AuthorID, found.Bio)
	// Output: 2 baker
}

// The finders look among the record's own rows, and give a new one its key. With nothing to look for,
// they are about the one row.
func ExampleOneClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	cy := author(db, 3)
	profile := relation.HasOne(cy, &cy.Profile)
	fresh, err := profile.FirstOrNew(ctx, nil, relation.Attrs{"bio": "draft"})
	must(err)
	fmt.Println(fresh.AuthorID, fresh.Bio, fresh.IsPersisted())

	for _, bio := range []string{"student", "teacher"} {
		saved, err := profile.UpdateOrCreate(ctx, nil, relation.Attrs{"bio": bio})
		must(err)
		fmt.Println(saved.ID, saved.Bio)
	}
	// Output:
	// 3 draft false
	// 2 student
	// 2 teacher
}

func ExampleHasMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	posts := relation.HasMany(ada, &ada.Posts)
	must(posts.Create(ctx, &Post{Title: "Looms"}))
	found, err := posts.Query().OrderBy("title").All(ctx)
	must(err)
	titles(found)
	// Output: [Engines Looms Notes]
}

// The field says what the client is of. The compiler refuses records of another model, and a field of
// another kind is an error.
func ExampleManyClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	posts := relation.HasMany(ada, &ada.Posts)
	list := []*Post{{Title: "Cards"}, {Title: "Mills"}}
	must(posts.CreateMany(ctx, list))
	fmt.Println(list[0].AuthorID, list[1].AuthorID)

	fmt.Println(relation.HasMany(ada, &ada.Comments).Create(ctx, &Comment{}))
	// Output:
	// 1 1
	// relation Author.comments: client: unsupported: it is hasManyThrough, not hasMany
}

func ExampleBelongsTo() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread := post(db, 3)
	writer, err := relation.BelongsTo(bread, &bread.Author).Query().First(ctx)
	must(err)
	fmt.Println(writer.Name)
	// Output: Ben
}

func ExampleBelongsToClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	bread := post(db, 3)
	writer := relation.BelongsTo(bread, &bread.Author)
	must(writer.Associate(ctx, author(db, 1)))
	fmt.Println(bread.AuthorID, bread.Author.Name)
	// Output: 1 Ada
}
