// SPDX-License-Identifier: MIT

// Package migrate brings tables to what models declare. It first compares all tables with the models; where
// nothing differs, nothing else is sent. What differs is made in one transaction, which keeps other
// migrations out, and in which the tables are compared once more.
package migrate
