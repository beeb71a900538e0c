// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// keysOf returns the keys of a query's records in their order.
func keysOf[T any](t testing.TB, e *harness.Env, q *model.Builder[T]) []int64 {
	t.Helper()
	list, err := q.All(e.Ctx)
	require.NoError(t, err)
	return recordKeys(t, list)
}

// recordKeys returns the keys of records.
func recordKeys[T any](t testing.TB, list []*T) []int64 {
	t.Helper()
	keys := make([]int64, len(list))
	for i, r := range list {
		attrs, ok := any(r).(interface{ Attributes() model.Attrs })
		require.True(t, ok)
		keys[i], ok = attrs.Attributes()["ID"].(int64)
		require.True(t, ok)
	}
	return keys
}

// refuses asserts the error of every query, and that nothing was sent.
func refuses(t testing.TB, e *harness.Env, list []refused) {
	t.Helper()
	for _, r := range list {
		e.Sent.Reset()
		err := r.run()
		require.Error(t, err, r.name)
		if r.is != nil {
			require.ErrorIs(t, err, r.is, r.name)
		}
		require.ErrorContains(t, err, r.says, r.name)
		require.Empty(t, e.Sent.Statements(), "%s: nothing is sent", r.name)
	}
}

// all runs a query for its error.
func all[T any](e *harness.Env, q *model.Builder[T]) func() error {
	return func() error {
		_, err := q.All(e.Ctx)
		return err
	}
}
