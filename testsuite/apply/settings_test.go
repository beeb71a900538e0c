// SPDX-License-Identifier: MIT

// Package apply_test holds the promises of Apply: what a function sets on gorm's session is honoured, or an error.
package apply_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type task struct {
	model.BaseModel[task]
	ID   int64
	Name string
}

// primary asks a plugin for the database that takes writes.
type primary struct{ clause.Where }

func (primary) ModifyStatement(st *gorm.Statement) { st.Settings.Store("resolver:write", true) }

// resolver is a plugin that notes which statements ask for the primary.
type resolver struct{ asked []bool }

func (*resolver) Name() string { return "resolver" }

func (r *resolver) Initialize(db *gorm.DB) error {
	note := func(db *gorm.DB) {
		_, ok := db.Statement.Settings.Load("resolver:write")
		r.asked = append(r.asked, ok)
	}
	if err := db.Callback().Row().Before("*").Register("resolver", note); err != nil {
		return err
	}
	return db.Callback().Raw().Before("*").Register("resolver", note)
}

func TestSettingsReachThePluginThatListens(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &task{})
		plugin := &resolver{}
		require.NoError(t, e.Gorm.Use(plugin))
		db := e.NewDB(t, model.Config{})
		require.NoError(t, model.Create(e.Ctx, db, &task{Name: "a"}))
		q := func() *model.Builder[task] {
			return model.Query[task](db).Where("id", ">", 0).Apply(func(g *gorm.DB) *gorm.DB { return g.Clauses(primary{}) })
		}
		for name, send := range map[string]func() error{
			"All":    func() error { _, err := q().All(e.Ctx); return err },
			"First":  func() error { _, err := q().First(e.Ctx); return err },
			"Count":  func() error { _, err := q().Count(e.Ctx); return err },
			"Exists": func() error { _, err := q().Exists(e.Ctx); return err },
			"Pluck":  func() error { var list []string; return q().Pluck(e.Ctx, "name", &list) },
			"Update": func() error { _, err := q().Update(e.Ctx, model.Attrs{"name": "b"}); return err },
			"Delete": func() error { _, err := q().Where("id", "<", 0).Delete(e.Ctx); return err },
		} {
			plugin.asked = nil
			require.NoError(t, send(), name)
			require.Equal(t, []bool{true}, plugin.asked, name)
		}
		plugin.asked = nil
		_, err := model.Query[task](db).All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []bool{false}, plugin.asked)
	})
}

func TestWhatApplyDoesNotTakeOverIsAnError(t *testing.T) {
	type key struct{}
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &task{})
		for name, fn := range map[string]func(g *gorm.DB) *gorm.DB{
			"Set without a plugin": func(g *gorm.DB) *gorm.DB { return g.Set("a", 1) },
			"Clauses of a setting": func(g *gorm.DB) *gorm.DB { return g.Clauses(primary{}) },
			"InstanceSet":          func(g *gorm.DB) *gorm.DB { return g.InstanceSet("a", 1) },
			"WithContext":          func(g *gorm.DB) *gorm.DB { return g.WithContext(context.WithValue(e.Ctx, key{}, 1)) },
			"Logger":               func(g *gorm.DB) *gorm.DB { return g.Session(&gorm.Session{Logger: logger.Discard}) },
			"DryRun":               func(g *gorm.DB) *gorm.DB { return g.Session(&gorm.Session{DryRun: true}) },
			"PrepareStmt":          func(g *gorm.DB) *gorm.DB { return g.Session(&gorm.Session{PrepareStmt: true}) },
			"SkipHooks":            func(g *gorm.DB) *gorm.DB { return g.Session(&gorm.Session{SkipHooks: true}) },
			"QueryFields":          func(g *gorm.DB) *gorm.DB { return g.Session(&gorm.Session{QueryFields: true}) },
			"Model":                func(g *gorm.DB) *gorm.DB { return g.Model(&task{}) },
			"Table":                func(g *gorm.DB) *gorm.DB { return g.Table("tasks") },
			"Attrs":                func(g *gorm.DB) *gorm.DB { return g.Attrs(map[string]any{"name": "a"}) },
			"Assign":               func(g *gorm.DB) *gorm.DB { return g.Assign(map[string]any{"name": "a"}) },
			"MapColumns":           func(g *gorm.DB) *gorm.DB { return g.MapColumns(map[string]string{"a": "name"}) },
			"Select":               func(g *gorm.DB) *gorm.DB { return g.Select("name") },
			"Omit":                 func(g *gorm.DB) *gorm.DB { return g.Omit("name") },
			"Distinct":             func(g *gorm.DB) *gorm.DB { return g.Distinct() },
			"Unscoped":             func(g *gorm.DB) *gorm.DB { return g.Unscoped() },
			"Scopes":               func(g *gorm.DB) *gorm.DB { return g.Scopes(func(g *gorm.DB) *gorm.DB { return g }) },
			"Preload":              func(g *gorm.DB) *gorm.DB { return g.Preload("x") },
			"Group":                func(g *gorm.DB) *gorm.DB { return g.Group("name") },
			"Having":               func(g *gorm.DB) *gorm.DB { return g.Having("1 = 1") },
			"Raw":                  func(g *gorm.DB) *gorm.DB { return g.Raw("SELECT 1") },
			"Returning":            func(g *gorm.DB) *gorm.DB { return g.Clauses(clause.Returning{}) },
			"OnConflict":           func(g *gorm.DB) *gorm.DB { return g.Clauses(clause.OnConflict{DoNothing: true}) },
			"Lock of a table": func(g *gorm.DB) *gorm.DB {
				return g.Clauses(clause.Locking{Strength: "UPDATE", Table: clause.Table{Name: "other"}})
			},
			"nil": func(*gorm.DB) *gorm.DB { return nil },
		} {
			e.Sends(t, 0, func() {
				_, err := model.Query[task](e.DB).Apply(fn).All(e.Ctx)
				require.ErrorIs(t, err, model.ErrUnsupported, name)
			})
		}
	})
}
