// SPDX-License-Identifier: MIT

// Package matching promises that records are matched by their keys as the database matches rows: for every
// type and collation of keys, every kind of relation, and every call that finds records by several keys.
package matching
