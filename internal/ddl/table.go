// SPDX-License-Identifier: MIT

package ddl

import (
	"slices"
)

// Table is a CREATE TABLE statement.
type Table struct {
	Elements []Element
	Options  string // what follows the parentheses
}

// Element is a column or a constraint of the table.
type Element struct {
	Column     string // its name; "" for a constraint
	Constraint string // its name; "" if it has none
	Text       string // a column's definition without its name, or all of a constraint
}

// ParseTable reads a CREATE TABLE statement; false if it is none, or one without columns.
func ParseTable(statement string) (t Table, ok bool) {
	list := tokens(statement)
	if len(list) < 3 || list[0].word != "CREATE" || list[1].word != "TABLE" {
		return Table{}, false
	}
	body := slices.IndexFunc(list, func(t token) bool { return statement[t.start] == '(' })
	if body < 0 {
		return Table{}, false
	}
	t.Options = joined(statement, list[body+1:])
	inside := statement[list[body].start+1 : list[body].end-1]
	for part := range split(inside) {
		t.Elements = append(t.Elements, element(inside, part))
	}
	return t, true
}

// split yields the tokens between commas.
func split(text string) func(func([]token) bool) {
	return func(yield func([]token) bool) {
		list := tokens(text)
		for len(list) > 0 {
			end := slices.IndexFunc(list, func(t token) bool { return t.of(text) == "," })
			if end < 0 {
				yield(list)
				return
			}
			if end > 0 && !yield(list[:end]) {
				return
			}
			list = list[end+1:]
		}
	}
}

func element(text string, list []token) Element {
	if slices.Contains([]string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, list[0].word) {
		e := Element{Text: joined(text, list)}
		if list[0].word == "CONSTRAINT" && len(list) > 1 {
			e.Constraint = Unquote(list[1].of(text))
		}
		return e
	}
	return Element{Column: Unquote(list[0].of(text)), Text: joined(text, list[1:])}
}

// Names returns the names of the columns.
func (t Table) Names() (names []string) {
	for _, e := range t.Elements {
		if e.Column != "" {
			names = append(names, e.Column)
		}
	}
	return names
}
