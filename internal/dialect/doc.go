// SPDX-License-Identifier: MIT

// Package dialect describes what databases do differently, as features with names. No other package
// asks for the name of a database.
package dialect
