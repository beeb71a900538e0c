// SPDX-License-Identifier: MIT

package sqlite

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
)

// New returns the dialect. Names are quoted with backticks, because SQLite takes an unknown name
// in double quotes for a text.
func New() *dialect.Dialect {
	d := &dialect.Dialect{
		Name: "sqlite", Quote: '`', MaxParams: 32_766, KeyByResult: true, KeyStep: 1,
		InsertReturns: true, UpdateReturns: true, BigInt: "bigint", Double: "double precision",
		Limitless: "-1", TimePrefix: "+", DefaultValues: "DEFAULT VALUES", Truncate: "DELETE FROM %s",
		ForeignKeysFirst: true,
		AppendList:       appendList, Translate: translate, Answered: answered, Lost: func(error) bool { return false }, Complete: complete, Check: check,
		Reader: dialect.DriverReader{}, AppendInstant: appendInstant, AppendNear: appendNear, Alone: alone,
	}
	d.Schema = schema{d}
	return d
}

// storedTime is the form in which the driver stores a time.
const storedTime = "2006-01-02 15:04:05.999999999-07:00"

func appendList(dst []byte, _ *meta.Column, values []any, not bool, bind func([]byte, any) []byte) ([]byte, error) {
	element := "value"
	list := make([]byte, 0, 16*len(values)+2)
	list = append(list, '[')
	for i, v := range values {
		if i > 0 {
			list = append(list, ',')
		}
		switch v := v.(type) {
		case int64:
			list = strconv.AppendInt(list, v, 10)
		case bool:
			if v {
				list = append(list, '1')
			} else {
				list = append(list, '0')
			}
		case float64:
			list = strconv.AppendFloat(list, v, 'e', 17, 64)
		case time.Time:
			list = v.AppendFormat(append(list, '"'), storedTime)
			list = append(list, '"')
		case []byte:
			element = "unhex(value)"
			list = hex.AppendEncode(append(list, '"'), v)
			list = append(list, '"')
		default:
			text, err := json.Marshal(v)
			if err != nil {
				return dst, err
			}
			list = append(list, text...)
		}
	}
	list = append(list, ']')
	if not {
		dst = append(dst, " NOT"...)
	}
	dst = append(dst, " IN (SELECT "...)
	dst = append(dst, element...)
	dst = append(dst, " FROM json_each("...)
	dst = bind(dst, string(list))
	return append(dst, "))"...), nil
}

// translate reads the messages of SQLite, which are the same for every driver.
func translate(err error) error {
	text := err.Error()
	at := strings.Index(text, " constraint failed")
	if strings.Contains(text, unknownForm) {
		return errs.New(errs.ErrInvalidValue, "a column of times holds %s; times are text such as 2006-01-02 15:04:05+00:00, "+
			"or whole numbers since 1970", unknownForm)
	}
	if at < 0 && strings.Contains(text, "ON CONFLICT clause does not match") {
		return errs.Wrap(errs.ErrUnsupported, err, "an upsert needs a unique index on its columns")
	}
	if at < 0 && strings.Contains(text, "integer overflow") {
		return errs.Wrap(errs.ErrInvalidValue, err, "the result is more than a 64 bit integer holds")
	}
	if at < 0 {
		return err
	}
	out := &errs.ConstraintError{Err: err}
	switch head := text[:at]; {
	case strings.HasSuffix(head, "UNIQUE"), strings.HasSuffix(head, "PRIMARY KEY"):
		out.Kind = errs.Unique
	case strings.HasSuffix(head, "FOREIGN KEY"):
		out.Kind = errs.ForeignKey
	case strings.HasSuffix(head, "NOT NULL"):
		out.Kind = errs.NotNull
	case strings.HasSuffix(head, "CHECK"):
		out.Kind = errs.Check
	default:
		return err
	}
	_, rest, _ := strings.Cut(text[at:], ": ")
	rest, _, _ = strings.Cut(rest, " (") // some drivers append a code
	if out.Kind == errs.Check {
		out.Name = rest
		return out
	}
	if name, ok := strings.CutPrefix(rest, "index "); ok {
		out.Name = strings.Trim(name, "'")
		return out
	}
	for column := range strings.SplitSeq(rest, ", ") {
		if table, name, ok := strings.Cut(column, "."); ok {
			out.Table = table
			out.Columns = append(out.Columns, name)
		}
	}
	return out
}

// answered recognises the error types of the SQLite drivers.
func answered(err error) bool {
	for err != nil {
		t := reflect.TypeOf(err)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if strings.Contains(t.PkgPath(), "sqlite") && !strings.Contains(t.PkgPath(), "kindred") {
			return true
		}
		inner, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = inner.Unwrap()
	}
	return false
}

// settings are the parameters of a connection, for the driver that gorm.io/driver/sqlite uses:
// foreign keys are checked, a locked database is waited for, transactions take the write lock when
// they begin, readers do not block the writer, and statements are kept prepared.
var settings = [][2]string{ //nolint:gochecknoglobals // a constant table.
	{"_foreign_keys", "1"},
	{"_busy_timeout", "5000"},
	{"_txlock", "immediate"},
	{"_journal_mode", "WAL"},
	{"_stmt_cache_size", "64"},
}

// aliases are other names under which the driver knows a setting.
var aliases = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"_foreign_keys": "_fk", "_busy_timeout": "_timeout", "_journal_mode": "_journal",
}

// complete appends the settings which the DSN does not have. The dialector is not imported, because
// the library picks no driver; its fields are the ones that gorm documents.
func complete(d gorm.Dialector) (single bool) {
	v := reflect.ValueOf(d)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return false
	}
	dsn, conn := v.FieldByName("DSN"), v.FieldByName("Conn")
	if !dsn.IsValid() || dsn.Kind() != reflect.String || !dsn.CanSet() || conn.IsValid() && !conn.IsZero() {
		return false
	}
	text := dsn.String()
	path, query, _ := strings.Cut(text, "?")
	single = path == ":memory:" || path == "file::memory:" || path == "" || strings.Contains(query, "mode=memory")
	for _, setting := range settings {
		if single && setting[0] == "_journal_mode" {
			continue
		}
		if has(query, setting[0]) || has(query, aliases[setting[0]]) {
			continue
		}
		if query != "" {
			query += "&"
		}
		query += setting[0] + "=" + setting[1]
	}
	dsn.SetString(path + "?" + query)
	return single
}

func has(query, name string) bool {
	return name != "" && strings.Contains("&"+query, "&"+name+"=")
}

func check(ctx context.Context, db gorm.ConnPool) error {
	for _, pragma := range []struct{ name, fix string }{
		{"foreign_keys", "_foreign_keys=1"}, {"busy_timeout", "_busy_timeout=5000"},
	} {
		var value int
		rows, err := db.QueryContext(ctx, "PRAGMA "+pragma.name)
		if err != nil {
			return err
		}
		for rows.Next() {
			if err := rows.Scan(&value); err != nil {
				_ = rows.Close() // the error of Scan is the one to report.
				return err
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
		if value == 0 {
			return fmt.Errorf("%w: PRAGMA %s is off on this SQLite handle; add %s to its DSN, open it with model.Open, "+
				"or set Config.AllowUnsafeSQLite", errs.ErrUnsupported, pragma.name, pragma.fix)
		}
	}
	return nil
}
