// SPDX-License-Identifier: MIT

// Package sqlite is the dialect of SQLite.
package sqlite
