// SPDX-License-Identifier: MIT

package rollback_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// TestAssignedValuesSurviveARollback: what the caller assigns between two writes or after them is not taken back.
func TestAssignedValuesSurviveARollback(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &page{})
		upper := &script{at: hooks.Saving, do: func(_ context.Context, p *page) error { p.Title += "!"; return nil }}
		p := pending(t, e)
		p.Title = "first"
		_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, p.Save(ctx))
			p.Title, p.Slug = "second", "mine"
			require.NoError(t, p.Save(with(ctx, upper)))
			require.Equal(t, "second!", p.Title)
			p.Slug = "after"
			return errUndo
		})
		require.Equal(t, "second", p.Title, "as it was assigned between the writes")
		require.Equal(t, "after", p.Slug, "as it was assigned after them")
		require.Equal(t, 1, p.Version)
		require.NoError(t, p.Save(e.Ctx))
		requireRow(t, e, p, "saved again")
	})
}

// TestManyWritesInOneTransactionAreUndoneTogether: the oldest backup of each record counts, however many records and writes there are.
func TestManyWritesInOneTransactionAreUndoneTogether(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &page{})
		list := make([]*page, 40)
		for i := range list {
			list[i] = &page{Title: "a"}
		}
		_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Insert(ctx, tx, list[:20]))
			for round := range 3 {
				_ = tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					for _, p := range list {
						p.Hits++
						require.NoError(t, model.Save(ctx, tx, p))
					}
					if round == 1 {
						return errUndo
					}
					return nil
				})
			}
			return errUndo
		})
		for _, p := range list {
			require.True(t, p.IsNew())
			require.Zero(t, p.ID)
			require.Zero(t, p.Version)
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.EqualValues(t, 40, e.Count(t, "pages"))
	})
}
