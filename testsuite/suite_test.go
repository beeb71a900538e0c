// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	Run(t, Config{
		Open: dbtest.SQLite, Lacks: []Feature{RowLocks, Isolation, GeneratedUUIDs},
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	Run(t, Config{Open: dbtest.Postgres})
}
