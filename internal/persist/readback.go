// SPDX-License-Identifier: MIT

package persist

import (
	"context"
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// reply is the result of a statement that writes rows.
type reply struct {
	rows   int64   // that it wrote
	values [][]any // of the columns that the database decides, one list per row; nil if there are none
}

// readback is how the columns that the database decides come back.
type readback struct {
	m       *meta.Model
	columns []*meta.Column
	returns bool // the statement itself ends with RETURNING
	// by are the columns that find the rows again, and keys their values, in the order of the rows.
	by   []*meta.Column
	keys func(res tx.Result) ([][]any, error)
}

// send sends a statement that writes rows. Where the statement cannot return columns, a SELECT in the same transaction
// reads them.
func (r *readback) send(ctx context.Context, h *tx.Handle, stmt tx.Statement) (out reply, err error) {
	if len(r.columns) == 0 {
		res, err := h.Exec(ctx, stmt)
		return reply{rows: res.Affected}, err
	}
	if r.returns {
		sink := &returned{width: len(r.columns)}
		stmt.Writes = true
		err := h.Read(ctx, stmt, sink)
		return reply{rows: sink.Rows(), values: sink.rows}, err
	}
	err = h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		res, err := h.Exec(ctx, stmt)
		if err != nil || res.Affected == 0 {
			return err
		}
		keys, err := r.keys(res)
		if err != nil {
			return err
		}
		out = reply{rows: res.Affected}
		out.values, err = r.read(ctx, h, keys)
		return err
	})
	return out, err
}

// read reads the columns of the rows with the given keys, in their order.
func (r *readback) read(ctx context.Context, h *tx.Handle, keys [][]any) ([][]any, error) {
	rows := make([][]any, 0, len(keys))
	for left := keys; len(left) > 0; {
		chunk := left[:min(valueRows, len(left))]
		left = left[len(chunk):]
		stmt := tx.Statement{Table: r.m.Table, SQL: string(r.selectRows(h.Dialect(), len(chunk)))}
		for _, key := range chunk {
			stmt.Args = append(stmt.Args, key...)
		}
		sink := &returned{width: len(r.by) + len(r.columns)}
		if err := h.Read(ctx, stmt, sink); err != nil {
			return nil, err
		}
		ordered, err := r.inOrder(sink.rows, chunk)
		if err != nil {
			return nil, err
		}
		rows = append(rows, ordered...)
	}
	return rows, nil
}

// selectRows returns the SELECT of n rows.
func (r *readback) selectRows(d *dialect.Dialect, n int) []byte {
	sql := appendRead([]byte("SELECT "), d, r.by)
	sql = appendRead(append(sql, ", "...), d, r.columns)
	sql = d.AppendTable(append(sql, " FROM "...), r.m.Table)
	word := " WHERE ("
	bound := 0
	for range n {
		sql = append(sql, word...)
		word = ") OR ("
		for i, c := range r.by {
			if i > 0 {
				sql = append(sql, " AND "...)
			}
			bound++
			sql = d.AppendPlaceholder(append(d.AppendName(sql, c.Name), " = "...), bound)
		}
	}
	return append(sql, ')')
}

// inOrder sorts rows, which begin with the values that found them, into the order of keys, and removes those values.
func (r *readback) inOrder(rows, keys [][]any) ([][]any, error) {
	width := len(r.by)
	if len(rows) != len(keys) {
		return nil, errs.New(errs.ErrStale, "of %d rows of %s that were written, %d are found again by %s",
			len(keys), r.m.Name, len(rows), names(r.by))
	}
	if len(rows) == 1 {
		return [][]any{rows[0][width:]}, nil
	}
	at := make(map[string][]any, len(rows))
	for _, row := range rows {
		text, err := r.text(row[:width])
		if err != nil {
			return nil, err
		}
		at[text] = row[width:]
	}
	ordered := make([][]any, len(keys))
	for i, values := range keys {
		text, err := r.text(values)
		if err != nil {
			return nil, err
		}
		row, ok := at[text]
		if !ok {
			return nil, errs.New(errs.ErrStale, "a row of %s that was written is not found again by %s", r.m.Name, names(r.by))
		}
		ordered[i] = row
	}
	return ordered, nil
}

// text returns the values of the columns that find a row, as a text to compare.
func (r *readback) text(values []any) (string, error) {
	scratch := r.m.New()
	for i, c := range r.by {
		if err := c.Scan(c.At(scratch), values[i]); err != nil {
			return "", errs.Field(r.m.Name+"."+c.Attr, err)
		}
	}
	return key.TextOf(r.by, scratch)
}

// names returns the attributes of columns, for an error.
func names(columns []*meta.Column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Attr
	}
	return strings.Join(list, ", ")
}
