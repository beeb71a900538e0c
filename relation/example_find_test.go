// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleBuilder_All() {
	ctx, db := context.Background(), open()
	defer shut(db)

	posts, err := model.Query[Post](db).Where("topic", "food").OrderBy("title").All(ctx)
	if err != nil {
		panic(err)
	}
	for _, post := range posts {
		fmt.Println(post.ID, post.Title)
	}
	// Output:
	// 3 Bread
	// 4 Butter
}

// First takes one record of the order; there may be more.
func ExampleBuilder_First() {
	ctx, db := context.Background(), open()
	defer shut(db)

	post, err := model.Query[Post](db).Latest().First(ctx)
	must(err)
	fmt.Println(post.Title)

	_, err = model.Query[Post](db).Where("topic", "sports").First(ctx)
	fmt.Println(errors.Is(err, model.ErrNotFound))
	// Output:
	// Butter
	// true
}

// Sole is First for what must be the only one.
func ExampleBuilder_Sole() {
	ctx, db := context.Background(), open()
	defer shut(db)

	author, err := model.Query[Author](db).Where("city", "London").Sole(ctx)
	must(err)
	fmt.Println(author.Name)

	_, err = model.Query[Author](db).WhereNotNull("city").Sole(ctx)
	fmt.Println(errors.Is(err, model.ErrNotUnique))
	// Output:
	// Ada
	// true
}

// A key may be the text of a URL. One that is no key is an error of its own, so 400 differs from 404.
func ExampleBuilder_Find() {
	ctx, db := context.Background(), open()
	defer shut(db)

	for _, id := range []string{"2", "99", "abc"} {
		post, err := model.Query[Post](db).Find(ctx, id)
		switch {
		case errors.Is(err, model.ErrInvalidKey):
			fmt.Println("400")
		case errors.Is(err, model.ErrNotFound):
			fmt.Println("404")
		case err != nil:
			panic(err)
		default:
			fmt.Println(post.Title)
		}
	}
	// Output:
	// Notes
	// 404
	// 400
}

func ExampleBuilder_FindBy() {
	ctx, db := context.Background(), open()
	defer shut(db)

	post, err := model.Query[Post](db).FindBy(ctx, "title", "Bread")
	must(err)
	fmt.Println(post.ID, post.Views)
	// Output: 3 250
}

// FindMany keeps the order of the keys, for a list that was sorted elsewhere, by a search engine say.
func ExampleBuilder_FindMany() {
	ctx, db := context.Background(), open()
	defer shut(db)

	hits := []int64{4, 99, 1}
	posts, err := model.Query[Post](db).FindMany(ctx, hits)
	must(err)
	for _, post := range posts {
		fmt.Println(post.ID, post.Title)
	}
	// Output:
	// 4 Butter
	// 1 Engines
}
