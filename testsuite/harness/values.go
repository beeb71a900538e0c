// SPDX-License-Identifier: MIT

package harness

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// As returns a value as one of type V, which it must be.
func As[V any](t testing.TB, value any) V {
	t.Helper()
	typed, ok := value.(V)
	require.True(t, ok, "a %T", value)
	return typed
}

// Text returns a value of a row as text; NULL is empty.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	default:
		return fmt.Sprint(v)
	}
}

// SortedKeys returns the keys of a map in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Err returns the error of a call that returns something else too.
func Err[V any](_ V, err error) error { return err }
