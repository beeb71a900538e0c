// SPDX-License-Identifier: MIT

//go:build cgo

package dbtest

import (
	"database/sql/driver"

	"github.com/mattn/go-sqlite3"
)

// SQLiteName is the name of the driver in database/sql.
const SQLiteName = "sqlite3"

// sqliteSettings are what model.Open would add to a DSN of the driver. Nothing waits for the disk.
const sqliteSettings = "?_foreign_keys=1&_busy_timeout=5000&_txlock=immediate&_journal_mode=WAL&_stmt_cache_size=64&_synchronous=OFF"

// SQLiteDriver returns the driver for SQLite with which the program is built: mattn/go-sqlite3, and modernc.org/sqlite
// without cgo.
func SQLiteDriver() driver.Driver { return &sqlite3.SQLiteDriver{} }
