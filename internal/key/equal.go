// SPDX-License-Identifier: MIT

package key

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Padded reports whether keys of a column must be compared with another one as values of their own type: a text that ends in blanks
// may be of a char(n) column, whose blanks do not count. Other keys take the type of what they are compared with, as every bound
// value does.
func Padded(d *dialect.Dialect, of, with *meta.Column, keys []any) bool {
	return of != with && d.AppendTyped != nil && slices.ContainsFunc(keys, func(k any) bool {
		s, ok := k.(string)
		return ok && strings.HasSuffix(s, " ")
	})
}

// Merge asks the database which of the values of the index are equal: by one statement, which reads no table, and none if the
// values cannot be equal.
func (x *Index) Merge(ctx context.Context, h *tx.Handle) error {
	if x.merged || x.integers != nil || !mayEqual(x.values) {
		return nil
	}
	x.merged = true
	list := dialect.List{Column: x.other, Values: x.values, Within: h.Dialect().Within}
	return pairs(ctx, h, list, list, x.unite)
}

// Found tells where the rows come from whose keys Resolve looks up.
type Found bool

// A row was found by the values of the index, so that its key equals one of them, or it may have any key.
const (
	ByValues Found = true
	AnyRow   Found = false
)

// Resolve returns the numbers, by class, of keys in fields of a column that the database has compared with the values of the
// index. It asks the database about keys that are not written as one of the values is, and about values that may be equal: by
// one statement, which reads no table.
func (x *Index) Resolve(
	ctx context.Context, h *tx.Handle, column *meta.Column, fields []memory.Ptr, found Found,
) ([]int32, error) {
	numbers := make([]int32, len(fields))
	if found == ByValues && x.Len() == 1 {
		return numbers, nil
	}
	rows := NewIndex(column, column, 0)
	asked := make([]int32, len(fields)) // the number among rows of each key in question
	doubt := x.integers == nil && !x.merged && mayEqual(x.values)
	for i, field := range fields {
		var err error
		if numbers[i], err = x.Find(field, column); err != nil {
			return nil, err
		}
		asked[i] = None
		if x.integers == nil && (doubt || numbers[i] == None) {
			if asked[i], _, err = rows.Add(field); err != nil {
				return nil, err
			}
		}
	}
	asks := rows.Len() > 0 && (doubt || found == ByValues || mayEqual(x.values, rows.values...))
	if asks && !x.allFound(column, numbers) {
		if err := x.ask(ctx, h, rows, numbers, asked); err != nil {
			return nil, err
		}
	}
	for i, n := range numbers {
		numbers[i] = x.Class(n)
	}
	return numbers, nil
}

// allFound reports whether there is a row for each value of the index, and a column that has each value once: then no two are equal.
func (x *Index) allFound(column *meta.Column, numbers []int32) bool {
	if !column.Key || len(column.Model.Keys) != 1 || len(numbers) != x.Len() {
		return false
	}
	seen := make([]bool, x.Len())
	for _, n := range numbers {
		if n == None || seen[n] {
			return false
		}
		seen[n] = true
	}
	return true
}

// ask asks the database which values of the index equal the keys of rows. The values that equal one key are equal.
func (x *Index) ask(ctx context.Context, h *tx.Handle, rows *Index, numbers, asked []int32) error {
	equal := make([]int32, rows.Len())
	for i := range equal {
		equal[i] = None
	}
	a := dialect.List{Column: rows.column, Values: rows.values, Within: h.Dialect().Within}
	b := dialect.List{Column: rows.column, Values: x.values, Within: h.Dialect().Within}
	if Padded(h.Dialect(), x.column, rows.column, x.values) {
		b.Column = x.column
	}
	err := pairs(ctx, h, a, b, func(row, n int32) {
		if equal[row] == None {
			equal[row] = n
		} else {
			x.unite(equal[row], n)
		}
	})
	for i, row := range asked {
		if row != None && numbers[i] == None {
			numbers[i] = equal[row]
		}
	}
	return err
}

// pairs calls fn with the numbers of equal values of two lists.
func pairs(ctx context.Context, h *tx.Handle, a, b dialect.List, fn func(a, b int32)) error {
	if h.Dialect().AppendPairs == nil {
		pairsOfForm(a, b, fn)
		return nil
	}
	stmt := tx.Statement{Table: a.Column.Model.Table}
	sql, err := h.Dialect().AppendPairs(nil, a, b, func(dst []byte, v any) []byte {
		stmt.Args = append(stmt.Args, v)
		return h.Dialect().AppendPlaceholder(dst, len(stmt.Args))
	})
	if err != nil {
		return err
	}
	stmt.SQL = string(sql)
	sink := &pairSink{fn: fn}
	if err := h.Read(ctx, stmt, sink); err != nil {
		return err
	}
	return sink.flush()
}

// pairsOfForm is pairs without the database: values are equal if they have the same canonical form.
func pairsOfForm(a, b dialect.List, fn func(a, b int32)) {
	form := func(list dialect.List, i int) string {
		return string(appendText(nil, list.Column.Canonical(list.Values[i])))
	}
	forms := make(map[string][]int32, len(b.Values))
	for i := range b.Values {
		f := form(b, i)
		forms[f] = append(forms[f], int32(i))
	}
	for i := range a.Values {
		for _, j := range forms[form(a, i)] {
			fn(int32(i), j)
		}
	}
}

// pairSink receives pairs of numbers.
type pairSink struct {
	fn   func(a, b int32)
	row  [2]any
	rows int64
	err  error
}

// Targets reads both columns without conversion.
func (*pairSink) Targets([]string) ([]dialect.Target, error) {
	return []dialect.Target{{Extra: 0}, {Extra: 1}}, nil
}

// Row reports the last pair and begins the next.
func (p *pairSink) Row() (memory.Ptr, []any) {
	p.err = p.flush()
	p.rows++
	return nil, p.row[:]
}

// flush reports the last pair.
func (p *pairSink) flush() error {
	if p.err != nil || p.row[0] == nil {
		return p.err
	}
	a, okA := p.row[0].(int64)
	b, okB := p.row[1].(int64)
	if !okA || !okB {
		return fmt.Errorf("positions of equal keys are a %T and a %T, not integers", p.row[0], p.row[1])
	}
	p.row = [2]any{}
	p.fn(int32(a), int32(b)) //nolint:gosec // positions in a list.
	return nil
}

// Rows returns the number of rows.
func (p *pairSink) Rows() int64 { return p.rows }

// Cells returns new cells.
func (*pairSink) Cells() *dialect.Cells { return &dialect.Cells{} }

// Later is never called, because no column belongs to a field.
func (*pairSink) Later(memory.Ptr, *dialect.Target, any) {}
