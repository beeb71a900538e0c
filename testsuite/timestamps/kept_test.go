// SPDX-License-Identifier: MIT

package timestamps_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type keptNote struct {
	model.BaseModel[keptNote]

	ID        int64
	Text      string
	Hits      int
	UpdatedAt time.Time
}

// A timestamp of updates that the caller sets is kept by every write, but for Touch; others are stamped.
func TestUpdatedAtOfTheCallerIsKept(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keptNote{})
		n := &keptNote{Text: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		mine := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
		for name, write := range map[string]func() error{
			"Save":      func() error { n.Text += "b"; return n.Save(e.Ctx) },
			"Save only": func() error { return n.Save(e.Ctx) },
			"Increment": func() error { return n.Increment(e.Ctx, "hits", 1) },
			"Upsert":    func() error { return model.Upsert(e.Ctx, e.DB, []*keptNote{n}, nil) },
		} {
			n.UpdatedAt = mine
			require.NoError(t, write(), name)
			require.True(t, n.UpdatedAt.Equal(mine), name)
			require.False(t, n.IsDirty(), name)
			fresh, err := n.Fresh(e.Ctx)
			require.NoError(t, err)
			require.True(t, fresh.UpdatedAt.Equal(mine), name)
			mine = mine.Add(time.Hour)
		}
		e.Clock.Add(time.Minute)
		require.NoError(t, model.Upsert(e.Ctx, e.DB, []*keptNote{n}, nil))
		require.True(t, n.UpdatedAt.Equal(e.Clock.Now()), "an Upsert stamps what nobody has set")
		n.UpdatedAt = mine
		require.NoError(t, n.Touch(e.Ctx))
		require.True(t, n.UpdatedAt.Equal(e.Clock.Now()))
	})
}
