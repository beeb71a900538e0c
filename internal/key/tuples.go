// SPDX-License-Identifier: MIT

package key

import (
	"context"
	"encoding/binary"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Tuples finds records that have equal values in several columns.
type Tuples struct {
	columns []*meta.Column
	indexes []*Index  // by column
	numbers [][]int32 // by record, of the value in each column
}

// NewTuples returns the tuples of no record, with room for n.
func NewTuples(columns []*meta.Column, n int) *Tuples {
	t := &Tuples{columns: columns, numbers: make([][]int32, 0, n)}
	for _, c := range columns {
		t.indexes = append(t.indexes, NewIndex(c, c, n))
	}
	return t
}

// Add adds the values of a record.
func (t *Tuples) Add(owner memory.Ptr) error {
	numbers := make([]int32, len(t.columns))
	for i, c := range t.columns {
		var err error
		if numbers[i], _, err = t.indexes[i].Add(c.At(owner)); err != nil {
			return errs.Field(c.Model.Name+"."+c.Attr, err)
		}
	}
	t.numbers = append(t.numbers, numbers)
	return nil
}

// Values returns the different bound values of a column.
func (t *Tuples) Values(column int) []any { return t.indexes[column].Values() }

// Merge asks the database which values are equal; see Index.Merge.
func (t *Tuples) Merge(ctx context.Context, h *tx.Handle) error {
	for _, x := range t.indexes {
		if err := x.Merge(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

// Of returns a text that is the same for added records whose values are equal, as far as the database was asked.
func (t *Tuples) Of(record int) string {
	text := make([]byte, 0, 4*len(t.indexes))
	for i, x := range t.indexes {
		text = appendNumber(text, x.Class(t.numbers[record][i]))
	}
	return string(text)
}

// Resolve returns the text, as Of does, of rows that the database may have found by the values of each column. It may find out that
// added records are equal; see Index.Resolve.
func (t *Tuples) Resolve(ctx context.Context, h *tx.Handle, rows []memory.Ptr, found Found) ([]string, error) {
	texts := make([][]byte, len(rows))
	fields := make([]memory.Ptr, len(rows))
	for i, c := range t.columns {
		for j, row := range rows {
			fields[j] = c.At(row)
		}
		numbers, err := t.indexes[i].Resolve(ctx, h, c, fields, found)
		if err != nil {
			return nil, errs.Field(c.Model.Name+"."+c.Attr, err)
		}
		for j, n := range numbers {
			texts[j] = appendNumber(texts[j], n)
		}
	}
	out := make([]string, len(rows))
	for i, text := range texts {
		out[i] = string(text)
	}
	return out, nil
}

func appendNumber(dst []byte, n int32) []byte {
	return binary.BigEndian.AppendUint32(dst, uint32(n)) //nolint:gosec // only told apart.
}
