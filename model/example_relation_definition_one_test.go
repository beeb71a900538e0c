// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Team has players, and some that it knows by more than their team.
type Team struct {
	model.BaseModel[Team]

	ID      int64
	Name    string
	Players []*Player `relation:"hasMany"`
	Captain *Player   `relation:"hasOne"`
	Newest  *Player   `relation:"hasOne"`
	First   *Player   `relation:"hasOne"`
	Tallest *Player   `relation:"hasOne"`
}

// Player plays in a team.
type Player struct {
	model.BaseModel[Player]

	ID      int64
	TeamID  int64
	Name    string
	Height  int
	Captain bool
	Team    *Team `relation:"belongsTo"`
}

// Define says what tags cannot.
func (t *Team) Define(d *model.Definition[Team]) {
	d.Relation(&t.Players).Inverse("team")
	d.Relation(&t.Captain).
		OnQuery(func(q *relation.Query) { q.Where("captain", true) }).
		WithDefault(func(p *Player, t *Team) { p.Name = "nobody of " + t.Name })
	d.Relation(&t.Newest).LatestOfMany()
	d.Relation(&t.First).OldestOfMany()
	d.Relation(&t.Tallest).OfMany("height", "max")
}

// openTeams returns a database with two teams: Reds has the players Ann, who is the captain, and Bob.
func openTeams() *model.DB {
	ctx, db := context.Background(), open()
	must(db.Migrate(ctx, &Team{}, &Player{}))
	must(model.Insert(ctx, db, []*Team{{Name: "Reds"}, {Name: "Blues"}}))
	must(model.Insert(ctx, db, []*Player{
		{TeamID: 1, Name: "Ann", Height: 190, Captain: true}, {TeamID: 1, Name: "Bob", Height: 180},
	}))
	return db
}

// teams loads both teams with a relation.
func teams(db *model.DB, path string) (reds, blues *Team) {
	list, err := model.Query[Team](db).Preload(path).OrderBy("id").All(context.Background())
	must(err)
	return list[0], list[1]
}

// The conditions hold in every query of the relation, sub-queries too.
func ExampleRelationDefinition_OnQuery() {
	ctx, db := context.Background(), openTeams()
	defer shut(db)

	reds, _ := teams(db, "captain")
	fmt.Println(reds.Captain.Name)
	n, err := model.Query[Player](db).Where("name", "Ann").Update(ctx, model.Attrs{"captain": false})
	must(err)
	led, err := model.Query[Team](db).Has("captain").Count(ctx)
	must(err)
	fmt.Println(n, led)
	// Output:
	// Ann
	// 1 0
}

// The record that stands for a missing one has its key, but no row.
func ExampleRelationDefinition_WithDefault() {
	db := openTeams()
	defer shut(db)

	_, blues := teams(db, "captain")
	fmt.Println(blues.Captain.Name, blues.Captain.TeamID, blues.Captain.IsPersisted())
	// Output: nobody of Blues 2 false
}

// Players that were loaded from a team know it, without another statement.
func ExampleRelationDefinition_Inverse() {
	db := openTeams()
	defer shut(db)

	reds, _ := teams(db, "players")
	fmt.Println(reds.Players[0].Team == reds)
	// Output: true
}

func ExampleRelationDefinition_LatestOfMany() {
	db := openTeams()
	defer shut(db)

	reds, blues := teams(db, "newest")
	fmt.Println(reds.Newest.Name, blues.Newest)
	// Output: Bob <nil>
}

func ExampleRelationDefinition_OldestOfMany() {
	db := openTeams()
	defer shut(db)

	reds, _ := teams(db, "first")
	fmt.Println(reds.First.Name)
	// Output: Ann
}

func ExampleRelationDefinition_OfMany() {
	db := openTeams()
	defer shut(db)

	reds, _ := teams(db, "tallest")
	fmt.Println(reds.Tallest.Name)
	// Output: Ann
}
