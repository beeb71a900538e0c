// SPDX-License-Identifier: MIT

package faults_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// exempted are the functions with a context that neither read nor write, with the reason.
func exempted() map[string]string {
	return map[string]string{
		"model.WithDB":      "makes a context",
		"model.WithPrimary": "makes a context",
		"model.WithSchema":  "makes a context",
		"model.Annotate":    "makes a context",
		"model.Sticky":      "makes a context",
		"hooks.Without":     "makes a context",
		"DB.Migrate":        "is DDL by gorm's migrator, not in one transaction",
	}
}

// byUsers reports whether a function is implemented by users.
func byUsers(name string) bool {
	of, _, _ := strings.Cut(name, ".")
	return strings.HasSuffix(of, "Hook") || of == "Naming" || name == "Page.Facts"
}

// Every public function that gets a context, and so may reach the database, is tried with faults, or
// said to do neither.
func TestEveryFunctionWithAContextIsTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, op := range slices.Concat(plainOps(), relationOps()) {
		for _, api := range op.api {
			tried[api] = true
		}
	}
	other := exempted()
	seen := map[string]bool{}
	for _, f := range harness.Surface(t) {
		seen[f.Name] = true
		if !f.TakesContext() || byUsers(f.Name) {
			continue
		}
		if reason, ok := other[f.Name]; ok {
			require.NotEmpty(t, reason)
			require.False(t, tried[f.Name], "%s is tried and exempted", f.Name)
			continue
		}
		if !f.In(tried) {
			t.Errorf("%s gets a context, and is in no row of plainOps or relationOps; add one, or a reason to exempted", f.Name)
		}
	}
	for api := range tried {
		if !seen[api] {
			t.Errorf("plainOps or relationOps cover %s, which does not exist", api)
		}
	}
	for api := range other {
		if !seen[api] {
			t.Errorf("exempted has %s, which does not exist", api)
		}
	}
}
