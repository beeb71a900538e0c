// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
)

// expand writes the expressions among the arguments into the text of a statement, in place of their placeholders.
func (h *Handle) expand(ctx context.Context, s Statement) (Statement, error) {
	s.Args = h.db.Dialect.Bound(s.Args)
	if !s.Expressions {
		return s, nil
	}
	db := h.Gorm().Session(&gorm.Session{NewDB: true, Context: ctx})
	st := &gorm.Statement{
		DB: db, ConnPool: db.Statement.ConnPool, Context: ctx, Clauses: map[string]clause.Clause{}, Table: s.Table,
	}
	last := -1
	for sql := s.SQL; sql != ""; {
		at := strings.IndexAny(sql, "?'\"`-/$")
		if at < 0 {
			st.SQL.WriteString(sql)
			break
		}
		st.SQL.WriteString(sql[:at])
		sql = sql[at:]
		n, size := placeholder(h.Dialect(), sql, last)
		if size == 0 {
			size = ident.Skip(sql)
			st.SQL.WriteString(sql[:size])
		} else {
			last = n
			h.expandOne(ctx, st, s.Args[n])
		}
		sql = sql[size:]
	}
	if db.Error != nil || st.Error != nil {
		return s, errs.New(errs.ErrInvalidValue, "a GormValue method has refused a value")
	}
	return Statement{Table: s.Table, SQL: st.SQL.String(), Args: st.Vars, Settings: s.Settings, Writes: s.Writes, Primary: s.Primary, Model: s.Model, Relation: s.Relation}, nil
}

func (h *Handle) expandOne(ctx context.Context, st *gorm.Statement, arg any) {
	if e, ok := arg.(meta.Expression); ok {
		st.AddVar(st, e.Clause(ctx, st.DB))
		return
	}
	st.Vars = append(st.Vars, arg)
	st.SQL.Write(h.Dialect().AppendPlaceholder(nil, len(st.Vars)))
}

// placeholder returns the position of the argument that the text begins with, and the length of its placeholder: 0 if there is
// none. last is the position of the one before.
func placeholder(d *dialect.Dialect, sql string, last int) (n, size int) {
	if !d.Numbered {
		if sql[0] == '?' {
			return last + 1, 1
		}
		return 0, 0
	}
	if sql[0] != '$' {
		return 0, 0
	}
	size = len(sql) - len(strings.TrimLeft(sql[1:], "0123456789"))
	n, err := strconv.Atoi(sql[1:size])
	if err != nil {
		return 0, 0
	}
	return n - 1, size
}
