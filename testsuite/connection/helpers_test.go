// SPDX-License-Identifier: MIT

package connection_test

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

const (
	racers = 16 // goroutines that start together
	rounds = 10
)

// members returns new members.
func members(emails ...string) []*member {
	list := make([]*member, len(emails))
	for i, email := range emails {
		list[i] = &member{Email: email}
	}
	return list
}

func ticks(n int) []*tick {
	list := make([]*tick, n)
	for i := range list {
		list[i] = &tick{N: int64(i)}
	}
	return list
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

// emails returns the emails of all accounts, past Kindred.
func emails(t testing.TB, e *harness.Env) []string {
	t.Helper()
	var out []string
	for _, row := range e.Rows(t, "SELECT email FROM accounts ORDER BY email") {
		out = append(out, harness.Text(row["email"]))
	}
	return out
}

// names returns the sorted names of attributes.
func names(attrs model.Attrs) []string { return slices.Sorted(maps.Keys(attrs)) }
