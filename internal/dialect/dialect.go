// SPDX-License-Identifier: MIT

package dialect

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Dialect describes a kind of database.
type Dialect struct {
	Name     string
	Quote    byte // around names
	Numbered bool // placeholders are $1, $2 …, not ?
	// Within is the schema of tables that name none themselves; "" is where the connection looks for them.
	Within string

	// MaxParams is the number of values that one statement may bind.
	MaxParams int
	// KeyByResult: the driver's result gives the key that the database counted, and the keys of
	// one multi-row INSERT into a table without explicit keys are consecutive, KeyStep apart.
	KeyByResult bool
	// FirstKeyByResult: that key is the one of the first row, not of the last.
	FirstKeyByResult bool
	// KeyStep is the distance of two keys of one INSERT.
	KeyStep int64
	// InsertReturns, UpdateReturns: INSERT or UPDATE … RETURNING exists. Without it the columns that the database decides are
	// read by a SELECT in the same transaction.
	InsertReturns, UpdateReturns bool
	// OnDuplicateKey: an upsert is INSERT … ON DUPLICATE KEY UPDATE, which a conflict on any unique index
	// makes an update; there is no INSERT that ignores conflicts and reports other errors.
	OnDuplicateKey bool
	// WholeIndexes: an index is of all rows.
	WholeIndexes bool
	// DerivedLists: a sub-query after IN that has a limit, or reads the table which the statement
	// writes to, must be a derived table.
	DerivedLists bool
	// AbortsTransaction: a failed statement makes its transaction unusable, so that writes which
	// may violate a constraint are wrapped in a savepoint.
	AbortsTransaction bool
	// RowLocks: SELECT … FOR UPDATE and FOR SHARE exist. Without them a write transaction is alone.
	RowLocks bool
	// LockTable: a lock can name the table whose rows are locked: FOR UPDATE OF users.
	LockTable bool
	// ShareLock is what a SELECT ends with that locks its rows against changes: " FOR SHARE".
	ShareLock string
	// RowLock is what a SELECT ends with that locks its rows, but lets others point to them by a foreign key.
	RowLock string
	// Snapshots: a transaction does not see what others commit after its first SELECT, unless it locks what it reads.
	Snapshots bool
	// Contended is the isolation of a transaction that a call opens to look for rows under a lock and to write them: a level at which
	// a look for rows that are not there does not keep others from inserting them. Zero is the database's own.
	Contended sql.IsolationLevel
	// ZeroTime is what Go's zero time is bound as, where a driver would make a date of it that is none; "" elsewhere.
	ZeroTime string
	// ForeignKeysFirst: a foreign key may point to a table that is not made yet.
	ForeignKeysFirst bool
	// Lateral: a derived table may refer to those before it.
	Lateral bool
	// Arrays: columns can be arrays, addresses and intervals.
	Arrays bool
	// Cursors: a transaction can DECLARE a cursor.
	Cursors bool
	// ILike is the operator of LIKE that ignores case; "" where LIKE itself does.
	ILike string
	// BigInt and Double are the names of a 64-bit integer and of a 64-bit float in CAST.
	BigInt, Double string
	// Truncate is the statement, with %s for the table, that empties a table.
	Truncate string
	// Limitless is the LIMIT to write where an OFFSET needs one and there is none; "" if none is needed.
	Limitless string
	// TimePrefix in front of a selected column of time makes the driver return what is stored, which
	// Kindred reads faster than a driver that tries formats; "" where times have a type.
	TimePrefix string
	// FloatSuffix behind a selected column of 32 bit floats makes the server return all of its digits; "" where it does anyway.
	FloatSuffix string
	// EqualOrNull is the operator of two values that are equal, or both NULL; "" where IS NOT DISTINCT FROM is known.
	EqualOrNull string
	// NullsFirst: NULL is sorted before all values, and an order cannot say otherwise.
	NullsFirst bool
	// DefaultValues is the body of an INSERT that names no column.
	DefaultValues string

	// AppendInstant appends a column of time in a form that can be compared and sorted, and AppendNear a
	// condition that an index answers and that every time which is op at fulfils. Both are nil where times
	// have a type.
	AppendInstant func(dst []byte, c *meta.Column, column func([]byte) []byte) []byte
	AppendNear    func(dst []byte, op string, at time.Time, column func([]byte) []byte, bind func([]byte, any) []byte) []byte
	// AppendList appends the condition that an expression, written already, is one of a list, or none of it. The whole list
	// is one bound value, so the text does not change with its length. bind appends the placeholder of a value.
	AppendList func(dst []byte, list List, bind func([]byte, any) []byte) ([]byte, error)
	// AppendPairs appends a SELECT of the positions, from 0 on, of a value in the first list and a value in the
	// second that the database holds for equal. No table is read. Where it is nil, values are equal that have one
	// canonical form.
	AppendPairs func(dst []byte, a, b List, bind func([]byte, any) []byte) ([]byte, error)
	// AppendTyped appends the condition that an expression, written already, is one of a list, whose values are
	// compared as values of the list's column. It is nil where only the expression says how values are compared.
	AppendTyped func(dst []byte, list List, bind func([]byte, any) []byte) ([]byte, error)
	// Bulk binds a multi-row INSERT column by column; nil where rows are bound value by value.
	Bulk Bulk
	// Translate turns a driver's error for a violated constraint or a refused value into Kindred's.
	Translate func(err error) error
	// Lost reports whether err says that a transaction has lost against another, and may do better when it
	// is begun again.
	Lost func(err error) bool
	// Ended reports whether err says that the server has rolled back the transaction, so that what is
	// sent next would be outside of it; nil where a server refuses such statements itself.
	Ended func(err error) bool
	// Outdated reports whether err says that a statement has other columns than when it was prepared, so that it may
	// be sent again; nil where no such thing is.
	Outdated func(err error) bool
	// Disconnected reports whether err is the last word of a server that has ended the connection, or what only this
	// database's driver says of one that is lost; nil where there is no such word.
	Disconnected func(err error) bool
	// Referenced reports whether err says that Truncate is refused because other tables point to the table; nil
	// where it never is.
	Referenced func(err error) bool
	// Answered reports whether err is the database's own answer, and not a lost connection.
	Answered func(err error) bool
	// Complete adds the safe defaults to a connection that gorm has not opened yet, and reports
	// whether the database lives in the memory of one connection.
	Complete func(d gorm.Dialector) (single bool)
	// TimeDigits returns the digits behind the second that gorm's dialector gives a column of time without a precision; nil where
	// columns of time keep microseconds.
	TimeDigits func(d gorm.Dialector) int
	// Check reports a setting of an open database that would break a promise.
	Check func(ctx context.Context, db gorm.ConnPool) error
	// CommitsChanges: a statement that changes a table commits the transaction.
	CommitsChanges bool
	// Schema reads and changes tables; SchemaOf returns that of a copy of the dialect.
	Schema   Schema
	SchemaOf func(d *Dialect) Schema
	// Alone begins a transaction in which tables can be made anew, on a connection that nobody else uses. end
	// undoes what is set on the connection for it. It is nil where any transaction serves.
	Alone func(ctx context.Context, conn *sql.Conn) (end func(ctx context.Context) error, err error)
	// Texts reports whether a column of a result, of a type that the driver names, is text which the driver gives as bytes; nil where
	// a driver gives text as text.
	Texts func(databaseType string) bool
	// Reader decodes rows without database/sql; nil where there is no such way.
	Reader Reader
}

// List is values that Cast has brought into the form of a column.
type List struct {
	Column *meta.Column // has the type and the collation of the values
	Values []any
	Within string // the schema of the column's table, if that names none
	Not    bool   // for AppendList: none of the values
}

// Table returns the name of the column's table, with its schema.
func (l List) Table() string { return qualified(l.Within, l.Column.Model.Table) }

// In returns the dialect for tables in a schema.
func (d *Dialect) In(schema string) *Dialect {
	c := *d
	c.Within = schema
	if c.SchemaOf != nil {
		c.Schema = c.SchemaOf(&c)
	}
	return &c
}

// Qualified returns the name of a table with the schema that it is in.
func (d *Dialect) Qualified(table string) string { return qualified(d.Within, table) }

func qualified(schema, table string) string {
	if schema == "" || strings.Contains(table, ".") {
		return table
	}
	return schema + "." + table
}

// Bulk binds a multi-row INSERT column by column.
type Bulk interface {
	// Types returns the database's type of each column as a statement would bind it, or nil if
	// one of them has no array form. It describes a statement, but runs none.
	Types(ctx context.Context, driverConn any, insert string) ([]string, error)
	// Column returns the values of one column, of the type that Types gave, as one list to bind.
	Column(values []any, typ string) (BulkColumn, error)
	// Append appends the source of the rows.
	Append(dst []byte, types []string, columns []BulkColumn, bind func([]byte, any) []byte) []byte
}

// BulkColumn is the list that an INSERT binds for one column.
type BulkColumn struct {
	Values []any
	Text   bool // bound as text, which the server casts
}

// Reader runs a statement on a driver's connection and stores its rows.
type Reader interface {
	// Can reports whether the driver's connection is one that Read knows.
	Can(driverConn any) bool
	// Read returns driver.ErrBadConn if the statement was not sent and may be tried again.
	Read(ctx context.Context, driverConn any, sql string, args []any, into Sink) error
	// Unprepared returns the first argument of a statement whose columns may differ from those of an
	// earlier one with the same text; nil where the driver looks at the columns of every result.
	Unprepared(driverConn any) any
}

// Sink receives rows.
type Sink interface {
	// Targets is called once, with the names of the result's columns.
	Targets(names []string) ([]Target, error)
	// Row returns where the next row goes: the record, and the values of its extras.
	Row() (record memory.Ptr, extras []any)
	// Rows returns how many rows Row was called for.
	Rows() int64
	// Cells returns where ReadRows keeps its destinations: new, or from the last use of the sink,
	// whose targets were the same.
	Cells() *Cells
	// Later keeps a value whose Scan must wait until the connection is free again.
	Later(record memory.Ptr, t *Target, value any)
}

// Target is the destination of a result column: a field at an offset, or an extra.
type Target struct {
	Model *meta.Model // nil for a result that belongs to no model
	Name  string      // of the attribute, or of the extra

	Codec  *meta.Codec                         // nil for an extra as the driver gives it
	Scan   func(dst memory.Ptr, src any) error // of the Codec, for the records of one result
	Offset uintptr
	Extra  int  // index among the extras, or -1 for a field
	Text   bool // what the driver gives as bytes is text; what reads the rows sets it
}

// Failed returns the error of storing a value. It names model and field, and does not show the value.
func (t *Target) Failed(err error) error {
	as := "its type"
	if t.Codec != nil {
		as = t.Codec.Type.String()
	}
	err = errs.Conceal(err, "the database holds what cannot be read as %s", as)
	switch {
	case t.Model != nil:
		return errs.Field(t.Model.Name+"."+t.Name, err)
	case t.Name != "":
		return errs.Field("."+t.Name, err)
	default:
		return err
	}
}

// Around returns what stands before and behind a selected column, so that the driver gives what is stored: times that it would
// convert, and all digits of floats.
func (d *Dialect) Around(c *meta.Column) (before, behind string) {
	switch {
	case c.Instant || c.Kind == meta.String && c.Meaning >= meta.Date:
		return d.TimePrefix, ""
	case c.Kind == meta.Float && c.Bits == 32:
		return "", d.FloatSuffix
	}
	return "", ""
}

// Bound returns values as they are bound.
func (d *Dialect) Bound(values []any) []any {
	if d.ZeroTime == "" {
		return values
	}
	out := values
	for i, v := range values {
		if at, ok := v.(time.Time); !ok || !at.IsZero() {
			continue
		}
		if &out[0] == &values[0] {
			out = slices.Clone(values)
		}
		out[i] = d.ZeroTime
	}
	return out
}

// AppendName appends a quoted name of the registry.
func (d *Dialect) AppendName(dst []byte, name string) []byte { return ident.Append(dst, d.Quote, name) }

// AppendAlias appends the quoted name of a result column, which is cut if it is longer than databases allow.
func (d *Dialect) AppendAlias(dst []byte, name string) []byte {
	return ident.Append(dst, d.Quote, ident.Short(name))
}

// AppendTable appends the quoted name of a table, which may have a schema in front.
func (d *Dialect) AppendTable(dst []byte, table string) []byte {
	return ident.AppendTable(dst, d.Quote, d.Qualified(table))
}

// AppendColumn appends table.column, both quoted.
func (d *Dialect) AppendColumn(dst []byte, table, column string) []byte {
	return ident.AppendQualified(dst, d.Quote, table, column)
}

// AppendPlaceholder appends the placeholder of the nth value, counted from 1.
func (d *Dialect) AppendPlaceholder(dst []byte, n int) []byte {
	if !d.Numbered {
		return append(dst, '?')
	}
	return strconv.AppendInt(append(dst, '$'), int64(n), 10)
}
