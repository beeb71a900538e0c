// SPDX-License-Identifier: MIT

package query

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/tx"
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
		base := c.h.Gorm().Session(&gorm.Session{NewDB: true}).Model(reflect.New(spec.Model.Record).Interface())
		base.Statement.Table = spec.Table()
		base.Statement.Schema = spec.Model.Schema
		model := base.Statement.Model
		db := fn(base)
		if db == nil || db.Statement == nil {
			return errs.New(errs.ErrUnsupported, "the function given to Apply returned no *gorm.DB")
		}
		if db.Error != nil {
			return db.Error
		}
		if err := errors.Join(checkSession(c.h.Gorm(), db), checkStatement(db.Statement, model)); err != nil {
			return err
		}
		a, err := take(db)
		if err != nil {
			return err
		}
		if err := c.takeSettings(db.Statement); err != nil {
			return err
		}
		c.scope.applied = append(c.scope.applied, a)
	}
	return nil
}

// checkSession returns an error if the function returned another session than the one it was given.
func checkSession(of, db *gorm.DB) error {
	was, is := of.Config, db.Config
	var what string
	switch {
	case db.Statement.Context != of.Statement.Context:
		what = "a context; the terminal method takes it"
	case is.Logger != was.Logger:
		what = "a logger, or Debug; model.Config has the logger"
	case is.DryRun != was.DryRun:
		what = "DryRun; ToSQL returns the statement"
	case is.PrepareStmt != was.PrepareStmt, is.QueryFields != was.QueryFields, is.AllowGlobalUpdate != was.AllowGlobalUpdate,
		is.FullSaveAssociations != was.FullSaveAssociations, is.CreateBatchSize != was.CreateBatchSize,
		is.SkipDefaultTransaction != was.SkipDefaultTransaction, is.PropagateUnscoped != was.PropagateUnscoped,
		is.DisableNestedTransaction != was.DisableNestedTransaction, db.Statement.SkipHooks != of.Statement.SkipHooks:
		what = "settings of a session"
	default:
		return nil
	}
	return errs.New(errs.ErrUnsupported, "Apply: %s", what)
}

// checkStatement returns an error if the function set something that Apply does not support.
func checkStatement(st *gorm.Statement, model any) error {
	hidden := func(field string) bool {
		list := reflect.ValueOf(st).Elem().FieldByName(field)
		return list.IsValid() && list.Len() > 0
	}
	if st.Distinct || st.Unscoped || len(st.Selects) > 0 || len(st.Omits) > 0 || len(st.Preloads) > 0 || st.TableExpr != nil ||
		st.SQL.Len() > 0 || st.Model != model || len(st.ColumnMapping) > 0 || st.RaiseErrorOnNotFound ||
		hidden("scopes") || hidden("attrs") || hidden("assigns") {
		return errs.New(errs.ErrUnsupported,
			"Apply takes over Where, Joins, Order, Limit, Offset, locking clauses and the settings of plugins, nothing else; "+
				"the query's own methods do the rest")
	}
	for name, set := range st.Clauses {
		if set.BeforeExpression != nil || set.AfterNameExpression != nil || set.AfterExpression != nil || set.Builder != nil {
			return errs.New(errs.ErrUnsupported, "Apply: what is written around the clause %s", ident.Quote(name))
		}
	}
	return nil
}

// takeSettings keeps what clauses such as dbresolver.Write and Use have set, for the plugins that read them.
func (c *compiler) takeSettings(st *gorm.Statement) (err error) {
	own := fmt.Sprintf("%p", st)
	st.Settings.Range(func(name, value any) bool {
		if text, ok := name.(string); ok && strings.HasPrefix(text, own) {
			err = errs.New(errs.ErrUnsupported, "Apply: InstanceSet of %s, which belongs to another statement; use Set",
				ident.Quote(text[len(own):]))
			return false
		}
		if c.settings.Values == nil {
			c.settings.Values = map[any]any{}
		}
		c.settings.Values[name] = value
		return true
	})
	for name, set := range st.Clauses {
		if tx.IsPlugins(name) {
			if c.settings.Clauses == nil {
				c.settings.Clauses = map[string]clause.Clause{}
			}
			c.settings.Clauses[name] = set
		}
	}
	return err
}

func take(db *gorm.DB) (applied, error) {
	st := db.Statement
	a := applied{db: db}
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
			if !known || !knownToo || e.Table.Name != "" {
				return a, errs.New(errs.ErrUnsupported, "Apply: lock %s %s", ident.Quote(e.Strength), ident.Quote(e.Options))
			}
			a.lock = Lock{Mode: mode, Wait: wait}
		default:
			if !tx.IsPlugins(name) {
				return a, errs.New(errs.ErrUnsupported, "Apply: the clause %s", ident.Quote(name))
			}
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
