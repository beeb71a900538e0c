// SPDX-License-Identifier: MIT

// Package pivotts names the timestamps of pivot rows.
package pivotts

// Columns names the two timestamp columns of a pivot table; "" switches one off.
type Columns struct{ CreatedAt, UpdatedAt string }

// Default is created_at and updated_at.
func Default() Columns { return Columns{"created_at", "updated_at"} }
