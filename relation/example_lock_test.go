// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// A lock lives as long as its transaction: nobody else changes the row between look and write.
func ExampleBuilder_LockForUpdate() {
	ctx, db := context.Background(), open()
	defer shut(db)

	must(db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		post, err := model.Query[Post](tx).LockForUpdate().Find(ctx, 1)
		if err != nil {
			return err
		}
		post.Views++
		return post.Save(ctx)
	}))

	post, err := model.Query[Post](db).Find(ctx, 1)
	must(err)
	fmt.Println(post.Views)
	// Output: 101
}

// LockForShare lets others read the rows, but not change them, while a report adds them up.
func ExampleQuery_LockForShare() {
	ctx, db := context.Background(), open()
	defer shut(db)

	must(db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		posts, err := model.Query[Post](tx).Where("topic", "tech").Use(func(q *relation.Query) { q.LockForShare() }).All(ctx)
		if err != nil {
			return err
		}
		views := 0
		for _, post := range posts {
			views += post.Views
		}
		fmt.Println(views)
		return nil
	}))
	// Output: 140
}

// Workers that share a queue pass over what others are working on; NoWait gives up instead. SQLite,
// which has one writer at a time, knows neither.
func ExampleBuilder_SkipLocked() {
	ctx, db := context.Background(), open()
	defer shut(db)

	must(db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		_, err := model.Query[Post](tx).OrderBy("id").LockForUpdate().SkipLocked().First(ctx)
		fmt.Println(errors.Is(err, model.ErrUnsupported))
		_, err = model.Query[Post](tx).LockForUpdate().Use(func(q *relation.Query) { q.NoWait() }).Find(ctx, 1)
		fmt.Println(errors.Is(err, model.ErrUnsupported))
		return nil
	}))
	// Output:
	// true
	// true
}

// Behind replicas, the primary answers a query that must see what was written last.
func ExampleQuery_OnPrimary() {
	ctx, db := context.Background(), open()
	defer shut(db)

	post, err := model.Query[Post](db).Use(func(q *relation.Query) { q.OnPrimary() }).Find(ctx, 1)
	must(err)
	fmt.Println(post.Views)
	// Output: 100
}
