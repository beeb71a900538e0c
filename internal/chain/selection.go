// SPDX-License-Identifier: MIT

package chain

import (
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/query"
)

// Select selects columns.
func Select(spec *query.Spec, columns []string) {
	for _, column := range columns {
		spec.Columns = append(spec.Columns, query.Selection{Column: column})
	}
}

// SelectRaw selects SQL of the caller.
func SelectRaw(spec *query.Spec, sql string, args []any) {
	r := raw(sql, args)
	spec.Columns = append(spec.Columns, query.Selection{Raw: &r})
}

// Aggregate selects an aggregate of the query's own rows.
func Aggregate(spec *query.Spec, fn, column string) {
	name := fn
	if column != "*" {
		name = fn + "_" + column
		if known, ok := spec.Model.Column(column); ok {
			name = fn + "_" + known.Name
		}
	}
	spec.Aggregates = append(spec.Aggregates, query.Aggregate{Func: fn, Column: column, As: name})
}

// As names the last aggregate. In the sub-query of a relation that has none, it names what the sub-query selects.
func As(spec *query.Spec, name string) {
	n := len(spec.Aggregates)
	if n == 0 && spec.Related && ident.Valid(name) {
		spec.As = name
		return
	}
	if err := checkAs(spec, name); err != nil {
		spec.Fail(err)
		return
	}
	spec.Aggregates[n-1].As, spec.Aggregates[n-1].Named = name, true
}

func checkAs(spec *query.Spec, name string) error {
	n := len(spec.Aggregates)
	if n == 0 {
		return errs.New(errs.ErrUnsupported, "As(%s) without an Aggregate before it", ident.Quote(name))
	}
	if err := query.CheckAlias(name); err != nil {
		return err
	}
	if _, taken := spec.Model.Column(name); taken {
		return errs.New(errs.ErrUnknownColumn, "the alias %s is a column of %s; choose another", ident.Quote(name), spec.Model.Name)
	}
	for _, a := range spec.Aggregates[:n-1] {
		if a.As == name {
			return errs.New(errs.ErrUnknownColumn, "the alias %s is given twice", ident.Quote(name))
		}
	}
	return nil
}

// OrderBy sorts by a column. The direction is "asc", "desc", or left out.
func OrderBy(spec *query.Spec, column string, directions ...string) {
	order, err := order(column, directions)
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Orders = append(spec.Orders, order)
}

func order(column string, directions []string) (query.Order, error) {
	o := query.Order{Column: column}
	switch {
	case len(directions) > 1:
		return o, errs.New(errs.ErrUnsupported, "an order by %s with %d directions", ident.Quote(column), len(directions))
	case len(directions) == 0 || directions[0] == "asc":
		return o, nil
	case directions[0] == "desc":
		o.Desc = true
		return o, nil
	default:
		return o, errs.New(errs.ErrUnsupported, "direction %s; use relation.Asc or relation.Desc", ident.Quote(directions[0]))
	}
}

// OrderByRaw sorts by SQL of the caller.
func OrderByRaw(spec *query.Spec, sql string, args []any) {
	r := raw(sql, args)
	spec.Orders = append(spec.Orders, query.Order{Raw: &r})
}

// OrderByTime sorts by a column, or by the time of creation if none is named.
func OrderByTime(spec *query.Spec, columns []string, direction string) {
	switch {
	case len(columns) > 1:
		spec.Fail(errs.New(errs.ErrUnsupported, "an order by %d columns; Latest and Oldest take one, and may be called again", len(columns)))
	case len(columns) == 1:
		OrderBy(spec, columns[0], direction)
	case len(spec.Model.Created) == 0:
		spec.Fail(errs.New(errs.ErrUnknownColumn, "%s has no timestamp of creation; name the column to sort by", spec.Model.Name))
	default:
		OrderBy(spec, spec.Model.Created[0].Attr, direction)
	}
}

// Limit returns at most n rows.
func Limit(spec *query.Spec, n int) {
	if n < 0 {
		spec.Fail(errs.New(errs.ErrInvalidValue, "a limit of %d", n))
		return
	}
	spec.Limit = &n
}

// Offset skips n rows.
func Offset(spec *query.Spec, n int) {
	if n < 0 {
		spec.Fail(errs.New(errs.ErrInvalidValue, "an offset of %d", n))
		return
	}
	spec.Offset = &n
}

// ForPage is the limit and the offset of a page.
func ForPage(spec *query.Spec, page, perPage int) {
	_, offset, err := query.PageOffset(page, perPage)
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Limit, spec.Offset = &perPage, &offset
}

// Trashed chooses which rows are seen: those that are not soft deleted, all, or only the soft deleted ones.
func Trashed(spec *query.Spec, which query.Trashed) {
	if spec.Model.Deleted == nil {
		spec.Fail(errs.New(errs.ErrUnsupported, "%s has no soft deletes; give it a gorm.DeletedAt field", spec.Model.Name))
		return
	}
	spec.Trashed = which
}

// Apply adds what a function sets on an empty session of gorm.
func Apply(spec *query.Spec, fn func(*gorm.DB) *gorm.DB) {
	if fn == nil {
		spec.Fail(errs.New(errs.ErrInvalidValue, "Apply of a nil function"))
		return
	}
	spec.Applied = append(spec.Applied, fn)
}
