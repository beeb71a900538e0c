// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"regexp"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
)

// Linked is defined with relations whose names the test makes up.
type Linked struct {
	model.BaseModel[Linked]

	ID     int64
	Kids   []*Kid `relation:"hasMany;foreignKey:ParentID"`
	Kid    *Kid   `relation:"hasOne;foreignKey:ParentID"`
	Both   []*Kid `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:kid_id"`
	Typed  []*Kid `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:kid_id"`
	Grand  []*Toy `relation:"hasManyThrough;through:Kids;via:Toys"`
	Direct []*Toy `relation:"hasManyThrough;through:Kids"`
}

// Kid is the other side.
type Kid struct {
	model.BaseModel[Kid]

	ID       int64
	ParentID *int64
	Toys     []*Toy `relation:"hasMany;foreignKey:KidID"`
}

// Toy is the far side.
type Toy struct {
	model.BaseModel[Toy]

	ID    int64
	KidID *int64
}

// Link is a pivot model.
type Link struct {
	model.BaseModel[Link]

	ID       int64
	ParentID int64
	KidID    int64
}

// refined is what Linked's Define does.
var refined struct {
	sync.Mutex

	define func(o *Linked, d *model.Definition[Linked])
}

// Define does what the test says.
func (o *Linked) Define(d *model.Definition[Linked]) {
	d.Relation(&o.Typed).Using(&Link{})
	refined.define(o, d)
}

// refinement is a method of a relation's definition.
type refinement struct {
	api string
	use func(o *Linked, d *model.Definition[Linked], n string)
	// free means that a well-formed name is one that the program chooses.
	free bool
}

// refinements are all of them that take a name.
func refinements() []refinement {
	type (
		o = *Linked
		d = *model.Definition[Linked]
	)
	return []refinement{
		{api: "ForeignKey", use: func(o o, d d, n string) { d.Relation(&o.Kids).ForeignKey(n) }},
		{api: "LocalKey", use: func(o o, d d, n string) { d.Relation(&o.Kids).LocalKey(n) }},
		{api: "RelatedKey", use: func(o o, d d, n string) { d.Relation(&o.Both).RelatedKey(n) }},
		{api: "Inverse", use: func(o o, d d, n string) { d.Relation(&o.Kids).Inverse(n) }},
		{api: "Through", use: func(o o, d d, n string) { d.Relation(&o.Grand).Through(n) }},
		{api: "Via", use: func(o o, d d, n string) { d.Relation(&o.Grand).Via(n) }},
		{api: "ThroughLocalKey", use: func(o o, d d, n string) { d.Relation(&o.Direct).ThroughLocalKey(n) }},
		{api: "ThroughForeignKey", use: func(o o, d d, n string) { d.Relation(&o.Direct).ThroughForeignKey(n) }},
		{api: "OnDelete", use: func(o o, d d, n string) { d.Relation(&o.Kids).OnDelete(n) }},
		{api: "OnUpdate", use: func(o o, d d, n string) { d.Relation(&o.Kids).OnUpdate(n) }},
		{api: "LatestOfMany", use: func(o o, d d, n string) { d.Relation(&o.Kid).LatestOfMany(n) }},
		{api: "OldestOfMany", use: func(o o, d d, n string) { d.Relation(&o.Kid).OldestOfMany(n) }},
		{api: "OfMany", use: func(o o, d d, n string) { d.Relation(&o.Kid).OfMany(n, "max") }},
		{api: "OfMany", use: func(o o, d d, n string) { d.Relation(&o.Kid).OfMany("ID", n) }},
		{api: "PivotTable", free: true, use: func(o o, d d, n string) { d.Relation(&o.Both).PivotTable(n) }},
		{api: "PivotTable", use: func(o o, d d, n string) { d.Relation(&o.Typed).PivotTable(n) }},
		{api: "PivotForeignKey", free: true, use: func(o o, d d, n string) { d.Relation(&o.Both).PivotForeignKey(n) }},
		{api: "PivotForeignKey", use: func(o o, d d, n string) { d.Relation(&o.Typed).PivotForeignKey(n) }},
		{api: "PivotRelatedForeignKey", free: true, use: func(o o, d d, n string) { d.Relation(&o.Both).PivotRelatedForeignKey(n) }},
		{api: "PivotColumns", free: true, use: func(o o, d d, n string) { d.Relation(&o.Both).PivotColumns(n) }},
		{api: "PivotColumns", use: func(o o, d d, n string) { d.Relation(&o.Typed).PivotColumns(n) }},
		{api: "PivotTimestamps", free: true, use: func(o o, d d, n string) {
			d.Relation(&o.Both).PivotTimestamps(pivotts.Columns{CreatedAt: "at", UpdatedAt: n})
		}},
		{api: "WherePivot", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivot(n, 1) }},
		{api: "WherePivotIn", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotIn(n, []int{1}) }},
		{api: "WherePivotNotIn", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotNotIn(n, []int{1}) }},
		{api: "WherePivotNull", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotNull(n) }},
		{api: "WherePivotNotNull", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotNotNull(n) }},
		{api: "WherePivotBetween", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotBetween(n, 1, 2) }},
		{api: "WherePivotNotBetween", use: func(o o, d d, n string) { d.Relation(&o.Typed).WherePivotNotBetween(n, 1, 2) }},
		{api: "OrderByPivot", use: func(o o, d d, n string) { d.Relation(&o.Typed).OrderByPivot(n) }},
		{api: "OrderByPivot", use: func(o o, d d, n string) { d.Relation(&o.Typed).OrderByPivot("KidID", relation.Direction(n)) }},
	}
}

// well are names that are well formed, in tables that the program chooses.
var well = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$`)

// missing is what a database says of a name that is quoted as one.
var missing = regexp.MustCompile("no such (table|column)|does not exist|unknown database|cross-database")

// TestMaliciousNamesInRelationsAreRefused gives malicious names to the definitions of relations: each is refused by
// Register, or by the first query before anything is sent. A name of the program's own choice is refused, or quoted as
// one name, so that there is no such table or column.
func TestMaliciousNamesInRelationsAreRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		for _, refine := range refinements() {
			for _, name := range badNames() {
				if refine.free && (name == "" || well.MatchString(name)) {
					continue
				}
				db, err := model.New(s.gorm, model.Config{Naming: naming{}})
				require.NoError(t, err)
				refined.Lock()
				refined.define = func(o *Linked, d *model.Definition[Linked]) { refine.use(o, d, name) }
				err = db.Register(&Linked{}, &Kid{}, &Toy{}, &Link{})
				s.control.Reset()
				if err == nil {
					q := model.Query[Linked](db).Has("kids").Has("kid").Has("both").Has("typed").Has("grand").Has("direct").
						WhereHas("typed", func(*relation.Query) {})
					_, err = q.All(t.Context())
				}
				refined.Unlock()
				if err == nil {
					t.Errorf("%s, %q: no error", refine.api, name)
					continue
				}
				if n := len(s.control.Events()); n > 0 && (!refine.free || !missing.MatchString(err.Error())) {
					t.Errorf("%s, %q: %d statements: %q: %v", refine.api, name, n, s.control.SQL(), err)
				}
			}
		}
	})
}
