// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Related serves any relation by its name. A wrong one is an error of what is called next.
func ExampleRecord_Related() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	var albums []*Album
	must(nina(db).Related("albums").Query().OrderBy("title").All(ctx, &albums))
	fmt.Println(len(albums), albums[0].Title)

	err := nina(db).Related("albms").All(ctx, &albums)
	fmt.Println(errors.Is(err, model.ErrUnknownRelation))
	// Output:
	// 2 Dawn
	// true
}

// Load goes on along a path, one statement per relation, and loads again what is loaded.
func ExampleRecord_Load() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Load(ctx, "albums.songs"))
	fmt.Println(len(artist.Albums), artist.Albums[0].Songs[0].Title)

	must(artist.Load(ctx, "albums", func(q *relation.Query) { q.Where("cents", ">", 1000) }))
	fmt.Println(len(artist.Albums))
	// Output:
	// 2 One
	// 1
}

func ExampleRecord_LoadMissing() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").SetLoaded([]*Album{{Title: "a draft"}}))
	must(artist.LoadMissing(ctx, "albums", "genres")) // the albums are there
	fmt.Println(len(artist.Albums), len(artist.Genres))
	// Output: 1 2
}

// Push saves all that hangs on a record, in one transaction.
func ExampleRecord_Push() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := &Artist{
		Name:   "Ella",
		Albums: []*Album{{Title: "Noon", Songs: []*Song{{Title: "Bells"}}}},
		Genres: []*Genre{{Name: "swing"}},
	}
	must(artist.Push(model.WithDB(ctx, db)))

	ella, err := model.Query[Artist](db).Preload("albums.songs").Preload("genres").FindBy(ctx, "name", "Ella")
	must(err)
	fmt.Println(ella.Albums[0].Songs[0].Title, ella.Genres[0].Name)
	// Output: Bells swing
}
