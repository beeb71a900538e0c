// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// Message has soft deletes because it has a gorm.DeletedAt: queries pass over deleted rows.
type Message struct {
	model.BaseModel[Message]

	ID        int64
	Text      string
	DeletedAt gorm.DeletedAt
}

func Example_softDelete() {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Migrate(ctx, &Message{}))
	must(model.CreateMany(ctx, db, []*Message{{Text: "Hello"}, {Text: "Buy pills"}, {Text: "Buy more pills"}}))

	spam := func() *model.Builder[Message] { return model.Query[Message](db).WhereLike("text", "Buy%") }
	count := func(q *model.Builder[Message]) int64 {
		n, err := q.Count(ctx)
		must(err)
		return n
	}

	_, err := spam().Delete(ctx) // marks the rows
	must(err)
	fmt.Println(count(spam()), count(spam().WithTrashed()), count(spam().OnlyTrashed()))

	_, err = spam().WhereLike("text", "%more%").Restore(ctx)
	must(err)
	fmt.Println(count(spam()))

	n, err := spam().WithTrashed().ForceDelete(ctx) // the rows themselves
	must(err)
	fmt.Println(n, count(model.Query[Message](db).WithTrashed()))
	// Output:
	// 0 2 2
	// 1
	// 2 1
}
