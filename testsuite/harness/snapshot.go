// SPDX-License-Identifier: MIT

package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Record is what every record can be asked.
type Record interface {
	Attributes() model.Attrs
	Original() model.Attrs
	Dirty() model.Attrs
	Changes() model.Attrs
	Extras() model.Extras
	IsNew() bool
	IsPersisted() bool
	IsDeleted() bool
	Trashed() bool
	IsDirty(names ...string) bool
	WasChanged(names ...string) bool
	Related(name string) *relation.Client
}

// Snapshot returns everything that can be seen of a record, as text with one fact per line.
func Snapshot(rec Record) string {
	var b strings.Builder
	fact := func(name string, value any) { fmt.Fprintf(&b, "%s: %v\n", name, value) }
	v := reflect.ValueOf(rec).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && !f.Anonymous {
			if f.Tag.Get("relation") != "" {
				fact("relation "+f.Name, fmt.Sprint(rec.Related(f.Name).Loaded(), pointers(v.Field(i))))
				continue
			}
			fact("field "+f.Name, ValueText(v.Field(i).Interface()))
		}
	}
	attrs := func(name string, values map[string]any) {
		for _, key := range slices.Sorted(maps.Keys(values)) {
			fact(name+" "+key, ValueText(values[key]))
		}
	}
	attrs("attribute", rec.Attributes())
	attrs("original", rec.Original())
	attrs("dirty", rec.Dirty())
	attrs("change", rec.Changes())
	attrs("extra", rec.Extras())
	attrs("sideloaded", model.Sideloaded(rec))
	fact("new", rec.IsNew())
	fact("persisted", rec.IsPersisted())
	fact("local", model.IsLocal(rec))
	fact("deleted", rec.IsDeleted())
	fact("trashed", rec.Trashed())
	fact("is dirty", rec.IsDirty())
	fact("was changed", rec.WasChanged())
	fact("in a transaction", inTransaction(model.DBOf(rec)))
	return b.String()
}

// inTransaction reports whether a handle is a transaction. A record may go on knowing its database
// after a call that failed, but no transaction that has ended.
func inTransaction(db *model.DB) bool {
	if db == nil {
		return false
	}
	_, in := db.Gorm().Statement.ConnPool.(gorm.TxCommitter)
	return in
}

// ValueText returns a value of a field, or of a driver, as the text that Snapshot has of it.
func ValueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case gorm.DeletedAt:
		if !v.Valid {
			return "null"
		}
		return ValueText(v.Time)
	case []byte:
		return string(v)
	case string:
		return v
	case []string:
		text, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(text)
	default:
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer {
			switch {
			case rv.IsNil():
				return "null"
			case rv.Elem().Kind() == reflect.Struct: // a record is known by its address
				return fmt.Sprint(rv.Pointer())
			default:
				return ValueText(rv.Elem().Interface())
			}
		}
		return fmt.Sprint(v)
	}
}

// pointers are the records of a relation field.
func pointers(v reflect.Value) string {
	switch {
	case v.IsNil():
		return "nothing"
	case v.Kind() == reflect.Pointer:
		return fmt.Sprint(v.Pointer())
	}
	list := make([]uintptr, v.Len())
	for i := range list {
		list[i] = v.Index(i).Pointer()
	}
	return fmt.Sprint(list)
}

// Diff returns the lines in which two texts differ.
func Diff(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var out []string
	for _, line := range was {
		if !slices.Contains(is, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			out = append(out, "+ "+line)
		}
	}
	return strings.Join(out, "\n")
}
