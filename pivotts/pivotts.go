// SPDX-License-Identifier: MIT

// Package pivotts (pivot timestamps) names the columns in which the rows of a pivot table keep the times of their insertion and
// of their last change. The definition of a manyToMany relation takes them:
//
//	d.Relation(&u.Skills).PivotTimestamps(pivotts.Columns{CreatedAt: "joined_at"})
package pivotts

// Columns names the two columns with times of a pivot table. CreatedAt is written when a row is inserted, UpdatedAt then and
// whenever its attributes change. A column without a name is not kept.
type Columns struct{ CreatedAt, UpdatedAt string }

// Default returns the columns that a relation has without other names: created_at and updated_at.
func Default() Columns { return Columns{"created_at", "updated_at"} }
