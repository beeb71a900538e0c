// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

// The number goes into the field of its name, which is no column; without one, into Extras.
func ExampleBaseModel_LoadCount() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadCount(ctx, "albums"))
	must(artist.LoadCount(ctx, "albums as cheap", func(q *relation.Query) { q.Where("cents", "<", 1000) }))
	fmt.Println(artist.AlbumsCount, artist.Extras().Int64("cheap"), artist.IsDirty())
	// Output: 2 1 false
}

func ExampleBaseModel_LoadSum() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadSum(ctx, "albums", "cents"))
	fmt.Println(artist.Extras().Int64("albums_sum_cents"))
	// Output: 2000
}

func ExampleBaseModel_LoadMin() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadMin(ctx, "albums", "title"))
	fmt.Println(artist.Extras().String("albums_min_title"))
	// Output: Dawn
}

func ExampleBaseModel_LoadMax() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadMax(ctx, "albums", "cents"))
	fmt.Println(artist.Extras().Int64("albums_max_cents"))
	// Output: 1100
}

func ExampleBaseModel_LoadAvg() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadAvg(ctx, "albums", "cents"))
	fmt.Println(artist.Extras().Float64("albums_avg_cents"))
	// Output: 1000
}

func ExampleBaseModel_LoadExists() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadExists(ctx, "genres"))
	fmt.Println(artist.Extras().Bool("genres_exists"))
	// Output: true
}

func ExampleBaseModel_LoadAggregate() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadAggregate(ctx, "albums", func(q *relation.Query) { q.Aggregate("max", "cents").As("dearest") }))
	fmt.Println(artist.Extras().Int64("dearest"))
	// Output: 1100
}
