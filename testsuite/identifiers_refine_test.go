// SPDX-License-Identifier: MIT

package testsuite

import (
	"regexp"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
)

// identLinked is defined with relations whose names the test makes up.
type identLinked struct {
	model.BaseModel[identLinked]

	ID     int64
	Kids   []*identKid `relation:"hasMany;foreignKey:ParentID"`
	Kid    *identKid   `relation:"hasOne;foreignKey:ParentID"`
	Both   []*identKid `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:kid_id"`
	Typed  []*identKid `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:kid_id"`
	Grand  []*identToy `relation:"hasManyThrough;through:Kids;via:Toys"`
	Direct []*identToy `relation:"hasManyThrough;through:Kids"`
}

// identKid is the other side.
type identKid struct {
	model.BaseModel[identKid]

	ID       int64
	ParentID *int64
	Toys     []*identToy `relation:"hasMany;foreignKey:KidID"`
}

// identToy is the far side.
type identToy struct {
	model.BaseModel[identToy]

	ID    int64
	KidID *int64
}

// identLink is a pivot model.
type identLink struct {
	model.BaseModel[identLink]

	ID       int64
	ParentID int64
	KidID    int64
}

// identRefined is what identLinked's Define does.
var identRefined struct {
	sync.Mutex

	define func(o *identLinked, d *model.Definition[identLinked])
}

// Define does what the test says.
func (o *identLinked) Define(d *model.Definition[identLinked]) {
	d.Relation(&o.Typed).Using(&identLink{})
	identRefined.define(o, d)
}

// identRefinement is a method of a relation's definition.
type identRefinement struct {
	api string
	use func(o *identLinked, d *model.Definition[identLinked], n string)
	// free means that a well-formed name is one that the program chooses.
	free bool
}

// identRefinements are all of them that take a name.
func identRefinements() []identRefinement {
	type (
		o = *identLinked
		d = *model.Definition[identLinked]
	)
	return []identRefinement{
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

// identWell are names that are well formed, in tables that the program chooses.
var identWell = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$`)

// identMissing is what a database says of a name that is quoted as one.
var identMissing = regexp.MustCompile("no such (table|column)|does not exist|unknown database|cross-database")

// TestIdentifiersOfRelations gives malicious names to the definitions of relations: each is refused by
// Register, or by the first query before anything is sent. A name of the program's own choice is refused, or quoted as
// one name, so that there is no such table or column.
func TestIdentifiersOfRelations(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		for _, refine := range identRefinements() {
			for _, name := range identNames() {
				if refine.free && (name == "" || identWell.MatchString(name)) {
					continue
				}
				db, err := model.New(s.gorm, model.Config{Naming: identNaming{}})
				require.NoError(t, err)
				identRefined.Lock()
				identRefined.define = func(o *identLinked, d *model.Definition[identLinked]) { refine.use(o, d, name) }
				err = db.Register(&identLinked{}, &identKid{}, &identToy{}, &identLink{})
				s.control.Reset()
				if err == nil {
					q := model.Query[identLinked](db).Has("kids").Has("kid").Has("both").Has("typed").Has("grand").Has("direct").
						WhereHas("typed", func(*relation.Query) {})
					_, err = q.All(t.Context())
				}
				identRefined.Unlock()
				if err == nil {
					t.Errorf("%s, %q: no error", refine.api, name)
					continue
				}
				if n := len(s.control.Events()); n > 0 && (!refine.free || !identMissing.MatchString(err.Error())) {
					t.Errorf("%s, %q: %d statements: %q: %v", refine.api, name, n, s.control.SQL(), err)
				}
			}
		}
	})
}
