// SPDX-License-Identifier: MIT

// Package tx owns databases and their transactions: which handle serves a call, how a statement is
// sent, savepoints, what is undone in memory after a rollback, and what waits for the commit.
package tx
