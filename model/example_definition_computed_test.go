// SPDX-License-Identifier: MIT

package model_test

import (
	"encoding/json"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Line is one line of an order.
type Line struct {
	model.BaseModel[Line]

	ID       int64
	Quantity int
	Cents    int
}

// Define adds a value to JSON that is in no column.
func (l *Line) Define(d *model.Definition[Line]) {
	d.Computed("total", func(l *Line) any { return l.Quantity * l.Cents })
}

func ExampleDefinition_Computed() {
	text, err := json.Marshal(&Line{ID: 1, Quantity: 3, Cents: 250})
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"quantity":3,"cents":250,"total":750}
}
