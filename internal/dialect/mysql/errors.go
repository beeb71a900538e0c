// SPDX-License-Identifier: MIT

package mysql

import (
	"errors"
	"reflect"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
)

// serverError is what the server says about a statement that failed.
type serverError struct {
	number  uint64
	message string
}

// serverErrorOf returns the server's error in err; nil if there is none. The driver is not imported,
// because the library picks none; its error is a struct with a Number and a Message.
func serverErrorOf(err error) *serverError {
	if err == nil {
		return nil
	}
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() == reflect.Struct && v.Type().Name() == "MySQLError" {
		number, message := v.FieldByName("Number"), v.FieldByName("Message")
		if number.CanUint() && message.Kind() == reflect.String {
			return &serverError{number: number.Uint(), message: message.String()}
		}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, inner := range joined.Unwrap() {
			if found := serverErrorOf(inner); found != nil {
				return found
			}
		}
		return nil
	}
	return serverErrorOf(errors.Unwrap(err))
}

// The server's numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/
const (
	badNull            = 1048
	serverShutdown     = 1053
	duplicateEntry     = 1062
	lockWaitTimeout    = 1205
	deadlock           = 1213
	noReferencedRow    = 1216
	rowIsReferenced    = 1217
	outOfRange         = 1264
	dataTruncated      = 1265
	truncatedValue     = 1292
	noDefault          = 1364
	wrongValue         = 1366
	dataTooLong        = 1406
	rowIsReferenced2   = 1451
	noReferencedRow2   = 1452
	duplicateEntryNick = 1586
	dataOutOfRange     = 1690
	lockNoWait         = 3572
	checkOfMySQL       = 3819
	connectionKilled   = 1927
	checkOfMariaDB     = 4025
)

// translate reads the number of the server's errors. Their texts quote values, so none is passed on.
func translate(err error) error {
	e := serverErrorOf(err)
	if e == nil {
		return err
	}
	out := &errs.ConstraintError{Err: err}
	switch e.number {
	case duplicateEntry, duplicateEntryNick:
		out.Kind = errs.Unique
		out.Table, out.Name = uniqueIndex(e.message)
	case noReferencedRow, noReferencedRow2, rowIsReferenced, rowIsReferenced2:
		out.Kind, out.Name = errs.ForeignKey, between(e.message, "CONSTRAINT `", "`")
		out.Table = between(e.message, "`.`", "`")
		if columns := between(e.message, "FOREIGN KEY (`", "`)"); columns != "" {
			out.Columns = strings.Split(columns, "`, `")
		}
	case badNull, noDefault:
		out.Kind = errs.NotNull
		if column := quoted(e.message); column != "" {
			out.Columns = []string{column}
		}
	case checkOfMySQL:
		out.Kind, out.Name = errs.Check, quoted(e.message)
	case checkOfMariaDB:
		out.Kind, out.Name = errs.Check, between(e.message, "CONSTRAINT `", "`")
	case deadlock, lockWaitTimeout, lockNoWait:
		return errs.Wrap(errs.ErrConflict, err, "begin the transaction again")
	case outOfRange, dataTruncated, truncatedValue, wrongValue, dataTooLong, dataOutOfRange:
		return errs.Hide(errs.ErrInvalidValue, err, "the database refused a value (error %d)", e.number)
	default:
		return err
	}
	return out
}

// uniqueIndex reads the index out of "Duplicate entry '…' for key 'table.index'". The entry comes
// first and may hold anything, so the message is read from its end. MariaDB leaves out the table.
func uniqueIndex(message string) (table, index string) {
	message = strings.TrimSuffix(message, "'")
	at := strings.LastIndexByte(message, '\'')
	if at < 0 {
		return "", ""
	}
	name := message[at+1:]
	if table, index, ok := strings.Cut(name, "."); ok {
		return table, index
	}
	return "", name
}

// quoted returns the first name in single quotes.
func quoted(message string) string { return between(message, "'", "'") }

func between(text, before, after string) string {
	_, rest, ok := strings.Cut(text, before)
	if !ok {
		return ""
	}
	name, _, ok := strings.Cut(rest, after)
	if !ok {
		return ""
	}
	return name
}

// answered reports whether err is the server's own answer, and not a lost connection.
func answered(err error) bool { return serverErrorOf(err) != nil }

// lost reports whether the transaction met a deadlock, which has rolled it back, or has waited too long for a lock.
func lost(err error) bool {
	e := serverErrorOf(err)
	return e != nil && (e.number == deadlock || e.number == lockWaitTimeout || e.number == lockNoWait)
}

// disconnected reports whether the server has ended the connection, or the driver says that it is lost: its error for that
// has only a text.
func disconnected(err error) bool {
	e := serverErrorOf(err)
	return e != nil && (e.number == serverShutdown || e.number == connectionKilled) || strings.Contains(err.Error(), "invalid connection")
}
