// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Comment is shown when a moderator has approved it.
type Comment struct {
	model.BaseModel[Comment]

	ID       int64
	Text     string
	Approved bool
}

// Define makes it impossible to forget the condition.
func (c *Comment) Define(d *model.Definition[Comment]) {
	d.GlobalScope("approved", func(q *relation.Query) { q.Where("approved", true) })
}

func ExampleDefinition_GlobalScope() {
	ctx, db := context.Background(), open(&Comment{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*Comment{{Text: "Nice", Approved: true}, {Text: "Buy pills"}}))

	shown, err := model.Query[Comment](db).Count(ctx)
	must(err)
	all, err := model.Query[Comment](db).WithoutScope("approved").Count(ctx) // the moderator's view
	must(err)
	fmt.Println(shown, "of", all)
	// Output: 1 of 2
}
