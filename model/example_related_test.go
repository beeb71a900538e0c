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
func ExampleBaseModel_Related() {
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
func ExampleBaseModel_Load() {
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

func ExampleBaseModel_LoadMissing() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.SetRelated("albums", []*Album{{Title: "a draft"}}))
	must(artist.LoadMissing(ctx, "albums", "genres")) // the albums are there
	fmt.Println(len(artist.Albums), len(artist.Genres))
	// Output: 1 2
}

// A relation without rows is loaded, one that nobody has asked for is not.
func ExampleBaseModel_IsLoaded() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	otis, err := model.Query[Artist](db).Preload("albums").Find(ctx, 2)
	must(err)
	fmt.Println(otis.IsLoaded("albums"), otis.IsLoaded("genres"))
	// Output: true false
}

// SetRelated changes memory only.
func ExampleBaseModel_SetRelated() {
	db := openMusic()
	defer shut(db)

	album := &Album{Title: "Noon"}
	must(album.SetRelated("artist", nina(db)))
	fmt.Println(album.Artist.Name, album.ArtistID)
	fmt.Println(album.SetRelated("artist", &Genre{}))
	// Output:
	// Nina 0
	// relation Album.artist: set related: invalid value: a record of Genre where one of Artist belongs
}

func ExampleBaseModel_PushRelated() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Load(ctx, "albums"))
	must(artist.PushRelated("albums", &Album{Title: "Noon"}))
	fmt.Println(len(artist.Albums))
	// Output: 3
}

// Push saves all that hangs on a record, in one transaction.
func ExampleBaseModel_Push() {
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
