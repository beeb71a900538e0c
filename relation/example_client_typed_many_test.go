// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/relation"
)

func ExampleManyToMany() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	engines := post(db, 1)
	tags, err := relation.ManyToMany(engines, &engines.Tags).Query().OrderBy("name").All(ctx)
	must(err)
	names(tags)
	// Output: [go math]
}

func ExampleManyToManyClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	engines := post(db, 1)
	tags := relation.ManyToMany(engines, &engines.Tags)
	changes, err := tags.Sync(ctx, 2, 3)
	must(err)
	fmt.Println(changes.Attached, changes.Detached)

	steam, err := tags.FirstOrCreate(ctx, relation.Attrs{"name": "steam"}, nil)
	must(err)
	n, err := tags.Query().Count(ctx)
	must(err)
	fmt.Println(steam.ID, n)
	// Output:
	// [3] [1]
	// 4 3
}

func ExampleThrough() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	comments, err := relation.Through(ada, &ada.Comments).Query().OrderBy("id").All(ctx)
	must(err)
	for _, c := range comments {
		fmt.Println(c.Text)
	}
	// Output:
	// Great
	// Why?
}

func ExampleThroughOne() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	comment, err := relation.ThroughOne(ada, &ada.Heard).Query().Latest("id").First(ctx)
	must(err)
	fmt.Println(comment.Text)
	// Output: Why?
}

// What a query of the relation writes reaches the related rows only.
func ExampleThroughClient() {
	ctx, db := context.Background(), blog()
	defer shut(db)

	ada := author(db, 1)
	n, err := relation.Through(ada, &ada.Comments).Query().Where("stars", "<", 3).Delete(ctx)
	must(err)
	fmt.Println(n)
	// Output: 1
}
