// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Signup is told to a mail server when it is safe.
type Signup struct {
	model.BaseModel[Signup]

	ID    int64
	Email string
}

var errMailServer = errors.New("the mail server is away")

// Committed runs after the commit, which it cannot undo.
func (s *Signup) Committed(context.Context) error { return errMailServer }

// An error after the commit must not be taken for a failed write, and so not be tried again.
func Example_afterCommitError() {
	ctx, db := context.Background(), open(&Signup{})
	defer shut(db)

	signup := &Signup{Email: "ada@example.com"}
	err := model.Create(ctx, db, signup)
	fmt.Println(errors.Is(err, model.ErrAfterCommit), errors.Is(err, errMailServer))
	fmt.Println(signup.IsPersisted())
	// Output:
	// true true
	// true
}
