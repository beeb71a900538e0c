// SPDX-License-Identifier: MIT

// Package relation holds the queries of Kindred: the chain of conditions that every builder shares,
// [Builder] for the records of one model, and [Query] for code that learns the model only when it
// runs, such as scopes and hooks.
//
// Builders are made by model.Query. A chain method changes the builder and returns it; a terminal,
// which takes a context, runs it and leaves it as it is. Use Clone to go two ways from one builder.
// A mistake in a chain, such as a column that the model does not have, is returned by the terminal,
// and nothing is sent to the database then.
//
// # Names and values
//
// Columns are named by attribute ("FullName", "Home.City") or column ("full_name"); those of joined
// tables and outer queries as "posts.title". Any other name is an ErrUnknownColumn. Values are cast
// to the column's type first: nil, a list for a scalar, or "1e0" for an integer is an
// ErrInvalidValue. SQL of the caller's own goes only through the methods whose names end in Raw and
// through Apply.
//
// # Conditions
//
// The caller's conditions are always in parentheses next to those that soft deletes, scopes and
// relations add, so that an OrWhere cannot widen them.
package relation
