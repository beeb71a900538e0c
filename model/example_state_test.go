// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

func ExampleRecord_IsNew() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	user := &User{Email: "ada@example.com"}
	fmt.Println("literal:", user.IsNew(), user.IsPersisted())

	must(model.Create(ctx, db, user))
	fmt.Println("created:", user.IsNew(), user.IsPersisted())
	// Output:
	// literal: true false
	// created: false true
}

// A record is local if this program made it, saved or not, and not local if it was read.
func ExampleIsLocal() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)

	made := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, made))
	read, err := model.Query[User](db).First(ctx)
	must(err)

	fmt.Println(model.IsLocal(made), model.IsLocal(read))
	// Output: true false
}

// A deleted record keeps its values, for a last look, but refuses writes.
func ExampleRecord_IsDeleted() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))

	must(user.Delete(ctx))
	fmt.Println(user.IsDeleted(), user.Email)
	fmt.Println(user.Save(ctx))
	// Output:
	// true ada@example.com
	// model User: save: record is deleted: the row of this User was deleted; Replicate makes a new record of it
}

// Is asks for the same row, Equal for the same content.
func ExampleIs() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	author := &User{Email: "ada@example.com", Name: "Ada"}
	must(model.Create(ctx, db, author))

	reader, err := model.Query[User](db).Find(ctx, author.ID)
	must(err)
	reader.Name = "Countess"
	fmt.Println("same row:", model.Is(author, reader))
	fmt.Println("same content:", author.Equal(reader))
	// Output:
	// same row: true
	// same content: false
}

// A copied record has no row, key or timestamps of its own yet; what must differ is left out.
func ExampleRecord_Replicate() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	ada := &User{Email: "ada@example.com", Name: "Ada", Visits: 7}
	must(model.Create(ctx, db, ada))

	twin := ada.Replicate("email", "visits")
	fmt.Printf("%d %q %q %d\n", twin.ID, twin.Email, twin.Name, twin.Visits)
	fmt.Println(twin.IsNew())
	// Output:
	// 0 "" "Ada" 0
	// true
}

// Two records of one row have the same content until one of them changes.
func ExampleRecord_Equal() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))

	one, err := model.Query[User](db).First(ctx)
	must(err)
	two, err := model.Query[User](db).First(ctx)
	must(err)
	fmt.Println(one.Equal(two))

	two.Name = "Ada"
	fmt.Println(one.Equal(two))
	// Output:
	// true
	// false
}
