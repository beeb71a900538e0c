// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Reply belongs to a user by a constraint of a table that is older than the program.
type Reply struct {
	model.BaseModel[Reply]

	ID     int64
	UserID int64
	Text   string
}

func Example_foreignKey() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(db.Gorm().Exec(
		"CREATE TABLE replies (id integer PRIMARY KEY, user_id integer REFERENCES users, text text)").Error)

	err := model.Create(ctx, db, &Reply{UserID: 42, Text: "Hello?"})
	fmt.Println(errors.Is(err, model.ErrForeignKey))
	// Output: true
}
