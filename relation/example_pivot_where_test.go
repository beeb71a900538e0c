// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"

	"github.com/kindred-orm/kindred/relation"
)

// tagged prints the tags of a post that a function chooses.
func tagged(p *Post, choose func(q *relation.Builder[Tag])) {
	q := relation.ManyToMany(p, &p.Tags).Query().OrderBy("id")
	choose(q)
	list, err := q.All(context.Background())
	must(err)
	names(list)
}

func ExampleChain_WherePivot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivot("note", "main") })
	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivot("tag_id", ">", 1) })
	// Output:
	// [go]
	// [math]
}

// The operators and forms of Where, turned round.
func ExampleChain_WherePivotNot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotNot("tag_id", 1) })
	// Output: [math]
}

func ExampleChain_WherePivotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotIn("note", []string{"main", "aside"}) })
	// Output: [go]
}

func ExampleChain_WherePivotNotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotNotIn("tag_id", []int64{1, 3}) })
	// Output: [math]
}

func ExampleChain_WherePivotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotNull("note") })
	// Output: [math]
}

func ExampleChain_WherePivotNotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotNotNull("note") })
	// Output: [go]
}

func ExampleChain_WherePivotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotBetween("tag_id", 2, 9) })
	// Output: [math]
}

func ExampleChain_WherePivotNotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Builder[Tag]) { q.WherePivotNotBetween("tag_id", 2, 9) })
	// Output: [go]
}
