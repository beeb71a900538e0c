// SPDX-License-Identifier: MIT

// Package dbtest opens databases for tests: every call gives an empty one of its own.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver with which schemas are made
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DSNVariable names the environment variable that holds the DSN of a PostgreSQL server for tests.
const DSNVariable = "KINDRED_POSTGRES_DSN"

const localServer = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

// SQLite returns a handle on a new SQLite file with the settings that model.Open would choose.
func SQLite(tb testing.TB) *gorm.DB {
	tb.Helper()
	return open(tb, sqlite.Open(SQLiteDSN(tb)))
}

// SQLiteDSN returns the DSN of a new SQLite file.
func SQLiteDSN(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "test.db") +
		"?_foreign_keys=1&_busy_timeout=5000&_txlock=immediate&_journal_mode=WAL&_stmt_cache_size=64&_synchronous=OFF"
}

// Postgres returns a handle on a new schema of the PostgreSQL server.
func Postgres(tb testing.TB) *gorm.DB {
	tb.Helper()
	return open(tb, postgres.Open(PostgresDSN(tb)))
}

var schemas atomic.Int64 //nolint:gochecknoglobals // numbers schemas of one process.

// PostgresDSN returns the DSN of a new schema, which is dropped after the test. Without a server the
// test is skipped, but fails where CI is set, because there a server is part of the machine.
func PostgresDSN(tb testing.TB) string {
	tb.Helper()
	dsn := os.Getenv(DSNVariable)
	if dsn == "" {
		dsn = localServer
	}
	server, err := sql.Open("pgx", dsn)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = server.PingContext(ctx)
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("PostgreSQL cannot be reached (%v); set %s", err, DSNVariable)
		}
		tb.Skipf("PostgreSQL cannot be reached (%v); set %s to test with it", err, DSNVariable)
	}
	schema := fmt.Sprintf("kindred_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), schemas.Add(1))
	exec(tb, server, "CREATE SCHEMA "+schema)
	tb.Cleanup(func() {
		exec(tb, server, "DROP SCHEMA "+schema+" CASCADE")
		_ = server.Close() // nothing is left to lose.
	})
	separator := "?"
	if strings.Contains(dsn, "?") {
		separator = "&"
	}
	return dsn + separator + "search_path=" + schema
}

func exec(tb testing.TB, db *sql.DB, statement string) {
	tb.Helper()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		tb.Errorf("%s: %v", statement, err)
	}
}

func open(tb testing.TB, dialector gorm.Dialector) *gorm.DB {
	tb.Helper()
	db, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() {
		if pool, err := db.DB(); err == nil {
			_ = pool.Close() // nothing is left to lose.
		}
	})
	return db
}
