// SPDX-License-Identifier: MIT

package testsuite

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

// sweepRecord is what every record can be asked.
type sweepRecord interface {
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

// sweepSnapshot is everything that can be seen of a record, as text with one fact per line.
func sweepSnapshot(rec sweepRecord) string {
	var b strings.Builder
	fact := func(name string, value any) { fmt.Fprintf(&b, "%s: %v\n", name, value) }
	v := reflect.ValueOf(rec).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && !f.Anonymous {
			if f.Tag.Get("relation") != "" {
				fact("relation "+f.Name, fmt.Sprint(rec.Related(f.Name).Loaded(), sweepPointers(v.Field(i))))
				continue
			}
			fact("field "+f.Name, sweepText(v.Field(i).Interface()))
		}
	}
	attrs := func(name string, values map[string]any) {
		for _, key := range slices.Sorted(maps.Keys(values)) {
			fact(name+" "+key, sweepText(values[key]))
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
	fact("in a transaction", sweepInTransaction(model.DBOf(rec)))
	return b.String()
}

// sweepInTransaction reports whether a handle is a transaction. A record may go on knowing its database
// after a call that failed, but no transaction that has ended.
func sweepInTransaction(db *model.DB) bool {
	if db == nil {
		return false
	}
	_, in := db.Gorm().Statement.ConnPool.(gorm.TxCommitter)
	return in
}

// sweepText is a value of a field, or of a driver, as text.
func sweepText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case gorm.DeletedAt:
		if !v.Valid {
			return "null"
		}
		return sweepText(v.Time)
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
				return sweepText(rv.Elem().Interface())
			}
		}
		return fmt.Sprint(v)
	}
}

// sweepPointers are the records of a relation field.
func sweepPointers(v reflect.Value) string {
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

// sweepDiff returns the lines in which two texts differ.
func sweepDiff(before, after string) string {
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

// sweepEqualsRow returns what is wrong with a record after a call that succeeded: it equals its row,
// is clean but for the pending attributes, and persisted; one whose row is gone says so.
func sweepEqualsRow(rec sweepRecord, d sweepDump, pending []string) string {
	attrs := rec.Attributes()
	id, ok := attrs["ID"].(int64)
	if !ok {
		return fmt.Sprintf("the key is %v", attrs["ID"])
	}
	table := sweepTableOf(rec)
	row, exists := d.rows[table][id]
	var wrong []string
	switch {
	case rec.IsDeleted() == exists:
		wrong = append(wrong, fmt.Sprintf("IsDeleted is %v, and the row of key %d is there: %v", rec.IsDeleted(), id, exists))
	case rec.IsNew() || !rec.IsPersisted():
		wrong = append(wrong, "the record says that it is new")
	}
	if exists {
		for attr, value := range attrs {
			if slices.Contains(pending, attr) {
				if !rec.IsDirty(attr) {
					wrong = append(wrong, attr+" is not pending any more")
				}
				continue
			}
			if rec.IsDirty(attr) {
				wrong = append(wrong, attr+" is dirty")
			}
			if got, want := sweepText(value), row[sweepColumn(attr)]; got != want {
				wrong = append(wrong, fmt.Sprintf("%s is %q, and its column %q", attr, got, want))
			}
			if got, want := sweepText(rec.Original()[attr]), row[sweepColumn(attr)]; got != want {
				wrong = append(wrong, fmt.Sprintf("the original of %s is %q, and its column %q", attr, got, want))
			}
		}
	}
	slices.Sort(wrong)
	return strings.Join(wrong, "\n")
}

func sweepTableOf(rec any) string {
	switch rec.(type) {
	case *sweepItem:
		return "sweep_items"
	case *sweepPaper:
		return "sweep_papers"
	case *sweepTask:
		return "sweep_tasks"
	case *sweepParent:
		return "sweep_parents"
	case *sweepCard:
		return "sweep_cards"
	case *sweepMemo:
		return "sweep_memos"
	case *sweepSkill:
		return "sweep_skills"
	case *sweepClub:
		return "sweep_clubs"
	case *sweepMember:
		return "sweep_members"
	default:
		return "sweep_logs"
	}
}

// sweepColumn is the snake case of the models of the sweep.
func sweepColumn(attr string) string {
	if of, key := strings.CutSuffix(attr, "ID"); key {
		return strings.TrimPrefix(strings.ToLower(of)+"_id", "_")
	}
	return strings.ToLower(strings.Replace(attr, "edAt", "ed_at", 1))
}
