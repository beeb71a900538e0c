// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Every kind of failure has an error of its own, which callers tell by errors.Is.
func Example_errors() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*User{{Email: "ada@example.com"}, {Email: "ben@example.com"}}))

	report := func(what string, err, want error) { fmt.Println(what+":", errors.Is(err, want)) }

	_, err := model.Query[User](db).Sole(ctx)
	report("several rows where one was expected", err, model.ErrNotUnique)

	_, err = model.Query[User](db).Where("visits", "many").All(ctx)
	report("text for a number", err, model.ErrInvalidValue)

	_, err = model.Query[User](db).Scope("popular").All(ctx)
	report("no such scope", err, model.ErrUnknownScope)

	_, err = model.Query[User](db).CursorPaginate(ctx, "made up", 10)
	report("not a cursor", err, model.ErrInvalidCursor)

	err = (&User{}).Touch(model.WithDB(ctx, db))
	report("no row yet", err, model.ErrNotPersisted)

	nameless, err := model.Query[User](db).Select("name").First(ctx)
	must(err)
	report("loaded without its key", nameless.Delete(ctx), model.ErrMissingKey)

	gone, err := model.Query[User](db).First(ctx)
	must(err)
	must(gone.Delete(ctx))
	report("deleted before", gone.Save(ctx), model.ErrDeleted)
	// Output:
	// several rows where one was expected: true
	// text for a number: true
	// no such scope: true
	// not a cursor: true
	// no row yet: true
	// loaded without its key: true
	// deleted before: true
}
