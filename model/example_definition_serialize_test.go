// SPDX-License-Identifier: MIT

package model_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
)

// Payment shows a day without a time, and a card's last digits.
type Payment struct {
	model.BaseModel[Payment]

	ID     int64
	Card   string
	PaidOn time.Time
}

// Define names fields by their address, so that the compiler finds a misspelt one.
func (p *Payment) Define(d *model.Definition[Payment]) {
	d.Serialize(&p.PaidOn, func(p *Payment) any { return p.PaidOn.Format(time.DateOnly) })
	d.Serialize(&p.Card, func(p *Payment) any {
		return strings.Repeat("*", len(p.Card)-4) + p.Card[len(p.Card)-4:]
	})
}

func ExampleDefinition_Serialize() {
	text, err := json.Marshal(&Payment{ID: 1, Card: "4111111111111111", PaidOn: noon()})
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"card":"************1111","paid_on":"2026-03-01"}
}
