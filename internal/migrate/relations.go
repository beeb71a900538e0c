// SPDX-License-Identifier: MIT

package migrate

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// wish collects the tables of models with what their relations ask for: pivot tables that have no model,
// foreign keys, and indexes for both ways over a pivot table.
func wish(h *tx.Handle, models []*meta.Model) ([]*wanted, error) {
	pivots, err := pivotTables(models)
	if err != nil {
		return nil, err
	}
	var list []*wanted
	for _, m := range slices.Concat(models, pivots) {
		table, err := wantedOf(h, m)
		if err != nil {
			return nil, errs.In(m.Name, "migrate", err)
		}
		list = append(list, &wanted{m, table})
	}
	tables := &tables{h, list}
	for _, m := range models {
		for _, r := range m.Relations {
			if l, err := r.Link(); err == nil { // pivotTables has reported the others
				tables.relate(l)
			}
		}
	}
	return list, nil
}

// pivotTables returns the pivot tables without a model, in which the columns of all relations over them are
// together.
func pivotTables(models []*meta.Model) (pivots []*meta.Model, err error) {
	var problems []error
	for _, m := range models {
		for _, r := range m.Relations {
			l, err := r.Link()
			if err != nil {
				problems = append(problems, err)
				continue
			}
			if l.Kind != meta.ManyToMany || l.Pivot.Typed || ofTable(models, l.Pivot.Model.Table) != nil {
				continue
			}
			known := slices.IndexFunc(pivots, func(p *meta.Model) bool { return p.Table == l.Pivot.Model.Table })
			if known < 0 {
				pivots = append(pivots, l.Pivot.Model)
				continue
			}
			both, err := pivots[known].Together(l.Pivot.Model)
			if err != nil {
				problems = append(problems, r.Error("migrate", err))
				continue
			}
			pivots[known] = both
		}
	}
	return pivots, meta.Err(problems)
}

func ofTable(models []*meta.Model, table string) *meta.Model {
	for _, m := range models {
		if m.Table == table {
			return m
		}
	}
	return nil
}

// tables are what Migrate was given, and the pivot tables.
type tables struct {
	h    *tx.Handle
	list []*wanted
}

// of returns the wanted table with this name; nil if Migrate was not given it.
func (t *tables) of(name string) *dialect.Table {
	name = t.h.Dialect().Qualified(name)
	for _, w := range t.list {
		if w.table.Name == name {
			return w.table
		}
	}
	return nil
}

// relate adds what a relation asks for.
func (t *tables) relate(l *meta.Link) {
	onDelete, onUpdate := strings.ToUpper(l.Options["onDelete"]), strings.ToUpper(l.Options["onUpdate"])
	switch l.Kind {
	case meta.ManyToMany:
		table := t.of(l.Pivot.Model.Table)
		if table == nil {
			return
		}
		t.lead(table, l.Pivot.Owner.Name, l.Pivot.Related.Name)
		t.lead(table, l.Pivot.Related.Name, l.Pivot.Owner.Name)
		if l.Pivot.Model.Loose {
			t.point(table, l.Pivot.Owner, l.Local, orCascade(onDelete), onUpdate)
			t.point(table, l.Pivot.Related, l.Foreign, orCascade(onDelete), onUpdate)
		}
	case meta.BelongsTo:
		if onDelete+onUpdate != "" && t.of(l.Model.Table) != nil {
			t.point(t.of(l.Owner.Table), l.Local, l.Foreign, onDelete, onUpdate)
		}
	case meta.HasOne, meta.HasMany:
		if table := t.of(l.Model.Table); onDelete+onUpdate != "" && table != nil {
			t.point(table, l.Foreign, l.Local, onDelete, onUpdate)
		}
	}
}

func orCascade(action string) string {
	if action == "" {
		return "CASCADE"
	}
	return action
}

// lead adds an index that begins with a column of a pivot table, which is wanted where no other does.
func (t *tables) lead(table *dialect.Table, first, second string) {
	namer, d := t.h.Database().Gorm.NamingStrategy, t.h.Dialect()
	_, unqualified, qualified := strings.Cut(table.Name, ".")
	if !qualified {
		unqualified = table.Name
	}
	i := dialect.Index{Name: namer.IndexName(unqualified, first), Columns: []string{first, second}, IfUnled: true}
	if slices.ContainsFunc(table.Indexes, func(other dialect.Index) bool { return other.Name == i.Name }) {
		return
	}
	i.SQL = "CREATE INDEX " + d.Schema.IndexHead(i.Name, table.Name) + " (" + d.Names(i.Columns) + ")"
	table.Indexes = append(table.Indexes, i)
}

// point adds a foreign key, unless the relation is declared on both sides.
func (t *tables) point(table *dialect.Table, from, to *meta.Column, onDelete, onUpdate string) {
	d := t.h.Dialect()
	own := strings.TrimPrefix(table.Name, d.Within+".") // the same in every schema
	name := limited("fk_" + strings.ReplaceAll(own, ".", "_") + "_" + from.Name)
	if slices.ContainsFunc(table.Constraints, func(k dialect.Constraint) bool { return k.Name == name }) {
		return
	}
	target := to.Model.Table
	text := string(d.AppendName(nil, name)) + " FOREIGN KEY (" + d.Names([]string{from.Name}) + ") REFERENCES " +
		d.Schema.Target(target) + "(" + d.Names([]string{to.Name}) + ")"
	if onDelete != "" {
		text += " ON DELETE " + onDelete
	}
	if onUpdate != "" {
		text += " ON UPDATE " + onUpdate
	}
	if _, unqualified, qualified := strings.Cut(target, "."); qualified {
		target = unqualified
	}
	table.Constraints = append(table.Constraints, dialect.Constraint{
		Name: name, SQL: text, Columns: []string{from.Name},
		Foreign: &dialect.Reference{Table: target, Columns: []string{to.Name}, OnDelete: onDelete, OnUpdate: onUpdate},
	})
}

// limited shortens a name that is longer than PostgreSQL's, which would cut off what tells it from others.
func limited(name string) string {
	const limit, tail = 63, 9
	if len(name) <= limit {
		return name
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // it never fails.
	hash := strconv.FormatUint(uint64(sum.Sum32())|1<<32, 16)[1:]
	return strings.ToValidUTF8(name[:limit-tail], "") + "_" + hash
}
