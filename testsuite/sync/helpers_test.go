// SPDX-License-Identifier: MIT

package sync_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seedBands makes two bands.
func seedBands(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Band{}, &Artist{}, &BandMember{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Band{{Name: "x"}, {Name: "y"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Artist{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*BandMember{
		{BandID: 1, ArtistID: 1, Part: "drums", Fee: 2.5, Since: bandMade},
		{BandID: 1, ArtistID: 2, Part: "bass", Fee: 1.5, Since: bandMade},
		{BandID: 2, ArtistID: 1, Part: "guest", Fee: 3, Since: bandChanged},
		{BandID: 1, ArtistID: 3, Part: "gone", DeletedAt: gorm.DeletedAt{Time: bandMade, Valid: true}},
	}))
	e.Sent.Reset()
}

// artistNames are the names of artists in their order.
func artistNames(list []*Artist) string {
	var out strings.Builder
	for _, a := range list {
		out.WriteString(a.Name)
	}
	return out.String()
}
