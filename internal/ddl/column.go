// SPDX-License-Identifier: MIT

package ddl

import (
	"slices"
	"strings"
)

// Column is what follows the name of a column in its definition.
type Column struct {
	Type    string
	clauses []clause
}

// clause is a constraint of a column.
type clause struct {
	word string // NOT, DEFAULT, CHECK …
	text string // with the name of the constraint in front
}

// starters are the words that begin a constraint of a column.
var starters = []string{ //nolint:gochecknoglobals // a constant list.
	"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS",
}

// ParseColumn reads a definition, which begins with the type.
func ParseColumn(definition string) Column {
	list := tokens(definition)
	starts := clauseStarts(list)
	c := Column{Type: joined(definition, list)}
	if len(starts) > 0 {
		c.Type = joined(definition, list[:starts[0]])
	}
	for i, start := range starts {
		part := list[start:]
		if i+1 < len(starts) {
			part = list[start:starts[i+1]]
		}
		word := part[0].word
		if word == "CONSTRAINT" && len(part) > 2 {
			word = part[2].word
		}
		c.clauses = append(c.clauses, clause{word, joined(definition, part)})
	}
	return c
}

// clauseStarts returns the indexes of the words that begin a constraint.
func clauseStarts(list []token) (starts []int) {
	for i, t := range list {
		if !slices.Contains(starters, t.word) || t.word == "" || continues(list, i) {
			continue
		}
		if n := len(starts); n > 0 && list[starts[n-1]].word == "CONSTRAINT" && i-starts[n-1] == 2 {
			continue // CONSTRAINT name CHECK
		}
		starts = append(starts, i)
	}
	return starts
}

// continues reports whether the word belongs to the constraint that the words before it have begun.
func continues(list []token, i int) bool {
	before := ""
	if i > 0 {
		before = list[i-1].word
	}
	switch list[i].word {
	case "NULL":
		return before == "NOT" || before == "SET" || before == "DEFAULT"
	case "NOT":
		return i+1 < len(list) && list[i+1].word == "DEFERRABLE"
	case "DEFAULT":
		return before == "SET" || before == "BY"
	case "AS":
		return before == "ALWAYS" || before == "DEFAULT"
	}
	return before == "CONSTRAINT"
}

// joined returns the text of tokens, without comments, and with the spaces that it has.
func joined(text string, list []token) string {
	var b strings.Builder
	for i, t := range list {
		if i > 0 && t.start > list[i-1].end {
			b.WriteByte(' ')
		}
		b.WriteString(t.of(text))
	}
	return b.String()
}

// Has reports whether the column has a constraint that begins with the word.
func (c Column) Has(word string) bool {
	return slices.ContainsFunc(c.clauses, func(own clause) bool { return own.word == word })
}

// ConstraintNames returns the names of the constraints that have one.
func (c Column) ConstraintNames() (names []string) {
	for _, own := range c.clauses {
		if list := tokens(own.text); list[0].word == "CONSTRAINT" && len(list) > 1 {
			names = append(names, Unquote(list[1].of(own.text)))
		}
	}
	return names
}

// NotNull reports whether the column refuses NULL.
func (c Column) NotNull() bool { return c.Has("NOT") }

// Default returns the default's expression; "" if there is none, or it is NULL.
func (c Column) Default() string {
	for _, own := range c.clauses {
		if own.word != "DEFAULT" {
			continue
		}
		list := tokens(own.text)
		for list[0].word != "DEFAULT" {
			list = list[1:]
		}
		if text := joined(own.text, list[1:]); !strings.EqualFold(text, "NULL") {
			return text
		}
	}
	return ""
}

// With returns the column with another type, default and NOT NULL. The other constraints stay.
func (c Column) With(typ, value string, notNull bool) Column {
	out := Column{Type: typ}
	for _, own := range c.clauses {
		if own.word != "NOT" && own.word != "NULL" && own.word != "DEFAULT" {
			out.clauses = append(out.clauses, own)
		}
	}
	if notNull {
		out.clauses = append(out.clauses, clause{"NOT", "NOT NULL"})
	}
	if value != "" {
		out.clauses = append(out.clauses, clause{"DEFAULT", "DEFAULT " + value})
	}
	return out
}

// String returns the definition.
func (c Column) String() string {
	parts := []string{c.Type}
	for _, own := range c.clauses {
		parts = append(parts, own.text)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}
