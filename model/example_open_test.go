// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

func ExampleOpen() {
	db, err := model.Open(sqlite.Open(":memory:"))
	if err != nil {
		panic(err)
	}
	defer shut(db)

	// Foreign keys, which SQLite leaves off, are on.
	var on int
	must(db.Gorm().Raw("PRAGMA foreign_keys").Scan(&on).Error)
	fmt.Println("foreign keys:", on)
	// Output: foreign keys: 1
}

// An application that uses gorm already shares its handle, and with it the pool, the plugins and the
// logger.
func ExampleNew() {
	handle, err := gorm.Open(sqlite.Open("file::memory:?_foreign_keys=1&_busy_timeout=5000"), &gorm.Config{})
	must(err)

	db, err := model.New(handle)
	must(err)
	defer shut(db)
	fmt.Println(db.Register(&User{}))
	// Output: <nil>
}

// New does not change a handle. One that would break promises is refused, with what to add.
func ExampleNew_unsafe() {
	handle, err := gorm.Open(sqlite.Open(":memory:"), &gorm.Config{})
	must(err)

	_, err = model.New(handle)
	fmt.Println(errors.Is(err, model.ErrUnsupported))

	// A program that knows what it does may go on all the same.
	db, err := model.New(handle, model.Config{AllowUnsafeSQLite: true})
	must(err)
	defer shut(db)
	fmt.Println("opened")
	// Output:
	// true
	// opened
}

func ExampleDB_Close() {
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)

	// Close the database once, when the program ends.
	fmt.Println(db.Close())
	// Output: <nil>
}

// Gorm is the way to everything that gorm does and Kindred does not.
func ExampleDB_Gorm() {
	db := open(&User{})
	defer shut(db)

	tables, err := db.Gorm().Migrator().GetTables()
	must(err)
	fmt.Println(tables[0])
	// Output: users
}

func ExampleDB_Migrate() {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)
	defer shut(db)

	// Missing tables, columns and indexes are added; nothing is dropped, so it may run at every start.
	must(db.Migrate(ctx, &User{}))
	must(db.Migrate(ctx, &User{}))

	fmt.Println(db.Gorm().Migrator().HasIndex("users", "idx_users_email"))
	// Output: true
}
