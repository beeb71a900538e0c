// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Migrate creates the tables of models and the pivot tables of their relations, or adds what they lack, by
// gorm's migrator: columns, indexes and constraints of their tags. A pivot table has its pair of keys as primary key,
// unless duplicates are allowed, and foreign keys that delete its rows with either side. Relations with
// onDelete or onUpdate get a foreign key too, if both models are given. Nothing is dropped. Statements are in the
// transaction of db or ctx, and in none of their own.
func (db *DB) Migrate(ctx context.Context, models ...any) error {
	ctx, h, err := tx.ForArgument(ctx, db.h)
	if err != nil {
		return errs.In("database", "migrate", err)
	}
	var tables []*meta.Model
	for _, v := range models {
		m, err := db.model(v)
		if err != nil {
			return err
		}
		if !slices.Contains(tables, m) {
			tables = append(tables, m)
		}
	}
	keys, pivots, err := foreignKeys(tables)
	if err != nil {
		return err
	}
	all := append(tables, pivots...)
	if !h.Dialect().ForeignKeysFirst && len(keys) > 0 { // what a key points to must be there
		if err := migrate(ctx, h, all, nil); err != nil {
			return err
		}
	}
	return migrate(ctx, h, all, keys)
}

// foreignKey is a constraint that a relation asks for.
type foreignKey struct {
	from, to           *meta.Column
	onDelete, onUpdate string
}

// foreignKeys collects the constraints of the relations of models, and the pivot tables that have no model.
func foreignKeys(tables []*meta.Model) (keys []foreignKey, pivots []*meta.Model, err error) {
	seen := map[string]bool{}
	for _, m := range tables {
		seen[m.Table] = true
	}
	var problems []error
	for _, m := range tables {
		for _, r := range m.Relations {
			l, err := r.Link()
			if err != nil {
				problems = append(problems, err)
				continue
			}
			onDelete, onUpdate := strings.ToUpper(r.Options["onDelete"]), strings.ToUpper(r.Options["onUpdate"])
			switch l.Kind {
			case meta.ManyToMany:
				if l.Pivot.Typed || seen[l.Pivot.Model.Table] {
					break
				}
				if pivots, err = addPivot(pivots, l.Pivot.Model); err != nil {
					problems = append(problems, r.Error("migrate", err))
				}
				for from, to := range map[*meta.Column]*meta.Column{l.Pivot.Owner: l.Local, l.Pivot.Related: l.Foreign} {
					keys = append(keys, foreignKey{from, to, orCascade(onDelete), onUpdate})
				}
			case meta.BelongsTo:
				if onDelete+onUpdate != "" && slices.Contains(tables, l.Model) {
					keys = append(keys, foreignKey{l.Local, l.Foreign, onDelete, onUpdate})
				}
			case meta.HasOne, meta.HasMany:
				if onDelete+onUpdate != "" && slices.Contains(tables, l.Model) {
					keys = append(keys, foreignKey{l.Foreign, l.Local, onDelete, onUpdate})
				}
			}
		}
	}
	return keys, pivots, meta.Err(problems)
}

func orCascade(action string) string {
	if action == "" {
		return "CASCADE"
	}
	return action
}

// addPivot adds a pivot table, or its columns to those that another relation has declared.
func addPivot(pivots []*meta.Model, m *meta.Model) ([]*meta.Model, error) {
	for i, known := range pivots {
		if known.Table != m.Table {
			continue
		}
		both, err := known.Together(m)
		if err == nil {
			pivots[i] = both
		}
		return pivots, err
	}
	return append(pivots, m), nil
}

// migrate lets gorm make the tables, with the foreign keys.
func migrate(ctx context.Context, h *tx.Handle, tables []*meta.Model, keys []foreignKey) error {
	if h.Dialect().ForeignKeysFirst && len(keys) > 0 { // keys that are added to a table need the tables that they point to
		exists := make(map[*meta.Model]bool, len(tables))
		for _, m := range tables {
			exists[m] = h.Gorm().WithContext(ctx).Migrator().HasTable(m.Table)
		}
		tables = slices.Clone(tables)
		slices.SortStableFunc(tables, func(a, b *meta.Model) int {
			if exists[a] == exists[b] {
				return 0
			}
			if exists[a] {
				return 1
			}
			return -1
		})
	}
	for _, m := range tables {
		g := h.Gorm().WithContext(ctx).Table(m.Table)
		// gorm takes a name with a space for an expression.
		_, unqualified, qualified := strings.Cut(m.Table, ".")
		if g.Statement.Table = m.Table; qualified {
			g.Statement.Table = unqualified
		}
		g.Statement.TableExpr = &clause.Expr{SQL: string(h.Dialect().AppendTable(nil, m.Table))}
		if err := migrateTable(g, m, keys); err != nil {
			return errs.In(m.Name, "migrate", err)
		}
	}
	return nil
}

// migrateTable makes a table with its foreign keys, or adds what it lacks. gorm's AutoMigrate is not
// shown the foreign keys, because it would look for models of the tables that they point to.
func migrateTable(g *gorm.DB, m *meta.Model, keys []foreignKey) error {
	value := reflect.New(m.Record).Interface()
	st := &gorm.Statement{DB: g, TableExpr: g.Statement.TableExpr}
	if err := st.ParseWithSpecialTableName(value, g.Statement.Table); err != nil {
		return err
	}
	constraints := constraintsOf(st.Schema, m, keys)
	relations := &st.Schema.Relationships
	defer func() { relations.Relations = map[string]*schema.Relationship{} }()
	if !g.Migrator().HasTable(value) {
		relations.Relations = constraints
		return g.Migrator().CreateTable(value)
	}
	relations.Relations = map[string]*schema.Relationship{}
	if err := extend(g, m, st.Schema, value); err != nil {
		return err
	}
	relations.Relations = constraints
	for _, name := range slices.Sorted(maps.Keys(constraints)) {
		if g.Migrator().HasConstraint(value, name) {
			continue
		}
		if err := g.Migrator().CreateConstraint(value, name); err != nil {
			return err
		}
	}
	return nil
}

// extend adds what a table lacks. Of a pivot table without a model nothing is known that its columns would have to
// be changed for.
func extend(g *gorm.DB, m *meta.Model, known *schema.Schema, value any) error {
	if !m.Loose {
		return g.AutoMigrate(value)
	}
	for _, field := range known.Fields {
		if g.Migrator().HasColumn(value, field.DBName) {
			continue
		}
		if err := g.Migrator().AddColumn(value, field.DBName); err != nil {
			return err
		}
	}
	return nil
}

// constraintsOf returns the foreign keys of a table as gorm knows relations, by name.
func constraintsOf(of *schema.Schema, m *meta.Model, keys []foreignKey) map[string]*schema.Relationship {
	made := map[string]*schema.Relationship{}
	for _, key := range keys {
		if key.from.Model.Table != m.Table {
			continue
		}
		from := of.LookUpField(key.from.Name)
		if from == nil {
			continue
		}
		name := "fk_" + strings.ReplaceAll(m.Table, ".", "_") + "_" + key.from.Name
		constraint := name
		if key.onDelete != "" {
			constraint += ",OnDelete:" + key.onDelete
		}
		if key.onUpdate != "" {
			constraint += ",OnUpdate:" + key.onUpdate
		}
		parent := *key.to.Field
		parent.Schema = &schema.Schema{Name: key.to.Model.Name, Table: key.to.Model.Table}
		if made[name] != nil {
			continue // the relation is declared on both sides
		}
		made[name] = &schema.Relationship{
			Name: name, Type: schema.BelongsTo, Schema: of, FieldSchema: parent.Schema,
			Field:      &schema.Field{Name: name, Schema: of, TagSettings: map[string]string{"CONSTRAINT": constraint}},
			References: []*schema.Reference{{PrimaryKey: &parent, ForeignKey: from}},
		}
	}
	return made
}
