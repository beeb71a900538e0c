// SPDX-License-Identifier: MIT

package related_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seedShelf makes a shelf with the boxes a, b and c, of which c is deleted, with an item each, and two marks of which one
// is deleted.
func seedShelf(t testing.TB, e *harness.Env) *Shelf {
	t.Helper()
	e.Migrate(t, &Shelf{}, &Box{}, &Item{}, &Mark{})
	shelf := &Shelf{Name: "s"}
	require.NoError(t, model.Create(e.Ctx, e.DB, shelf))
	boxes := []*Box{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	require.NoError(t, shelf.Related("boxes").CreateMany(e.Ctx, boxes))
	for _, b := range boxes {
		require.NoError(t, b.Related("items").Create(e.Ctx, &Item{Name: "in " + b.Name}))
	}
	marks := []*Mark{{Name: "x"}, {Name: "y"}}
	require.NoError(t, shelf.Related("marks").CreateMany(e.Ctx, marks))
	require.NoError(t, boxes[2].Delete(e.Ctx))
	require.NoError(t, marks[1].Delete(e.Ctx))
	e.Sent.Reset()
	return shelf
}
