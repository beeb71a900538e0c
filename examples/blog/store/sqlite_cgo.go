// SPDX-License-Identifier: MIT

//go:build cgo

package store

import (
	_ "embed"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// sqliteDriver is SQLite itself, which cgo compiles. Its full-text index is FTS4; FTS5 is not built in.
const sqliteDriver = "sqlite3"

//go:embed search_fts4.sql
var sqliteIndex string
