// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Transfer keeps a journal that must not differ from it.
type Transfer struct {
	model.BaseModel[Transfer]

	ID    int64
	Cents int
}

// Entry is a line of the journal.
type Entry struct {
	model.BaseModel[Entry]

	ID         int64
	TransferID int64
	Cents      int `gorm:"check:cents < 1000"`
}

// Created writes to the journal. Its ctx carries the transaction of the INSERT, so both rows get
// into the database, or neither.
func (t *Transfer) Created(ctx context.Context) error {
	return model.Create(ctx, model.DBOf(t), &Entry{TransferID: t.ID, Cents: t.Cents})
}

// Committed is the moment for what cannot be taken back.
func (t *Transfer) Committed(context.Context) error {
	fmt.Println("receipt for", t.Cents)
	return nil
}

// RolledBack is for tidying up what a hook did outside of the database.
func (t *Transfer) RolledBack(context.Context) error {
	fmt.Println("nothing happened with", t.Cents)
	return nil
}

func Example_transaction() {
	ctx, db := context.Background(), open(&Transfer{}, &Entry{})
	defer shut(db)

	must(model.Create(ctx, db, &Transfer{Cents: 500}))

	big := &Transfer{Cents: 5000} // the journal refuses it
	err := model.Create(ctx, db, big)
	fmt.Println(errors.Is(err, model.ErrInvalidValue), big.IsNew())

	n, err := model.Query[Transfer](db).Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// receipt for 500
	// nothing happened with 5000
	// true true
	// 1
}
