// SPDX-License-Identifier: MIT

//go:build !cgo

package dbtest

import (
	"database/sql/driver"

	"modernc.org/sqlite"
)

// SQLiteName is the name of the driver in database/sql.
const SQLiteName = "sqlite"

// sqliteSettings are what model.Open would add to a DSN of the driver. Nothing waits for the disk.
const sqliteSettings = "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_txlock=immediate&_pragma=journal_mode(WAL)" +
	"&_time_format=sqlite&_pragma=synchronous(OFF)"

// SQLiteDriver returns the driver for SQLite with which the program is built: mattn/go-sqlite3, and modernc.org/sqlite
// without cgo.
func SQLiteDriver() driver.Driver { return &sqlite.Driver{} }
