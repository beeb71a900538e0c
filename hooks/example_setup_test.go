// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// open returns a new database in memory with the tables of some models.
func open(models ...any) *model.DB {
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)
	must(db.Migrate(context.Background(), models...))
	return db
}

// shut closes the database of an example.
func shut(db *model.DB) { must(db.Close()) }

// must stops an example. A program returns the error instead.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
