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
	"gorm.io/driver/mysql"
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
	return open(tb, SQLiteDialector(SQLiteDSN(tb)))
}

// SQLiteDSN returns the DSN of a new SQLite file.
func SQLiteDSN(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "test.db") + sqliteSettings
}

// SQLiteDialector returns gorm's dialector for a DSN, over the driver of [SQLiteDriver].
func SQLiteDialector(dsn string) gorm.Dialector {
	return sqlite.New(sqlite.Config{DriverName: SQLiteName, DSN: dsn})
}

// Postgres returns a handle on a new schema of the PostgreSQL server.
func Postgres(tb testing.TB) *gorm.DB {
	tb.Helper()
	return open(tb, postgres.Open(PostgresDSN(tb)))
}

var schemas atomic.Int64 //nolint:gochecknoglobals // numbers schemas of one process.

// PostgresDSN returns the DSN of a new schema, which is dropped after the test. Its connections do not wait
// for the disk, because no test is about what a crash leaves, and do not compile queries, because tables are
// small. Deadlocks are found soon, where the user may say so. Without a server the test is skipped, but fails where CI is set, because there a server is part of
// the machine.
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
		unreachable(tb, "PostgreSQL", DSNVariable, err)
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
	dsn += separator + "synchronous_commit=off&jit=off"
	var superuser bool
	if err := server.QueryRowContext(context.Background(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").Scan(&superuser); err != nil {
		tb.Errorf("pg_roles: %v", err)
	}
	if superuser { // nobody else may set it
		dsn += "&deadlock_timeout=100ms"
	}
	return dsn + "&search_path=" + schema
}

// MySQLVariable names the environment variable that holds the DSN of a MariaDB or MySQL server for tests, without a database:
// "user:password@tcp(host:port)/".
const MySQLVariable = "KINDRED_MYSQL_DSN"

const localMySQL = "root@tcp(127.0.0.1:3306)/"

// mysqlSettings are what model.Open would add to a DSN.
const mysqlSettings = "?clientFoundRows=true&parseTime=true&interpolateParams=true&loc=UTC&time_zone=%27%2B00%3A00%27"

// MySQL returns a handle on a new database of the MariaDB or MySQL server.
func MySQL(tb testing.TB) *gorm.DB {
	tb.Helper()
	return open(tb, MySQLDialector(MySQLDSN(tb)))
}

// MySQLDialector returns gorm's dialector for a DSN. Columns of times keep microseconds.
func MySQLDialector(dsn string) gorm.Dialector {
	return mysql.New(mysql.Config{DSN: dsn, DefaultDatetimePrecision: new(6)})
}

// MySQLDSN returns the DSN of a new database, which is dropped after the test. Without a server the test is skipped, but fails
// where CI is set.
func MySQLDSN(tb testing.TB) string {
	tb.Helper()
	dsn := os.Getenv(MySQLVariable)
	if dsn == "" {
		dsn = localMySQL
	}
	server, err := sql.Open("mysql", dsn)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err = server.PingContext(ctx)
	}
	if err != nil {
		unreachable(tb, "MariaDB", MySQLVariable, err)
	}
	name := fmt.Sprintf("kindred_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), schemas.Add(1))
	exec(tb, server, "CREATE DATABASE "+name)
	tb.Cleanup(func() {
		exec(tb, server, "DROP DATABASE "+name)
		_ = server.Close() // nothing is left to lose.
	})
	return dsn + name + mysqlSettings
}

func unreachable(tb testing.TB, server, variable string, err error) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatalf("%s cannot be reached (%v); set %s", server, err, variable)
	}
	tb.Skipf("%s cannot be reached (%v); set %s to test with it", server, err, variable)
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
