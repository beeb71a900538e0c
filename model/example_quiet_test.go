// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Article tells subscribers about itself, which an import of old articles must not do.
type Article struct {
	model.BaseModel[Article]

	ID    int64
	Title string
}

// Created runs after a row was inserted.
func (a *Article) Created(context.Context) error {
	fmt.Println("mail:", a.Title)
	return nil
}

// Deleted runs after the row was deleted.
func (a *Article) Deleted(context.Context) error {
	fmt.Println("gone:", a.Title)
	return nil
}

// The quiet twins of Create, CreateMany, Save and Delete run no hooks.
func Example_withoutHooks() {
	ctx, db := context.Background(), open(&Article{})
	defer shut(db)

	loud, quiet := &Article{Title: "News"}, &Article{Title: "Archive 1998"}
	must(model.Create(ctx, db, loud))
	must(model.CreateQuietly(ctx, db, quiet))
	must(model.Insert(ctx, db, []*Article{{Title: "Archive 1999"}, {Title: "Archive 2000"}}))

	quiet.Title = "Archive (1998)"
	must(model.SaveQuietly(ctx, nil, quiet))
	must(model.DeleteQuietly(ctx, nil, quiet))
	must(loud.Delete(ctx))
	// Output:
	// mail: News
	// gone: News
}
