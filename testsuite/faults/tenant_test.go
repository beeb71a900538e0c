// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
)

// tenants is a database with the same tables in two schemas, and none elsewhere.
type tenants struct {
	stages map[string]*stage // by schema; they share one database handle
	sent   *faultdb.Control
	before map[string]string // the tables of each schema
}

// openSQLiteTenants attaches a file for each schema to the only connection of a pool.
func openSQLiteTenants(t *testing.T, set Set) *tenants {
	t.Helper()
	dialector, control := faultdb.SQLite(t, dbtest.SQLiteDSN(t))
	empty := open(t, Set{}, dialector, nil, &Driver{control})
	empty.pool.SetMaxOpenConns(1)
	tt := &tenants{stages: map[string]*stage{}, sent: control, before: map[string]string{}}
	for _, schema := range []string{"t7", "t8"} {
		file := filepath.Join(t.TempDir(), schema+".db")
		_, err := empty.pool.ExecContext(t.Context(), "ATTACH DATABASE '"+file+"' AS "+schema)
		require.NoError(t, err)
		outside, err := sql.Open("sqlite3", file+"?_foreign_keys=1&_busy_timeout=5000")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, outside.Close()) })
		tt.add(t, empty, schema, outside, set)
	}
	return tt
}

func openPostgresTenants(t *testing.T, set Set) *tenants {
	t.Helper()
	dsn := dbtest.PostgresDSN(t)
	dialector, control := faultdb.Postgres(t, dsn)
	empty := open(t, Set{}, dialector, nil, &Driver{control})
	tt := &tenants{stages: map[string]*stage{}, sent: control, before: map[string]string{}}
	for _, schema := range []string{"a", "b"} {
		name := dsn[strings.LastIndexByte(dsn, '=')+1:] + "_" + schema
		require.NoError(t, empty.db.Gorm().Exec("CREATE SCHEMA "+name).Error)
		outside := openOutside(t, dsn+"_"+schema)
		t.Cleanup(func() {
			_, err := outside.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
			require.NoError(t, err)
		})
		tt.add(t, empty, name, outside, set)
	}
	return tt
}

// add makes the tables of a schema.
func (tt *tenants) add(t *testing.T, empty *stage, schema string, outside *sql.DB, set Set) {
	t.Helper()
	ctx := model.WithSchema(t.Context(), schema)
	require.NoError(t, empty.db.Migrate(ctx, set.models...))
	tt.sent.Reset()
	require.NoError(t, empty.db.Migrate(ctx, set.models...))
	for _, ev := range tt.sent.Statements() {
		require.False(t, strings.HasPrefix(ev.SQL, "CREATE") || strings.HasPrefix(ev.SQL, "ALTER"), "nothing has changed: %s", ev.SQL)
	}
	s := &stage{
		db: empty.db, pool: empty.pool, faults: empty.faults, outside: outside, postgres: empty.postgres, touched: true, tables: set.tables,
		ctx: ctx,
	}
	s.restart(t)
	s.dumpSQL = s.dumping(t)
	s.reset(t)
	s.seed = s.dump(t)
	tt.stages[schema], tt.before[schema] = s, s.seed.text
}

// Every call with the context of a schema reads and writes there and nowhere else, whatever was compiled for another one before.
func TestEveryCallStaysInItsSchema(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]struct {
		open func(t *testing.T, set Set) *tenants
		set  Set
		ops  []Op
	}{
		"Records/SQLite":     {openSQLiteTenants, plain, plainOps()},
		"Records/Postgres":   {openPostgresTenants, plain, plainOps()},
		"Relations/SQLite":   {openSQLiteTenants, related, relationOps()},
		"Relations/Postgres": {openPostgresTenants, related, relationOps()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt := run.open(t, run.set)
			bare := unqualified(run.set)
			for _, op := range run.ops {
				for schema, s := range tt.stages {
					tt.check(t, op, schema, s, bare)
				}
			}
		})
	}
}

func (tt *tenants) check(t *testing.T, op Op, schema string, s *stage, bare *regexp.Regexp) {
	t.Helper()
	s.reset(t)
	call := op.arrange(t, s)
	tt.sent.Reset()
	require.NoError(t, call.run(s.context(t), s.db), "%s in %s", op.name, schema)
	s.touched = true
	require.Empty(t, call.wrong(s.dump(t)), "%s in %s", op.name, schema)
	for other, o := range tt.stages {
		if other == schema {
			continue
		}
		for _, ev := range tt.sent.Statements() {
			require.NotRegexp(t, bare, ev.SQL, "%s in %s", op.name, schema)
			require.NotContains(t, ev.SQL, other, "%s in %s", op.name, schema)
		}
		require.Equal(t, tt.before[other], o.dump(t).text, "%s in %s has changed %s", op.name, schema, other)
	}
	tt.before[schema] = s.dump(t).text
}

// unqualified finds a table that is named where a statement says which table it means, without a schema in front.
func unqualified(set Set) *regexp.Regexp {
	names := make([]string, len(set.tables))
	for i, table := range set.tables {
		names[i] = table.name
	}
	return regexp.MustCompile(fmt.Sprintf("(?i)\\b(FROM|JOIN|INTO|UPDATE|TABLE)\\s+[\"`]?(%s)[\"`]?(\\s|$|\\()", strings.Join(names, "|")))
}
