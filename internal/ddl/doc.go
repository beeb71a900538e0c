// SPDX-License-Identifier: MIT

// Package ddl reads the text of column definitions and of CREATE TABLE, as far as a migration has to
// know and to change it. It knows no database and checks nothing: a text that it does not understand
// is passed on as it is.
package ddl
