// SPDX-License-Identifier: MIT

// Package persist writes records: INSERT, UPDATE of what has changed, DELETE, and their bulk forms,
// with the hooks around them. A write either happens as a whole, in the database and in memory, or
// not at all.
package persist
