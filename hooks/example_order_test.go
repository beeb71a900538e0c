// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Post tells every moment of its life.
type Post struct {
	model.BaseModel[Post]

	ID        int64
	Title     string
	DeletedAt gorm.DeletedAt
}

// Define registers a function for each moment: On for those of a record, OnQuery for those before a
// query, OnMany for those after one that returns a list.
func (p *Post) Define(d *model.Definition[Post]) {
	for _, moment := range []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved,
		hooks.Deleting, hooks.Deleted, hooks.Restoring, hooks.Restored, hooks.Found,
		hooks.Committed, hooks.RolledBack,
	} {
		d.On(moment, func(context.Context, *Post) error { fmt.Print(moment, " "); return nil })
	}
	for _, moment := range []hooks.Moment{hooks.Finding, hooks.Fetching, hooks.Paginating} {
		d.OnQuery(moment, func(context.Context, *relation.Query) error { fmt.Print(moment, " "); return nil })
	}
	for _, moment := range []hooks.Moment{hooks.Fetched, hooks.Paginated} {
		d.OnMany(moment, func(context.Context, []*Post) error { fmt.Print(moment, " "); return nil })
	}
}

func ExampleMoment() {
	ctx, db := context.Background(), open(&Post{})
	defer shut(db)
	posts := model.Query[Post](db)
	step := func(name string, err error) { fmt.Println("|", name); must(err) }

	post := &Post{Title: "Hooks"}
	step("create", model.Create(ctx, db, post))
	post.Title = "Moments"
	step("update", post.Save(ctx))
	step("soft delete", post.Delete(ctx))
	step("restore", post.Restore(ctx))
	step("refresh", post.Refresh(ctx))

	_, err := posts.Find(ctx, 1)
	step("one", err)
	_, err = posts.All(ctx)
	step("many", err)
	_, err = posts.Paginate(ctx, 1, 10)
	step("a page", err)

	tx, err := db.Begin(ctx)
	must(err)
	step("create in a transaction", model.Create(ctx, tx, &Post{}))
	step("roll back", tx.Rollback())
	// Output:
	// creating saving created saved committed | create
	// updating saving updated saved committed | update
	// deleting deleted committed | soft delete
	// restoring restored committed | restore
	// found | refresh
	// finding found | one
	// fetching fetched | many
	// paginating fetching paginated fetched | a page
	// creating saving created saved | create in a transaction
	// rolledBack | roll back
}
