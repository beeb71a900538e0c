// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Links are ids, records, Pivot of one of these with attributes, and slices of links.
func ExampleClient_Attach() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 2).Related("tags")
	must(tags.Attach(ctx, []int64{1, 2}, relation.Pivot(3, relation.Attrs{"note": "odd"})))
	n, err := tags.Query().WherePivotNull("note").Count(ctx)
	must(err)
	fmt.Println(n)

	err = tags.Attach(ctx, 3)
	fmt.Println(errors.Is(err, model.ErrDuplicate))
	// Output:
	// 2
	// true
}

func ExampleClient_AttachEach() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 2).Related("tags")
	number := func(id any, row relation.Attrs) { row["note"] = fmt.Sprint("tag ", id) }
	must(tags.AttachEach(ctx, number, 1, 3))
	var list []*Tag
	must(tags.Query().OrderBy("id").All(ctx, &list))
	for _, tag := range list {
		fmt.Println(tag.Name, tag.Extras().String("pivot_note"))
	}
	// Output:
	// go tag 1
	// baking tag 3
}

func ExampleClient_Detach() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 1).Related("tags")
	n, err := tags.Detach(ctx, 2, 3) // Engines is not about baking
	must(err)
	fmt.Println(n)
	n, err = tags.Detach(ctx) // of nothing: no statement
	must(err)
	fmt.Println(n)
	// Output:
	// 1
	// 0
}

func ExampleClient_DetachAll() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	n, err := post(db, 1).Related("tags").DetachAll(ctx)
	must(err)
	fmt.Println(n)
	// Output: 2
}

func ExampleClient_UpdateExistingPivot() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	tags := post(db, 1).Related("tags")
	n, err := tags.UpdateExistingPivot(ctx, 2, relation.Attrs{"note": "aside"})
	must(err)
	fmt.Println(n)
	n, err = tags.UpdateExistingPivot(ctx, 3, relation.Attrs{"note": "aside"})
	must(err)
	fmt.Println(n)
	// Output:
	// 1
	// 0
}

func ExamplePivot() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	baking, err := model.Query[Tag](db).FindBy(ctx, "name", "baking")
	must(err)
	tags := post(db, 2).Related("tags")
	must(tags.Attach(ctx, relation.Pivot(baking, relation.Attrs{"note": "odd"})))
	var tag *Tag
	must(tags.First(ctx, &tag))
	fmt.Println(tag.Name, tag.Extras().String("pivot_note"))
	// Output: baking odd
}
