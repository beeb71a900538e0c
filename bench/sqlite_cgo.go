// SPDX-License-Identifier: MIT

//go:build cgo

package main

import _ "github.com/mattn/go-sqlite3" // the driver of all contenders on SQLite

// sqliteDriver is its name.
const sqliteDriver = "sqlite3"

// sqliteOptions are the settings of every contender's connections. The statement cache helps those
// that do not prepare their statements.
const sqliteOptions = "?_journal_mode=WAL&_synchronous=NORMAL&_foreign_keys=on" +
	"&_busy_timeout=5000&_stmt_cache_size=64"
