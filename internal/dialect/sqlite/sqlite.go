// SPDX-License-Identifier: MIT

package sqlite

import (
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// New returns the dialect. Names are quoted with backticks, because SQLite takes an unknown name
// in double quotes for a text.
func New() *dialect.Dialect {
	d := &dialect.Dialect{
		Name: "sqlite", Quote: '`', MaxParams: 32_766, KeyByResult: true, KeyStep: 1,
		InsertReturns: true, UpdateReturns: true, BigInt: "bigint", Double: "double precision",
		Limitless: "-1", TimePrefix: "+", DefaultValues: "DEFAULT VALUES", Truncate: "DELETE FROM %s",
		ForeignKeysFirst: true,
		AppendList:       appendList, AppendPairs: appendPairs, Translate: translate, Answered: answered, Lost: func(error) bool { return false }, Complete: complete, Check: check,
		Reader: dialect.DriverReader{}, AppendInstant: appendInstant, AppendNear: appendNear, Alone: alone,
	}
	d.SchemaOf = func(d *dialect.Dialect) dialect.Schema { return schema{d} }
	d.Schema = d.SchemaOf(d)
	return d
}

// storedTime is the form in which the driver stores a time.
const storedTime = "2006-01-02 15:04:05.999999999-07:00"

func appendList(dst []byte, in dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	list, element, err := jsonOf(in.Values)
	if err != nil {
		return dst, err
	}
	if in.Not {
		dst = append(dst, " NOT"...)
	}
	dst = append(dst, " IN (SELECT "...)
	dst = append(dst, element...)
	dst = append(dst, " FROM json_each("...)
	dst = bind(dst, list)
	return append(dst, "))"...), nil
}

// jsonOf returns values as one JSON array, and the expression that turns the value of json_each into one of them.
func jsonOf(values []any) (text, element string, err error) {
	element = "value"
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
				return "", "", err
			}
			list = append(list, text...)
		}
	}
	list = append(list, ']')
	return string(list), element, nil
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
	if at < 0 && answered(err) && (strings.Contains(text, "database is locked") || strings.Contains(text, "table is locked")) {
		return errs.Wrap(errs.ErrConflict, err, "begin the transaction again")
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
