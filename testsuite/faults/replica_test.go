// SPDX-License-Identifier: MIT

package faults_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/plugin/dbresolver"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
)

// both is a primary and a replica, which are one database by two ways, whose statements are recorded apart.
type both struct {
	stage   *stage
	primary *faultdb.Control
	replica *faultdb.Control
}

func openBoth(t *testing.T, set Set, dsn, driver string, dial func(testing.TB, string) (gorm.Dialector, *faultdb.Control)) *both {
	t.Helper()
	outside, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, outside.Close()) })
	b := &both{}
	var first, second gorm.Dialector
	first, b.primary = dial(t, dsn)
	second, b.replica = dial(t, dsn)
	b.stage = open(t, set, first, outside, &Driver{b.primary},
		dbresolver.Register(dbresolver.Config{Replicas: []gorm.Dialector{second}}))
	return b
}

// eachReplica calls check with each database that can be recorded, for each set of models.
func eachReplica(t *testing.T, check func(t *testing.T, b *both, ops []Op)) {
	t.Helper()
	t.Parallel()
	for name, set := range map[string]struct {
		set Set
		ops []Op
	}{"Records": {plain, plainOps()}, "Relations": {related, relationOps()}} {
		t.Run(name+"/SQLite", func(t *testing.T) {
			t.Parallel()
			check(t, openBoth(t, set.set, dbtest.SQLiteDSN(t), "sqlite3", faultdb.SQLite), set.ops)
		})
		t.Run(name+"/Postgres", func(t *testing.T) {
			t.Parallel()
			check(t, openBoth(t, set.set, dbtest.PostgresDSN(t), "pgx", faultdb.Postgres), set.ops)
		})
	}
}

// Migrate asks a replica nothing, and no call that writes does, with whatever it reads.
func TestNothingOfAWriteGoesToAReplica(t *testing.T) {
	eachReplica(t, func(t *testing.T, b *both, ops []Op) {
		version := func(sql string) bool { return sql == "select sqlite_version()" } // gorm's, when it opens
		require.Empty(t, slices.DeleteFunc(b.replica.SQL(), version), "Migrate")
		read := 0
		for _, op := range ops {
			b.stage.reset(t)
			call := op.arrange(t, b.stage)
			b.primary.Reset()
			b.replica.Reset()
			require.NoError(t, call.run(t.Context(), b.stage.db), op.name)
			b.stage.touched = true
			if op.reads {
				read += b.replica.Count()
				continue
			}
			require.Empty(t, b.replica.SQL(), op.name)
			require.Empty(t, call.wrong(b.stage.dump(t)), op.name)
		}
		require.Greater(t, read, 20, "reads go to the replica")
	})
}
