// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// Item has no hooks, and the database makes nothing but its key: most of its writes are one
// statement.
type Item struct {
	model.BaseModel[Item]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Nick      *string
	Hits      int64
	Tags      []string `gorm:"serializer:json"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Paper has a default of the database, a version and soft deletes.
type Paper struct {
	model.BaseModel[Paper]

	ID        int64
	Title     string `gorm:"uniqueIndex;size:80"`
	State     string `gorm:"default:draft"`
	Hits      int64
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// Task is Paper with hooks: one changes the record, others write a line of Log.
type Task struct {
	model.BaseModel[Task]

	ID        int64
	Title     string `gorm:"uniqueIndex;size:80"`
	Slug      string
	State     string `gorm:"default:draft"`
	Hits      int64
	Version   int64 `model:"version"`
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// Define registers hooks next to the methods.
func (*Task) Define(d *model.Definition[Task]) {
	d.On(hooks.Deleting, func(_ context.Context, t *Task) error {
		t.State = "going"
		return nil
	})
}

// Saving changes the record.
func (t *Task) Saving(context.Context) error {
	t.Slug = "the " + t.Title
	return nil
}

// Created writes a line.
func (*Task) Created(ctx context.Context) error { return note(ctx, "created") }

// Updated writes a line.
func (*Task) Updated(ctx context.Context) error { return note(ctx, "updated") }

// Deleted writes a line.
func (*Task) Deleted(ctx context.Context) error { return note(ctx, "deleted") }

// Restored writes a line.
func (*Task) Restored(ctx context.Context) error { return note(ctx, "restored") }

// Committed counts.
func (*Task) Committed(ctx context.Context) error {
	eventsOf(ctx).committed.Add(1)
	return nil
}

// RolledBack counts.
func (*Task) RolledBack(ctx context.Context) error {
	eventsOf(ctx).rolledBack.Add(1)
	return nil
}

// Log is what hooks write.
type Log struct {
	model.BaseModel[Log]

	ID   int64
	What string
}

func note(ctx context.Context, what string) error {
	return model.Create(ctx, nil, &Log{What: what})
}

// Events counts the hooks that ran at the end of transactions.
type Events struct{ committed, rolledBack atomic.Int64 }

type eventsKey struct{}

func eventsOf(ctx context.Context) *Events {
	if e, ok := ctx.Value(eventsKey{}).(*Events); ok {
		return e
	}
	return &Events{} // a statement of the test itself
}

// Table is a table that a sweep looks at, with its seed, which has the keys 1 to 3. key is what
// tells its rows apart where there is no id.
type Table struct{ name, seed, key string }

// Set is what a database of the sweep consists of.
type Set struct {
	models []any
	tables []Table
}

// plain are models without relations.
var plain = Set{models: []any{&Item{}, &Paper{}, &Task{}, &Log{}}, tables: []Table{
	{name: "items", seed: `INSERT INTO items (id, name, nick, hits, tags, created_at, updated_at) VALUES
		(1, 'a', 'al', 1, '["x","y"]', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
		(2, 'b', NULL, 2, '[]', '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00'),
		(3, 'c', NULL, 0, NULL, '2025-01-01 00:00:00+00:00', '2025-01-03 00:00:00+00:00')`},
	{name: "papers", seed: `INSERT INTO papers (id, title, state, hits, version, updated_at, deleted_at) VALUES
		(1, 'a', 'draft', 1, 4, '2025-01-01 00:00:00+00:00', NULL),
		(2, 'b', 'done', 2, 1, '2025-01-01 00:00:00+00:00', NULL),
		(3, 'c', 'done', 0, 7, '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00')`},
	{name: "tasks", seed: `INSERT INTO tasks (id, title, slug, state, hits, version, created_at, updated_at, deleted_at) VALUES
		(1, 'a', 'the a', 'draft', 1, 4, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', NULL),
		(2, 'b', 'the b', 'done', 2, 1, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', NULL),
		(3, 'c', 'the c', 'done', 0, 7, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00')`},
	logs,
}}

// logs is what the hooks of all models write to.
var logs = Table{name: "logs", seed: `INSERT INTO logs (id, what) VALUES (1, 'seed'), (2, 'seed'), (3, 'seed')`}

// seeded is the greatest key of a seed; what is greater was made by the database.
const seeded = 3

// Parent has a relation of every kind.
type Parent struct {
	model.BaseModel[Parent]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Hits      int64
	BossID    *int64
	UpdatedAt time.Time

	Boss     *Parent   `relation:"belongsTo"`
	Staff    []*Parent `relation:"hasMany;foreignKey:BossID"`
	Card     *Card     `relation:"hasOne;foreignKey:ParentID"`
	Memos    []*Memo   `relation:"hasMany;foreignKey:ParentID"`
	Skills   []*Skill  `relation:"manyToMany;pivotTable:learned;pivotForeignKey:parent_id;pivotRelatedForeignKey:skill_id;pivotColumns:level;pivotTimestamps"`
	Visits   []*Skill  `relation:"manyToMany;pivotTable:visits;pivotForeignKey:parent_id;pivotRelatedForeignKey:skill_id;pivotColumns:level;duplicates"`
	Clubs    []*Club   `relation:"manyToMany;pivotForeignKey:parent_id;pivotRelatedForeignKey:club_id;as:member"`
	BossCard *Card     `relation:"hasOneThrough;through:Boss;via:Card"`
}

// Define gives the clubs a pivot model.
func (p *Parent) Define(d *model.Definition[Parent]) {
	d.Relation(&p.Clubs).Using(&Member{})
}

// Card has no hooks, and a key that cannot be NULL.
type Card struct {
	model.BaseModel[Card]

	ID       int64
	Name     string `gorm:"size:80"`
	ParentID int64
	Parent   *Parent `relation:"belongsTo"`
}

// Memo has hooks that change it and write.
type Memo struct {
	model.BaseModel[Memo]

	ID       int64
	Title    string `gorm:"size:80"`
	Slug     string
	ParentID *int64
	Parent   *Parent `relation:"belongsTo"`
}

// Saving changes the record.
func (m *Memo) Saving(context.Context) error {
	m.Slug = "the " + m.Title
	return nil
}

// Created writes a line.
func (*Memo) Created(ctx context.Context) error { return note(ctx, "memo created") }

// Updated writes a line.
func (*Memo) Updated(ctx context.Context) error { return note(ctx, "memo updated") }

// Committed counts.
func (*Memo) Committed(ctx context.Context) error {
	eventsOf(ctx).committed.Add(1)
	return nil
}

// Skill leaves a column to the database.
type Skill struct {
	model.BaseModel[Skill]

	ID    int64
	Name  string `gorm:"uniqueIndex;size:80"`
	State string `gorm:"default:draft"`
}

// Club is connected by a pivot model.
type Club struct {
	model.BaseModel[Club]

	ID   int64
	Name string `gorm:"size:80"`
}

// Member is the pivot model, with hooks.
type Member struct {
	model.BaseModel[Member]

	ID       int64
	ParentID int64  `gorm:"uniqueIndex:members_pair"`
	ClubID   int64  `gorm:"uniqueIndex:members_pair"`
	Role     string `gorm:"default:guest"`
}

// Created writes a line.
func (*Member) Created(ctx context.Context) error { return note(ctx, "joined") }

// Updated writes a line.
func (*Member) Updated(ctx context.Context) error { return note(ctx, "changed") }

// Deleted writes a line.
func (*Member) Deleted(ctx context.Context) error { return note(ctx, "left") }

// related are models with relations. What others point to comes first.
var related = Set{
	models: []any{&Parent{}, &Card{}, &Memo{}, &Skill{}, &Club{}, &Member{}, &Log{}},
	tables: []Table{
		{name: "parents", seed: `INSERT INTO parents (id, name, hits, boss_id, updated_at) VALUES
			(1, 'a', 1, 2, '2025-01-01 00:00:00+00:00'), (2, 'b', 2, NULL, '2025-01-01 00:00:00+00:00'),
			(3, 'c', 0, NULL, '2025-01-01 00:00:00+00:00')`},
		{name: "cards", seed: `INSERT INTO cards (id, name, parent_id) VALUES (1, 'x', 1), (2, 'y', 2)`},
		{name: "memos", seed: `INSERT INTO memos (id, title, slug, parent_id) VALUES
			(1, 'a', 'the a', 1), (2, 'b', 'the b', 1), (3, 'c', 'the c', 2)`},
		{name: "skills", seed: `INSERT INTO skills (id, name, state) VALUES (1, 'a', 'draft'), (2, 'b', 'done'), (3, 'c', 'done')`},
		{name: "clubs", seed: `INSERT INTO clubs (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')`},
		{name: "learned", key: "parent_id * 100000 + skill_id", seed: `INSERT INTO learned
			(parent_id, skill_id, level, created_at, updated_at) VALUES
			(1, 1, 'low', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
			(1, 2, 'low', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
			(2, 1, 'high', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00')`},
		{name: "visits", key: "parent_id * 100000 + skill_id", seed: `INSERT INTO visits
			(parent_id, skill_id, level) VALUES (1, 1, '1'), (1, 1, '2'), (2, 1, '1')`},
		{name: "members", seed: `INSERT INTO members (id, parent_id, club_id, role) VALUES
			(1, 1, 1, 'guest'), (2, 1, 2, 'owner'), (3, 2, 1, 'guest')`},
		logs,
	},
}
