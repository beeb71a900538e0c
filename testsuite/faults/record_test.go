// SPDX-License-Identifier: MIT

package faults_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// equalsRow returns what is wrong with a record after a call that succeeded: it equals its row,
// is clean but for the pending attributes, and persisted; one whose row is gone says so.
func equalsRow(rec harness.Record, d dump, pending []string) string {
	attrs := rec.Attributes()
	id, ok := attrs["ID"].(int64)
	if !ok {
		return fmt.Sprintf("the key is %v", attrs["ID"])
	}
	table := tableOf(rec)
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
			if got, want := harness.ValueText(value), row[columnOf(attr)]; got != want {
				wrong = append(wrong, fmt.Sprintf("%s is %q, and its column %q", attr, got, want))
			}
			if got, want := harness.ValueText(rec.Original()[attr]), row[columnOf(attr)]; got != want {
				wrong = append(wrong, fmt.Sprintf("the original of %s is %q, and its column %q", attr, got, want))
			}
		}
	}
	slices.Sort(wrong)
	return strings.Join(wrong, "\n")
}

func tableOf(rec any) string {
	switch rec.(type) {
	case *Item:
		return "items"
	case *Paper:
		return "papers"
	case *Task:
		return "tasks"
	case *Parent:
		return "parents"
	case *Card:
		return "cards"
	case *Memo:
		return "memos"
	case *Skill:
		return "skills"
	case *Club:
		return "clubs"
	case *Member:
		return "members"
	default:
		return "logs"
	}
}

// columnOf is the snake case of the models of the sweep.
func columnOf(attr string) string {
	if of, key := strings.CutSuffix(attr, "ID"); key {
		return strings.TrimPrefix(strings.ToLower(of)+"_id", "_")
	}
	return strings.ToLower(strings.Replace(attr, "edAt", "ed_at", 1))
}
