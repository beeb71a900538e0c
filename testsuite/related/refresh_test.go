// SPDX-License-Identifier: MIT

package related_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Refresh loads the relations that are loaded once more, one statement each, and leaves the others
// unloaded.
func TestRefreshReloadsLoadedRelations(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		shelf := seedShelf(t, e)
		e.Sends(t, 1, func() { require.NoError(t, shelf.Refresh(e.Ctx)) })
		require.NoError(t, shelf.Load(e.Ctx, "boxes"))
		require.NoError(t, shelf.Load(e.Ctx, "marks"))
		require.Len(t, shelf.Boxes, 2)
		e.Exec(t, "INSERT INTO boxes (name, shelf_id) VALUES ('new', 1)")
		e.Exec(t, "DELETE FROM marked")
		e.Exec(t, "UPDATE shelves SET name = 'renamed'")
		e.Sends(t, 3, func() { require.NoError(t, shelf.Refresh(e.Ctx)) })
		require.Equal(t, "renamed", shelf.Name)
		require.Len(t, shelf.Boxes, 3)
		require.Empty(t, shelf.Marks)
		require.True(t, shelf.Related("marks").Loaded())
		require.False(t, shelf.Related("items").Loaded())
		box := shelf.Boxes[0]
		require.NoError(t, box.Load(e.Ctx, "shelf"))
		e.Exec(t, "UPDATE boxes SET shelf_id = 77 WHERE id = 1")
		require.NoError(t, box.Refresh(e.Ctx))
		require.Nil(t, box.Shelf, "it belongs to nothing that exists")
		require.True(t, box.Related("shelf").Loaded())
	})
}
