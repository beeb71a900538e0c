// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// The errors that a client meets only if it has bad luck.
func TestProblemOf(t *testing.T) {
	t.Parallel()
	constraint := func(kind string, columns ...string) error {
		cause := errors.New("SQL")
		return &model.Error{Model: "Post", Op: "save", Err: &model.ConstraintError{Kind: kind, Table: "posts", Columns: columns, Err: cause}}
	}
	for _, row := range []struct {
		name string
		err  error
		want problem
	}{
		{"ForeignKey", constraint("foreign key", "author_id"), problem{422, "author_id breaks a reference to another record", "author_id"}},
		{"ForeignKeyWithoutName", constraint("foreign key"), problem{422, "the record breaks a reference to another record", ""}},
		{"UniquePair", constraint("unique", "a", "b"), problem{409, "the record has a value that is taken", ""}},
		{"NotNull", constraint("not null", "title"), problem{422, "title has a value that does not fit", "title"}},
		{"Stale", fmt.Errorf("save: %w", model.ErrStale), problem{409, "the record is out of date: somebody else has changed or deleted the record", ""}},
		{"TooSlow", fmt.Errorf("query: %w", context.DeadlineExceeded), problem{503, "Service Unavailable", ""}},
		{"Unexpected", errors.New("SQL logic error"), problem{500, "Internal Server Error", ""}},
	} {
		if got := problemOf(row.err); got != row.want {
			t.Errorf("%s: problemOf = %+v; want %+v", row.name, got, row.want)
		}
	}
}
