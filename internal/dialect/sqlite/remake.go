// SPDX-License-Identifier: MIT

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/ddl"
	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// alone begins a transaction that may drop a table which others point to. With foreign keys on, DROP TABLE
// deletes the rows of the table first, and what hangs on them; a transaction cannot turn them off. With
// the names of legacy_alter_table, RENAME leaves views and triggers alone, which mean the table's old name.
func alone(ctx context.Context, conn *sql.Conn) (end func(context.Context) error, err error) {
	var keys, legacy int
	if err := conn.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&keys); err != nil {
		return nil, err
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA legacy_alter_table").Scan(&legacy); err != nil {
		return nil, err
	}
	end = func(ctx context.Context) error {
		restore := fmt.Sprintf("PRAGMA foreign_keys = %d; PRAGMA legacy_alter_table = %d", keys, legacy)
		if _, err := conn.ExecContext(ctx, restore); err != nil {
			return err
		}
		var now int
		err := conn.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&now)
		if err == nil && now != keys { // a transaction is open still
			err = errs.New(errs.ErrUnsupported, "the connection does not check foreign keys again")
		}
		return err
	}
	for _, statement := range []string{"PRAGMA foreign_keys = OFF", "PRAGMA legacy_alter_table = ON", "BEGIN IMMEDIATE"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return end, err
		}
	}
	return end, nil
}

// Remakes returns the part of a change that ALTER TABLE cannot make: it adds columns of some kinds, and nothing else.
func (schema) Remakes(c *dialect.Change) string {
	if c.Have == nil {
		return ""
	}
	var reasons []string
	for i := range c.Alter {
		reasons = append(reasons, "the column "+ident.Quote(c.Alter[i].Want.Name)+" has changed")
	}
	for _, column := range c.Add {
		if !addable(column) {
			reasons = append(reasons, "the column "+ident.Quote(column.Name)+" is new, and NOT NULL, unique or computed")
		}
	}
	for _, k := range append(c.Constraints, c.Replace...) {
		reasons = append(reasons, "the constraint "+ident.Quote(k.Name)+" is new")
	}
	return strings.Join(reasons, ", ")
}

// addable reports whether ALTER TABLE ADD COLUMN takes the column, whatever rows there are.
func addable(c dialect.TableColumn) bool {
	d := ddl.ParseColumn(c.Definition)
	if d.Has("PRIMARY") || d.Has("UNIQUE") || d.Has("REFERENCES") || d.Has("GENERATED") || d.Has("AS") {
		return false
	}
	value := d.Default()
	if strings.HasPrefix(value, "(") || strings.HasPrefix(strings.ToUpper(value), "CURRENT_") {
		return false // it is no constant
	}
	return !d.NotNull() || value != ""
}

// Statements makes a table, adds to it, or recreates it.
func (s schema) Statements(c *dialect.Change) (first, last []string, err error) {
	table := string(s.d.AppendTable(nil, c.Table.Name))
	switch {
	case c.Have == nil:
		first = []string{s.d.CreateTable(table, c)}
	case s.Remakes(c) != "":
		if first, err = s.remake(c, table); err != nil {
			return nil, nil, err
		}
	default:
		for _, column := range c.Add {
			first = append(first, "ALTER TABLE "+table+" ADD COLUMN "+string(s.d.AppendName(nil, column.Name))+" "+column.Definition)
		}
	}
	for _, i := range c.Indexes {
		first = append(first, i.SQL)
	}
	return first, nil, nil
}

// remake follows https://www.sqlite.org/lang_altertable.html#otheralter
func (s schema) remake(c *dialect.Change, table string) ([]string, error) {
	made, ok := ddl.ParseTable(c.Have.Source)
	if !ok {
		return nil, errs.New(errs.ErrUnsupported, "the table %s is virtual; change it by SQL of your own", ident.Quote(c.Table.Name))
	}
	within, own := place(c.Table.Name)
	fresh := "kindred_new_" + own
	target := string(s.d.AppendTable(nil, within+"."+fresh))
	columns := s.d.Names(s.copied(c, made))
	if hidden := hiddenRowID(c.Have, made); hidden != "" {
		columns = hidden + "," + columns
	}
	statements := []string{
		"CREATE TABLE " + target + " (" + strings.Join(s.elements(c, made), ",") + ") " + made.Options,
		"INSERT INTO " + target + " (" + columns + ") SELECT " + columns + " FROM " + table,
	}
	if strings.Contains(strings.ToUpper(c.Have.Source), "AUTOINCREMENT") {
		counters := string(s.d.AppendName(nil, within)) + ".sqlite_sequence"
		statements = append(statements, "DELETE FROM "+counters+" WHERE name = "+literal(fresh),
			"INSERT INTO "+counters+" (name, seq) SELECT "+literal(fresh)+", seq FROM "+counters+" WHERE lower(name) = lower("+literal(own)+")")
	}
	statements = append(statements, "DROP TABLE "+table, "ALTER TABLE "+target+" RENAME TO "+string(s.d.AppendName(nil, own)))
	for _, text := range c.Have.Hanging {
		statements = append(statements, inside(text, within))
	}
	return statements, nil
}

// inside names the database in front of the index or trigger that a statement makes.
func inside(statement, within string) string {
	if within == "main" {
		return statement
	}
	for _, word := range []string{" INDEX ", " TRIGGER "} {
		if head, rest, ok := strings.Cut(statement, word); ok {
			return head + word + within + "." + rest
		}
	}
	return statement
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// elements are the columns and constraints of the table as it is to be.
func (s schema) elements(c *dialect.Change, made ddl.Table) (out []string) {
	column := func(name, definition string) string {
		return strings.TrimSpace(string(s.d.AppendName(nil, name)) + " " + definition)
	}
	var rest []string
	for _, e := range made.Elements {
		if e.Column == "" {
			if !slices.ContainsFunc(c.Replace, func(k dialect.Constraint) bool { return c.Have.Same(k.Name, e.Constraint) }) {
				rest = append(rest, e.Text)
			}
			continue
		}
		out = append(out, column(e.Column, altered(c, e)))
	}
	for _, added := range c.Add {
		out = append(out, column(added.Name, added.Definition))
	}
	for _, k := range append(c.Constraints, c.Replace...) {
		rest = append(rest, "CONSTRAINT "+k.SQL)
	}
	return append(out, rest...)
}

// altered returns a column's definition, with what has changed.
func altered(c *dialect.Change, e ddl.Element) string {
	for i := range c.Alter {
		a := &c.Alter[i]
		if !c.Have.Same(a.Have.Name, e.Column) {
			continue
		}
		value := a.Want.Default
		if value == dialect.AnyDefault {
			value = ddl.ParseColumn(e.Text).Default()
		}
		return ddl.ParseColumn(e.Text).With(a.Want.Type, value, a.Want.NotNull).String()
	}
	return e.Text
}

// copied returns the columns whose values are copied to the new table.
func (schema) copied(c *dialect.Change, made ddl.Table) (names []string) {
	for _, name := range made.Names() {
		if column, ok := c.Have.Column(name); ok && !column.Generated {
			names = append(names, name)
		}
	}
	return names
}

// hiddenRowID returns a name of the rowid, which full-text tables may refer to, unless a column is it or
// there is none.
func hiddenRowID(t *dialect.Table, made ddl.Table) string {
	if strings.Contains(strings.ToUpper(made.Options), "WITHOUT ROWID") {
		return ""
	}
	if len(t.Key) == 1 {
		if key, _ := t.Column(t.Key[0]); strings.EqualFold(key.Type, "INTEGER") {
			return ""
		}
	}
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if _, taken := t.Column(name); !taken {
			return name
		}
	}
	return ""
}
