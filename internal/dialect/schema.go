// SPDX-License-Identifier: MIT

package dialect

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Schema reads and changes tables, for Migrate.
type Schema interface {
	// Table returns the table that the database has by this name, which may have a schema in front; nil if
	// there is none.
	Table(db *gorm.DB, name string) (*Table, error)
	// Compare sets what differs in each of the alterations.
	Compare(db *gorm.DB, list []Alteration) error
	// Remakes returns the part of a change that the database can only make by recreating the table; "" if there is none.
	Remakes(c *Change) (reason string)
	// Statements returns the statements that make the change, without foreign keys that have to wait until
	// all tables are there, and those that make these.
	Statements(c *Change) (first, last []string, err error)
	// Violations counts the rows of tables, and of the tables that point to them, whose foreign keys lead
	// nowhere, by tables.
	Violations(db *gorm.DB, tables []string) (map[string]int64, error)
	// Adjust brings a wanted column into the form that the database knows.
	Adjust(c *TableColumn)
	// IndexHead returns the part of CREATE INDEX from INDEX to the table.
	IndexHead(index, table string) string
	// IndexOption returns the option of an index in the form of this database.
	IndexOption(option string) string
	// Target returns the name of a table for a foreign key.
	Target(table string) string
	// Lock returns the statement that makes other migrations wait until the transaction has ended; "" if the
	// transaction itself does.
	Lock() string
	// Unlock returns the statement that gives the lock back; "" if the end of the transaction does.
	Unlock() string
}

// Table is a table as models want it, or as the database has it.
type Table struct {
	Name        string
	Columns     []TableColumn
	Key         []string
	Constraints []Constraint
	Indexes     []Index
	Folds       bool     // names that differ in case are the same
	Limit       int      // names are cut off behind so many bytes; 0 is never
	Source      string   // the statement that made it, where the database keeps one
	Hanging     []string // the statements that make again what goes with the table
}

// AnyDefault is the wanted default of a column whose default the database alone knows.
const AnyDefault = "(-)"

// TableColumn is a column of a table.
type TableColumn struct {
	Name       string
	Definition string // what follows the name where the column is made
	Type       string
	Default    string // an expression; "" if there is none
	NotNull    bool
	Fixed      bool // it is never altered
	Generated  bool // its values are computed
	Comment    string
}

// Constraint is a constraint of a table.
type Constraint struct {
	Name    string
	SQL     string // of a wanted one, from its name on
	Columns []string
	Unique  bool
	Foreign *Reference // of a foreign key
}

// Reference is what a foreign key points to.
type Reference struct {
	Table              string // without its schema
	Columns            []string
	OnDelete, OnUpdate string // in upper case; "" is NO ACTION
}

// Index is an index of a table.
type Index struct {
	Name       string
	SQL        string // of a wanted one
	Columns    []string
	Unique     bool
	Partial    bool // of some rows only
	IfUnled    bool // wanted unless another index begins with its first column
	Concurrent bool // made outside of a transaction
}

// Change is the difference between a table and its model.
type Change struct {
	Table       *Table // as it is wanted
	Have        *Table // nil: the table is to be made
	Add         []TableColumn
	Alter       []Alteration
	Constraints []Constraint
	Replace     []Constraint // they have the name of others
	Indexes     []Index
	Comments    []TableColumn
}

// Empty reports whether there is nothing to do.
func (c *Change) Empty() bool {
	return c.Have != nil && len(c.Add)+len(c.Alter)+len(c.Constraints)+len(c.Replace)+len(c.Indexes)+len(c.Comments) == 0
}

// Alteration is a column whose definition has changed.
type Alteration struct {
	Have, Want          TableColumn
	Type, Null, Default bool // what differs
}

// Differs reports whether anything differs.
func (a *Alteration) Differs() bool { return a.Type || a.Null || a.Default }

// Same reports whether two names are the same to the database.
func (t *Table) Same(a, b string) bool {
	if t.Limit > 0 {
		a, b = a[:min(len(a), t.Limit)], b[:min(len(b), t.Limit)]
	}
	return a == b || t.Folds && strings.EqualFold(a, b)
}

// Column returns a column by its name.
func (t *Table) Column(name string) (TableColumn, bool) {
	for _, c := range t.Columns {
		if t.Same(c.Name, name) {
			return c, true
		}
	}
	return TableColumn{}, false
}

// SameColumns reports whether two lists of names are the same to the database.
func (t *Table) SameColumns(a, b []string) bool { return slices.EqualFunc(a, b, t.Same) }

// Equal reports whether two foreign keys do the same. A column without a name is the primary key.
func (r *Reference) Equal(other *Reference) bool {
	same := func(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }
	return strings.EqualFold(r.Table, other.Table) && slices.EqualFunc(r.Columns, other.Columns, same) &&
		r.action(r.OnDelete) == r.action(other.OnDelete) && r.action(r.OnUpdate) == r.action(other.OnUpdate)
}

func (*Reference) action(name string) string {
	if name == "NO ACTION" {
		return ""
	}
	return name
}

// EachRow calls row for each row of a query, with what scans it.
func EachRow(db *gorm.DB, row func(scan func(into ...any) error) error, query string, args ...any) error {
	rows, err := db.Raw(query, args...).Rows()
	if err != nil {
		return err
	}
	for rows.Next() {
		if err = row(rows.Scan); err != nil {
			break
		}
	}
	if closed := rows.Close(); err == nil { //nolint:sqlclosecheck // its error is returned.
		err = closed
	}
	if err == nil {
		err = rows.Err()
	}
	return err
}
