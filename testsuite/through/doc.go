// SPDX-License-Identifier: MIT

// Package through makes promises about relations that choose among rows: those that pass other tables, those to
// one of many rows, and those with a limit per record.
package through
