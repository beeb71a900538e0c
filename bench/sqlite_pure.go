// SPDX-License-Identifier: MIT

//go:build !cgo

package main

import _ "modernc.org/sqlite" // the driver of all contenders on SQLite, where there is no cgo

// sqliteDriver is its name.
const sqliteDriver = "sqlite"

// sqliteOptions are the settings of every contender's connections.
const sqliteOptions = "?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)" +
	"&_pragma=busy_timeout(5000)&_time_format=sqlite"
