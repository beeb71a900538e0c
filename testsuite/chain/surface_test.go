// SPDX-License-Identifier: MIT

package chain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Every chain method, and every terminal of a builder, is in the tables of this package.
func TestEveryChainMethodIsInTheTables(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, one := range slices.Concat(conditionCases[builder](nil), others[builder](), pivot[builder]()) {
		used["Query."+one.api], used["Builder."+one.api] = true, true
	}
	for _, one := range ofBuilder() {
		used["Query."+one.api], used["Builder."+one.api] = true, true
	}
	for _, one := range ofQuery() {
		used["Query."+one.api] = true
	}
	for _, f := range harness.Surface(t) {
		of, _, _ := strings.Cut(f.Name, ".")
		if (of == "Builder" || of == "Query") && !used[f.Name] && f.Name != "Builder.Untyped" {
			t.Errorf("%s is not in the chain tables", f.Name)
		}
	}
	// A method that adds conditions is tried in every form that could let an OR escape.
	conditions := map[string]bool{}
	for _, one := range slices.Concat(conditionCases[builder](nil), pivot[builder]()) {
		conditions[one.api] = true
	}
	for _, f := range harness.Surface(t) {
		if name, ok := strings.CutPrefix(f.Name, "Query."); ok && strings.Contains(name, "Where") && !conditions[name] {
			t.Errorf("Query.%s is not in conditionCases", name)
		}
	}
}
