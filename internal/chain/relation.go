// SPDX-License-Identifier: MIT

package chain

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
)

// Pivot returns the name of a pivot column in the query, with its table in front. In a query without pivot rows it notes a
// error that names the method, and returns false.
func Pivot(spec *query.Spec, method, column string) (string, bool) {
	known, ok := pivotColumn(spec, method, column)
	if !ok {
		return "", false
	}
	return spec.Pivot + "." + known.Name, true
}

func pivotColumn(spec *query.Spec, method, column string) (*meta.Column, bool) {
	if spec.Pivot == "" {
		spec.Fail(errs.New(errs.ErrUnsupported, "%s outside of a manyToMany relation, which has pivot rows", method))
		return nil, false
	}
	model := spec.Model
	if spec.Link != nil {
		model = spec.Link.Pivot.Model
	}
	known, ok := model.Column(column)
	if !ok {
		spec.Fail(model.UnknownColumn(column))
	}
	return known, ok
}

// PivotColumns selects columns of the pivot rows.
func PivotColumns(spec *query.Spec, columns []string) {
	for _, column := range columns {
		known, ok := pivotColumn(spec, "PivotColumns", column)
		if !ok {
			return
		}
		if spec.Link == nil { // the query is of the pivot table itself
			Select(spec, []string{column})
			continue
		}
		spec.Outputs = slices.Clone(spec.Outputs)
		related.SelectPivotColumn(spec, known)
	}
}

// GroupLimit loads at most n rows per parent.
func GroupLimit(spec *query.Spec, n int) {
	switch {
	case n < 0:
		spec.Fail(errs.New(errs.ErrInvalidValue, "a limit of %d", n))
	case spec.Link == nil:
		spec.Fail(errs.New(errs.ErrUnsupported, "GroupLimit outside of a relation; Limit limits a query"))
	default:
		spec.Limited = &n
	}
}

// GroupOrderBy sorts the rows of each parent for GroupLimit.
func GroupOrderBy(spec *query.Spec, column string, directions ...string) {
	if spec.Link == nil {
		spec.Fail(errs.New(errs.ErrUnsupported, "GroupOrderBy outside of a relation; OrderBy sorts a query"))
		return
	}
	picked, err := order(column, directions)
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Picked = append(slices.Clip(spec.Picked), picked)
}
