// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Manuscript counts its writes, so that the second of two editors learns of the first.
type Manuscript struct {
	model.BaseModel[Manuscript]

	ID      int64
	Text    string
	Version int `model:"version"`
}

func Example_optimisticLocking() {
	ctx, db := context.Background(), open(&Manuscript{})
	defer shut(db)
	must(model.Create(ctx, db, &Manuscript{Text: "Draft"}))

	ada, err := model.Query[Manuscript](db).First(ctx)
	must(err)
	ben, err := model.Query[Manuscript](db).First(ctx)
	must(err)

	ada.Text = "Ada's"
	must(ada.Save(ctx))
	ben.Text = "Ben's"
	err = ben.Save(ctx)
	fmt.Println(errors.Is(err, model.ErrStale))

	// Ben looks at what is there now, and decides.
	must(ben.Refresh(ctx))
	fmt.Println(ben.Text, ben.Version)
	// Output:
	// true
	// Ada's 2
}
