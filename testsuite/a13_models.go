// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

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
	alive   = 1 + 2 + 4
	trashed = 8 + 16
)

// seedFlyers makes five flyers past Kindred, two of which are soft deleted.
func seedFlyers(t testing.TB, e *env) {
	t.Helper()
	e.migrate(t, &flyer{}, &account{})
	require.NoError(t, e.gorm.Exec("INSERT INTO flyers (series, copies, updated_at, deleted_at) VALUES "+
		"('a', 1, '2026-01-01 00:00:00', NULL), ('a', 8, '2026-01-01 00:00:00', '2026-01-01 00:00:00'), "+
		"('b', 2, '2026-01-01 00:00:00', NULL), ('b', 16, '2026-01-01 00:00:00', '2026-01-01 00:00:00'), "+
		"('a', 4, '2026-01-01 00:00:00', NULL)").Error)
}

// flyers returns a builder of flyers.
func flyers(e *env) *model.Builder[flyer] { return model.Query[flyer](e.db) }

// trashedCopies returns the sum of the copies of the rows that are soft deleted, and of all rows.
func trashedCopies(t testing.TB, e *env) (gone, all int64) {
	t.Helper()
	for _, row := range e.rows(t, "SELECT copies, deleted_at FROM flyers") {
		n, _ := row["copies"].(int64)
		all += n
		if row["deleted_at"] != nil {
			gone += n
		}
	}
	return gone, all
}

// softDeletePromises are those of row A13.
func softDeletePromises() []promise {
	return slices.Concat(trashedReaderPromises(), trashedConditionPromises(), trashedBulkPromises(), trashedRecordPromises(), trashedMakerPromises())
}
