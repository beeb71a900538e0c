// SPDX-License-Identifier: MIT

package query

import (
	"reflect"
	"sync"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// plan holds the SQL of a model that never changes, and the destinations of its columns.
type plan struct {
	columns string // list of all columns
	byKey   string // SELECT of the row with a key
	alive   string // the same, unless it is soft deleted
	outputs *outputs
	targets []dialect.Target
	simple  bool         // no column has to wait for its Scan, or is kept in stored form
	pair    reflect.Type // a record and its twin in one allocation
	singles sync.Pool    // of *single
}

type planKey struct{ m *meta.Model }

func planOf(h *tx.Handle, m *meta.Model) *plan {
	db := h.Database()
	if p, ok := db.Plans.Load(planKey{m}); ok {
		return p.(*plan) //nolint:errcheck,forcetypeassert // only plans have this key.
	}
	p := newPlan(db.Dialect, m)
	kept, _ := db.Plans.LoadOrStore(planKey{m}, p)
	return kept.(*plan) //nolint:errcheck,forcetypeassert // only plans have this key.
}

func newPlan(d *dialect.Dialect, m *meta.Model) *plan {
	p := &plan{outputs: &outputs{}, simple: !m.Deferred && len(m.Opaque) == 0, pair: reflect.ArrayOf(2, m.Type)}
	list := appendColumns(nil, d, m.Table, m)
	for _, c := range m.Columns {
		if c.Readable {
			p.outputs.list = append(p.outputs.list, output{column: c, name: c.Name})
			p.targets = append(p.targets, dialect.Target{Model: m, Name: c.Attr, Codec: c.Codec, Scan: c.Scan, Offset: c.Offset, Extra: -1})
		}
	}
	p.columns = string(list)
	sql := append([]byte("SELECT "), list...)
	sql = d.AppendTable(append(sql, " FROM "...), m.Table)
	for i, c := range m.Keys {
		if i == 0 {
			sql = append(sql, " WHERE "...)
		} else {
			sql = append(sql, " AND "...)
		}
		sql = append(d.AppendColumn(sql, m.Table, c.Name), " = "...)
		sql = d.AppendPlaceholder(sql, i+1)
	}
	p.byKey = string(sql)
	if m.Deleted != nil {
		sql = append(d.AppendColumn(append(sql, " AND "...), m.Table, m.Deleted.Name), m.Deleted.Condition(false)...)
	}
	p.alive = string(sql)
	return p
}

func appendColumns(dst []byte, d *dialect.Dialect, table string, m *meta.Model) []byte {
	separator := ""
	for _, c := range m.Columns {
		if c.Readable {
			dst = append(dst, separator...)
			before, behind := d.Around(c)
			dst = append(d.AppendColumn(append(dst, before...), table, c.Name), behind...)
			separator = ", "
		}
	}
	return dst
}
