// SPDX-License-Identifier: MIT

package meta

import (
	"encoding"
	"reflect"
	"strings"
	"time"

	"gorm.io/gorm/schema"
)

// Some types of columns exist on PostgreSQL alone: arrays, addresses, intervals. A field declares that type, and on other databases its
// column has another one, which holds the same values: a JSON array as text, an address as text, nanoseconds.

var (
	marshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	durationType    = reflect.TypeFor[time.Duration]()
)

// element returns what a pointer points to, or the type itself.
func element(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isTextual reports whether values of t, or what it points to, are kept as the text that their own methods make.
func isTextual(t reflect.Type) bool {
	p := reflect.PointerTo(element(t))
	return p.Implements(marshalerType) && p.Implements(unmarshalerType) && !holdsColumn(t)
}

// isList reports whether t, or what it points to, is a slice whose elements can be those of an array.
func isList(t reflect.Type) bool {
	t = element(t)
	return t.Kind() == reflect.Slice && !holdsColumn(t) && (holdsColumn(t.Elem()) || isTextual(t.Elem()))
}

// isArray reports whether a declared type is an array of PostgreSQL.
func isArray(declared string) bool {
	declared = strings.ToLower(strings.TrimSpace(declared))
	return strings.HasSuffix(declared, "]") || strings.HasSuffix(declared, " array")
}

// declaredHolds reports whether a field can be a column of the type that its tag declares, without a serializer.
func declaredHolds(t reflect.Type, tag map[string]string) bool {
	switch declared := tag["TYPE"]; {
	case declared == "":
		return false
	case isArray(declared):
		return isList(t)
	default:
		return isTextual(t)
	}
}

// standsForInterval and standsForAddress mark, among gorm's settings of a field, a column of nanoseconds, and one of the text of bytes.
const (
	standsForInterval = "INTERVAL"
	standsForAddress  = "ADDRESS"
)

// isAddress reports whether t, or what it points to, is a slice of bytes with a text, such as net.IP.
func isAddress(t reflect.Type) bool {
	return reflect.PointerTo(element(t)).Implements(marshalerType) && element(t).Kind() == reflect.Slice && !isCustom(t)
}

// standIn returns the type that a column has on a database without the one that is declared, or "".
func standIn(t reflect.Type, declared string) string {
	base, _, _ := strings.Cut(strings.ToLower(declared), "(")
	switch {
	case isArray(declared) && isList(t):
		return "text"
	case base == "inet", base == "cidr", base == "macaddr":
		switch {
		case isTextual(t), element(t).Kind() == reflect.String:
			return "varchar(64)"
		case isAddress(t):
			return "varchar(64);" + standsForAddress
		}
	case strings.HasPrefix(base, "interval") && element(t) == durationType:
		return "bigint;" + standsForInterval
	}
	return ""
}

// ported returns the field as gorm is shown it, with the type that its column has on the database.
func (w *walker) ported(f reflect.StructField) reflect.StructField {
	if !w.names.Portable {
		return f
	}
	for setting := range strings.SplitSeq(f.Tag.Get("gorm"), ";") {
		word, declared, _ := strings.Cut(setting, ":")
		if !strings.EqualFold(strings.TrimSpace(word), "type") {
			continue
		}
		if in := standIn(f.Type, declared); in != "" {
			f.Tag = reflect.StructTag(strings.Replace(string(f.Tag), setting, word+":"+in, 1))
		}
	}
	return f
}

// standsIn reports whether a field of the struct, or of one in it, has another type on other databases.
func standsIn(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || holdsColumn(t) {
		return false
	}
	for f := range t.Fields() {
		if standIn(f.Type, schema.ParseTagSetting(f.Tag.Get("gorm"), ";")["TYPE"]) != "" {
			return true
		}
		if inner := element(f.Type); inner != t && (f.Anonymous || f.Tag.Get("gorm") != "") && f.Tag.Get("relation") == "" && standsIn(inner) {
			return true
		}
	}
	return false
}
