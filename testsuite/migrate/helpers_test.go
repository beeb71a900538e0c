// SPDX-License-Identifier: MIT

package migrate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// iterateAlone lets the database have a single connection.
func iterateAlone(t testing.TB, e *harness.Env) {
	t.Helper()
	pool, err := e.Gorm.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
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
