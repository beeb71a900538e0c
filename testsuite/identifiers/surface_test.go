// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// exempted are the functions with text that names nothing, with the reason.
func exempted() map[string]string {
	const raw = "takes SQL of the caller, which is not checked by design"
	return map[string]string{
		"Query.HavingRaw": raw, "Query.OrWhereRaw": raw, "Query.OrderByRaw": raw, "Query.SelectRaw": raw,
		"Query.Sideload":                 "its values stay in memory, under names of the caller's own",
		"Definition.Computed":            "names a value in JSON, which is quoted; the program's own text",
		"Definition.GlobalScope":         "is the name by which the program itself leaves the scope out; never part of SQL",
		"Definition.Scope":               "is the name by which the program itself adds the scope; never part of SQL",
		"Definition.On":                  "tried by TestMaliciousNamesInDefinitionsAreRefused",
		"Definition.OnMany":              "tried by TestMaliciousNamesInDefinitionsAreRefused",
		"Definition.OnQuery":             "tried by TestMaliciousNamesInDefinitionsAreRefused",
		"Definition.Table":               "tried by TestMaliciousNamesInDefinitionsAreRefused",
		"RelationDefinition.As":          "names a value among the extras; never part of SQL",
		"RelationDefinition.SerializeAs": "names a relation in JSON, which is quoted; the program's own text",
		"Naming.PivotKey":                "is implemented by the program",
		"Naming.PivotTable":              "is implemented by the program",
		"Naming.Serialized":              "is implemented by the program",
		"relation.Describe":              "tried through model.RelationOf",
		"Page.BaseURL":                   "is the path of links",
		"Page.QueryString":               "is encoded into the query of links",
		"serialize.Pick":                 "is a part of Options, tried where those are used",
		"model.Annotate":                 "is encoded into a comment, tried in testsuite/connection",
		"model.WithSchema":               "takes plain identifiers alone, tried in testsuite/connection",
		"serialize.Omit":                 "is a part of Options, tried where those are used",
	}
}

// Every public function that takes text is tried with malicious names, or said to take none.
func TestEveryFunctionThatTakesTextIsTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, refine := range refinements() {
		tried["RelationDefinition."+refine.api] = true
	}
	for _, entry := range allEntries() {
		tried[entry.api] = true
	}
	reasons, without := exempted(), map[string]bool{}
	for name := range reasons {
		without[name] = true
	}
	seen, takes := map[string]bool{}, map[string]bool{}
	for _, f := range harness.Surface(t) {
		seen[f.Name] = true
		if !f.TakesName() {
			continue
		}
		takes[f.Name] = true
		switch {
		case tried[f.Name] && without[f.Name]:
			t.Errorf("%s is tried and exempted", f.Name)
		case without[f.Name]:
			require.NotEmpty(t, reasons[f.Name])
		case !f.In(tried) && !f.In(without):
			t.Errorf("%s takes text, and is in no row of allEntries; add one, or a reason to exempted", f.Name)
		}
	}
	for api := range tried {
		if !seen[api] {
			t.Errorf("allEntries has %s, which does not exist", api)
		}
	}
	for api := range without {
		if !takes[api] {
			t.Errorf("exempted has %s, which does not exist or takes no text", api)
		}
	}
}
