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

// RelationDefinition says of a relation what its tag cannot; d.Relation(&u.Posts) returns it. A method that is a word of
// the tag, too, replaces that word. Each method returns the definition, so that calls can follow each other. Mistakes are
// errors of DB.Register, and of the first use of the model.
type RelationDefinition meta.Refiner

func (d *RelationDefinition) refiner() *meta.Refiner { return (*meta.Refiner)(d) }

// OnQuery has fn add to every query of related rows: reads, Update and Delete, preloads, existence conditions and
// aggregates. What fn adds is a group beside the conditions of the caller. Pivot rows are written and read without it. As
// Lucid's onQuery.
func (d *RelationDefinition) OnQuery(fn func(*relation.Query)) *RelationDefinition {
	if fn == nil {
		d.refiner().Fail("OnQuery has no function")
		return d
	}
	d.refiner().Refined().OnQuery = append(d.refiner().Refined().OnQuery, func(q meta.Query) { fn(queryOf(q)) })
	return d
}

// WithDefault loads a new record where a hasOne or belongsTo has no row. fn is nil for an empty record, Attrs with its
// values, or a func(related *R, owner *O). The record of a hasOne carries the key. It is not saved, and Push leaves it
// alone. As Eloquent's withDefault.
func (d *RelationDefinition) WithDefault(fn any) *RelationDefinition {
	d.refiner().Refined().Default, d.refiner().Refined().HasDefault = fn, true
	return d
}

// Inverse names the relation of the related model that leads back to the owner: it is set in every related record that is
// loaded, without a statement. As Eloquent's chaperone.
func (d *RelationDefinition) Inverse(name string) *RelationDefinition {
	if name == "" {
		d.refiner().Fail("Inverse has no name")
	}
	d.refiner().Refined().Inverse = name
	return d
}

// Using gives the pivot table of a manyToMany a model, as a pointer to it, such as &Membership{}. Pivot columns have the
// types of its fields, its hooks run when pivot rows are written, and related records carry its record among their Extras,
// under the name that As gives, which relation.PivotOf returns. As Eloquent's using.
func (d *RelationDefinition) Using(pivotModel any) *RelationDefinition {
	t := reflect.TypeOf(pivotModel)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		d.refiner().Fail("Using takes a pointer to the pivot model, such as &Membership{}")
		return d
	}
	d.refiner().Refined().Using = t.Elem()
	return d
}

// As names the record of the pivot model among the extras of a related record; without it, that is "pivot". As Eloquent's
// as.
func (d *RelationDefinition) As(name string) *RelationDefinition { return d.set("as", name) }

// SerializeAs names the relation in JSON and in serialize.Options, in place of its field's json tag or the naming
// strategy.
func (d *RelationDefinition) SerializeAs(name string) *RelationDefinition {
	d.refiner().SerializeAs(name)
	return d
}

func (d *RelationDefinition) set(word, value string) *RelationDefinition {
	d.refiner().Set(word, value)
	return d
}

// ForeignKey names the attribute that points to the other side: of the related model for hasOne and hasMany, of the owner
// for belongsTo.
func (d *RelationDefinition) ForeignKey(name string) *RelationDefinition {
	return d.set("foreignKey", name)
}

// LocalKey names the attribute that the foreign key or the pivot row points to: of the owner, for belongsTo of the parent.
// Without it, that is the primary key.
func (d *RelationDefinition) LocalKey(name string) *RelationDefinition {
	return d.set("localKey", name)
}

// RelatedKey names the attribute of the related model of a manyToMany that pivot rows point to. Without it, that is the
// primary key.
func (d *RelationDefinition) RelatedKey(name string) *RelationDefinition {
	return d.set("relatedKey", name)
}

// PivotTable names the pivot table of a manyToMany. Without it, the naming strategy does: both models, sorted, in snake
// case (skill_user).
func (d *RelationDefinition) PivotTable(name string) *RelationDefinition {
	return d.set("pivotTable", name)
}

// PivotForeignKey names the column of the pivot table that points to the owner. Without it, that is user_id.
func (d *RelationDefinition) PivotForeignKey(column string) *RelationDefinition {
	return d.set("pivotForeignKey", column)
}

// PivotRelatedForeignKey names the column of the pivot table that points to the related record. Without it, that is
// skill_id.
func (d *RelationDefinition) PivotRelatedForeignKey(column string) *RelationDefinition {
	return d.set("pivotRelatedForeignKey", column)
}

// PivotColumns names further columns of the pivot table, which every query of the relation selects into Extras as
// pivot_column, and which Migrate makes as text where the table has no model. As Lucid's pivotColumns.
func (d *RelationDefinition) PivotColumns(columns ...string) *RelationDefinition {
	for _, name := range columns {
		if name == "" || strings.Contains(name, ",") || strings.TrimSpace(name) != name {
			d.refiner().Fail("PivotColumns: %s is no name of a column", ident.Quote(name))
		}
	}
	return d.set("pivotColumns", strings.Join(columns, ","))
}

// PivotTimestamps keeps in each pivot row the times when it was inserted and when its attributes last changed, in
// created_at and updated_at unless one pivotts.Columns says otherwise. They are selected as the columns of PivotColumns
// are. As Lucid's pivotTimestamps.
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

// Duplicates lets the same pair occur several times: Migrate does not make the pair the primary key of the pivot table.
func (d *RelationDefinition) Duplicates() *RelationDefinition { return d.set("duplicates", "") }

// Through names the relations, joined by dots, that a hasManyThrough or hasOneThrough passes: "Users", "Users.Posts".
func (d *RelationDefinition) Through(path string) *RelationDefinition { return d.set("through", path) }

// Via names the last relation of a through relation, where the last model on the way has several to the related model.
func (d *RelationDefinition) Via(name string) *RelationDefinition { return d.set("via", name) }

// ThroughLocalKey names the attribute of the last model on the way that the related model points to, where no relation
// says so.
func (d *RelationDefinition) ThroughLocalKey(name string) *RelationDefinition {
	return d.set("throughLocalKey", name)
}

// ThroughForeignKey names the attribute of the related model that points to the last model on the way, where no relation
// says so.
func (d *RelationDefinition) ThroughForeignKey(name string) *RelationDefinition {
	return d.set("throughForeignKey", name)
}

// OnDelete has Migrate make a foreign key with this action for deleted rows: CASCADE, SET NULL, RESTRICT or NO ACTION. The
// database acts, no hooks run.
func (d *RelationDefinition) OnDelete(action string) *RelationDefinition {
	return d.set("onDelete", action)
}

// OnUpdate has Migrate make a foreign key with this action for keys that change: CASCADE, SET NULL, RESTRICT or NO ACTION.
func (d *RelationDefinition) OnUpdate(action string) *RelationDefinition {
	return d.set("onUpdate", action)
}

// pivot adds a condition on pivot rows to every query of the relation and of its pivot rows.
func (d *RelationDefinition) pivot(fn func(*relation.Query)) *RelationDefinition {
	d.refiner().Refined().OnPivot = append(d.refiner().Refined().OnPivot, func(q meta.Query) { fn(queryOf(q)) })
	return d
}

// WherePivot keeps a manyToMany to those pivot rows for which a condition holds, given as to Query.Where. Other rows are
// neither read nor detached, synced, toggled or updated. A row that is attached does not get the value by itself. As
// Eloquent's wherePivot.
func (d *RelationDefinition) WherePivot(column string, args ...any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivot(column, args...) })
}

// WherePivotIn keeps a manyToMany to pivot rows whose column is in a slice; see [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotIn(column string, values any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotIn(column, values) })
}

// WherePivotNotIn keeps a manyToMany to pivot rows whose column is not in a slice; see [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotNotIn(column string, values any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotIn(column, values) })
}

// WherePivotNull keeps a manyToMany to pivot rows whose column is NULL; see [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotNull(column string) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNull(column) })
}

// WherePivotNotNull keeps a manyToMany to pivot rows whose column is not NULL; see [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotNotNull(column string) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotNull(column) })
}

// WherePivotBetween keeps a manyToMany to pivot rows whose column is between from and to, both included; see
// [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotBetween(column string, from, to any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotBetween(column, from, to) })
}

// WherePivotNotBetween keeps a manyToMany to pivot rows whose column is outside of from and to; see
// [RelationDefinition.WherePivot].
func (d *RelationDefinition) WherePivotNotBetween(column string, from, to any) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.WherePivotNotBetween(column, from, to) })
}

// OrderByPivot sorts the related rows by a column of the pivot table, ascending unless relation.Desc is given.
func (d *RelationDefinition) OrderByPivot(column string, dir ...relation.Direction) *RelationDefinition {
	return d.pivot(func(q *relation.Query) { q.OrderByPivot(column, dir...) })
}

// LatestOfMany makes a hasOne the newest of many rows: the one with the greatest value of a column, of created_at if none
// is named, else of the key. It is loaded by one statement for all owners. As Eloquent's latestOfMany. It is the newest of
// the rows that a query of the relation asks for, with its conditions and WithTrashed; WhereHas asks whether the newest of all fits.
func (d *RelationDefinition) LatestOfMany(column ...string) *RelationDefinition {
	return d.ofMany(relation.Desc, column)
}

// OldestOfMany makes a hasOne the oldest of many rows: the one with the least value of a column, of created_at if none is
// named, else of the key. As Eloquent's oldestOfMany.
func (d *RelationDefinition) OldestOfMany(column ...string) *RelationDefinition {
	return d.ofMany(relation.Asc, column)
}

// OfMany makes a hasOne the one of many rows with the greatest ("max") or least ("min") value of a column. Rows with equal
// values are told apart by their key. As Eloquent's ofMany.
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
	spec, _ := q.(*query.Spec)
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
