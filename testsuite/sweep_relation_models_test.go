// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"time"

	"github.com/kindred-orm/kindred/model"
)

// sweepParent has a relation of every kind.
type sweepParent struct {
	model.BaseModel[sweepParent]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Hits      int64
	BossID    *int64
	UpdatedAt time.Time

	Boss     *sweepParent   `relation:"belongsTo"`
	Staff    []*sweepParent `relation:"hasMany;foreignKey:BossID"`
	Card     *sweepCard     `relation:"hasOne;foreignKey:ParentID"`
	Memos    []*sweepMemo   `relation:"hasMany;foreignKey:ParentID"`
	Skills   []*sweepSkill  `relation:"manyToMany;pivotTable:sweep_learned;pivotForeignKey:parent_id;pivotRelatedForeignKey:skill_id;pivotColumns:level;pivotTimestamps"`
	Visits   []*sweepSkill  `relation:"manyToMany;pivotTable:sweep_visits;pivotForeignKey:parent_id;pivotRelatedForeignKey:skill_id;pivotColumns:level;duplicates"`
	Clubs    []*sweepClub   `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:club_id;as:member"`
	BossCard *sweepCard     `relation:"hasOneThrough;through:Boss;via:Card"`
}

// Define gives the clubs a pivot model.
func (p *sweepParent) Define(d *model.Definition[sweepParent]) {
	d.Relation(&p.Clubs).Using(&sweepMember{})
}

// sweepCard has no hooks, and a key that cannot be NULL.
type sweepCard struct {
	model.BaseModel[sweepCard]

	ID       int64
	Name     string `gorm:"size:80"`
	ParentID int64
	Parent   *sweepParent `relation:"belongsTo"`
}

// sweepMemo has hooks that change it and write.
type sweepMemo struct {
	model.BaseModel[sweepMemo]

	ID       int64
	Title    string `gorm:"size:80"`
	Slug     string
	ParentID *int64
	Parent   *sweepParent `relation:"belongsTo"`
}

// Saving changes the record.
func (m *sweepMemo) Saving(context.Context) error {
	m.Slug = "the " + m.Title
	return nil
}

// Created writes a line.
func (*sweepMemo) Created(ctx context.Context) error { return sweepNote(ctx, "memo created") }

// Updated writes a line.
func (*sweepMemo) Updated(ctx context.Context) error { return sweepNote(ctx, "memo updated") }

// Committed counts.
func (*sweepMemo) Committed(ctx context.Context) error {
	sweepEventsOf(ctx).committed.Add(1)
	return nil
}

// sweepSkill leaves a column to the database.
type sweepSkill struct {
	model.BaseModel[sweepSkill]

	ID    int64
	Name  string `gorm:"uniqueIndex;size:80"`
	State string `gorm:"default:draft"`
}

// sweepClub is connected by a pivot model.
type sweepClub struct {
	model.BaseModel[sweepClub]

	ID   int64
	Name string `gorm:"size:80"`
}

// sweepMember is the pivot model, with hooks.
type sweepMember struct {
	model.BaseModel[sweepMember]

	ID       int64
	ParentID int64  `gorm:"uniqueIndex:sweep_members_pair"`
	ClubID   int64  `gorm:"uniqueIndex:sweep_members_pair"`
	Role     string `gorm:"default:guest"`
}

// Created writes a line.
func (*sweepMember) Created(ctx context.Context) error { return sweepNote(ctx, "joined") }

// Updated writes a line.
func (*sweepMember) Updated(ctx context.Context) error { return sweepNote(ctx, "changed") }

// Deleted writes a line.
func (*sweepMember) Deleted(ctx context.Context) error { return sweepNote(ctx, "left") }

// sweepRelated are models with relations. What others point to comes first.
var sweepRelated = sweepSet{
	models: []any{&sweepParent{}, &sweepCard{}, &sweepMemo{}, &sweepSkill{}, &sweepClub{}, &sweepMember{}, &sweepLog{}},
	tables: []sweepTable{
		{name: "sweep_parents", seed: `INSERT INTO sweep_parents (id, name, hits, boss_id, updated_at) VALUES
			(1, 'a', 1, 2, '2025-01-01 00:00:00+00:00'), (2, 'b', 2, NULL, '2025-01-01 00:00:00+00:00'),
			(3, 'c', 0, NULL, '2025-01-01 00:00:00+00:00')`},
		{name: "sweep_cards", seed: `INSERT INTO sweep_cards (id, name, parent_id) VALUES (1, 'x', 1), (2, 'y', 2)`},
		{name: "sweep_memos", seed: `INSERT INTO sweep_memos (id, title, slug, parent_id) VALUES
			(1, 'a', 'the a', 1), (2, 'b', 'the b', 1), (3, 'c', 'the c', 2)`},
		{name: "sweep_skills", seed: `INSERT INTO sweep_skills (id, name, state) VALUES (1, 'a', 'draft'), (2, 'b', 'done'), (3, 'c', 'done')`},
		{name: "sweep_clubs", seed: `INSERT INTO sweep_clubs (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')`},
		{name: "sweep_learned", key: "parent_id * 100000 + skill_id", seed: `INSERT INTO sweep_learned
			(parent_id, skill_id, level, created_at, updated_at) VALUES
			(1, 1, 'low', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
			(1, 2, 'low', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
			(2, 1, 'high', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00')`},
		{name: "sweep_visits", key: "parent_id * 100000 + skill_id", seed: `INSERT INTO sweep_visits
			(parent_id, skill_id, level) VALUES (1, 1, '1'), (1, 1, '2'), (2, 1, '1')`},
		{name: "sweep_members", seed: `INSERT INTO sweep_members (id, parent_id, club_id, role) VALUES
			(1, 1, 1, 'guest'), (2, 1, 2, 'owner'), (3, 2, 1, 'guest')`},
		sweepLogs,
	},
}
