// SPDX-License-Identifier: MIT

package ident_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/ident"
)

func TestShortNamesStayApart(t *testing.T) {
	t.Parallel()
	most := strings.Repeat("a", ident.MaxLen)
	require.Equal(t, most, ident.Short(most))
	a, b := ident.Short(most+"a"), ident.Short(most+"b")
	require.Len(t, a, ident.MaxLen)
	require.NotEqual(t, a, b)
	require.Equal(t, a, ident.Short(most+"a"))
	wide := ident.Short(strings.Repeat("ß", ident.MaxLen))
	require.LessOrEqual(t, len(wide), ident.MaxLen)
	require.True(t, utf8.ValidString(wide))
	require.Equal(t, strings.Repeat("a", 61)+"_1", ident.Cut(most, "_1"))
	require.Equal(t, "a_1", ident.Cut("a", "_1"))
}
