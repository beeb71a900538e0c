// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// errReaction is what hooks fail with.
var errReaction = errors.New("a hook fails")

// leaflet has soft deletes and a unique text.
type leaflet struct {
	model.BaseModel[leaflet]

	ID        int64
	Slug      string `gorm:"uniqueIndex;size:80"`
	Title     string
	DeletedAt gorm.DeletedAt
}

// flyer has soft deletes, and copies that tell from a sum which rows were seen.
type flyer struct {
	model.BaseModel[flyer]

	ID        int64
	Series    string
	Copies    int
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// flyerKey is where a context carries what runs in the hooks of flyers.
type flyerKey struct{}

func (f *flyer) Define(d *model.Definition[flyer]) {
	for _, moment := range []hooks.Moment{
		hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted, hooks.Restoring, hooks.Restored,
	} {
		d.On(moment, func(ctx context.Context, _ *flyer) error {
			if note, ok := ctx.Value(flyerKey{}).(func(hooks.Moment) error); ok {
				return note(moment)
			}
			return nil
		})
	}
}

// noting returns a context in which the hooks of flyers note their moments, and one of them fails.
func noting(ctx context.Context, failing hooks.Moment) (context.Context, *[]hooks.Moment) {
	var moments []hooks.Moment
	return context.WithValue(ctx, flyerKey{}, func(m hooks.Moment) error {
		moments = append(moments, m)
		if m == failing {
			return errReaction
		}
		return nil
	}), &moments
}

// The copies of the flyers that seedFlyers makes.
const (
	copiesAlive   = 1 + 2 + 4
	copiesTrashed = 8 + 16
)

// seedFlyers makes five flyers past Kindred, two of which are soft deleted.
func seedFlyers(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &flyer{}, &account{})
	require.NoError(t, e.Gorm.Exec("INSERT INTO flyers (series, copies, updated_at, deleted_at) VALUES "+
		"('a', 1, '2026-01-01 00:00:00', NULL), ('a', 8, '2026-01-01 00:00:00', '2026-01-01 00:00:00'), "+
		"('b', 2, '2026-01-01 00:00:00', NULL), ('b', 16, '2026-01-01 00:00:00', '2026-01-01 00:00:00'), "+
		"('a', 4, '2026-01-01 00:00:00', NULL)").Error)
}

// flyers returns a builder of flyers.
func flyers(e *harness.Env) *model.Builder[flyer] { return model.Query[flyer](e.DB) }

// trashedCopies returns the sum of the copies of the rows that are soft deleted, and of all rows.
func trashedCopies(t testing.TB, e *harness.Env) (gone, all int64) {
	t.Helper()
	for _, row := range e.Rows(t, "SELECT copies, deleted_at FROM flyers") {
		n, _ := row["copies"].(int64)
		all += n
		if row["deleted_at"] != nil {
			gone += n
		}
	}
	return gone, all
}

// journal is what the hooks write to, and which of them fails.
type journal struct {
	events []string
	fail   string
}

type journalKey struct{}

var errHook = errors.New("a hook says no")

// journaled returns a context in which the hooks write to a journal.
func journaled(ctx context.Context) (context.Context, *journal) {
	j := &journal{}
	return context.WithValue(ctx, journalKey{}, j), j
}

// take returns the events so far and forgets them.
func (j *journal) take() []string {
	events := append([]string{}, j.events...)
	j.events = nil
	return events
}

func happened(ctx context.Context, moment hooks.Moment, what string) error {
	j, ok := ctx.Value(journalKey{}).(*journal)
	if !ok {
		return nil
	}
	event := string(moment) + " " + what
	j.events = append(j.events, event)
	if j.fail == event {
		return errHook
	}
	return nil
}

// account is the model that most promises use: it has every kind of plain column and no hooks.
type account struct {
	model.BaseModel[account]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	Name      string
	Nick      *string
	Password  string `json:"-"`
	Age       int
	Score     float64
	Active    bool
	Visits    int64
	SeenAt    *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// note has soft deletes and a version.
type note struct {
	model.BaseModel[note]

	ID        int64
	Title     string
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}
