// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// someAccounts creates accounts that differ in email and name.
func someAccounts(t testing.TB, e *harness.Env, n int) []*account {
	t.Helper()
	list := make([]*account, n)
	for i := range list {
		list[i] = &account{Email: fmt.Sprintf("%d@example.com", i), Name: fmt.Sprintf("name %d", i), Age: 20 + i, Active: true}
	}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
	e.Sent.Reset()
	return list
}

// names returns the sorted names of attributes.
func names(attrs model.Attrs) []string { return slices.Sorted(maps.Keys(attrs)) }
