// SPDX-License-Identifier: MIT

package testsuite_test

import (
	"testing"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/testsuite"
)

func TestSQLite(t *testing.T) {
	testsuite.Run(t, testsuite.Config{
		Open: dbtest.SQLite, Lacks: []testsuite.Feature{testsuite.RowLocks, testsuite.Isolation, testsuite.GeneratedUUIDs},
	})
}

func TestPostgres(t *testing.T) {
	testsuite.Run(t, testsuite.Config{Open: dbtest.Postgres})
}
