// SPDX-License-Identifier: MIT

package model

import (
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
)

// RelationDefinition refines a relation field inside Define; d.Relation(&u.Posts) returns it. What a method
// has in common with a word of the relation tag replaces it. Mistakes are errors of DB.Register.
type RelationDefinition meta.Refiner

func (d *RelationDefinition) refiner() *meta.Refiner { return (*meta.Refiner)(d) }

// OnQuery adds to every query of the relation: select, update, delete, preload, existence, aggregates.
// Its conditions are a group of their own. Pivot rows are written and read without it.
func (d *RelationDefinition) OnQuery(fn func(*relation.Query)) *RelationDefinition {
	if fn == nil {
		d.refiner().Fail("OnQuery has no function")
		return d
	}
	d.refiner().Refined().OnQuery = append(d.refiner().Refined().OnQuery, func(q meta.Query) { fn(queryOf(q)) })
	return d
}

// WithDefault loads a new record, which is not saved, where a hasOne or belongsTo has no row. fn is nil,
// Attrs, or a func(related *R, parent *P). That of a hasOne carries the key. Push leaves it alone.
func (d *RelationDefinition) WithDefault(fn any) *RelationDefinition {
	d.refiner().Refined().Default, d.refiner().Refined().HasDefault = fn, true
	return d
}

// Inverse names the relation of the related model that leads back: loaded records get the parent that
// they were loaded from.
func (d *RelationDefinition) Inverse(name string) *RelationDefinition {
	if name == "" {
		d.refiner().Fail("Inverse has no name")
	}
	d.refiner().Refined().Inverse = name
	return d
}

// Using gives the pivot table a model, as a pointer to it: its hooks run when pivot rows are written,
// and its records are in Extras under the name that As gives, "pivot" without; see PivotOf.
func (d *RelationDefinition) Using(pivotModel any) *RelationDefinition {
	t := reflect.TypeOf(pivotModel)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		d.refiner().Fail("Using takes a pointer to the pivot model, such as &Membership{}")
		return d
	}
	d.refiner().Refined().Using = t.Elem()
	return d
}

// As names the pivot record among the extras.
func (d *RelationDefinition) As(name string) *RelationDefinition { return d.set("as", name) }

// SerializeAs names the relation in JSON.
func (d *RelationDefinition) SerializeAs(name string) *RelationDefinition {
	d.refiner().SerializeAs(name)
	return d
}

func (d *RelationDefinition) set(word, value string) *RelationDefinition {
	d.refiner().Set(word, value)
	return d
}

// ForeignKey names the foreign key: of the related model, for belongsTo of the owner.
func (d *RelationDefinition) ForeignKey(name string) *RelationDefinition {
	return d.set("foreignKey", name)
}

// LocalKey names the key that the other side points to: of the owner, for belongsTo of the parent.
func (d *RelationDefinition) LocalKey(name string) *RelationDefinition {
	return d.set("localKey", name)
}

// RelatedKey names the key of the related model that pivot rows point to.
func (d *RelationDefinition) RelatedKey(name string) *RelationDefinition {
	return d.set("relatedKey", name)
}

// PivotTable names the pivot table.
func (d *RelationDefinition) PivotTable(name string) *RelationDefinition {
	return d.set("pivotTable", name)
}

// PivotForeignKey names the column of the pivot table that points to the owner.
func (d *RelationDefinition) PivotForeignKey(column string) *RelationDefinition {
	return d.set("pivotForeignKey", column)
}

// PivotRelatedForeignKey names the column of the pivot table that points to the related model.
func (d *RelationDefinition) PivotRelatedForeignKey(column string) *RelationDefinition {
	return d.set("pivotRelatedForeignKey", column)
}

// PivotColumns names columns of the pivot table that queries of the relation select.
func (d *RelationDefinition) PivotColumns(columns ...string) *RelationDefinition {
	for _, name := range columns {
		if name == "" || strings.Contains(name, ",") || strings.TrimSpace(name) != name {
			d.refiner().Fail("PivotColumns: %s is no name of a column", ident.Quote(name))
		}
	}
	return d.set("pivotColumns", strings.Join(columns, ","))
}

// PivotTimestamps has the pivot rows keep the time when they were made and when they were last
// changed, in created_at and updated_at unless other columns are given.
func (d *RelationDefinition) PivotTimestamps(columns ...pivotts.Columns) *RelationDefinition {
	if len(columns) > 1 {
		d.refiner().Fail("PivotTimestamps takes one pivotts.Columns, not %d", len(columns))
	}
	names := append(columns, pivotts.Default())[0]
	off := func(name string) string {
		if name == "" {
			return "-"
		}
		return name
	}
	return d.set("pivotTimestamps", "created="+off(names.CreatedAt)+",updated="+off(names.UpdatedAt))
}

// Duplicates lets the same pair occur several times: Migrate leaves out the unique key.
func (d *RelationDefinition) Duplicates() *RelationDefinition { return d.set("duplicates", "") }

// Through names the relation, or the path of relations, that a through relation passes.
func (d *RelationDefinition) Through(path string) *RelationDefinition { return d.set("through", path) }

// Via names the last relation of a through relation, where several fit.
func (d *RelationDefinition) Via(name string) *RelationDefinition { return d.set("via", name) }

// ThroughLocalKey names the key of the last model on the way that the related model points to, where
// no relation says so.
func (d *RelationDefinition) ThroughLocalKey(name string) *RelationDefinition {
	return d.set("throughLocalKey", name)
}

// ThroughForeignKey names the column of the related model that points to the last model on the way.
func (d *RelationDefinition) ThroughForeignKey(name string) *RelationDefinition {
	return d.set("throughForeignKey", name)
}

// OnDelete has Migrate make a foreign key with this action: CASCADE, SET NULL, RESTRICT or NO ACTION.
func (d *RelationDefinition) OnDelete(action string) *RelationDefinition {
	return d.set("onDelete", action)
}

// OnUpdate is OnDelete for a key that changes.
func (d *RelationDefinition) OnUpdate(action string) *RelationDefinition {
	return d.set("onUpdate", action)
}

// pivot adds a condition on pivot rows to every query of the relation and of its pivot rows.
func (d *RelationDefinition) pivot(fn func(*relation.Query)) *RelationDefinition {
	d.refiner().Refined().OnPivot = append(d.refiner().Refined().OnPivot, func(q meta.Query) { fn(queryOf(q)) })
	return d
}

// WherePivot keeps the relation to pivot rows for which a condition holds, when it is read and when
// pivot rows are detached, synced, toggled or updated.
func (d *RelationDefinition) WherePivot(column string, args ...any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivot(column, args...) })
}

// WherePivotIn is WherePivot with a list.
func (d *RelationDefinition) WherePivotIn(column string, values any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotIn(column, values) })
}

// WherePivotNotIn is the opposite of WherePivotIn.
func (d *RelationDefinition) WherePivotNotIn(column string, values any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotIn(column, values) })
}

// WherePivotNull is WherePivot with NULL.
func (d *RelationDefinition) WherePivotNull(column string) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNull(column) })
}

// WherePivotNotNull is the opposite of WherePivotNull.
func (d *RelationDefinition) WherePivotNotNull(column string) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotNull(column) })
}

// WherePivotBetween is WherePivot with a range.
func (d *RelationDefinition) WherePivotBetween(column string, from, to any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotBetween(column, from, to) })
}

// WherePivotNotBetween is the opposite of WherePivotBetween.
func (d *RelationDefinition) WherePivotNotBetween(column string, from, to any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotBetween(column, from, to) })
}

// OrderByPivot sorts the related rows by a column of the pivot table.
func (d *RelationDefinition) OrderByPivot(column string, dir ...relation.Direction) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.OrderByPivot(column, dir...) })
}

// LatestOfMany makes a hasOne the newest of many rows: by a column, or by created_at, else by the key.
func (d *RelationDefinition) LatestOfMany(column ...string) *RelationDefinition {
	return d.ofMany(relation.Desc, column)
}

// OldestOfMany is LatestOfMany the other way round.
func (d *RelationDefinition) OldestOfMany(column ...string) *RelationDefinition {
	return d.ofMany(relation.Asc, column)
}

// OfMany makes a hasOne the row of many with the "max" or "min" of a column. Equal rows are told apart
// by their key.
func (d *RelationDefinition) OfMany(column, fn string) *RelationDefinition {
	switch fn {
	case "max":
		return d.ofMany(relation.Desc, []string{column})
	case "min":
		return d.ofMany(relation.Asc, []string{column})
	default:
		d.refiner().Fail("OfMany(%s, %s): the function is \"max\" or \"min\"", ident.Quote(column), ident.Quote(fn))
		return d
	}
}

func (d *RelationDefinition) ofMany(dir relation.Direction, columns []string) *RelationDefinition {
	refined := d.refiner().Refined()
	refined.OfMany = append(refined.OfMany, meta.OneOfMany{Columns: columns, Desc: dir == relation.Desc})
	return d
}

// queryOf returns the query that a function of package relation adds to.
func queryOf(q meta.Query) *relation.Query {
	spec, _ := q.(*query.Spec) //nolint:errcheck // no other type is ever a meta.Query.
	return (*relation.Query)(chain.Of(spec))
}

// refine turns a function on queries into one on descriptions; nil stays nil.
func refine(fn func(*relation.Query)) func(*query.Spec) {
	if fn == nil {
		return nil
	}
	return func(spec *query.Spec) { fn(queryOf(spec)) }
}

func refineAll(fns []func(*relation.Query)) []func(*query.Spec) {
	out := make([]func(*query.Spec), len(fns))
	for i, fn := range fns {
		out[i] = refine(fn)
	}
	return out
}
