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
	e.Migrate(t, &kinBand{}, &kinArtist{}, &kinMembership{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*kinBand{{Name: "x"}, {Name: "y"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*kinArtist{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*kinMembership{
		{KinBandID: 1, KinArtistID: 1, Part: "drums", Fee: 2.5, Since: kinMade},
		{KinBandID: 1, KinArtistID: 2, Part: "bass", Fee: 1.5, Since: kinMade},
		{KinBandID: 2, KinArtistID: 1, Part: "guest", Fee: 3, Since: kinChanged},
		{KinBandID: 1, KinArtistID: 3, Part: "gone", DeletedAt: gorm.DeletedAt{Time: kinMade, Valid: true}},
	}))
	e.Sent.Reset()
}

// kinArtistNames are the names of artists in their order.
func kinArtistNames(list []*kinArtist) string {
	var out strings.Builder
	for _, a := range list {
		out.WriteString(a.Name)
	}
	return out.String()
}
