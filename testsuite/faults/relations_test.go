// SPDX-License-Identifier: MIT

package faults_test

import (
	"testing"
)

// relationContexts are contexts with one mode each, but for the first, because TestEveryStatementMayFail has tried
// the rest with the same code below.
func relationContexts() []Context {
	var list []Context
	for _, in := range contexts() {
		if in.name == "passes on" {
			continue
		}
		if in.name != "alone" {
			in.few = 1
		}
		list = append(list, in)
	}
	return list
}

// TestEveryStatementThroughRelationsMayFail is TestEveryStatementMayFail of writes and reads through relations: also the records on both
// sides, what they carry of their pivot row, and their loaded relations tell the truth.
func TestEveryStatementThroughRelationsMayFail(t *testing.T) {
	t.Parallel()
	for _, database := range []struct {
		name string
		open func(t *testing.T, set Set) *stage
	}{{"SQLite", openSQLite}, {"Postgres", openPostgres}} {
		t.Run(database.name, func(t *testing.T) {
			t.Parallel()
			table := &report{}
			t.Run("Contexts", func(t *testing.T) {
				for _, in := range relationContexts() {
					t.Run(in.name, func(t *testing.T) {
						t.Parallel()
						database.open(t, related).sweep(t, in, relationOps(), table)
					})
				}
			})
			t.Logf("faults at every statement through relations\n%s", table)
		})
	}
}
