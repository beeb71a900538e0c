// SPDX-License-Identifier: MIT

package faultdb

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"
)

// Kind says what an [Event] does.
type Kind uint8

// The kinds of events. A statement that is sent as text counts as what its first words say, so that
// "SAVEPOINT a" is a Savepoint and "BEGIN IMMEDIATE" a Begin, whoever sends it.
const (
	Connect Kind = iota + 1
	Begin
	Query
	Exec
	Prepare
	Savepoint
	Release
	RollbackTo
	Commit
	Rollback
)

// String returns the name of the constant.
func (k Kind) String() string {
	switch k {
	case Connect:
		return "Connect"
	case Begin:
		return "Begin"
	case Query:
		return "Query"
	case Exec:
		return "Exec"
	case Prepare:
		return "Prepare"
	case Savepoint:
		return "Savepoint"
	case Release:
		return "Release"
	case RollbackTo:
		return "RollbackTo"
	case Commit:
		return "Commit"
	case Rollback:
		return "Rollback"
	default:
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
}

// An Event is something that a client asked of a connection. What is asked of a connection that is
// already dead is no event.
type Event struct {
	Kind Kind
	// SQL is the text of the statement. A transaction that is begun by the driver interface reads
	// "BEGIN", with its options behind it.
	SQL string
	// Args are the arguments as the driver gets them, after the conversions of database/sql. Bytes are
	// copied, a named argument is a [sql.NamedArg].
	Args []any
	// Conn numbers the connections of a database from one.
	Conn int
	// Point is the number of the event among those that can fail, zero if it cannot.
	Point int
	// Err is what the client got back. Rows that fail later do not show here.
	Err error
}

// Counted reports whether the event is a statement that counts in a promise about numbers of
// queries: all but transactions, savepoints, connecting and preparing.
func (e Event) Counted() bool { return e.Kind == Query || e.Kind == Exec }

// canFail reports whether the event is a point.
func (e Event) canFail() bool {
	switch e.Kind {
	case Begin, Query, Exec, Savepoint, Release, Commit:
		return true
	default:
		return false
	}
}

// classify returns the kind of a statement that steers a transaction, else otherwise.
func classify(query string, otherwise Kind) Kind {
	first, rest := word(query)
	switch first {
	case "BEGIN":
		return Begin
	case "START":
		if next, _ := word(rest); next == "TRANSACTION" {
			return Begin
		}
	case "COMMIT", "END":
		return Commit
	case "SAVEPOINT":
		return Savepoint
	case "RELEASE":
		return Release
	case "ABORT":
		return Rollback
	case "ROLLBACK":
		next, rest := word(rest)
		if next == "WORK" || next == "TRANSACTION" {
			next, _ = word(rest)
		}
		if next == "TO" {
			return RollbackTo
		}
		return Rollback
	}
	return otherwise
}

// word returns the first word of query in upper case, and what comes behind it. It skips comments.
func word(query string) (first, rest string) {
	for {
		query = strings.TrimLeft(query, " \t\r\n;")
		var found bool
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, found = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, found = strings.Cut(query, "*/")
		default:
			end := 0
			for end < len(query) && 'a' <= query[end]|0x20 && query[end]|0x20 <= 'z' {
				end++
			}
			return strings.ToUpper(query[:end]), query[end:]
		}
		if !found {
			return "", ""
		}
	}
}

// beginText is the text of a transaction that is begun by the driver interface.
func beginText(opts driver.TxOptions) string {
	text := "BEGIN"
	if level := sql.IsolationLevel(opts.Isolation); level != sql.LevelDefault {
		text += " ISOLATION LEVEL " + strings.ToUpper(level.String())
	}
	if opts.ReadOnly {
		text += " READ ONLY"
	}
	return text
}

// copyArgs returns the arguments as an event shows them.
func copyArgs(named []driver.NamedValue) []any {
	if len(named) == 0 {
		return nil
	}
	args := make([]any, len(named))
	for i, arg := range named {
		args[i] = arg.Value
		if b, ok := arg.Value.([]byte); ok {
			args[i] = bytes.Clone(b)
		}
		if arg.Name != "" {
			args[i] = sql.Named(arg.Name, args[i])
		}
	}
	return args
}
