// SPDX-License-Identifier: MIT

package meta

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Model is all that is known about a model's type under one naming strategy. It never changes.
type Model struct {
	Type   reflect.Type // the struct
	Slice  reflect.Type // []struct, for arenas
	Name   string       // Go name of the struct
	Table  string
	Names  Names
	Schema *schema.Schema // gorm's view of the columns, for migration
	Record reflect.Type   // the struct type gorm knows, made of the columns only
	State  uintptr        // where in a record the pointer to its state lies

	Columns   []*Column
	Keys      []*Column // primary key, at least one
	AutoKey   *Column   // counted by the database; nil if the caller sets keys
	Version   *Column
	Deleted   *Deletion // soft deletes; nil without
	Created   []*Column
	Updated   []*Column
	Opaque    []*Column // in the order of their slots in a snapshot
	Shared    []*Column // a shallow copy of which could be written through
	Places    []Place   // of all columns
	Runs      []Run     // the places again
	Deferred  bool      // some column's Scan runs code that is not ours
	Fillable  bool      // some field is marked fillable, so only marked ones are
	Virtuals  []*Virtual
	Relations []*Relation
	Computed  []Computed
	Hooks     Hooks
	Scopes    map[string]Scope
	Globals   []GlobalScope
	Serialize map[string]func(record memory.Ptr) any // by attribute
	Extras    func(record memory.Ptr) map[string]any // how extras appear in JSON

	Loose bool // a pivot table without a model: names that are not known may be columns

	models    *Registry // of the related models
	pivot     *pivotTable
	attrs     map[string]*Column
	columns   map[string]*Column
	virtuals  map[string]*Virtual
	relations map[string]*Relation
}

// Computed is a serialized value that is no column.
type Computed struct {
	Name string
	Func func(record memory.Ptr) any
}

// GlobalScope is applied to every query of a model until it is removed by name.
type GlobalScope struct {
	Name string
	Func Refine
}

// Query is a *query.Spec. Package query lies above this one, which only keeps functions on queries.
type Query any

type (
	// Refine adds to a query.
	Refine func(Query)
	// Scope adds to a query, with arguments of the caller.
	Scope func(q Query, args ...any)
)

// Column returns the column of an attribute or column name.
func (m *Model) Column(name string) (*Column, bool) {
	if c, ok := m.attrs[name]; ok {
		return c, true
	}
	if c, ok := m.columns[name]; ok {
		return c, true
	}
	if m.Loose && ident.CheckRegistered(name) == nil && ident.Valid(name) {
		return m.looseColumn(name), true
	}
	return nil, false
}

// Virtual returns the field without a column that receives the result column name.
func (m *Model) Virtual(name string) (*Virtual, bool) {
	v, ok := m.virtuals[name]
	return v, ok
}

// Relation returns the relation of a lower camel or Go name.
func (m *Model) Relation(name string) (*Relation, bool) {
	r, ok := m.relations[name]
	return r, ok
}

// Keyed returns an error for a model without a primary key, such as one of a view: its rows can be read, but not told apart.
func (m *Model) Keyed() error {
	if len(m.Keys) > 0 {
		return nil
	}
	return errs.New(errs.ErrMissingKey, `%s has no primary key, by which its rows are told apart; name a field ID or tag one with gorm:"primaryKey"`, m.Name)
}

// Key returns the only column of the primary key, or an error if there are several, or none.
func (m *Model) Key() (*Column, error) {
	if err := m.Keyed(); err != nil {
		return nil, err
	}
	if len(m.Keys) != 1 {
		return nil, errs.New(errs.ErrUnsupported, "%s has a composite key; use Where with each of its columns", m.Name)
	}
	return m.Keys[0], nil
}

// UniqueWhere returns the condition of the unique index on exactly these columns, "" if it is of all rows, or not known.
func (m *Model) UniqueWhere(columns []*Column) string {
	where := ""
	for _, index := range Indexes(m.Schema) {
		outside := func(f schema.IndexOption) bool {
			return f.Field == nil || !slices.ContainsFunc(columns, func(c *Column) bool { return c.Field == f.Field })
		}
		if index.Class != "UNIQUE" || len(index.Fields) != len(columns) || slices.ContainsFunc(index.Fields, outside) {
			continue
		}
		if where = index.Where; where == "" {
			break
		}
	}
	if m.uniqueByTag(columns) {
		return ""
	}
	return where
}

// uniqueByTag reports whether columns are the primary key, or one that is unique by its tag.
func (m *Model) uniqueByTag(columns []*Column) bool {
	outside := func(c *Column) bool { return !c.Key }
	return len(columns) == len(m.Keys) && !slices.ContainsFunc(columns, outside) || len(columns) == 1 && columns[0].Field.Unique
}

// DeclaresUnique reports whether the model declares that exactly these columns are unique.
func (m *Model) DeclaresUnique(columns []*Column) bool {
	of := func(index *schema.Index) bool {
		outside := func(f schema.IndexOption) bool {
			return f.Field == nil || !slices.ContainsFunc(columns, func(c *Column) bool { return c.Field == f.Field })
		}
		return index.Class == "UNIQUE" && len(index.Fields) == len(columns) && !slices.ContainsFunc(index.Fields, outside)
	}
	return m.uniqueByTag(columns) || slices.ContainsFunc(Indexes(m.Schema), of)
}

// primaryIndex is what MySQL calls the index of the primary key.
const primaryIndex = "PRIMARY"

// UniqueColumns returns the columns of a unique index of the table, as far as the model declares it.
func (m *Model) UniqueColumns(name string) (columns []string) {
	if name == primaryIndex {
		for _, c := range m.Keys {
			columns = append(columns, c.Name)
		}
		return columns
	}
	for constraint, unique := range m.Schema.ParseUniqueConstraints() {
		if constraint == name {
			return []string{unique.Field.DBName}
		}
	}
	for _, index := range Indexes(m.Schema) {
		if index.Name != name {
			continue
		}
		for _, f := range index.Fields {
			if f.Field == nil { // an expression
				return nil
			}
			columns = append(columns, f.DBName)
		}
	}
	return columns
}

// UnknownColumn is the error for a name that is neither attribute nor column.
func (m *Model) UnknownColumn(name string) error {
	if r, ok := m.relations[name]; ok {
		return errs.New(errs.ErrUnknownColumn, "%s.%s is a relation, not a column", m.Name, r.Name)
	}
	return errs.New(errs.ErrUnknownColumn, "%s has no column %s%s", m.Name, ident.Quote(name),
		errs.DidYouMean(name, m.namesLike(name)))
}

// UnknownAttribute is the error for a key of Attrs that is neither attribute nor column.
func (m *Model) UnknownAttribute(name string) error {
	return errs.About(m.Name, name, errs.New(errs.ErrUnknownAttribute, "%s has no attribute %s%s", m.Name, ident.Quote(name),
		errs.DidYouMean(name, m.namesLike(name))))
}

// namesLike returns the names that a typing mistake may have meant: attributes for a name with a
// capital letter, else columns.
func (m *Model) namesLike(name string) []string {
	names := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		names[i] = c.Name
		if strings.ToLower(name) != name {
			names[i] = c.Attr
		}
	}
	return names
}

// Stale is the error for a write that found no row.
func (m *Model) Stale(op string) error {
	why := "the row is gone"
	if m.Version != nil {
		why = "the row is gone, or was changed since it was loaded"
	}
	return errs.New(errs.ErrStale, "%s of %s: %s; Refresh or Fresh reads it again", op, m.Name, why)
}

// New allocates a record.
func (m *Model) New() memory.Ptr { return memory.New(m.Type) }

func (m *Model) String() string { return fmt.Sprintf("%s (%s)", m.Name, m.Table) }
