// SPDX-License-Identifier: MIT

package records_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

const someUUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

func rotate(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return r
		}
		return 'a' + (r-'a'+13)%26
	}, s)
}

// equalsItsRow asserts that a record holds what its row holds, and knows so.
func equalsItsRow[T any, P interface {
	model.Model[T]
	Equal(other *T) bool
	IsDirty(names ...string) bool
	IsPersisted() bool
	Attributes() model.Attrs
}](t testing.TB, e *harness.Env, rec P, key any,
) {
	t.Helper()
	row, err := model.Query[T, P](e.DB).Find(e.Ctx, key)
	require.NoError(t, err)
	require.True(t, rec.Equal(row), "%v is not %v", rec.Attributes(), P(row).Attributes())
	require.True(t, rec.IsPersisted())
	require.False(t, rec.IsDirty())
}
