// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// What a query selects beyond the columns of the model is in Extras.
func ExampleRecord_Extras() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Visits: 20}))

	user, err := model.Query[User](db).
		Select("id").
		SelectRaw("visits / 10 AS stars").
		First(ctx)
	must(err)
	fmt.Println(user.ID, user.Extras().Int64("stars"))
	// Output: 1 2
}

// The getters convert from what the driver of the database returns, here SQLite's numbers and texts.
func ExampleExtras() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com", Visits: 25}))

	user, err := model.Query[User](db).
		SelectRaw("visits * 2 AS twice, visits / 10.0 AS stars, visits > 10 AS regular").
		SelectRaw("upper(email) AS shout, ? AS since, NULL AS nickname", "2026-03-01 12:00:00").
		First(ctx)
	must(err)

	extras := user.Extras()
	fmt.Println(extras.Int64("twice"), extras.Float64("stars"), extras.Bool("regular"))
	fmt.Println(extras.String("shout"), extras.Time("since").Format(time.RFC3339))
	fmt.Println(extras.Has("nickname"), extras.Has("surname")) // NULL is there, a misspelt name is not
	// Output:
	// 50 2.5 true
	// ADA@EXAMPLE.COM 2026-03-01T12:00:00Z
	// true false
}

// A caller's own values go along with every record of a result, to hooks and computed values, say.
func ExampleSideloaded() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.Create(ctx, db, &User{Email: "ada@example.com"}))

	users, err := model.Query[User](db).Use(func(q *relation.Query) { q.Sideload(model.Attrs{"viewer": "ben"}) }).All(ctx)
	must(err)
	fmt.Println(model.Sideloaded(users[0])["viewer"])
	// Output: ben
}
