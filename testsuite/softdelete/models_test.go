// SPDX-License-Identifier: MIT

// Package softdelete_test holds the promises of soft deletion: every form of it that gorm knows, rows of pivot tables that
// come back, and upserts that meet a deleted row.
package softdelete_test

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
)

// unix is a soft delete that counts since 1970, or is a flag, by the word softDelete of its gorm tag, in the way of
// gorm.io/plugin/soft_delete.
type unix uint

func (unix) QueryClauses(f *schema.Field) []clause.Interface {
	return []clause.Interface{alive{field: f}}
}

func (unix) UpdateClauses(f *schema.Field) []clause.Interface {
	return []clause.Interface{alive{field: f}}
}

func (unix) DeleteClauses(f *schema.Field) []clause.Interface {
	settings := schema.ParseTagSetting(f.TagSettings["SOFTDELETE"], ",")
	m := mark{alive: alive{field: f}, settings: settings}
	if name := settings["DELETEDATFIELD"]; name != "" {
		m.at = f.Schema.LookUpField(name)
	}
	return []clause.Interface{m}
}

// quiet is a clause that only changes the statement.
type quiet struct{}

func (quiet) Name() string               { return "" }
func (quiet) Build(clause.Builder)       {}
func (quiet) MergeClause(*clause.Clause) {}

type alive struct {
	quiet

	field *schema.Field
}

func (a alive) ModifyStatement(st *gorm.Statement) {
	st.AddClause(clause.Where{Exprs: []clause.Expression{
		clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: a.field.DBName}, Value: 0},
	}})
}

type mark struct {
	alive

	settings map[string]string
	at       *schema.Field
}

func (m mark) ModifyStatement(st *gorm.Statement) {
	now := st.NowFunc()
	var v any = now.Unix()
	switch {
	case m.settings["FLAG"] != "":
		v = 1
	case m.settings["MILLI"] != "":
		v = now.UnixMilli()
	case m.settings["NANO"] != "":
		v = now.UnixNano()
	}
	set := clause.Set{{Column: clause.Column{Name: m.field.DBName}, Value: v}}
	st.SetColumn(m.field.DBName, v, true)
	if m.at != nil {
		set = append(set, clause.Assignment{Column: clause.Column{Name: m.at.DBName}, Value: now})
	}
	st.AddClause(set)
	m.alive.ModifyStatement(st)
	st.AddClauseIfNotExists(clause.Update{})
	st.Build(st.DB.Callback().Update().Clauses...)
}

type (
	byTime struct {
		model.BaseModel[byTime]
		ID        int64
		DeletedAt gorm.DeletedAt
	}
	byPointer struct {
		model.BaseModel[byPointer]
		ID        int64
		DeletedAt *gorm.DeletedAt
	}
	wrapped  struct{ gorm.DeletedAt }
	inStruct struct {
		model.BaseModel[inStruct]
		ID        int64
		DeletedAt wrapped
	}
	Life       struct{ DeletedAt gorm.DeletedAt }
	withPrefix struct {
		model.BaseModel[withPrefix]
		ID   int64
		Life Life `gorm:"embedded;embeddedPrefix:life_"`
	}
	bySeconds struct {
		model.BaseModel[bySeconds]
		ID        int64
		DeletedAt unix
	}
	byMillis struct {
		model.BaseModel[byMillis]
		ID        int64
		DeletedAt unix `gorm:"softDelete:milli"`
	}
	byNanos struct {
		model.BaseModel[byNanos]
		ID        int64
		DeletedAt unix `gorm:"softDelete:nano"`
	}
	byFlag struct {
		model.BaseModel[byFlag]
		ID    int64
		IsDel unix `gorm:"softDelete:flag"`
	}
	byFlagAndTime struct {
		model.BaseModel[byFlagAndTime]
		ID        int64
		DeletedAt *time.Time
		IsDel     unix `gorm:"softDelete:flag,DeletedAtField:DeletedAt;default:0"`
	}
)
