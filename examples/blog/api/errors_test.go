// SPDX-License-Identifier: MIT

package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// The errors that a client meets only if it has bad luck.
func TestProblemOf(t *testing.T) {
	t.Parallel()
	type wanted struct {
		status        int
		detail, field string
	}
	constraint := func(kind string, columns ...string) error {
		cause := errors.New("SQL")
		return &model.Error{Model: "Post", Op: "save", Err: &model.ConstraintError{Kind: kind, Table: "posts", Columns: columns, Err: cause}}
	}
	for _, row := range []struct {
		name string
		err  error
		want wanted
	}{
		{"ForeignKey", constraint("foreign key", "author_id"), wanted{422, "author_id breaks a reference to another record", "author_id"}},
		{"ForeignKeyWithoutName", constraint("foreign key"), wanted{422, "the record breaks a reference to another record", ""}},
		{"UniquePair", constraint("unique", "a", "b"), wanted{409, "the record has a value that is taken", ""}},
		{"NotNull", constraint("not null", "title"), wanted{422, "title has a value that does not fit", "title"}},
		{"Stale", fmt.Errorf("save: %w", model.ErrStale), wanted{409, "the record is out of date: somebody else has changed or deleted the record", ""}},
		{"TooSlow", fmt.Errorf("query: %w", context.DeadlineExceeded), wanted{503, "", ""}},
		{"Unexpected", errors.New("SQL logic error"), wanted{500, "", ""}},
	} {
		p := problemOf(row.err)
		if got := (wanted{p.Status, p.Detail, p.Field}); got != row.want || p.Title != http.StatusText(p.Status) {
			t.Errorf("%s: problemOf = %+v; want %+v", row.name, p, row.want)
		}
	}
}
