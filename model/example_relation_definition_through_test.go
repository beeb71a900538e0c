// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Company has offices, and through them desks, drawers and keys.
type Company struct {
	model.BaseModel[Company]

	ID      int64
	Offices []*Office `relation:"hasMany"`
	Desks   []*Desk   `relation:"hasManyThrough"`
	Spare   []*Desk   `relation:"hasManyThrough"`
	Lamps   []*Lamp   `relation:"hasManyThrough"`
}

// Define says which way the relations go.
func (c *Company) Define(d *model.Definition[Company]) {
	d.Relation(&c.Desks).Through("Offices").Via("Desks")
	d.Relation(&c.Spare).Through("Offices").Via("Spare")
	d.Relation(&c.Lamps).Through("Offices").ThroughLocalKey("Code").ThroughForeignKey("Place") // no relation says so
}

// Office has two relations to desks, and none to lamps.
type Office struct {
	model.BaseModel[Office]

	ID        int64
	CompanyID int64
	Code      string
	Desks     []*Desk `relation:"hasMany"`
	Spare     []*Desk `relation:"hasMany;foreignKey:SpareID"`
}

// Desk is used in an office, or kept in one.
type Desk struct {
	model.BaseModel[Desk]

	ID       int64
	OfficeID *int64
	SpareID  *int64
	Name     string
}

// Lamp knows the code of an office.
type Lamp struct {
	model.BaseModel[Lamp]

	ID    int64
	Place string
	Name  string
}

// openCompany returns a database with a company that uses the oak desk, keeps the pine desk, and has a lamp.
func openCompany() (*model.DB, *Company) {
	ctx, db := context.Background(), open()
	must(db.Migrate(ctx, &Company{}, &Office{}, &Desk{}, &Lamp{}))
	company, office := &Company{}, &Office{Code: "n1"}
	must(model.Create(ctx, db, company))
	must(company.Related("offices").Create(ctx, office))
	must(office.Related("desks").Create(ctx, &Desk{Name: "oak"}))
	must(office.Related("spare").Create(ctx, &Desk{Name: "pine"}))
	must(model.Create(ctx, db, &Lamp{Place: "n1", Name: "desk lamp"}))
	return db, company
}

func ExampleRelationDefinition_Through() {
	ctx := context.Background()
	db, company := openCompany()
	defer shut(db)

	desks, err := relation.Through(company, &company.Desks).Query().All(ctx)
	must(err)
	fmt.Println(len(desks), desks[0].Name)
	// Output: 1 oak
}

func ExampleRelationDefinition_Via() {
	ctx := context.Background()
	db, company := openCompany()
	defer shut(db)

	desks, err := relation.Through(company, &company.Spare).Query().All(ctx)
	must(err)
	fmt.Println(len(desks), desks[0].Name)
	// Output: 1 pine
}

func ExampleRelationDefinition_ThroughLocalKey() {
	ctx := context.Background()
	db, company := openCompany()
	defer shut(db)

	lamps, err := relation.Through(company, &company.Lamps).Query().All(ctx)
	must(err)
	fmt.Println(len(lamps), lamps[0].Name)
	// Output: 1 desk lamp
}

func ExampleRelationDefinition_ThroughForeignKey() {
	db, _ := openCompany()
	defer shut(db)

	lamps, err := model.RelationOf[Company]("lamps")
	must(err)
	fmt.Println(lamps.LocalKey, lamps.ForeignKey, lamps.ThroughLocalKey, lamps.ThroughForeignKey)
	// Output: ID CompanyID Code Place
}
