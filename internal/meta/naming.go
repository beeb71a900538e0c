// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm/schema"
)

// Naming gives the names that gorm's naming strategy does not.
type Naming interface {
	PivotTable(a, b string) string
	PivotKey(model, key string) string
	Serialized(field string) string
}

// Names is the one naming strategy of a database: gorm's for tables and columns, Naming for the rest.
type Names struct {
	Gorm schema.Namer
	Naming
	// TimeDigits are the digits behind the second that gorm gives a column of time without a precision, where the database
	// itself would give it none; 0 where columns of time keep microseconds.
	TimeDigits int
	// Portable says that the database lacks arrays, addresses and intervals, so that columns of other types stand in.
	Portable bool
	// ZonelessTimes: the database reads no time as text that has a zone; sessions are in UTC.
	ZonelessTimes bool
}

// DefaultNaming is snake case everywhere, with pivot tables named after both models in order.
type DefaultNaming struct{}

// PivotTable returns the sorted snake names of both models, joined by an underscore.
func (DefaultNaming) PivotTable(a, b string) string {
	names := []string{Snake(a), Snake(b)}
	sort.Strings(names)
	return names[0] + "_" + names[1]
}

// PivotKey returns the snake name of model and key: user_id.
func (DefaultNaming) PivotKey(model, key string) string { return Snake(model + key) }

// Serialized returns the snake name of field.
func (DefaultNaming) Serialized(field string) string { return Snake(field) }

// CamelCase is DefaultNaming with fields in JSON as JavaScript names them: ID is id, UnitCost is unitCost.
type CamelCase struct{ DefaultNaming }

// Serialized returns the name of field with its first word in lower case.
func (CamelCase) Serialized(field string) string { return LowerCamel(field) }

// Snake turns a Go name into snake case, initialisms kept whole: UserID is user_id.
func Snake(name string) string { return schema.NamingStrategy{}.ColumnName("", name) }

// LowerCamel lowers the first word of a Go name: UIDPosts is uidPosts, ActiveEmails activeEmails.
func LowerCamel(name string) string {
	runes := []rune(name)
	for i := range runes {
		if !unicode.IsUpper(runes[i]) {
			break
		}
		if i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// upperCamel is the name as that of an exported field: the key of a model user is UserID.
func upperCamel(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// comparable reports whether names may be a map key, and so be shared between databases.
func (n Names) comparable() bool {
	for _, v := range []any{n.Gorm, n.Naming} {
		if v == nil {
			continue
		}
		if !reflect.ValueOf(v).Comparable() {
			return false
		}
	}
	return true
}

// settings splits the words of a tag such as "a;b:c" into names and values; names keep their case.
func settings(tag string) (names []string, values map[string]string) {
	values = map[string]string{}
	for part := range strings.SplitSeq(tag, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		names = append(names, name)
		values[name] = strings.TrimSpace(value)
	}
	return names, values
}

// DefaultGormNaming is the strategy of a gorm handle that was given none.
func DefaultGormNaming() schema.Namer { return schema.NamingStrategy{IdentifierMaxLength: 64} }
