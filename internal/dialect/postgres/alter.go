// SPDX-License-Identifier: MIT

package postgres

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/dialect"
)

// Statements makes a table, or changes it by one ALTER TABLE. Foreign keys wait for the other tables.
func (s schema) Statements(c *dialect.Change) (first, last []string, err error) {
	table := string(s.d.AppendTable(nil, c.Table.Name))
	var own, foreign []dialect.Constraint
	for _, k := range append(c.Constraints, c.Replace...) {
		if k.Foreign != nil {
			foreign = append(foreign, k)
		} else {
			own = append(own, k)
		}
	}
	if c.Have == nil {
		made := *c
		made.Constraints = own
		first = append(first, s.d.CreateTable(table, &made))
	} else if actions := s.actions(c, own); len(actions) > 0 {
		first = append(first, "ALTER TABLE "+table+" "+strings.Join(actions, ", "))
	}
	for _, i := range c.Indexes {
		if !i.Concurrent {
			first = append(first, i.SQL)
		}
	}
	for _, column := range c.Comments {
		first = append(first, "COMMENT ON COLUMN "+table+"."+s.name(column.Name)+" IS "+literalText(column.Comment))
	}
	for _, k := range foreign {
		text := "ALTER TABLE " + table + " "
		if replaces(c, k) {
			text += "DROP CONSTRAINT " + s.name(k.Name) + ", "
		}
		last = append(last, text+"ADD CONSTRAINT "+k.SQL)
	}
	return first, last, nil
}

func replaces(c *dialect.Change, k dialect.Constraint) bool {
	for _, other := range c.Replace {
		if other.Name == k.Name {
			return true
		}
	}
	return false
}

func (s schema) name(name string) string { return string(s.d.AppendName(nil, name)) }

func literalText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// actions are what ALTER TABLE does.
func (s schema) actions(c *dialect.Change, constraints []dialect.Constraint) (out []string) {
	for _, column := range c.Add {
		out = append(out, "ADD COLUMN "+s.name(column.Name)+" "+column.Definition)
	}
	for i := range c.Alter {
		out = append(out, s.alter(&c.Alter[i])...)
	}
	for _, k := range constraints {
		out = append(out, "ADD CONSTRAINT "+k.SQL)
	}
	return out
}

// alter changes a column. A default has to go while the type changes, because there may be no cast for it.
func (s schema) alter(a *dialect.Alteration) (out []string) {
	column := "ALTER COLUMN " + s.name(a.Have.Name) + " "
	typ := withoutSerial(a.Want.Type)
	if a.Have.Default != "" && (a.Type || a.Default) && a.Want.Default != dialect.AnyDefault && !serial(a.Want.Type) {
		out = append(out, column+"DROP DEFAULT")
	}
	if a.Type {
		change := column + "TYPE " + typ
		if !isString(typ) { // a cast to text of limited length cuts off without an error
			change += " USING " + s.name(a.Have.Name) + "::" + typ
		}
		out = append(out, change)
	}
	if a.Want.Default != "" && (a.Type || a.Default) && a.Want.Default != dialect.AnyDefault {
		out = append(out, column+"SET DEFAULT "+a.Want.Default)
	}
	if a.Null {
		verb := "DROP"
		if a.Want.NotNull {
			verb = "SET"
		}
		out = append(out, column+verb+" NOT NULL")
	}
	return out
}

// isString reports whether every type is assigned to the type as its text.
func isString(typ string) bool {
	for _, prefix := range []string{"text", "varchar", "char", "bpchar"} {
		if strings.HasPrefix(strings.ToLower(typ), prefix) && !strings.HasSuffix(typ, "]") {
			return true
		}
	}
	return false
}
