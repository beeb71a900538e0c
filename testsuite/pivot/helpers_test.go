// SPDX-License-Identifier: MIT

package pivot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// relationOf returns the metadata of a relation.
func relationOf[T any, P model.Model[T]](t testing.TB, name string) *relation.Relation {
	t.Helper()
	r, err := model.RelationOf[T, P](name)
	require.NoError(t, err)
	return r
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
