// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/kindred-orm/kindred/model"
)

// Reason is why a field is refused, in words for people. It stands in a [model.FieldError].
type Reason struct {
	Text string
	Kind error // model.ErrInvalidValue or model.ErrForeignKey
}

// Error returns the text.
func (r *Reason) Error() string { return r.Text }

// Unwrap returns the kind.
func (r *Reason) Unwrap() error { return r.Kind }

// checks finds the first mistake in a record that is about to be written.
type checks struct {
	model string
	err   error
}

// must is a mistake in a field if it is not ok.
func (c *checks) must(ok bool, field, format string, args ...any) {
	c.mustBe(ok, model.ErrInvalidValue, field, fmt.Sprintf(format, args...))
}

func (c *checks) mustBe(ok bool, kind error, field, text string) {
	if !ok && c.err == nil {
		c.err = &model.FieldError{Model: c.model, Field: field, Err: &Reason{text, kind}}
	}
}

// text is a field that needs a text.
func (c *checks) text(field, text string, most int) {
	c.must(text != "", field, "is required")
	c.must(utf8.RuneCountInString(text) <= most, field, "must have at most %d characters", most)
}

// refers finds out what a foreign key would refuse, because SQLite does not tell which one it was. The query
// runs in the transaction that ctx carries.
func refers[T any, P model.Model[T]](ctx context.Context, c *checks, field string, id int64) {
	c.must(id != 0, field, "is required")
	if c.err == nil {
		var known bool
		known, c.err = model.Query[T, P](nil).WhereKey(id).Exists(ctx)
		c.mustBe(known, model.ErrForeignKey, field, "must be the id of a record")
	}
}
