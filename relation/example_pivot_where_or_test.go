// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

// The Or forms do not leave the relation: Bread's tag stays out.
func ExampleQuery_OrWherePivot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "math").Use(func(q *relation.Query) { q.OrWherePivot("note", "main") })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotNot() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "go").Use(func(q *relation.Query) { q.OrWherePivotNot("tag_id", 1) })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "go").Use(func(q *relation.Query) { q.OrWherePivotIn("tag_id", []int64{2, 3}) })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotNotIn() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "go").Use(func(q *relation.Query) { q.OrWherePivotNotIn("tag_id", []int64{1, 3}) })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Use(func(q *relation.Query) { q.WherePivot("note", "main").OrWherePivotNull("note") })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotNotNull() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "steam").Use(func(q *relation.Query) { q.OrWherePivotNotNull("note") })
	})
	// Output: [go]
}

func ExampleQuery_OrWherePivotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "go").Use(func(q *relation.Query) { q.OrWherePivotBetween("tag_id", 2, 3) })
	})
	// Output: [go math]
}

func ExampleQuery_OrWherePivotNotBetween() {
	db := blog()
	defer shut(db)

	tagged(post(db, 1), func(q *relation.Query) {
		q.Where("name", "math").Use(func(q *relation.Query) { q.OrWherePivotNotBetween("tag_id", 2, 3) })
	})
	// Output: [go math]
}

func ExampleQuery_OrderByPivot() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 2).Related("tags")
	must(tags.Attach(ctx, relation.Pivot(1, relation.Attrs{"note": "second"}), relation.Pivot(3, relation.Attrs{"note": "first"})))
	var list []*Tag
	must(tags.Query().OrderByPivot("note").All(ctx, &list))
	names(list)
	// Output: [baking go]
}

// Columns that the tag does not declare are read when they are asked for.
func ExampleQuery_PivotColumns() {
	ctx, db := context.Background(), blog()
	defer shut(db)
	must(db.Gorm().Exec("ALTER TABLE post_tag ADD COLUMN weight integer DEFAULT 7").Error)

	var tag *Tag
	must(post(db, 1).Related("tags").Query().PivotColumns("weight").First(ctx, &tag))
	fmt.Println(tag.Extras().Int64("pivot_weight"))
	// Output: 7
}
