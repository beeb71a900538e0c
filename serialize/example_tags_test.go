// SPDX-License-Identifier: MIT

package serialize_test

import (
	"fmt"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// Ticket says by tags how it looks in JSON. Names are snake case where no tag says otherwise.
type Ticket struct {
	model.BaseModel[Ticket]

	ID        int64      `json:"id,string"` // JavaScript's numbers end at 2^53
	SeatRow   string     // seat_row
	Guest     string     `json:"guest,omitempty"`
	Secret    string     `json:"-"`
	Price     int        `serialize:"cents"`
	ScannedAt *time.Time // null until it is scanned
}

// Define adds a value that is in no column.
func (t *Ticket) Define(d *model.Definition[Ticket]) {
	d.Computed("valid", func(t *Ticket) any { return t.ScannedAt == nil })
}

func Example_tags() {
	text, err := serialize.JSON(&Ticket{ID: 7, SeatRow: "C", Secret: "x", Price: 2500})
	must(err)
	fmt.Println(string(text))
	// Output: {"id":"7","seat_row":"C","cents":2500,"scanned_at":null,"valid":true}
}
