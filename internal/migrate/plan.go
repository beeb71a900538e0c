// SPDX-License-Identifier: MIT

package migrate

import (
	"slices"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/meta"
)

// step is what the table of a model lacks.
type step struct {
	model  *meta.Model
	change *dialect.Change
}

// compare returns what a wanted table lacks.
func compare(g *gorm.DB, s dialect.Schema, want *dialect.Table) (*dialect.Change, error) {
	have, err := s.Table(g, want.Name)
	if err != nil {
		return nil, err
	}
	c := &dialect.Change{Table: want, Have: have}
	if have == nil {
		made := &dialect.Table{Key: want.Key, Indexes: keyIndex(want)}
		c.Constraints = want.Constraints
		c.Indexes = missingIndexes(made, want)
		c.Comments = slices.DeleteFunc(slices.Clone(want.Columns), func(column dialect.TableColumn) bool { return column.Comment == "" })
		return c, nil
	}
	compareConstraints(c)
	c.Indexes = missingIndexes(have, want)
	return c, compareColumns(g, s, c)
}

// keyIndex is the index that a table which is made has for its key.
func keyIndex(want *dialect.Table) []dialect.Index {
	if len(want.Key) == 0 {
		return nil
	}
	return []dialect.Index{{Columns: want.Key, Unique: true}}
}

func compareColumns(g *gorm.DB, s dialect.Schema, c *dialect.Change) error {
	var both []dialect.Alteration
	for _, want := range c.Table.Columns {
		have, ok := c.Have.Column(want.Name)
		switch {
		case !ok:
			c.Add = append(c.Add, want)
		case !want.Fixed && !have.Fixed && !want.Generated && !have.Generated:
			both = append(both, dialect.Alteration{Have: have, Want: want})
		}
		if want.Comment != "" && want.Comment != have.Comment {
			c.Comments = append(c.Comments, want)
		}
	}
	if err := s.Compare(g, both); err != nil {
		return err
	}
	for _, a := range both {
		if a.Differs() {
			c.Alter = append(c.Alter, a)
		}
	}
	return nil
}

// compareConstraints finds constraints by their names, and those that do the same under other names.
func compareConstraints(c *dialect.Change) {
	for _, want := range c.Table.Constraints {
		named := slices.ContainsFunc(c.Have.Constraints, func(k dialect.Constraint) bool { return c.Have.Same(k.Name, want.Name) })
		switch {
		case want.Foreign != nil && slices.ContainsFunc(c.Have.Constraints, sameForeignKey(c.Have, want)):
		case want.Foreign != nil && named:
			c.Replace = append(c.Replace, want)
		case !named && (!want.Unique || !slices.ContainsFunc(c.Have.Indexes, sameUnique(c.Have, want))):
			c.Constraints = append(c.Constraints, want)
		}
	}
}

func sameForeignKey(t *dialect.Table, want dialect.Constraint) func(dialect.Constraint) bool {
	return func(k dialect.Constraint) bool {
		return k.Foreign != nil && t.SameColumns(k.Columns, want.Columns) && want.Foreign.Equal(k.Foreign)
	}
}

func sameUnique(t *dialect.Table, want dialect.Constraint) func(dialect.Index) bool {
	return func(i dialect.Index) bool { return i.Unique && !i.Partial && t.SameColumns(i.Columns, want.Columns) }
}

// missingIndexes finds indexes by their names. One that only has to begin with a column is not missing where
// another does.
func missingIndexes(have, want *dialect.Table) (missing []dialect.Index) {
	leads := func(list []dialect.Index, column string) bool {
		return slices.ContainsFunc(list, func(i dialect.Index) bool {
			return !i.IfUnled && !i.Partial && len(i.Columns) > 0 && have.Same(i.Columns[0], column)
		})
	}
	for _, i := range want.Indexes {
		if slices.ContainsFunc(have.Indexes, func(other dialect.Index) bool { return have.Same(other.Name, i.Name) }) {
			continue
		}
		if i.IfUnled && (leads(have.Indexes, i.Columns[0]) || leads(want.Indexes, i.Columns[0]) ||
			len(have.Key) > 0 && have.Same(have.Key[0], i.Columns[0])) {
			continue
		}
		missing = append(missing, i)
	}
	return missing
}
