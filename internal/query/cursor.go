// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"fmt"
	"hash/fnv"
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

// OpenCursor declares a cursor over the query. The number sets it apart from the other cursors of its
// transaction. The n-th cursor always has the same name, so that statistics of statements see one statement.
func OpenCursor(ctx context.Context, h *tx.Handle, spec *Spec, number uint64) (*Cursor, error) {
	s, out, err := compileSelect(h, spec)
	if err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(s.SQL)) // never fails
	name := fmt.Sprintf("kindred_%d_%x", number, sum.Sum64())
	s.SQL = "DECLARE " + name + " NO SCROLL CURSOR FOR " + s.SQL
	if _, err := h.Exec(ctx, s); err != nil {
		return nil, err
	}
	return &Cursor{h: h, spec: spec, out: out, name: name}, nil
}

// Fetch returns the next n records. A column may have changed its type since a statement of the same
// text was prepared, which the database does not notice for FETCH.
func (c *Cursor) Fetch(ctx context.Context, n int) ([]memory.Ptr, error) {
	s := tx.Statement{Table: c.spec.Model.Table, SQL: "FETCH FORWARD " + strconv.Itoa(n) + " FROM " + c.name}
	if mode := c.h.Unprepared(ctx); mode != nil {
		s.Args = []any{mode}
	}
	return read(ctx, c.h, c.spec, s, c.out)
}

// Close closes the cursor; a transaction that failed has closed it already.
func (c *Cursor) Close(ctx context.Context) {
	_, _ = c.h.Exec(ctx, tx.Statement{SQL: "CLOSE " + c.name})
}
