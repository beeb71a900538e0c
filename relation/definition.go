// SPDX-License-Identifier: MIT

package relation

import (
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/pivotts"
)

// Definition refines a relation field inside Define; it is made by d.Relation(&u.Posts). What a method
// has in common with a word of the relation tag replaces it. Mistakes are errors of DB.Register.
type Definition struct{ r *meta.Refiner }

// Refine is called by model.Definition.
func Refine(r *meta.Refiner) *Definition { return &Definition{r} }

// OnQuery adds to every query of the relation: select, update, delete, preload, existence, aggregates.
// Its conditions are a group of their own. Pivot rows are written and read without it.
func (d *Definition) OnQuery(fn func(*Query)) *Definition {
	if fn == nil {
		d.r.Fail("OnQuery has no function")
		return d
	}
	d.r.Refined().OnQuery = append(d.r.Refined().OnQuery, fn)
	return d
}

// WithDefault loads a new record, which is not saved, where a hasOne or belongsTo has no row. fn is nil,
// Attrs, or a func(related *R, parent *P). That of a hasOne carries the key. Push leaves it alone.
func (d *Definition) WithDefault(fn any) *Definition {
	d.r.Refined().Default, d.r.Refined().HasDefault = fn, true
	return d
}

// Inverse names the relation of the related model that leads back: loaded records get the parent that
// they were loaded from.
func (d *Definition) Inverse(name string) *Definition {
	if name == "" {
		d.r.Fail("Inverse has no name")
	}
	d.r.Refined().Inverse = name
	return d
}

// Using gives the pivot table a model, as a pointer to it: its hooks run when pivot rows are written,
// and its records are in Extras under the name that As gives, "pivot" without; see PivotOf.
func (d *Definition) Using(pivotModel any) *Definition {
	t := reflect.TypeOf(pivotModel)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		d.r.Fail("Using takes a pointer to the pivot model, such as &Membership{}")
		return d
	}
	d.r.Refined().Using = t.Elem()
	return d
}

// As names the pivot record among the extras.
func (d *Definition) As(name string) *Definition { return d.set("as", name) }

// SerializeAs names the relation in JSON.
func (d *Definition) SerializeAs(name string) *Definition {
	d.r.SerializeAs(name)
	return d
}

func (d *Definition) set(word, value string) *Definition {
	d.r.Set(word, value)
	return d
}

// ForeignKey names the foreign key: of the related model, for belongsTo of the owner.
func (d *Definition) ForeignKey(name string) *Definition { return d.set("foreignKey", name) }

// LocalKey names the key that the other side points to: of the owner, for belongsTo of the parent.
func (d *Definition) LocalKey(name string) *Definition { return d.set("localKey", name) }

// RelatedKey names the key of the related model that pivot rows point to.
func (d *Definition) RelatedKey(name string) *Definition { return d.set("relatedKey", name) }

// PivotTable names the pivot table.
func (d *Definition) PivotTable(name string) *Definition { return d.set("pivotTable", name) }

// PivotForeignKey names the column of the pivot table that points to the owner.
func (d *Definition) PivotForeignKey(column string) *Definition {
	return d.set("pivotForeignKey", column)
}

// PivotRelatedForeignKey names the column of the pivot table that points to the related model.
func (d *Definition) PivotRelatedForeignKey(column string) *Definition {
	return d.set("pivotRelatedForeignKey", column)
}

// PivotColumns names columns of the pivot table that queries of the relation select.
func (d *Definition) PivotColumns(columns ...string) *Definition {
	for _, name := range columns {
		if name == "" || strings.Contains(name, ",") || strings.TrimSpace(name) != name {
			d.r.Fail("PivotColumns: %s is no name of a column", ident.Quote(name))
		}
	}
	return d.set("pivotColumns", strings.Join(columns, ","))
}

// PivotTimestamps has the pivot rows keep the time when they were made and when they were last
// changed, in created_at and updated_at unless other columns are given.
func (d *Definition) PivotTimestamps(columns ...pivotts.Columns) *Definition {
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
func (d *Definition) Duplicates() *Definition { return d.set("duplicates", "") }

// Through names the relation, or the path of relations, that a through relation passes.
func (d *Definition) Through(path string) *Definition { return d.set("through", path) }

// Via names the last relation of a through relation, where several fit.
func (d *Definition) Via(name string) *Definition { return d.set("via", name) }

// ThroughLocalKey names the key of the last model on the way that the related model points to, where
// no relation says so.
func (d *Definition) ThroughLocalKey(name string) *Definition { return d.set("throughLocalKey", name) }

// ThroughForeignKey names the column of the related model that points to the last model on the way.
func (d *Definition) ThroughForeignKey(name string) *Definition {
	return d.set("throughForeignKey", name)
}

// OnDelete has Migrate make a foreign key with this action: CASCADE, SET NULL, RESTRICT or NO ACTION.
func (d *Definition) OnDelete(action string) *Definition { return d.set("onDelete", action) }

// OnUpdate is OnDelete for a key that changes.
func (d *Definition) OnUpdate(action string) *Definition { return d.set("onUpdate", action) }

// pivot adds a condition on pivot rows to every query of the relation and of its pivot rows.
func (d *Definition) pivot(fn func(*Query)) *Definition {
	d.r.Refined().OnPivot = append(d.r.Refined().OnPivot, fn)
	return d
}

// WherePivot keeps the relation to pivot rows for which a condition holds, when it is read and when
// pivot rows are detached, synced, toggled or updated.
func (d *Definition) WherePivot(column string, args ...any) *Definition {
	return d.pivot(func(q *Query) { q.WherePivot(column, args...) })
}

// WherePivotIn is WherePivot with a list.
func (d *Definition) WherePivotIn(column string, values any) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotIn(column, values) })
}

// WherePivotNotIn is the opposite of WherePivotIn.
func (d *Definition) WherePivotNotIn(column string, values any) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotNotIn(column, values) })
}

// WherePivotNull is WherePivot with NULL.
func (d *Definition) WherePivotNull(column string) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotNull(column) })
}

// WherePivotNotNull is the opposite of WherePivotNull.
func (d *Definition) WherePivotNotNull(column string) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotNotNull(column) })
}

// WherePivotBetween is WherePivot with a range.
func (d *Definition) WherePivotBetween(column string, from, to any) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotBetween(column, from, to) })
}

// WherePivotNotBetween is the opposite of WherePivotBetween.
func (d *Definition) WherePivotNotBetween(column string, from, to any) *Definition {
	return d.pivot(func(q *Query) { q.WherePivotNotBetween(column, from, to) })
}

// OrderByPivot sorts the related rows by a column of the pivot table.
func (d *Definition) OrderByPivot(column string, dir ...Direction) *Definition {
	return d.pivot(func(q *Query) { q.OrderByPivot(column, dir...) })
}

// LatestOfMany makes a hasOne the newest of many rows: by a column, or by created_at, else by the key.
func (d *Definition) LatestOfMany(column ...string) *Definition { return d.ofMany(Desc, column) }

// OldestOfMany is LatestOfMany the other way round.
func (d *Definition) OldestOfMany(column ...string) *Definition { return d.ofMany(Asc, column) }

// OfMany makes a hasOne the row of many with the "max" or "min" of a column. Equal rows are told apart
// by their key.
func (d *Definition) OfMany(column, fn string) *Definition {
	switch fn {
	case "max":
		return d.ofMany(Desc, []string{column})
	case "min":
		return d.ofMany(Asc, []string{column})
	default:
		d.r.Fail("OfMany(%s, %s): the function is \"max\" or \"min\"", ident.Quote(column), ident.Quote(fn))
		return d
	}
}

func (d *Definition) ofMany(dir Direction, columns []string) *Definition {
	pick := func(q *Query) error {
		m := q.core.spec.Model
		for _, name := range columns {
			q.OrderBy(name, dir)
			if c, ok := m.Column(name); ok && c.Nullable && !c.NotNull { // NULL is neither the least nor the most
				q.core.spec.Orders[len(q.core.spec.Orders)-1].NullsLast = true
			}
		}
		if len(columns) == 0 && len(m.Created) > 0 {
			q.OrderBy(m.Created[0].Attr, dir)
		}
		key, err := m.Key()
		if err != nil {
			return err
		}
		q.core.spec.Orders = append(q.core.spec.Orders, query.Order{Column: key.Attr, Desc: dir == Desc})
		return nil
	}
	d.r.Refined().OfMany = append(d.r.Refined().OfMany, pick)
	d.r.Refined().OfManyBy = append(d.r.Refined().OfManyBy, columns...)
	return d
}

// errKind is the error for a method that a kind of relation does not have.
func errKind(l *meta.Link, method, kinds string) error {
	return errs.New(errs.ErrUnsupported, "%s is for %s, not for %s", method, kinds, l.Kind)
}
