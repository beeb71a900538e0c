// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"

	"github.com/kindred-orm/kindred/relation"
)

// tagged prints the tags of a post that a function chooses.
func tagged(p *Post, choose func(q *relation.Query)) {
	list, err := relation.ManyToMany(p, &p.Tags).Query().OrderBy("id").Use(choose).All(context.Background())
	must(err)
	names(list)
}

func ExampleQuery_WherePivot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) { q.WherePivot("note", "main") })
	tagged(post(db, 1), func(q *relation.Query) { q.WherePivot("tag_id", ">", 1) })
	// Output:
	// [go]
	// [math]
}

// The operators and forms of Where, turned round.
func ExampleQuery_WherePivotNot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) { q.WherePivotNot("tag_id", 1) })
	// Output: [math]
}

func ExampleQuery_WherePivotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Use(func(q *relation.Query) { q.WherePivotIn("note", []string{"main", "aside"}) })
	})
	// Output: [go]
}

func ExampleQuery_WherePivotNotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Use(func(q *relation.Query) { q.WherePivotNotIn("tag_id", []int64{1, 3}) })
	})
	// Output: [math]
}

func ExampleQuery_WherePivotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) { q.WherePivotNull("note") })
	// Output: [math]
}

func ExampleQuery_WherePivotNotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) { q.WherePivotNotNull("note") })
	// Output: [go]
}

func ExampleQuery_WherePivotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) { q.WherePivotBetween("tag_id", 2, 9) })
	// Output: [math]
}

func ExampleQuery_WherePivotNotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Use(func(q *relation.Query) { q.WherePivotNotBetween("tag_id", 2, 9) })
	})
	// Output: [go]
}
