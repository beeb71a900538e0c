// SPDX-License-Identifier: MIT

package pivot_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// user is the owner of pivot rows of three kinds: plain ones, ones that may repeat, and records of a pivot model.
type user struct {
	model.BaseModel[user]

	ID     int64
	Skills []*skill `relation:"manyToMany;pivotColumns:level;pivotTimestamps"`
	Seen   []*skill `relation:"manyToMany;pivotTable:views;duplicates;pivotColumns:level"`
	Groups []*group `relation:"manyToMany;as:membership"`
}

func (u *user) Define(d *model.Definition[user]) { d.Relation(&u.Groups).Using(&member{}) }

type skill struct {
	model.BaseModel[skill]

	ID   int64
	Name string
}

type group struct {
	model.BaseModel[group]

	ID int64
}

// member is a pivot model with hooks and soft deletes. There is one row for each pair.
type member struct {
	model.BaseModel[member]

	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	GroupID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Part      string
	DeletedAt gorm.DeletedAt
}

// ran is what the hooks of members have seen in a context.
type ran struct{}

func (m *member) Created(ctx context.Context) error { return m.say(ctx, "created") }
func (m *member) Updated(ctx context.Context) error { return m.say(ctx, "updated") }
func (m *member) Deleted(ctx context.Context) error { return m.say(ctx, "deleted") }

func (m *member) say(ctx context.Context, what string) error {
	if list, ok := ctx.Value(ran{}).(*[]string); ok {
		*list = append(*list, what+" "+m.Part)
	}
	return nil
}

// world is a database with the users ada and bob, five skills and three groups.
type world struct {
	*harness.Env

	ada, bob *user
}

func newWorld(t *testing.T, e *harness.Env) *world {
	t.Helper()
	e.Migrate(t, &user{}, &skill{}, &group{}, &member{})
	w := &world{Env: e, ada: &user{}, bob: &user{}}
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*user{w.ada, w.bob}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*skill{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*group{{}, {}, {}}))
	e.Sent.Reset()
	return w
}

func each(t *testing.T, check func(t *testing.T, w *world)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) { check(t, newWorld(t, e)) })
}

func (w *world) skills() related.Owner { return related.OwnerOf(w.ada, "skills") }
func (w *world) seen() related.Owner   { return related.OwnerOf(w.ada, "seen") }
func (w *world) groups() related.Owner { return related.OwnerOf(w.ada, "groups") }

// rows returns what a query of two columns finds, sorted, as "1:x".
func (w *world) rows(t *testing.T, sql string) []string {
	t.Helper()
	list := []string{}
	for _, row := range w.Rows(t, sql) {
		list = append(list, harness.Text(row["k"])+":"+harness.Text(row["v"]))
	}
	slices.Sort(list)
	return list
}

// levels returns the skills of ada with their levels.
func (w *world) levels(t *testing.T) []string {
	t.Helper()
	return w.rows(t, "SELECT skill_id AS k, level AS v FROM skill_user WHERE user_id = 1")
}

// views returns the skills that ada has seen, with their levels.
func (w *world) views(t *testing.T) []string {
	t.Helper()
	return w.rows(t, "SELECT skill_id AS k, level AS v FROM views WHERE user_id = 1")
}

// parts returns the groups of ada with her parts, those that are soft deleted among them.
func (w *world) parts(t *testing.T) []string {
	t.Helper()
	return w.rows(t, "SELECT group_id AS k, CASE WHEN deleted_at IS NULL THEN part ELSE 'deleted' END AS v FROM members WHERE user_id = 1")
}

func level(v any) map[string]any { return map[string]any{"level": v} }

func ids(list ...int64) []any {
	out := make([]any, len(list))
	for i, id := range list {
		out[i] = id
	}
	return out
}
