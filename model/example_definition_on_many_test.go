// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// Photo has an address that a signing service gives, many at a time.
type Photo struct {
	model.BaseModel[Photo]

	ID   int64
	File string
	URL  string `gorm:"-"`
}

// sign stands for one call to the service.
func sign(files []string) map[string]string {
	fmt.Println("signing", len(files))
	urls := map[string]string{}
	for _, file := range files {
		urls[file] = "https://cdn.example/" + file + "?signed"
	}
	return urls
}

// Define completes the records of a result together instead of one by one.
func (p *Photo) Define(d *model.Definition[Photo]) {
	d.OnMany(hooks.Fetched, func(_ context.Context, photos []*Photo) error {
		files := make([]string, len(photos))
		for i, photo := range photos {
			files[i] = photo.File
		}
		urls := sign(files)
		for _, photo := range photos {
			photo.URL = urls[photo.File]
		}
		return nil
	})
}

func ExampleDefinition_OnMany() {
	ctx, db := context.Background(), open(&Photo{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*Photo{{File: "a.jpg"}, {File: "b.jpg"}}))

	photos, err := model.Query[Photo](db).All(ctx)
	must(err)
	fmt.Println(photos[1].URL)
	// Output:
	// signing 2
	// https://cdn.example/b.jpg?signed
}
