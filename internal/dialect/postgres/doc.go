// SPDX-License-Identifier: MIT

// Package postgres is the dialect of PostgreSQL. It is the only package that knows pgx: rows are
// decoded from pgx's binary values straight into the fields of records.
package postgres
