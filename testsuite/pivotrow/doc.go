// SPDX-License-Identifier: MIT

// Package pivotrow makes promises about the rows of pivot tables: what records carry of them, and what Sync and
// other calls do to them.
package pivotrow
