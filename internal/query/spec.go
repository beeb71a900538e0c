// SPDX-License-Identifier: MIT

package query

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Spec describes a query. A node is never changed once it is part of a Spec, so a clone only
// copies the lists.
type Spec struct {
	Handle *tx.Handle // nil: the one that the context carries
	Model  *meta.Model
	Alias  string // of the model's table; "" is the table's name

	Where    Group  // the caller's conditions
	Must     []Node // conditions of the framework, which an OR of the caller cannot escape
	Scoped   []Node // conditions of global scopes, which also do not count as the caller's
	Joins    []Join
	Columns  []Selection // none is all
	Distinct bool
	Groups   []string
	Having   Group
	Orders   []Order
	Limit    *int
	Offset   *int
	Lock     Lock
	Trashed  Trashed

	Aggregates []Aggregate
	Applied    []func(*gorm.DB) *gorm.DB
	Sideload   map[string]any
	ReadOnly   bool
	Bare       bool // records whose columns are only read here: they get no states
	AutoLoad   bool
	AllRows    bool
	Primary    bool            // the primary answers, not a replica
	Unscoped   map[string]bool // global scopes that were removed; "" is all

	Sources  []Source // tables that the framework joins
	Outputs  []Output // what it selects
	Preloads []Preload
	Link     *meta.Link // the relation whose rows these are; nil outside of one
	Pivot    string     // name of its pivot table in the query
	Outer    *Spec      // the query that this one is inside of
	Related  bool       // a sub-query of a relation
	As       string     // the name of what a sub-query selects
	Parent   memory.Ptr // the record whose related rows these are, if they are to lead back to it
	OfRecord bool       // of a record's relation: a transaction in the context serves it, rather than the Handle
	Parents  *Parents   // whose rows these are
	Limited  *int       // rows per parent
	Picked   []Order    // which rows of a parent those are

	Grouping bool  // collects the conditions of a group, and cannot run
	Err      error // the first mistake that the chain found
}

// Preload is a relation to load with the records of a query.
type Preload struct {
	Link     *meta.Link
	Columns  []string // of the related model; none is all
	Refine   []func(*Spec)
	Children []Preload
	Missing  bool // only for records that do not have it
	// Query is that of the related rows, without the keys of the parents, hooks and scopes, and nil before it is
	// prepared. All batches of a loop share it.
	Query *Spec
}

// Group is a list of conditions.
type Group []Term

// Logic says how a condition is joined to those before it.
type Logic struct{ Or, Not bool }

// The ways to join a condition.
var (
	And    = Logic{}                    //nolint:gochecknoglobals // constant.
	Or     = Logic{Or: true}            //nolint:gochecknoglobals // constant.
	AndNot = Logic{Not: true}           //nolint:gochecknoglobals // constant.
	OrNot  = Logic{Or: true, Not: true} //nolint:gochecknoglobals // constant.
)

// Plain returns the logic without NOT, for nodes that negate themselves.
func (l Logic) Plain() Logic { return Logic{Or: l.Or} }

// Term is a condition and how it is joined to those before it.
type Term struct {
	Logic

	Node Node
}

// Trashed says which rows of a model with soft deletes are seen.
type Trashed uint8

// The rows that are seen: those that are not deleted, all, only the deleted ones.
const (
	WithoutTrashed Trashed = iota
	WithTrashed
	OnlyTrashed
)

// Join is a joined table with one condition.
type Join struct {
	Left                    bool
	Table, First, Op, Other string
}

// Selection is a selected column, or raw SQL.
type Selection struct {
	Column string
	Raw    *Raw
}

// Order is a sort key, a column of one of the tables, or raw SQL.
type Order struct {
	Column    string
	Place     Place // instead of Column
	Desc      bool
	NullsLast bool // else the databases differ
	Greatest  bool // NULL is the greatest value, in either direction
	Raw       *Raw
}

// Aggregate is an aggregate of the query itself.
type Aggregate struct {
	Func, Column, As string

	Named      bool // by the caller
	unselected bool // only HAVING and ORDER BY know it
}

// unselect leaves the aggregates to HAVING and ORDER BY.
func (s *Spec) unselect() {
	s.Aggregates = slices.Clone(s.Aggregates)
	for i := range s.Aggregates {
		s.Aggregates[i].unselected = true
	}
}

// selected returns how many values the caller has selected.
func (s *Spec) selected() int {
	n := len(s.Columns)
	for _, a := range s.Aggregates {
		if !a.unselected {
			n++
		}
	}
	return n
}

// Lock is a row lock.
type Lock struct{ Mode, Wait string }

// The modes of a lock, and what happens to rows that others have locked.
const (
	ForUpdate = " FOR UPDATE"
	ForShare  = " FOR SHARE"
	// ForNoKeyUpdate allows others to insert rows whose foreign key points to the row.
	ForNoKeyUpdate = " FOR NO KEY UPDATE"
	SkipLocked     = " SKIP LOCKED"
	NoWait         = " NOWAIT"
)

// New returns the description of all rows of a model.
func New(h *tx.Handle, m *meta.Model) *Spec { return &Spec{Handle: h, Model: m} }

// Fail keeps the first error. The call that runs the query returns it.
func (s *Spec) Fail(err error) {
	if s.Err == nil {
		s.Err = err
	}
}

// Clone returns a description that can be changed without changing s.
func (s *Spec) Clone() *Spec {
	c := *s
	c.Where, c.Must, c.Joins = slices.Clip(s.Where), slices.Clip(s.Must), slices.Clip(s.Joins)
	c.Scoped = slices.Clip(s.Scoped)
	c.Columns, c.Groups, c.Having = slices.Clip(s.Columns), slices.Clip(s.Groups), slices.Clip(s.Having)
	c.Orders, c.Aggregates, c.Applied = slices.Clip(s.Orders), slices.Clone(s.Aggregates), slices.Clip(s.Applied)
	c.Unscoped, c.Sideload = maps.Clone(s.Unscoped), maps.Clone(s.Sideload)
	c.Sources, c.Outputs, c.Preloads = slices.Clip(s.Sources), slices.Clip(s.Outputs), slices.Clone(s.Preloads)
	c.Picked = slices.Clip(s.Picked)
	return &c
}

// Table returns the name by which the query knows its table.
func (s *Spec) Table() string {
	if s.Alias != "" {
		return s.Alias
	}
	return s.Model.Table
}

// OwnColumn returns the column of the query's model that a name means, with its table in front or not.
func (s *Spec) OwnColumn(name string) (*meta.Column, bool) {
	if c, ok := s.Model.Column(name); ok {
		return c, true
	}
	name, ok := strings.CutPrefix(name, s.Table()+".")
	if !ok {
		return nil, false
	}
	return s.Model.Column(name)
}

// FreeAlias returns a name for a table that neither the query nor one around it uses: "" if the table's own name is free. It is
// one name, without the schema, and short enough for every database.
func (s *Spec) FreeAlias(table string) string {
	if !s.Knows(table) {
		return ""
	}
	_, base, qualified := strings.Cut(table, ".")
	if !qualified {
		base = table
	}
	for n := 1; ; n++ {
		if name := ident.Cut(base, "_"+strconv.Itoa(n)); !s.Knows(name) {
			return name
		}
	}
}

// Knows reports whether the query, or one around it, has a table of that name.
func (s *Spec) Knows(table string) bool {
	for at := s; at != nil; at = at.Outer {
		if at.Table() == table {
			return true
		}
		for i := range at.Sources {
			if at.Sources[i].Name() == table {
				return true
			}
		}
		for _, join := range at.Joins {
			if join.Table == table {
				return true
			}
		}
	}
	return false
}

// Sub returns a query of all rows of a model, for a sub-query of s.
func (s *Spec) Sub(m *meta.Model) *Spec {
	sub := New(s.Handle, m)
	sub.Outer, sub.Related, sub.Alias = s, true, s.FreeAlias(m.Table)
	return sub
}

// Error names the model and the operation in an error.
func (s *Spec) Error(op string, err error) error {
	if err == nil || s.Model == nil {
		return err
	}
	return errs.In(s.Model.Name, op, err)
}

// Add adds a condition of the caller.
func (s *Spec) Add(how Logic, n Node) {
	s.Where = append(s.Where, Term{Logic: how, Node: n})
}

// Require adds a condition that an OR of the caller cannot escape.
func (s *Spec) Require(n Node) { s.Must = append(s.Must, n) }

// OnlyConditions reports whether nothing but conditions has been set, and scopes removed.
func (s *Spec) OnlyConditions() bool {
	return len(s.Must)+len(s.Joins)+len(s.Columns)+len(s.Groups)+len(s.Having)+len(s.Orders)+len(s.Aggregates)+len(s.Applied) == 0 &&
		!s.Distinct && s.Limit == nil && s.Offset == nil && s.Lock == Lock{} && s.Trashed == WithoutTrashed &&
		!s.ReadOnly && !s.AutoLoad && !s.AllRows && s.Sideload == nil &&
		len(s.Sources)+len(s.Outputs)+len(s.Preloads)+len(s.Picked) == 0 && s.Limited == nil && s.Parents == nil
}

// All reports whether the description is of all rows of the model that are not deleted, in no order.
func (s *Spec) All() bool {
	return len(s.Where) == 0 && len(s.Scoped) == 0 && s.OnlyConditions() && s.Err == nil
}

// OneOfMany reports whether the query is of a relation to one of several rows, of which it picks the first.
func (s *Spec) OneOfMany() bool { return s.Link != nil && len(s.Link.OfMany) > 0 && len(s.Picked) > 0 }

// LimitPlainly turns the limit per parent into a limit of the query, which has one parent only.
func (s *Spec) LimitPlainly() {
	if s.Limited != nil && (s.Limit == nil || *s.Limit > *s.Limited) {
		s.Limit = s.Limited
	}
	s.Orders = append(slices.Clip(s.Picked), s.Orders...)
	s.Limited, s.Picked = nil, nil
}

// Narrow runs fn, which adds to the description, and puts the conditions that it adds into a group, which an OR cannot leave.
func (s *Spec) Narrow(fn func(*Spec)) {
	if fn == nil {
		return
	}
	if group := s.Isolate(func() { fn(s) }); len(group) > 0 {
		s.Require(Nested{Group: group})
	}
}

// Isolate runs fn, which adds to the description, and returns the conditions that it has added as a
// group. Everything else that fn has set stays.
func (s *Spec) Isolate(fn func()) Group {
	where := s.Where
	s.Where = nil
	fn()
	added := s.Where
	s.Where = where
	return added
}
