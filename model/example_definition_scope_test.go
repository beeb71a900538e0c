// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Event has conditions that many queries share.
type Event struct {
	model.BaseModel[Event]

	ID     int64
	Title  string
	Public bool
	Starts time.Time
}

// Define names the conditions. A scope may take arguments.
func (e *Event) Define(d *model.Definition[Event]) {
	d.Scope("public", func(q *relation.Query, _ ...any) { q.Where("public", true) })
	d.Scope("since", func(q *relation.Query, args ...any) { q.Where("starts", ">=", args[0]) })
}

func ExampleDefinition_Scope() {
	ctx, db := context.Background(), open(&Event{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*Event{
		{Title: "Party", Public: true, Starts: noon().AddDate(0, 0, -7)},
		{Title: "Board", Starts: noon().AddDate(0, 0, 1)},
		{Title: "Fair", Public: true, Starts: noon().AddDate(0, 0, 2)},
	}))

	events, err := model.Query[Event](db).Scope("public").Scope("since", noon()).All(ctx)
	must(err)
	fmt.Println(len(events), events[0].Title)
	// Output: 1 Fair
}
