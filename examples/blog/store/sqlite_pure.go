// SPDX-License-Identifier: MIT

//go:build !cgo

package store

import (
	_ "embed"

	_ "modernc.org/sqlite" // the driver
)

// sqliteDriver is SQLite in pure Go, where there is no C compiler.
const sqliteDriver = "sqlite"

//go:embed search_fts5.sql
var sqliteIndex string
