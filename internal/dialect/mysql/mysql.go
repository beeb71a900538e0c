// SPDX-License-Identifier: MIT

package mysql

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// New returns the dialect. Its Check completes it with what the server's version has.
func New() *dialect.Dialect {
	d := &dialect.Dialect{
		Name: "mysql", Quote: '`', MaxParams: 65_535, KeyByResult: true, FirstKeyByResult: true, KeyStep: 1,
		RowLocks: true, Snapshots: true, OnDuplicateKey: true, WholeIndexes: true, DerivedLists: true, CommitsChanges: true,
		BigInt: "SIGNED", Double: "DOUBLE", ShareLock: " LOCK IN SHARE MODE", RowLock: " FOR UPDATE",
		Limitless: "18446744073709551615", DefaultValues: "VALUES ()", Truncate: "DELETE FROM %s",
		AppendList: appendList, Translate: translate, Answered: answered, Lost: lost, Ended: lost, Disconnected: disconnected, Complete: complete, TimeDigits: timeDigits,
		Reader: dialect.DriverReader{Texts: isText}, Texts: isText, EqualOrNull: " <=> ", NullsFirst: true, FloatSuffix: "+0e0", Contended: sql.LevelReadCommitted, ZeroTime: "0001-01-01 00:00:00",
	}
	d.SchemaOf = func(d *dialect.Dialect) dialect.Schema { return schema{d} }
	d.Schema = d.SchemaOf(d)
	d.Check = func(ctx context.Context, db gorm.ConnPool) error { return check(ctx, db, d) }
	return d
}

// storedTime is the form of a time in a statement. The session's time zone is UTC.
const storedTime = "2006-01-02 15:04:05.999999"

// eachAtMost is the longest list that is bound value by value. A statement that is prepared takes no more than 65,535 values.
const eachAtMost = 60_000

// appendList binds every value by itself, which the server's optimizer turns into ranges of an index, or into a table where
// the list is long. A list that is too long for that is one JSON text, unless it is of text, whose collation would not
// be the column's.
func appendList(dst []byte, in dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	if in.Not {
		dst = append(dst, " NOT"...)
	}
	dst = append(dst, " IN ("...)
	if len(in.Values) > eachAtMost {
		if list, typ, element := jsonList(in.Values); typ != "" {
			dst = append(append(append(dst, "SELECT "...), element...), " FROM JSON_TABLE("...)
			dst = bind(dst, string(list))
			return append(append(append(dst, ", '$[*]' COLUMNS (v "...), typ...), " PATH '$')) AS kindred_list)"...), nil
		}
	}
	return append(appendEach(dst, in.Values, bind), ')'), nil
}

// jsonList returns values as a JSON list, with the type of its elements and the expression that reads one. The type is empty
// for text.
func jsonList(values []any) (list []byte, typ, element string) {
	list, element = []byte{'['}, "v"
	for i, v := range values {
		if i > 0 {
			list = append(list, ',')
		}
		switch v := v.(type) {
		case int64:
			typ = "BIGINT"
			list = strconv.AppendInt(list, v, 10)
		case bool:
			typ = "BIGINT"
			list = append(list, map[bool]byte{false: '0', true: '1'}[v])
		case float64:
			typ = "DOUBLE"
			list = strconv.AppendFloat(list, v, 'e', 17, 64)
		case time.Time:
			typ = "DATETIME(6)"
			list = append(v.AppendFormat(append(list, '"'), storedTime), '"')
		case []byte:
			typ, element = "LONGTEXT", "UNHEX(v)"
			list = append(hex.AppendEncode(append(list, '"'), v), '"')
		default:
			return nil, "", ""
		}
	}
	return append(list, ']'), typ, element
}

func appendEach(dst []byte, values []any, bind func([]byte, any) []byte) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = bind(dst, v)
	}
	return dst
}

// version is a server's version.
type version struct{ major, minor, patch int }

func (v version) before(w version) bool {
	if v.major != w.major {
		return v.major < w.major
	}
	if v.minor != w.minor {
		return v.minor < w.minor
	}
	return v.patch < w.patch
}

// settings are the settings of a connection that check reads.
const settings = "SELECT VERSION(), @@SESSION.sql_mode, @@SESSION.time_zone, @@SESSION.character_set_client, " +
	"@@SESSION.auto_increment_increment, @@GLOBAL.log_bin AND @@SESSION.binlog_format = 'STATEMENT'"

// check refuses a connection whose settings would lose or change data, and completes the dialect with
// what the server's version has.
func check(ctx context.Context, db gorm.ConnPool, d *dialect.Dialect) error {
	var text, mode, zone, charset string
	var step int64
	var logsText bool
	if err := db.QueryRowContext(ctx, settings).Scan(&text, &mode, &zone, &charset, &step, &logsText); err != nil {
		return err
	}
	if step > 0 {
		d.KeyStep = step
	}
	if logsText { // the server refuses to log what a transaction of another level writes
		d.Contended = sql.LevelDefault
	}
	if err := complement(d, text); err != nil {
		return err
	}
	switch {
	case !strings.Contains(mode, "STRICT_TRANS_TABLES") && !strings.Contains(mode, "STRICT_ALL_TABLES"):
		return refused("sql_mode has no STRICT_TRANS_TABLES, so that the server would change values that do not fit",
			"sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES')")
	case charset != "utf8mb4":
		return refused("the character set of the connection is "+charset, "charset=utf8mb4")
	case zone != "+00:00" && !strings.EqualFold(zone, "UTC"):
		return refused("the time zone of the session is not UTC", "time_zone='+00:00'")
	}
	return probe(ctx, db)
}

func refused(why, parameter string) error {
	return fmt.Errorf("%w: %s on this MySQL handle; add %s to its DSN (URL-encoded), or open it with model.Open", errs.ErrUnsupported, why, parameter)
}

// probe finds settings of the driver, which no variable of the server shows: times must arrive as
// times in UTC, and a write must report the rows that it found, also where it changed none.
func probe(ctx context.Context, db gorm.ConnPool) error {
	var at any
	if err := db.QueryRowContext(ctx, "SELECT CAST('2026-01-02 03:04:05' AS DATETIME)").Scan(&at); err != nil {
		return err
	}
	t, ok := at.(time.Time)
	if !ok {
		return refused("times arrive as text", "parseTime=true")
	}
	if !t.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) {
		return refused("the driver's time zone is "+t.Location().String(), "loc=UTC")
	}
	if !findsRows(ctx, db) {
		return refused("writes report the rows that they changed, not those that they found", "clientFoundRows=true")
	}
	return nil
}

// findsRows reports whether the driver asks for the number of rows found. A connection of a driver
// around the driver does not show it; then the answer is yes.
func findsRows(ctx context.Context, db gorm.ConnPool) (found bool) {
	pool, ok := db.(*sql.DB)
	if !ok {
		return true
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return true // the next statement meets the error.
	}
	defer func() { _ = conn.Close() }() // nothing was sent on it.
	found = true
	_ = conn.Raw(func(driverConn any) error { // the function returns no error.
		v := reflect.Indirect(reflect.ValueOf(driverConn))
		if v.Kind() != reflect.Struct {
			return nil
		}
		config := v.FieldByName("cfg")
		if config.Kind() != reflect.Pointer || config.Elem().Kind() != reflect.Struct {
			return nil
		}
		if setting := config.Elem().FieldByName("ClientFoundRows"); setting.Kind() == reflect.Bool {
			found = setting.Bool()
		}
		return nil
	})
	return found
}

// complement sets the features of the server's version.
func complement(d *dialect.Dialect, text string) error {
	v := parseVersion(text)
	if strings.Contains(text, "MariaDB") {
		d.InsertReturns, d.AppendPairs = true, valuesOfMariaDB.pairs()
		return oldest("MariaDB", text, v, version{10, 6, 0})
	}
	d.Lateral = !v.before(version{8, 0, 14})
	d.LockTable, d.ShareLock = true, " FOR SHARE"
	if d.AppendPairs = selects.pairs(); !v.before(version{8, 0, 19}) {
		d.AppendPairs = valuesOfMySQL.pairs()
	}
	return oldest("MySQL", text, v, version{8, 0, 0})
}

func oldest(name, text string, v, least version) error {
	if v.before(least) {
		return fmt.Errorf("%w: %s %s; Kindred needs %d.%d or later", errs.ErrUnsupported, name, text, least.major, least.minor)
	}
	return nil
}

// parseVersion reads "8.0.36", and "5.5.5-10.11.6-MariaDB", which old clients need.
func parseVersion(text string) (v version) {
	text = strings.TrimPrefix(text, "5.5.5-")
	for i, to := range []*int{&v.major, &v.minor, &v.patch} {
		end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(text)
		}
		*to, _ = strconv.Atoi(text[:end]) // digits only; too many of them are no version.
		if text = text[end:]; text == "" || text[0] != '.' || i == 2 {
			break
		}
		text = text[1:]
	}
	return v
}

// isText reports whether the driver's values of a type, which it gives as bytes, are text.
func isText(databaseType string) bool {
	switch strings.TrimPrefix(databaseType, "UNSIGNED ") {
	case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB", "BIT", "GEOMETRY":
		return false
	default:
		return true
	}
}
