// SPDX-License-Identifier: MIT

// Package wire promises that values are the same however a connection of PostgreSQL sends them: with
// statements that the server describes, or as text alone, as poolers ask for.
package wire
