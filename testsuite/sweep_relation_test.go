// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"
)

// sweepRelationContexts are contexts with one mode each, but for the first, because TestSweep has tried
// the rest with the same code below.
func sweepRelationContexts() []sweepContext {
	var list []sweepContext
	for _, in := range sweepContexts() {
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

// TestSweepRelations is TestSweep of writes and reads through relations: also the records on both
// sides, what they carry of their pivot row, and their loaded relations tell the truth.
func TestSweepRelations(t *testing.T) {
	t.Parallel()
	for _, database := range []struct {
		name string
		open func(t *testing.T, set sweepSet) *sweepStage
	}{{"SQLite", sweepSQLite}, {"Postgres", sweepPostgres}} {
		t.Run(database.name, func(t *testing.T) {
			t.Parallel()
			table := &sweepReport{}
			t.Run("Contexts", func(t *testing.T) {
				for _, in := range sweepRelationContexts() {
					t.Run(in.name, func(t *testing.T) {
						t.Parallel()
						database.open(t, sweepRelated).sweep(t, in, sweepRelationOps(), table)
					})
				}
			})
			t.Logf("faults at every statement through relations\n%s", table)
		})
	}
}
