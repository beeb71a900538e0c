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
