// SPDX-License-Identifier: MIT

package migrate

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/ddl"
	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// wanted is a table, and the model that wants it.
type wanted struct {
	model *meta.Model
	table *dialect.Table
}

// writer writes what a model wants of its table, with gorm's types and names.
type writer struct {
	g      *gorm.DB
	d      *dialect.Dialect
	schema *schema.Schema
	table  *dialect.Table
}

// wantedOf returns the table of a model, without what its relations ask for.
func wantedOf(h *tx.Handle, m *meta.Model) (*dialect.Table, error) {
	g := h.Database().Gorm.Session(&gorm.Session{NewDB: true})
	_, unqualified, qualified := strings.Cut(m.Table, ".")
	if !qualified {
		unqualified = m.Table
	}
	st := &gorm.Statement{DB: g}
	if err := st.ParseWithSpecialTableName(reflect.New(m.Record).Interface(), unqualified); err != nil {
		return nil, err
	}
	w := writer{g: g, d: h.Dialect(), schema: st.Schema, table: &dialect.Table{Name: h.Dialect().Qualified(m.Table)}}
	for _, field := range w.schema.PrimaryFields {
		w.table.Key = append(w.table.Key, field.DBName)
	}
	for _, name := range w.schema.DBNames {
		if field := w.schema.FieldsByDBName[name]; !field.IgnoreMigration {
			w.table.Columns = append(w.table.Columns, w.column(m, field))
		}
	}
	w.constraints()
	if err := w.indexes(st); err != nil {
		return nil, err
	}
	if m.Loose { // the pair, whichever side of the relation was seen first
		slices.Sort(w.table.Key)
	}
	return w.table, nil
}

func (w *writer) column(m *meta.Model, field *schema.Field) dialect.TableColumn {
	c := dialect.TableColumn{Name: field.DBName, Definition: strings.TrimSpace(w.g.Migrator().FullDataTypeOf(field).SQL), Comment: field.Comment}
	d := ddl.ParseColumn(c.Definition)
	c.Type, c.NotNull, c.Default = d.Type, d.NotNull(), d.Default()
	if field.DefaultValue == dialect.AnyDefault {
		c.Default = dialect.AnyDefault
	}
	c.Generated = d.Has("GENERATED") || d.Has("AS")
	c.Fixed = m.Loose || field.PrimaryKey
	w.d.Schema.Adjust(&c)
	return c
}

func (w *writer) constraints() {
	checks := w.schema.ParseCheckConstraints()
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		w.add(dialect.Constraint{Name: name}, "CHECK ("+checks[name].Constraint+")")
	}
	uniques := w.schema.ParseUniqueConstraints()
	for _, name := range slices.Sorted(maps.Keys(uniques)) {
		column := uniques[name].Field.DBName
		w.add(dialect.Constraint{Name: name, Unique: true, Columns: []string{column}}, "UNIQUE ("+w.d.Names([]string{column})+")")
	}
}

func (w *writer) add(k dialect.Constraint, text string) {
	k.SQL = string(w.d.AppendName(nil, k.Name)) + " " + text
	w.table.Constraints = append(w.table.Constraints, k)
}

func (w *writer) indexes(st *gorm.Statement) error {
	builder, ok := w.g.Migrator().(migrator.BuildIndexOptionsInterface)
	if !ok {
		return errs.New(errs.ErrUnsupported, "the migrator %T builds no indexes", w.g.Migrator())
	}
	for _, index := range meta.Indexes(w.schema) {
		i := dialect.Index{Name: index.Name, Unique: index.Class == "UNIQUE", Partial: index.Where != ""}
		var parts []string
		for _, part := range builder.BuildIndexOptions(index.Fields, st) {
			if e, ok := part.(clause.Expr); ok {
				parts = append(parts, e.SQL)
			}
		}
		for _, part := range index.Fields {
			name := part.DBName
			if part.Expression != "" {
				name = ""
			}
			i.Columns = append(i.Columns, name)
		}
		if w.d.WholeIndexes && index.Where != "" {
			if i.Unique {
				return errs.New(errs.ErrUnsupported, "the unique index %s is of some rows only, and %s has no such index; index a generated column "+
					"that is NULL in the other rows", ident.Quote(index.Name), w.d.Name)
			}
			whole := *index // which finds these rows too
			index, whole.Where, i.Partial = &whole, "", false
		}
		option := w.d.Schema.IndexOption(index.Option)
		if i.Concurrent = strings.EqualFold(strings.TrimSpace(option), "CONCURRENTLY"); i.Concurrent {
			option = ""
		}
		i.SQL = w.create(index, strings.Join(parts, ","), option, i.Concurrent)
		w.table.Indexes = append(w.table.Indexes, i)
	}
	return nil
}

func (w *writer) create(index *schema.Index, columns, option string, concurrently bool) string {
	text := "CREATE "
	if index.Class != "" {
		text += index.Class + " "
	}
	text += "INDEX "
	if concurrently {
		text += "CONCURRENTLY "
	}
	text += w.d.Schema.IndexHead(index.Name, w.table.Name)
	if index.Type != "" {
		text += " USING " + index.Type
	}
	text += " (" + columns + ")"
	if option != "" {
		text += " " + option
	}
	if index.Where != "" {
		text += " WHERE " + index.Where
	}
	return text
}
