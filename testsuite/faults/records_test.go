// SPDX-License-Identifier: MIT

package faults_test

import (
	"testing"
)

// TestEveryStatementMayFail makes every statement of every write fail in every way: afterwards the database is as
// before or complete, error and records tell the truth, nothing stays open, and what failed can
// simply be tried again.
func TestEveryStatementMayFail(t *testing.T) {
	t.Parallel()
	for _, database := range []struct {
		name string
		open func(t *testing.T, set Set) *stage
	}{{"SQLite", openSQLite}, {"Postgres", openPostgres}} {
		t.Run(database.name, func(t *testing.T) {
			t.Parallel()
			table := &report{}
			t.Run("Contexts", func(t *testing.T) {
				for _, in := range contexts() {
					t.Run(in.name, func(t *testing.T) {
						t.Parallel()
						database.open(t, plain).sweep(t, in, plainOps(), table)
					})
				}
			})
			t.Logf("faults at every statement of every write\n%s", table)
		})
	}
}
