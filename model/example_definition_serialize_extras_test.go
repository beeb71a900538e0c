// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Track shows how often it was played, if the query has asked.
type Track struct {
	model.BaseModel[Track]

	ID    int64
	Title string
	Plays int `json:"-"`
}

// Define turns extras, which JSON leaves out otherwise, into entries of their own.
func (t *Track) Define(d *model.Definition[Track]) {
	d.SerializeExtras(func(t *Track) map[string]any {
		if !t.Extras().Has("rank") {
			return nil
		}
		return map[string]any{"rank": t.Extras().Int64("rank")}
	})
}

func ExampleDefinition_SerializeExtras() {
	ctx, db := context.Background(), open(&Track{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*Track{{Title: "One", Plays: 10}, {Title: "Two", Plays: 20}}))

	tracks, err := model.Query[Track](db).
		Select("*").
		SelectRaw("rank() OVER (ORDER BY plays DESC) AS rank").
		OrderBy("id").
		All(ctx)
	must(err)
	text, err := json.Marshal(tracks)
	must(err)
	fmt.Println(string(text))
	// Output: [{"id":1,"title":"One","rank":2},{"id":2,"title":"Two","rank":1}]
}
