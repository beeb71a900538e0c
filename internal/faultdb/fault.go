// SPDX-License-Identifier: MIT

package faultdb

import (
	"fmt"
	"strconv"
)

// Mode says how a statement fails.
type Mode uint8

// The modes of failing.
const (
	// Before fails the statement before it reaches the database. On PostgreSQL the transaction is not
	// aborted by that; see [Abort].
	Before Mode = iota + 1
	// After runs the statement and then reports an error, as if the answer had been lost: the rows are
	// written, the transaction is committed. The rows of a query are read to their end first. An error
	// of the statement itself is passed on instead.
	After
	// Abort is Before with a transaction that is left as the server leaves it after a statement that it
	// refuses: inside a transaction, a statement with a syntax error is sent instead. PostgreSQL then
	// accepts nothing but a rollback; SQLite goes on.
	Abort
	// BadConn fails the statement before it reaches the database with an error that wraps
	// driver.ErrBadConn. The connection is dead from then on, and its transaction is rolled back.
	// Outside transactions database/sql tries again on another connection, so that the caller sees no
	// error.
	BadConn
	// Cancel calls [Fault.Cancel] and then runs the statement, whose context is cancelled by that. The
	// error, if any, is the driver's: a statement that SQLite finishes before it notices has succeeded.
	Cancel
	// Row lets the query succeed, but its rows fail after the first [Fault.Rows]. A query that has no
	// more than those fails at the end. The fault does not happen to other statements, nor if the client
	// stops reading earlier.
	Row
)

// Modes returns all modes, for sweeps.
func Modes() []Mode { return []Mode{Before, After, Abort, BadConn, Cancel, Row} }

// String returns the name of the constant.
func (m Mode) String() string {
	switch m {
	case Before:
		return "Before"
	case After:
		return "After"
	case Abort:
		return "Abort"
	case BadConn:
		return "BadConn"
	case Cancel:
		return "Cancel"
	case Row:
		return "Row"
	default:
		return "Mode(" + strconv.Itoa(int(m)) + ")"
	}
}

// A Fault makes one statement fail.
type Fault struct {
	// At is the number of the statement: its [Event.Point], or if Match is set, its number among the
	// events that match from now on.
	At   int
	Mode Mode
	// Match restricts the events that are numbered, and extends them to Connect and Prepare. It must not
	// use the [Control]. Defaults to every point.
	Match func(Event) bool
	// Err is the cause in the error of the modes Before, After, Abort and Row, for example a
	// *pgconn.PgError with a state of choice. Defaults to none; in mode Abort to the server's error.
	Err error
	// Cancel is called in mode Cancel. Defaults to cancelling the context of the one statement.
	Cancel func()
	// Rows is the number of rows that mode Row lets through. Defaults to none.
	Rows int
}

// Error is what the client gets when a fault happens.
type Error struct {
	// N is the number of the statement, as in [Fault.At].
	N    int
	Mode Mode
	SQL  string
	// Err is the cause: that of the fault, or driver.ErrBadConn in mode [BadConn].
	Err error
}

// Error names the number, the mode and the statement.
func (e *Error) Error() string {
	text := fmt.Sprintf("faultdb: statement %d fails (%v): %s", e.N, e.Mode, e.SQL)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// An armed fault waits for its statement.
type armed struct {
	Fault
	seen int  // matching events so far, if Match is set
	used bool // its statement has come
}

// number returns the number that the fault gives to the event, zero if none.
func (a *armed) number(ev Event) int {
	if a.Match == nil {
		return ev.Point
	}
	if !ev.canFail() && ev.Kind != Connect && ev.Kind != Prepare || !a.Match(ev) {
		return 0
	}
	a.seen++
	return a.seen
}

// err is the error of the fault when it happens to the statement.
func (a *armed) err(query string, cause error) *Error {
	if a.Err != nil && a.Mode != BadConn {
		cause = a.Err
	}
	return &Error{N: a.At, Mode: a.Mode, SQL: query, Err: cause}
}
