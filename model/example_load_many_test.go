// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Load is for records that are there already: one statement for all of them.
func ExampleLoad() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artists, err := model.Query[Artist](db).OrderBy("id").All(ctx)
	must(err)
	must(model.Load[Artist](ctx, artists, "albums", func(q *relation.Query) { q.OrderBy("title", relation.Desc).GroupLimit(1) }))
	for _, artist := range artists {
		fmt.Println(artist.Name, len(artist.Albums))
	}
	// Output:
	// Nina 1
	// Otis 0
}

func ExampleLoadMissing() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artists, err := model.Query[Artist](db).OrderBy("id").All(ctx)
	must(err)
	must(artists[0].Related("genres").SetLoaded(nil))
	must(model.LoadMissing[Artist](ctx, artists, "genres")) // of Otis only
	fmt.Println(len(artists[0].Genres), artists[1].Related("genres").Loaded())
	// Output: 0 true
}

func ExampleLoadCount() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artists, err := model.Query[Artist](db).OrderBy("id").All(ctx)
	must(err)
	must(model.LoadCount[Artist](ctx, artists, "albums"))
	fmt.Println(artists[0].AlbumsCount, artists[1].AlbumsCount)
	// Output: 2 0
}

func ExampleLoadAggregate() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artists, err := model.Query[Artist](db).OrderBy("id").All(ctx)
	must(err)
	sum := func(q *relation.Query) { q.Aggregate("sum", "cents").As("worth") }
	must(model.LoadAggregate[Artist](ctx, artists, "albums", sum))
	fmt.Println(artists[0].Extras()["worth"], artists[1].Extras()["worth"])
	// Output: 2000 <nil>
}

func ExampleRelationOf() {
	db := openMusic()
	defer shut(db)

	genres, err := model.RelationOf[Artist]("genres")
	must(err)
	fmt.Println(genres.Kind, genres.PivotTable, genres.PivotForeignKey, genres.PivotRelatedForeignKey)
	// Output: manyToMany artist_genre artist_id genre_id
}
