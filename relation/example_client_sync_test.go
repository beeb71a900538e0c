// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

// Sync leaves rows that are right untouched, and sends nothing but a SELECT if all are.
func ExampleClient_Sync() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 1).Related("tags") // go and math
	links := []any{2, relation.Pivot(3, relation.Attrs{"note": "odd"})}
	for range 2 {
		changes, err := tags.Sync(ctx, links...)
		must(err)
		fmt.Println(changes.Attached, changes.Detached, changes.Updated)
	}
	// Output:
	// [3] [1] []
	// [] [] []
}

func ExampleClient_SyncWithoutDetaching() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	changes, err := post(db, 1).Related("tags").SyncWithoutDetaching(ctx, 2, 3)
	must(err)
	fmt.Println(changes.Attached, changes.Detached)
	// Output: [3] []
}

// Attributes of a link of its own win.
func ExampleClient_SyncWithPivotValues() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 1).Related("tags")
	own := relation.Pivot(3, relation.Attrs{"note": "odd"})
	changes, err := tags.SyncWithPivotValues(ctx, relation.Attrs{"note": "main"}, 1, 2, own)
	must(err)
	fmt.Println(changes.Attached, changes.Updated)
	n, err := tags.Query().WherePivot("note", "main").Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// [3] [2]
	// 2
}

func ExampleClient_Toggle() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	changes, err := post(db, 1).Related("tags").Toggle(ctx, 2, 3)
	must(err)
	fmt.Println(changes.Attached, changes.Detached)
	// Output: [3] [2]
}

// Ids have the type of the related key, in the order of the links.
func ExampleChanges() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	changes, err := post(db, 1).Related("tags").Sync(ctx, "3", relation.Pivot("1", relation.Attrs{"note": "aside"}))
	must(err)
	fmt.Printf("%T %v\n", changes.Attached[0], changes.Attached)
	fmt.Println(changes.Updated, changes.Detached)
	// Output:
	// int64 [3]
	// [1] [2]
}

// Another link to the same id is not another row: the attributes that are given last hold.
func ExampleLink() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	links := []relation.Link{relation.Pivot(3, relation.Attrs{"note": "a"}), relation.Pivot(3, relation.Attrs{"note": "b"})}
	tags := post(db, 1).Related("tags")
	changes, err := tags.SyncWithoutDetaching(ctx, links)
	must(err)
	fmt.Println(changes.Attached)
	n, err := tags.Query().WherePivot("note", "b").Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// [3]
	// 1
}
