// SPDX-License-Identifier: MIT

package mysql

import (
	"reflect"
	"strings"

	"gorm.io/gorm"
)

// parameters are added to a DSN that does not have them: the number of rows found, including those that are
// equal already; times as times; statements in one message, not prepared for one use; UTC; errors for
// values that do not fit.
var parameters = [][2]string{ //nolint:gochecknoglobals // a constant table.
	{"clientFoundRows", "true"},
	{"parseTime", "true"},
	{"interpolateParams", "true"},
	{"loc", "UTC"},
	{"time_zone", "%27%2B00%3A00%27"},
	{"sql_mode", "CONCAT%28%40%40sql_mode%2C%27%2CSTRICT_TRANS_TABLES%27%29"},
}

// microseconds are the digits behind the second that Kindred keeps.
const microseconds = 6

// complete adds parameters to the DSN, and lets gorm make columns of times that keep microseconds. The
// dialector is not imported, because the library picks no driver; its fields are the ones that gorm documents.
func complete(d gorm.Dialector) (single bool) {
	v := configOf(d)
	if !v.IsValid() {
		return false
	}
	if precision := precisionOf(v); precision.IsValid() && precision.IsNil() && precision.CanSet() {
		precision.Set(reflect.ValueOf(new(microseconds)))
	}
	dsn, conn := v.FieldByName("DSN"), v.FieldByName("Conn")
	if dsn.Kind() != reflect.String || !dsn.CanSet() || dsn.String() == "" || conn.IsValid() && !conn.IsZero() {
		return false
	}
	dsn.SetString(withParameters(dsn.String()))
	return false
}

// configOf returns the struct of the dialector's settings; the zero Value if it has another form.
func configOf(d gorm.Dialector) reflect.Value {
	v := reflect.Indirect(reflect.ValueOf(d))
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	if config := v.FieldByName("Config"); config.Kind() == reflect.Pointer {
		v = config.Elem()
	}
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v
}

// precisionOf returns the field for the digits of times.
func precisionOf(config reflect.Value) reflect.Value {
	v := config.FieldByName("DefaultDatetimePrecision")
	if v.Kind() != reflect.Pointer || v.Type() != reflect.TypeFor[*int]() {
		return reflect.Value{}
	}
	return v
}

// gormDigits are the digits of times that gorm's dialector gives by default.
const gormDigits = 3

func timeDigits(d gorm.Dialector) int {
	config := configOf(d)
	if !config.IsValid() {
		return gormDigits
	}
	if precision := precisionOf(config); precision.IsValid() && !precision.IsNil() {
		return int(precision.Elem().Int())
	}
	return gormDigits
}

// withParameters adds the missing parameters to "user:password@tcp(host:port)/database?a=b".
func withParameters(dsn string) string {
	slash := strings.LastIndexByte(dsn, '/') // as the driver reads it: a password may have some, a parameter has none
	if slash < 0 {
		return dsn // the driver says what is wrong with it.
	}
	head, query, _ := strings.Cut(dsn[slash:], "?")
	for _, p := range parameters {
		if strings.Contains("&"+query, "&"+p[0]+"=") {
			continue
		}
		if query != "" {
			query += "&"
		}
		query += p[0] + "=" + p[1]
	}
	return dsn[:slash] + head + "?" + query
}
