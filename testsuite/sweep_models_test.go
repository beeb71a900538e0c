// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// sweepItem has no hooks, and the database makes nothing but its key: most of its writes are one
// statement.
type sweepItem struct {
	model.BaseModel[sweepItem]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Nick      *string
	Hits      int64
	Tags      []string `gorm:"serializer:json"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// sweepPaper has a default of the database, a version and soft deletes.
type sweepPaper struct {
	model.BaseModel[sweepPaper]

	ID        int64
	Title     string `gorm:"uniqueIndex;size:80"`
	State     string `gorm:"default:draft"`
	Hits      int64
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// sweepTask is sweepPaper with hooks: one changes the record, others write a line of sweepLog.
type sweepTask struct {
	model.BaseModel[sweepTask]

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
func (*sweepTask) Define(d *model.Definition[sweepTask]) {
	d.On(hooks.Deleting, func(_ context.Context, t *sweepTask) error {
		t.State = "going"
		return nil
	})
}

// Saving changes the record.
func (t *sweepTask) Saving(context.Context) error {
	t.Slug = "the " + t.Title
	return nil
}

// Created writes a line.
func (*sweepTask) Created(ctx context.Context) error { return sweepNote(ctx, "created") }

// Updated writes a line.
func (*sweepTask) Updated(ctx context.Context) error { return sweepNote(ctx, "updated") }

// Deleted writes a line.
func (*sweepTask) Deleted(ctx context.Context) error { return sweepNote(ctx, "deleted") }

// Restored writes a line.
func (*sweepTask) Restored(ctx context.Context) error { return sweepNote(ctx, "restored") }

// Committed counts.
func (*sweepTask) Committed(ctx context.Context) error {
	sweepEventsOf(ctx).committed.Add(1)
	return nil
}

// RolledBack counts.
func (*sweepTask) RolledBack(ctx context.Context) error {
	sweepEventsOf(ctx).rolledBack.Add(1)
	return nil
}

// sweepLog is what hooks write.
type sweepLog struct {
	model.BaseModel[sweepLog]

	ID   int64
	What string
}

func sweepNote(ctx context.Context, what string) error {
	return model.Create(ctx, nil, &sweepLog{What: what})
}

// sweepEvents counts the hooks that ran at the end of transactions.
type sweepEvents struct{ committed, rolledBack atomic.Int64 }

type sweepEventsKey struct{}

func sweepEventsOf(ctx context.Context) *sweepEvents {
	if e, ok := ctx.Value(sweepEventsKey{}).(*sweepEvents); ok {
		return e
	}
	return &sweepEvents{} // a statement of the test itself
}

// sweepTable is a table that a sweep looks at, with its seed, which has the keys 1 to 3. key is what
// tells its rows apart where there is no id.
type sweepTable struct{ name, seed, key string }

// sweepSet is what a database of the sweep consists of.
type sweepSet struct {
	models []any
	tables []sweepTable
}

// sweepPlain are models without relations.
var sweepPlain = sweepSet{models: []any{&sweepItem{}, &sweepPaper{}, &sweepTask{}, &sweepLog{}}, tables: []sweepTable{
	{name: "sweep_items", seed: `INSERT INTO sweep_items (id, name, nick, hits, tags, created_at, updated_at) VALUES
		(1, 'a', 'al', 1, '["x","y"]', '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00'),
		(2, 'b', NULL, 2, '[]', '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00'),
		(3, 'c', NULL, 0, NULL, '2025-01-01 00:00:00+00:00', '2025-01-03 00:00:00+00:00')`},
	{name: "sweep_papers", seed: `INSERT INTO sweep_papers (id, title, state, hits, version, updated_at, deleted_at) VALUES
		(1, 'a', 'draft', 1, 4, '2025-01-01 00:00:00+00:00', NULL),
		(2, 'b', 'done', 2, 1, '2025-01-01 00:00:00+00:00', NULL),
		(3, 'c', 'done', 0, 7, '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00')`},
	{name: "sweep_tasks", seed: `INSERT INTO sweep_tasks (id, title, slug, state, hits, version, created_at, updated_at, deleted_at) VALUES
		(1, 'a', 'the a', 'draft', 1, 4, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', NULL),
		(2, 'b', 'the b', 'done', 2, 1, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', NULL),
		(3, 'c', 'the c', 'done', 0, 7, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', '2025-01-02 00:00:00+00:00')`},
	sweepLogs,
}}

// sweepLogs is what the hooks of all models write to.
var sweepLogs = sweepTable{name: "sweep_logs", seed: `INSERT INTO sweep_logs (id, what) VALUES (1, 'seed'), (2, 'seed'), (3, 'seed')`}

// sweepSeeded is the greatest key of a seed; what is greater was made by the database.
const sweepSeeded = 3
