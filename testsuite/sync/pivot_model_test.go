// SPDX-License-Identifier: MIT

package sync_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Detach of a relation whose pivot model has soft deletes marks the rows, and the relation does not see
// them any more.
func TestDetachMarksSoftDeletedPivots(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedBands(t, e)
		band, err := model.Query[Band](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		artists := relation.ManyToMany(band, &band.Artists)
		n, err := artists.Detach(e.Ctx, 1)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, e.Rows(t, "SELECT id FROM band_members"), 4)
		list, err := artists.Query().All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "b", artistNames(list))
	})
}
