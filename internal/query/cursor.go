// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"strconv"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Cursor is a cursor of a transaction.
type Cursor struct {
	h    *tx.Handle
	spec *Spec
	out  *outputs
	name string
}

// OpenCursor declares a cursor over the query.
func OpenCursor(ctx context.Context, h *tx.Handle, spec *Spec, name string) (*Cursor, error) {
	s, out, err := compileSelect(h, spec)
	if err != nil {
		return nil, err
	}
	s.SQL = "DECLARE " + name + " NO SCROLL CURSOR FOR " + s.SQL
	if _, err := h.Exec(ctx, s); err != nil {
		return nil, err
	}
	return &Cursor{h: h, spec: spec, out: out, name: name}, nil
}

// Fetch returns the next n records. Cursors of two transactions may have the same name and other
// columns, so the statement must not be one that was prepared for the other.
func (c *Cursor) Fetch(ctx context.Context, n int) ([]memory.Ptr, error) {
	s := tx.Statement{Table: c.spec.Model.Table, SQL: "FETCH FORWARD " + strconv.Itoa(n) + " FROM " + c.name}
	if mode := c.h.Dialect().Unprepared; mode != nil {
		s.Args = []any{mode}
	}
	return read(ctx, c.h, c.spec, s, c.out)
}

// Close closes the cursor; a transaction that failed has closed it already.
func (c *Cursor) Close(ctx context.Context) {
	_, _ = c.h.Exec(ctx, tx.Statement{SQL: "CLOSE " + c.name})
}
