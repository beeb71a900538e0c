// SPDX-License-Identifier: MIT

package query

import (
	"reflect"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// applied is what a function given to Apply has set on gorm's statement.
type applied struct {
	db            *gorm.DB
	where         []clause.Expression
	joins         []clause.Expression
	order         clause.Expression
	limit, offset *int
	lock          Lock
}

// apply runs the functions given to Apply, each on an empty session, and takes over what it knows.
func (c *compiler) apply() error {
	spec := c.scope.spec
	for _, fn := range spec.Applied {
		db := c.h.Gorm().Session(&gorm.Session{NewDB: true}).Model(reflect.New(spec.Model.Record).Interface())
		db.Statement.Table = spec.Table()
		db.Statement.Schema = spec.Model.Schema
		db = fn(db)
		if db == nil || db.Statement == nil {
			return errs.New(errs.ErrUnsupported, "the function given to Apply returned no *gorm.DB")
		}
		if db.Error != nil {
			return db.Error
		}
		a, err := take(db)
		if err != nil {
			return err
		}
		c.scope.applied = append(c.scope.applied, a)
	}
	return nil
}

func take(db *gorm.DB) (applied, error) {
	st := db.Statement
	a := applied{db: db}
	scopes := reflect.ValueOf(st).Elem().FieldByName("scopes")
	if st.Distinct || st.Unscoped || len(st.Selects) > 0 || len(st.Omits) > 0 || len(st.Preloads) > 0 || st.TableExpr != nil ||
		st.SQL.Len() > 0 || scopes.IsValid() && scopes.Len() > 0 {
		return a, errs.New(errs.ErrUnsupported,
			"Apply takes over Where, Joins, Order, Limit, Offset and locking clauses, nothing else; the query's own methods do the rest")
	}
	for _, join := range st.Joins {
		if !strings.ContainsAny(join.Name, " \t\n") || join.On != nil || join.Expression != nil {
			return a, errs.New(errs.ErrUnsupported, "Apply: %s is no SQL that begins with JOIN; Join and LeftJoin join tables by name",
				ident.Quote(join.Name))
		}
		a.joins = append(a.joins, clause.NamedExpr{SQL: join.Name, Vars: join.Conds})
	}
	for name, set := range st.Clauses {
		switch e := set.Expression.(type) {
		case clause.Where:
			a.where = e.Exprs
		case clause.OrderBy:
			a.order = e
		case clause.Limit:
			a.limit = e.Limit
			if e.Offset > 0 {
				a.offset = &e.Offset
			}
		case clause.Locking:
			modes := map[string]string{"UPDATE": ForUpdate, "SHARE": ForShare}
			waits := map[string]string{"": "", "SKIP LOCKED": SkipLocked, "NOWAIT": NoWait}
			mode, known := modes[e.Strength]
			wait, knownToo := waits[e.Options]
			if !known || !knownToo {
				return a, errs.New(errs.ErrUnsupported, "Apply: lock %s %s", ident.Quote(e.Strength), ident.Quote(e.Options))
			}
			a.lock = Lock{Mode: mode, Wait: wait}
		default:
			return a, errs.New(errs.ErrUnsupported, "Apply: the clause %s", ident.Quote(name))
		}
	}
	return a, nil
}

// gormClause lets gorm write an expression at the end of the SQL. Its statement starts with the
// values that are bound already, so that numbered placeholders go on counting.
func (c *compiler) gormClause(a applied, e clause.Expression) {
	st := &gorm.Statement{
		DB: a.db, ConnPool: a.db.Statement.ConnPool, Context: a.db.Statement.Context, Clauses: map[string]clause.Clause{},
		Table: c.scope.spec.Table(), Schema: c.scope.spec.Model.Schema, Vars: c.args,
	}
	e.Build(st)
	c.text(st.SQL.String())
	c.args = st.Vars
}

func (c *compiler) appliedWhere(a applied) {
	c.text("(")
	c.gormClause(a, clause.Where{Exprs: append([]clause.Expression(nil), a.where...)})
	c.text(")")
}

func (c *compiler) appliedJoins(a applied) {
	for _, join := range a.joins {
		c.text(" ")
		c.gormClause(a, join)
	}
}

func (c *compiler) appliedOrders(a applied, separator string) string {
	if a.order == nil {
		return separator
	}
	c.text(separator)
	c.gormClause(a, a.order)
	return ", "
}
