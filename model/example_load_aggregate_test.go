// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

// The number goes into the field of its name, which is no column; without one, into Extras.
func ExampleRecord_LoadCount() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.LoadCount(ctx, "albums"))
	must(artist.LoadCount(ctx, "albums as cheap", func(q *relation.Query) { q.Where("cents", "<", 1000) }))
	fmt.Println(artist.AlbumsCount, artist.Extras().Int64("cheap"), artist.IsDirty())
	// Output: 2 1 false
}

func Example_relatedLoadSum() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").LoadSum(ctx, "cents"))
	fmt.Println(artist.Extras().Int64("albums_sum_cents"))
	// Output: 2000
}

func Example_relatedLoadMin() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").LoadMin(ctx, "title"))
	fmt.Println(artist.Extras().String("albums_min_title"))
	// Output: Dawn
}

func Example_relatedLoadMax() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").LoadMax(ctx, "cents"))
	fmt.Println(artist.Extras().Int64("albums_max_cents"))
	// Output: 1100
}

func Example_relatedLoadAvg() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").LoadAvg(ctx, "cents"))
	fmt.Println(artist.Extras().Float64("albums_avg_cents"))
	// Output: 1000
}

func Example_relatedLoadExists() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("genres").LoadExists(ctx))
	fmt.Println(artist.Extras().Bool("genres_exists"))
	// Output: true
}

func Example_relatedLoadAggregate() {
	ctx, db := context.Background(), openMusic()
	defer shut(db)

	artist := nina(db)
	must(artist.Related("albums").LoadAggregate(ctx, func(q *relation.Query) { q.Aggregate("max", "cents").As("dearest") }))
	fmt.Println(artist.Extras().Int64("dearest"))
	// Output: 1100
}
