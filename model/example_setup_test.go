// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// User is the model of most examples.
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"uniqueIndex"`
	Name      string
	Visits    int
	Password  string `json:"-"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// noon is the time at which the examples run, so that timestamps are the same in every run.
func noon() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// open returns a new database in memory with the tables of some models.
func open(models ...any) *model.DB {
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Now: noon})
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
