// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"
)

// TestSweep makes every statement of every write fail in every way: afterwards the database is as
// before or complete, error and records tell the truth, nothing stays open, and what failed can
// simply be tried again.
func TestSweep(t *testing.T) {
	t.Parallel()
	for _, database := range []struct {
		name string
		open func(t *testing.T, set sweepSet) *sweepStage
	}{{"SQLite", sweepSQLite}, {"Postgres", sweepPostgres}} {
		t.Run(database.name, func(t *testing.T) {
			t.Parallel()
			table := &sweepReport{}
			t.Run("Contexts", func(t *testing.T) {
				for _, in := range sweepContexts() {
					t.Run(in.name, func(t *testing.T) {
						t.Parallel()
						database.open(t, sweepPlain).sweep(t, in, sweepOps(), table)
					})
				}
			})
			t.Logf("faults at every statement of every write\n%s", table)
		})
	}
}
