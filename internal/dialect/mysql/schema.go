// SPDX-License-Identifier: MIT

package mysql

import (
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
)

// schema reads information_schema, and makes tables, columns, indexes and constraints. It alters no column
// that exists: only the server knows what a type or a default means, and it does not tell.
type schema struct{ d *dialect.Dialect }

// Lock takes a lock of the session with the name of the database, because a change of a table ends the transaction and its locks. It
// waits for an hour.
func (schema) Lock() string { return "SELECT GET_LOCK(" + lockName + ", 3600)" }

// Unlock gives the lock back.
func (schema) Unlock() string { return "SELECT RELEASE_LOCK(" + lockName + ")" }

const lockName = "CONCAT('kindred ', MD5(DATABASE()))"

// Remakes returns nothing: ALTER TABLE makes every change.
func (schema) Remakes(*dialect.Change) string { return "" }

// Violations returns nothing: the server checks each foreign key as it is made.
func (schema) Violations(*gorm.DB, []string) (map[string]int64, error) { return nil, nil }

// Compare leaves all columns as they are.
func (schema) Compare(*gorm.DB, []dialect.Alteration) error { return nil }

// Adjust drops the comment, which is a part of the definition.
func (schema) Adjust(c *dialect.TableColumn) { c.Comment = "" }

// IndexHead names an index of a table.
func (s schema) IndexHead(index, table string) string {
	return s.name(index) + " ON " + string(s.d.AppendTable(nil, table))
}

// IndexOption returns the option, but for a word of PostgreSQL's: InnoDB makes indexes beside writers anyway.
func (schema) IndexOption(option string) string {
	if strings.EqualFold(strings.TrimSpace(option), "CONCURRENTLY") {
		return ""
	}
	return option
}

// Target names a table with its database.
func (s schema) Target(table string) string { return string(s.d.AppendTable(nil, table)) }

// Statements makes a table, or adds to it by one ALTER TABLE. Foreign keys wait for the other tables.
func (s schema) Statements(c *dialect.Change) (first, last []string, err error) {
	table := string(s.d.AppendTable(nil, c.Table.Name))
	made := *c
	made.Constraints = nil
	var actions []string
	for _, column := range c.Add {
		actions = append(actions, "ADD COLUMN "+s.name(column.Name)+" "+column.Definition)
	}
	for _, k := range c.Constraints {
		if k.Foreign != nil {
			last = append(last, "ALTER TABLE "+table+" ADD CONSTRAINT "+k.SQL)
			continue
		}
		made.Constraints = append(made.Constraints, k)
		actions = append(actions, "ADD CONSTRAINT "+k.SQL)
	}
	for _, k := range c.Replace {
		last = append(last, "ALTER TABLE "+table+" DROP CONSTRAINT "+s.name(k.Name)+", ADD CONSTRAINT "+k.SQL)
	}
	switch {
	case c.Have == nil:
		first = append(first, s.d.CreateTable(table, &made))
	case len(actions) > 0:
		first = append(first, "ALTER TABLE "+table+" "+strings.Join(actions, ", "))
	}
	for _, i := range c.Indexes {
		first = append(first, i.SQL)
	}
	return first, last, nil
}

func (s schema) name(name string) string { return string(s.d.AppendName(nil, name)) }

// Table reads a table of the connection's database, unless its name has another in front.
func (s schema) Table(db *gorm.DB, name string) (*dialect.Table, error) {
	t := &dialect.Table{Name: name, Folds: true, Limit: 64}
	database, table, qualified := strings.Cut(name, ".")
	if !qualified {
		database, table = "", name
	}
	if err := s.columns(db, database, table, t); err != nil || len(t.Columns) == 0 {
		return nil, err
	}
	if err := s.constraints(db, database, table, t); err != nil {
		return nil, err
	}
	return t, s.indexes(db, database, table, t)
}

// inDatabase is the condition that a row is about the table.
const inDatabase = " TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ? "

func (schema) columns(db *gorm.DB, database, table string, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var c dialect.TableColumn
		if err := scan(&c.Name, &c.Type, &c.NotNull, &c.Default, &c.Generated); err != nil {
			return err
		}
		c.Fixed = true
		t.Columns = append(t.Columns, c)
		return nil
	}, "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE = 'NO', COALESCE(COLUMN_DEFAULT, ''), EXTRA LIKE '%GENERATED%'"+
		" FROM information_schema.COLUMNS WHERE"+inDatabase+"ORDER BY ORDINAL_POSITION", database, table)
}

func (schema) constraints(db *gorm.DB, database, table string, t *dialect.Table) error {
	err := dialect.EachRow(db, func(scan func(...any) error) error {
		var name, kind, column, target, targetColumn, onDelete, onUpdate string
		if err := scan(&name, &kind, &column, &target, &targetColumn, &onDelete, &onUpdate); err != nil {
			return err
		}
		if kind == "PRIMARY KEY" {
			t.Key = append(t.Key, column)
		}
		if n := len(t.Constraints); n == 0 || t.Constraints[n-1].Name != name {
			t.Constraints = append(t.Constraints, dialect.Constraint{Name: name, Unique: kind == "UNIQUE"})
		}
		k := &t.Constraints[len(t.Constraints)-1]
		k.Columns = append(k.Columns, column)
		if kind == "FOREIGN KEY" {
			if k.Foreign == nil {
				k.Foreign = &dialect.Reference{Table: target, OnDelete: action(onDelete), OnUpdate: action(onUpdate)}
			}
			k.Foreign.Columns = append(k.Foreign.Columns, targetColumn)
		}
		return nil
	}, "SELECT c.CONSTRAINT_NAME, c.CONSTRAINT_TYPE, k.COLUMN_NAME, COALESCE(k.REFERENCED_TABLE_NAME, ''),"+
		" COALESCE(k.REFERENCED_COLUMN_NAME, ''), COALESCE(r.DELETE_RULE, ''), COALESCE(r.UPDATE_RULE, '')"+
		" FROM (SELECT * FROM information_schema.TABLE_CONSTRAINTS WHERE"+inDatabase+") c"+
		" JOIN information_schema.KEY_COLUMN_USAGE k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME AND k.CONSTRAINT_NAME = c.CONSTRAINT_NAME"+
		" LEFT JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND r.TABLE_NAME = c.TABLE_NAME AND r.CONSTRAINT_NAME = c.CONSTRAINT_NAME"+
		" ORDER BY c.CONSTRAINT_NAME, k.ORDINAL_POSITION", database, table)
	if err != nil {
		return err
	}
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		t.Constraints = append(t.Constraints, dialect.Constraint{Name: name})
		return err
	}, "SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE"+inDatabase+"AND CONSTRAINT_TYPE = 'CHECK'", database, table)
}

// action returns what a foreign key does, "" if nothing. RESTRICT is the same as NO ACTION there, and the default.
func action(rule string) string {
	if rule == "NO ACTION" || rule == "RESTRICT" {
		return ""
	}
	return rule
}

func (schema) indexes(db *gorm.DB, database, table string, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var name, column string
		var unique bool
		if err := scan(&name, &unique, &column); err != nil {
			return err
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != name {
			t.Indexes = append(t.Indexes, dialect.Index{Name: name, Unique: unique})
		}
		i := &t.Indexes[len(t.Indexes)-1]
		i.Columns = append(i.Columns, column)
		return nil
	}, "SELECT INDEX_NAME, NON_UNIQUE = 0, COALESCE(COLUMN_NAME, '') FROM information_schema.STATISTICS WHERE"+inDatabase+
		"ORDER BY INDEX_NAME, SEQ_IN_INDEX", database, table)
}
