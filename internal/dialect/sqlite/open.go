// SPDX-License-Identifier: MIT

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
)

// setting is a parameter of a connection, as drivers spell it in a DSN.
type setting struct {
	mattn   []string // its names for mattn/go-sqlite3; the first is used
	pragma  string   // its name for drivers in pure Go, which take pragmas
	plain   string   // its name for these drivers, if it is no pragma
	value   string
	writes  bool // it is for files that are written to
	outside bool // it is for databases that are not in memory
}

// settings say that foreign keys are checked, a locked database is waited for, transactions take the write lock
// when they begin, readers do not block the writer, and statements are kept prepared. Drivers in pure Go are told to
// store times in the form in which the others do.
var settings = []setting{ //nolint:gochecknoglobals // a constant table.
	{mattn: []string{"_foreign_keys", "_fk"}, pragma: "foreign_keys", value: "1"},
	{mattn: []string{"_busy_timeout", "_timeout"}, pragma: "busy_timeout", value: "5000"},
	{mattn: []string{"_txlock"}, plain: "_txlock", value: "immediate", writes: true},
	{mattn: []string{"_journal_mode", "_journal"}, pragma: "journal_mode", value: "WAL", writes: true, outside: true},
	{mattn: []string{"_stmt_cache_size"}, value: "64"},
	{plain: "_time_format", value: "sqlite"},
}

// complete appends the settings which the DSN does not have. The dialector is not imported, because
// the library picks no driver; its fields are the ones that gorm documents.
func complete(d gorm.Dialector) (single bool) {
	v := reflect.Indirect(reflect.ValueOf(d))
	if v.Kind() != reflect.Struct {
		return false
	}
	dsn, conn := v.FieldByName("DSN"), v.FieldByName("Conn")
	if !dsn.IsValid() || dsn.Kind() != reflect.String || !dsn.CanSet() || conn.IsValid() && !conn.IsZero() {
		return false
	}
	text, single := completed(dsn.String(), pureGo(v))
	dsn.SetString(text)
	return single
}

// pureGo reports whether the driver of a dialector is modernc.org/sqlite or made from it. The name of the driver
// says nothing, as programs register drivers under names of their own.
func pureGo(dialector reflect.Value) bool {
	name := ""
	if f := dialector.FieldByName("DriverName"); f.IsValid() && f.Kind() == reflect.String {
		name = f.String()
	}
	if name == "" { // it is the dialector's own
		return isPure(dialector.Type().PkgPath())
	}
	db, err := sql.Open(name, "")
	if err != nil {
		return false
	}
	path := reflect.Indirect(reflect.ValueOf(db.Driver())).Type().PkgPath()
	_ = db.Close() // it has no connection.
	return isPure(path)
}

func isPure(path string) bool {
	return strings.Contains(path, "modernc") || strings.Contains(path, "glebarez")
}

// completed returns the DSN with the settings that it lacks, and whether the database lives in the memory of one
// connection.
func completed(dsn string, pure bool) (text string, single bool) {
	path, query, _ := strings.Cut(dsn, "?")
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' })
	has := func(name string) bool {
		return name != "" && slices.ContainsFunc(parts, func(part string) bool {
			return strings.HasPrefix(part, name+"=") || strings.HasPrefix(strings.ToLower(part), "_pragma="+name)
		})
	}
	single = path == ":memory:" || path == "file::memory:" || path == "" || slices.Contains(parts, "mode=memory")
	readOnly := slices.ContainsFunc(parts, func(part string) bool {
		return slices.Contains([]string{"mode=ro", "immutable=1", "immutable=true", "_query_only=1", "_query_only=true", "_pragma=query_only(1)"}, part)
	})
	for _, s := range settings {
		if s.writes && readOnly || s.outside && single || slices.ContainsFunc(append(s.mattn, s.plain, s.pragma), has) {
			continue
		}
		switch {
		case !pure && len(s.mattn) > 0:
			parts = append(parts, s.mattn[0]+"="+s.value)
		case pure && s.pragma != "":
			parts = append(parts, "_pragma="+s.pragma+"("+s.value+")")
		case pure && s.plain != "":
			parts = append(parts, s.plain+"="+s.value)
		}
	}
	return path + "?" + strings.Join(parts, "&"), single
}

func check(ctx context.Context, db gorm.ConnPool) error {
	for _, pragma := range []struct{ name, fix string }{
		{"foreign_keys", "_foreign_keys=1 or _pragma=foreign_keys(1)"}, {"busy_timeout", "_busy_timeout=5000 or _pragma=busy_timeout(5000)"},
	} {
		var value int
		rows, err := db.QueryContext(ctx, "PRAGMA "+pragma.name)
		if err != nil {
			return err
		}
		for rows.Next() {
			if err = rows.Scan(&value); err != nil {
				break
			}
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // its error is joined.
			return err
		}
		if value == 0 {
			return fmt.Errorf("%w: PRAGMA %s is off on this SQLite handle; add %s, as its driver calls it, to the DSN, "+
				"open it with model.Open, or set Config.AllowUnsafeSQLite", errs.ErrUnsupported, pragma.name, pragma.fix)
		}
	}
	return nil
}
