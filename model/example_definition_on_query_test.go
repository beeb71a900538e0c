// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Story is read in the language of the request.
type Story struct {
	model.BaseModel[Story]

	ID       int64
	Language string
	Title    string
}

// languageKey is where the context of a request has its language.
type languageKey struct{}

// Define adds a condition to queries that return records, which a scope cannot do, because it has no
// context.
func (s *Story) Define(d *model.Definition[Story]) {
	speak := func(ctx context.Context, q *relation.Query) error {
		if language, ok := ctx.Value(languageKey{}).(string); ok {
			q.Where("language", language)
		}
		return nil
	}
	d.OnQuery(hooks.Finding, speak)  // one record
	d.OnQuery(hooks.Fetching, speak) // many; pages too
}

func ExampleDefinition_OnQuery() {
	ctx, db := context.Background(), open(&Story{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*Story{
		{Language: "en", Title: "Snow White"}, {Language: "de", Title: "Schneewittchen"},
	}))

	ctx = context.WithValue(ctx, languageKey{}, "de")
	stories, err := model.Query[Story](db).All(ctx)
	must(err)
	fmt.Println(len(stories), stories[0].Title)

	n, err := model.Query[Story](db).Count(ctx) // returns no records, so it runs no hooks
	must(err)
	fmt.Println(n)
	// Output:
	// 1 Schneewittchen
	// 2
}
