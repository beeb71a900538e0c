// SPDX-License-Identifier: MIT

// Package postgres is the dialect of PostgreSQL. Rows are decoded from the binary values that pgx
// received straight into the fields of records, without linking pgx into programs that do not use it.
package postgres
