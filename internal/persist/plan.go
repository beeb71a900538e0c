// SPDX-License-Identifier: MIT

package persist

import (
	"slices"
	"sync"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// insertPlan is the INSERT of one set of columns of a model.
type insertPlan struct {
	columns     []*meta.Column
	head        string // INSERT INTO table (columns)
	one         string // the whole INSERT of one row
	tail        string // ON CONFLICT and RETURNING
	returning   []*meta.Column
	expressions bool // among the values
	keyByResult bool // the only thing to read back is the key, and the driver's result has it

	bulk      sync.Mutex
	bulkKnown bool
	bulkTypes []string // how a multi-row INSERT binds each column as one array; nil if it cannot
}

type insertKey struct {
	m    *meta.Model
	set  uint64
	more string
	on   conflict
}

func insertPlanOf(h *tx.Handle, m *meta.Model, set record.Columns, on conflict) *insertPlan {
	key := insertKey{m: m, on: on}
	key.set, key.more = fingerprint(set)
	db := h.Database()
	if p, ok := db.Plans.Load(key); ok {
		return p.(*insertPlan) //nolint:errcheck,forcetypeassert // only plans have this key.
	}
	kept, _ := db.Plans.LoadOrStore(key, newInsertPlan(db.Dialect, m, set, on))
	return kept.(*insertPlan) //nolint:errcheck,forcetypeassert // only plans have this key.
}

// fingerprint returns a set of columns as a part of a map key.
func fingerprint(set record.Columns) (first uint64, more string) {
	first = set[0]
	if len(set) == 1 {
		return first, ""
	}
	rest := make([]byte, 0, 8*len(set))
	for _, word := range set[1:] {
		for shift := 0; shift < 64; shift += 8 {
			rest = append(rest, byte(word>>shift)) //nolint:gosec // byte by byte.
		}
	}
	return first, string(rest)
}

func newInsertPlan(d *dialect.Dialect, m *meta.Model, set record.Columns, on conflict) *insertPlan {
	p := &insertPlan{}
	head := d.AppendTable([]byte("INSERT INTO "), m.Table)
	for _, c := range m.Columns {
		if set.Has(c) {
			p.columns = append(p.columns, c)
			p.expressions = p.expressions || c.Expr
		}
		if c.Readable && (!set.Has(c) || c.Lossy || c.ReadBack) {
			p.returning = append(p.returning, c)
		}
	}
	for i, c := range p.columns {
		if i == 0 {
			head = append(head, " ("...)
		} else {
			head = append(head, ", "...)
		}
		head = d.AppendName(head, c.Name)
	}
	if len(p.columns) > 0 {
		head = append(head, ") "...)
	} else {
		head = append(head, ' ')
	}
	p.head = string(head)
	if d.KeyByResult && len(p.returning) > 0 && (m.AutoKey == nil || set.Has(m.AutoKey)) {
		// The rows of a multi-row INSERT are recognised by their keys.
		for _, c := range m.Keys {
			if !slices.Contains(p.returning, c) {
				p.returning = append(p.returning, c)
			}
		}
	}
	p.keyByResult = len(p.returning) == 0 || d.KeyByResult && len(p.returning) == 1 && p.returning[0].AutoKey
	tail := ""
	if on == ignoreConflict && !d.OnDuplicateKey {
		tail = " ON CONFLICT DO NOTHING"
	}
	if !p.keyByResult && d.InsertReturns {
		tail += string(appendReturning(nil, d, p.returning))
	}
	p.tail = tail
	p.one = p.head + string(appendValues(nil, d, len(p.columns), 1)) + tail
	return p
}

func appendReturning(dst []byte, d *dialect.Dialect, columns []*meta.Column) []byte {
	if len(columns) == 0 {
		return dst
	}
	return appendRead(append(dst, " RETURNING "...), d, columns)
}

// appendRead appends columns as they are selected.
func appendRead(dst []byte, d *dialect.Dialect, columns []*meta.Column) []byte {
	for i, c := range columns {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		_, behind := d.Around(c)
		dst = append(d.AppendName(dst, c.Name), behind...)
	}
	return dst
}

// appendValues appends VALUES with placeholders for rows of width columns.
func appendValues(dst []byte, d *dialect.Dialect, width, rows int) []byte {
	if width == 0 {
		return append(dst, d.DefaultValues...)
	}
	const perValue = 6 // ", $123"; more digits are left to append
	dst = append(slices.Grow(dst, rows*width*perValue), "VALUES "...)
	n := 0
	for row := range rows {
		if row > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(dst, '(')
		for i := range width {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			n++
			dst = d.AppendPlaceholder(dst, n)
		}
		dst = append(dst, ')')
	}
	return dst
}

// appendNames appends quoted names separated by commas.
func appendNames(dst []byte, d *dialect.Dialect, columns []*meta.Column) []byte {
	for i, c := range columns {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = d.AppendName(dst, c.Name)
	}
	return dst
}
