// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Villager belongs to clubs. All relations read the same pivot table; most of them only some of its rows.
type Villager struct {
	model.BaseModel[Villager]

	ID      int64
	Name    string
	Clubs   []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Led     []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Office  []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Helped  []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Plain   []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Titled  []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Early   []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Late    []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
	Ordered []*Club `relation:"manyToMany;pivotTable:members;pivotColumns:role,since"`
}

// Define narrows and sorts the relations.
func (v *Villager) Define(d *model.Definition[Villager]) {
	d.Relation(&v.Led).WherePivot("role", "chair")
	d.Relation(&v.Office).WherePivotIn("role", []string{"chair", "cashier"})
	d.Relation(&v.Helped).WherePivotNotIn("role", []string{"chair"})
	d.Relation(&v.Plain).WherePivotNull("role")
	d.Relation(&v.Titled).WherePivotNotNull("role")
	d.Relation(&v.Early).WherePivotBetween("since", "1990", "1999")
	d.Relation(&v.Late).WherePivotNotBetween("since", "1990", "1999")
	d.Relation(&v.Ordered).OrderByPivot("since")
}

// Club has members.
type Club struct {
	model.BaseModel[Club]

	ID   int64
	Name string
}

// clubs prints the clubs of somebody who chairs the chess club since 2010, is cashier of the choir since
// 1995 and a member of the rowing club since 2001.
func clubs(name string) {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Migrate(ctx, &Villager{}, &Club{}))
	must(model.Insert(ctx, db, []*Club{{Name: "chess"}, {Name: "choir"}, {Name: "rowing"}}))
	pat := &Villager{Name: "Pat"}
	must(model.Create(ctx, db, pat))
	must(pat.Related("clubs").Attach(ctx,
		relation.Pivot(1, relation.Attrs{"role": "chair", "since": "2010"}),
		relation.Pivot(2, relation.Attrs{"role": "cashier", "since": "1995"}),
		relation.Pivot(3, relation.Attrs{"since": "2001"})))

	var list []*Club
	must(pat.Related(name).All(ctx, &list))
	for _, club := range list {
		fmt.Println(club.Name, club.Extras().String("pivot_since"))
	}
}

func ExampleRelationDefinition_WherePivot() {
	clubs("led")
	// Output: chess 2010
}

func ExampleRelationDefinition_WherePivotIn() {
	clubs("office")
	// Output:
	// chess 2010
	// choir 1995
}

func ExampleRelationDefinition_WherePivotNotIn() {
	clubs("helped")
	// Output: choir 1995
}

func ExampleRelationDefinition_WherePivotNull() {
	clubs("plain")
	// Output: rowing 2001
}

func ExampleRelationDefinition_WherePivotNotNull() {
	clubs("titled")
	// Output:
	// chess 2010
	// choir 1995
}

func ExampleRelationDefinition_WherePivotBetween() {
	clubs("early")
	// Output: choir 1995
}

func ExampleRelationDefinition_WherePivotNotBetween() {
	clubs("late")
	// Output:
	// chess 2010
	// rowing 2001
}

func ExampleRelationDefinition_OrderByPivot() {
	clubs("ordered")
	// Output:
	// choir 1995
	// rowing 2001
	// chess 2010
}
