// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// says is a call on the first parent that returns what it did, as text; after an error it says
// nothing.
func says(api, name, want, nothing string, call func(ctx context.Context, p *Parent) (string, error)) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		p := find[Parent](t, s, 1)
		p.Name = "pending"
		return &Call{untouched: []harness.Record{p}, run: func(ctx context.Context, _ *model.DB) error {
			got, err := call(ctx, p)
			switch {
			case err != nil && got != nothing:
				return fmt.Errorf("%w: %s next to an error: %w", errLie, got, err)
			case err == nil && got != want:
				return fmt.Errorf("%w: %s; want %s", errLie, got, want)
			}
			return err
		}}
	}}
}

// noChanges is what a call says that returns only an error.
const noChanges = "nothing"

func quiet(api, name string, call func(ctx context.Context, p *Parent) error) Op {
	return says(api, name, noChanges, noChanges, func(ctx context.Context, p *Parent) (string, error) {
		return noChanges, call(ctx, p)
	})
}

func counted(api, name string, want int64, call func(ctx context.Context, p *Parent) (int64, error)) Op {
	return says(api, name, strconv.FormatInt(want, 10), "0", func(ctx context.Context, p *Parent) (string, error) {
		n, err := call(ctx, p)
		return strconv.FormatInt(n, 10), err
	})
}

func changed(api, name, want string, call func(ctx context.Context, p *Parent) (relation.Changes, error)) Op {
	return says(api, name, want, fmt.Sprint(relation.Changes{}), func(ctx context.Context, p *Parent) (string, error) {
		done, err := call(ctx, p)
		return fmt.Sprint(done), err
	})
}

// pivotOps write pivot rows.
func pivotOps() []Op {
	type parent = *Parent
	high := model.Attrs{"level": "high"}
	of := func(p parent) *relation.Client { return p.Related("skills") }
	clubs := func(p parent) *relation.Client { return p.Related("clubs") }
	typed := func(p parent) *relation.ManyToManyClient[*Skill] { return relation.ManyToMany(p, &p.Skills) }
	levels := func(id any, row model.Attrs) { row["level"] = fmt.Sprint("level ", id) }
	return []Op{
		quiet("Client.Attach", "", func(ctx context.Context, p parent) error { return of(p).Attach(ctx, relation.Pivot(3, high)) }),
		quiet("Client.Attach", "duplicates", func(ctx context.Context, p parent) error { return p.Related("visits").Attach(ctx, 1, 3) }),
		quiet("Client.Attach", "pivot model", func(ctx context.Context, p parent) error { return clubs(p).Attach(ctx, 3) }),
		quiet("Client.AttachEach", "", func(ctx context.Context, p parent) error { return of(p).AttachEach(ctx, levels, 3) }),
		counted("Client.Detach", "", 2, func(ctx context.Context, p parent) (int64, error) { return of(p).Detach(ctx, 1, 2, 3) }),
		counted("Client.Detach", "pivot model", 1, func(ctx context.Context, p parent) (int64, error) { return clubs(p).Detach(ctx, 2) }),
		counted("Client.DetachAll", "", 2, func(ctx context.Context, p parent) (int64, error) { return of(p).DetachAll(ctx) }),
		counted("Client.DetachAll", "pivot model", 2, func(ctx context.Context, p parent) (int64, error) { return clubs(p).DetachAll(ctx) }),
		counted("Client.UpdateExistingPivot", "", 1, func(ctx context.Context, p parent) (int64, error) {
			return of(p).UpdateExistingPivot(ctx, 2, high)
		}),
		counted("Client.UpdateExistingPivot", "pivot model", 1, func(ctx context.Context, p parent) (int64, error) {
			return clubs(p).UpdateExistingPivot(ctx, 2, model.Attrs{"role": "boss"})
		}),
		changed("Client.Sync", "", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).Sync(ctx, 3, relation.Pivot(2, high))
		}),
		changed("Client.Sync", "pivot model", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return clubs(p).Sync(ctx, 3, relation.Pivot(2, model.Attrs{"role": "boss"}))
		}),
		changed("Client.SyncWithoutDetaching", "", "{[3] [] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).SyncWithoutDetaching(ctx, 3, 1, relation.Pivot(2, high))
		}),
		changed("Client.SyncWithPivotValues", "", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).SyncWithPivotValues(ctx, high, []int{3, 2})
		}),
		changed("Client.Toggle", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).Toggle(ctx, 1, relation.Pivot(3, high))
		}),
		changed("Client.Toggle", "pivot model", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return clubs(p).Toggle(ctx, 1, 3)
		}),
		quiet("ManyToManyClient.Attach", "", func(ctx context.Context, p parent) error { return typed(p).Attach(ctx, 3) }),
		quiet("ManyToManyClient.AttachEach", "", func(ctx context.Context, p parent) error { return typed(p).AttachEach(ctx, levels, 3) }),
		counted("ManyToManyClient.Detach", "", 1, func(ctx context.Context, p parent) (int64, error) { return typed(p).Detach(ctx, 2) }),
		counted("ManyToManyClient.DetachAll", "", 2, func(ctx context.Context, p parent) (int64, error) { return typed(p).DetachAll(ctx) }),
		counted("ManyToManyClient.UpdateExistingPivot", "", 1, func(ctx context.Context, p parent) (int64, error) {
			return typed(p).UpdateExistingPivot(ctx, 2, high)
		}),
		changed("ManyToManyClient.Sync", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).Sync(ctx, 3, 2)
		}),
		changed("ManyToManyClient.SyncWithoutDetaching", "", "{[3] [] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).SyncWithoutDetaching(ctx, 3, 1)
		}),
		changed("ManyToManyClient.SyncWithPivotValues", "", "{[] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).SyncWithPivotValues(ctx, high, 2)
		}),
		changed("ManyToManyClient.Toggle", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).Toggle(ctx, 1, 3)
		}),
	}
}

// relatedBulkOps write to the rows of a relation's query.
func relatedBulkOps() []Op {
	type parent = *Parent
	return []Op{
		counted("Query.Update", "hasMany", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("memos").Query().Update(ctx, model.Attrs{"title": "x"})
		}),
		counted("Query.Update", "manyToMany", 1, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").Query().WherePivot("skill_id", 2).Update(ctx, model.Attrs{"state": "x"})
		}),
		counted("Query.Increment", "belongsTo", 1, func(ctx context.Context, p parent) (int64, error) {
			return relation.BelongsTo(p, &p.Boss).Query().Increment(ctx, "hits", 2)
		}),
		counted("Query.Delete", "hasMany", 2, func(ctx context.Context, p parent) (int64, error) {
			return relation.HasMany(p, &p.Memos).Query().Delete(ctx)
		}),
		counted("Query.Delete", "manyToMany", 1, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").Query().Where("name", "b").Delete(ctx)
		}),
		counted("Query.Delete", "manyToMany, pivot model", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("clubs").Query().Delete(ctx)
		}),
		counted("Query.Update", "pivot rows", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").PivotQuery().Update(ctx, model.Attrs{"level": "x"})
		}),
		counted("Query.Delete", "pivot rows", 1, func(ctx context.Context, p parent) (int64, error) {
			return relation.ManyToMany(p, &p.Skills).PivotQuery().Where("skill_id", 1).Delete(ctx)
		}),
		counted("Query.Delete", "pivot rows with a model", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("clubs").PivotQuery().Delete(ctx)
		}),
	}
}

// pushOps save a record with everything that is loaded with it.
func pushOps() []Op {
	push := func(name string, fresh bool) Op {
		return Op{name: "Record.Push/" + name, api: []string{"Record.Push"}, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			p := &Parent{Name: "n"}
			if !fresh {
				p = find[Parent](t, s, 1)
				p.Name = "renamed"
			}
			boss, card, skill, club := &Parent{Name: "new boss"}, &Card{Name: "n"}, &Skill{Name: "n"}, &Club{Name: "n"}
			old, memo, known := find[Memo](t, s, 1), &Memo{Title: "n"}, find[Skill](t, s, 1)
			old.Title, known.State = "renamed", "renamed"
			for name, value := range map[string]any{
				"boss": boss, "card": card, "memos": []*Memo{memo, old}, "skills": []*Skill{skill, known}, "clubs": []*Club{club},
			} {
				if err := p.Related(name).SetLoaded(value); err != nil {
					t.Fatal(err)
				}
			}
			return &Call{
				run:     func(ctx context.Context, db *model.DB) error { return p.Push(model.WithDB(ctx, db)) },
				records: []harness.Record{p, boss, card, skill, club, memo, old, known},
				also: func(d dump) string {
					switch {
					case p.BossID == nil || *p.BossID != boss.ID || card.ParentID != p.ID || memo.ParentID == nil || *memo.ParentID != p.ID:
						return "a new record has not got the key"
					case *old.ParentID != 1:
						return "a saved record has got another key"
					default:
						return carries(p, []*Skill{skill}, d) + joined(p, []*Club{club}, d)
					}
				},
			}
		}}
	}
	return []Op{push("new", true), push("saved", false)}
}
