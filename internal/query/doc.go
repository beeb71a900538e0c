// SPDX-License-Identifier: MIT

// Package query turns a description of a query, the [Spec], into SQL, runs it and makes records of
// the rows. Names are looked up and values cast while the SQL is made, so that nothing is sent that
// has a mistake in it.
package query
