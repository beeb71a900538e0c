// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// latest works for every model: Model is the constraint for generic code of one's own.
func latest[T any, P model.Model[T]](db *model.DB) *relation.Builder[P] {
	return model.Query[T, P](db).OrderBy("id", relation.Desc)
}

// replaceAll empties a table and fills it again.
func replaceAll[T any, P model.Model[T]](ctx context.Context, db *model.DB, records []P) error {
	return db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		if err := model.Truncate[T, P](ctx, tx); err != nil {
			return err
		}
		return model.Insert[T](ctx, tx, records)
	})
}

func ExampleModel() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	must(replaceAll(ctx, db, []*User{{Email: "ada@example.com"}, {Email: "ben@example.com"}}))
	user, err := latest[User](db).First(ctx)
	must(err)
	fmt.Println(user.Email)
	// Output: ben@example.com
}
