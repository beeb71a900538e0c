// SPDX-License-Identifier: MIT

package meta

import (
	"context"
	"fmt"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Expression is an argument of a statement that is an expression of the database, made by a GormValue method.
type Expression struct{ of gorm.Valuer }

// Clause returns the expression for a database.
func (e Expression) Clause(ctx context.Context, db *gorm.DB) clause.Expr {
	return e.of.GormValue(ctx, db)
}

// Written returns what a statement binds to write the column of a field: what Bind returns, or an expression.
func (c *Column) Written(field memory.Ptr) (any, error) {
	v, err := c.Bind(field)
	if err != nil || v == nil || !c.Expr {
		return v, err
	}
	held := memory.Value(c.Type, field)
	if held.Kind() == reflect.Pointer {
		held = held.Elem()
	}
	at := reflect.New(held.Type())
	at.Elem().Set(held)
	valuer, ok := reflect.TypeAssert[gorm.Valuer](at)
	if !ok {
		return nil, errs.New(errs.ErrUnsupported, "%s has no GormValue", c.Type)
	}
	return Expression{valuer}, nil
}

// Compared returns what a statement binds to compare the column with a bound value.
func (c *Column) Compared(bound any) (any, error) {
	if !c.Expr || bound == nil {
		return bound, nil
	}
	field := c.New()
	if err := c.Scan(field, bound); err != nil {
		return nil, err
	}
	return c.Written(field)
}

// checkExpression refuses a type with a GormValue method whose values Kindred cannot compare.
func checkExpression(t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !makesExpressions(t) || basic(t, Plain) != nil || reflect.PointerTo(t).Implements(valuerType) {
		return nil
	}
	return fmt.Errorf("%s has GormValue, but no Value, by which changes are found; add a Value method", t)
}

// makesExpressions reports whether values of t, or what it points to, are written as expressions.
func makesExpressions(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return reflect.PointerTo(t).Implements(reflect.TypeFor[gorm.Valuer]())
}
