// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// sweepSays is a call on the first parent that returns what it did, as text; after an error it says
// nothing.
func sweepSays(api, name, want, nothing string, call func(ctx context.Context, p *sweepParent) (string, error)) sweepOp {
	return sweepOp{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
		t.Helper()
		p := sweepFind[sweepParent](t, s, 1)
		p.Name = "pending"
		return &sweepCall{untouched: []sweepRecord{p}, run: func(ctx context.Context, _ *model.DB) error {
			got, err := call(ctx, p)
			switch {
			case err != nil && got != nothing:
				return fmt.Errorf("%w: %s next to an error: %w", errSweepLie, got, err)
			case err == nil && got != want:
				return fmt.Errorf("%w: %s; want %s", errSweepLie, got, want)
			}
			return err
		}}
	}}
}

// sweepNothing is what a call says that returns only an error.
const sweepNothing = "nothing"

func sweepQuiet(api, name string, call func(ctx context.Context, p *sweepParent) error) sweepOp {
	return sweepSays(api, name, sweepNothing, sweepNothing, func(ctx context.Context, p *sweepParent) (string, error) {
		return sweepNothing, call(ctx, p)
	})
}

func sweepCounted(api, name string, want int64, call func(ctx context.Context, p *sweepParent) (int64, error)) sweepOp {
	return sweepSays(api, name, strconv.FormatInt(want, 10), "0", func(ctx context.Context, p *sweepParent) (string, error) {
		n, err := call(ctx, p)
		return strconv.FormatInt(n, 10), err
	})
}

func sweepChanged(api, name, want string, call func(ctx context.Context, p *sweepParent) (relation.Changes, error)) sweepOp {
	return sweepSays(api, name, want, fmt.Sprint(relation.Changes{}), func(ctx context.Context, p *sweepParent) (string, error) {
		done, err := call(ctx, p)
		return fmt.Sprint(done), err
	})
}

// sweepPivotOps write pivot rows.
func sweepPivotOps() []sweepOp {
	type parent = *sweepParent
	high := model.Attrs{"level": "high"}
	of := func(p parent) *relation.Client { return p.Related("skills") }
	clubs := func(p parent) *relation.Client { return p.Related("clubs") }
	typed := func(p parent) *relation.ManyToManyClient[*sweepSkill] { return relation.ManyToMany(p, &p.Skills) }
	levels := func(id any, row model.Attrs) { row["level"] = fmt.Sprint("level ", id) }
	return []sweepOp{
		sweepQuiet("Client.Attach", "", func(ctx context.Context, p parent) error { return of(p).Attach(ctx, relation.Pivot(3, high)) }),
		sweepQuiet("Client.Attach", "duplicates", func(ctx context.Context, p parent) error { return p.Related("visits").Attach(ctx, 1, 3) }),
		sweepQuiet("Client.Attach", "pivot model", func(ctx context.Context, p parent) error { return clubs(p).Attach(ctx, 3) }),
		sweepQuiet("Client.AttachEach", "", func(ctx context.Context, p parent) error { return of(p).AttachEach(ctx, levels, 3) }),
		sweepCounted("Client.Detach", "", 2, func(ctx context.Context, p parent) (int64, error) { return of(p).Detach(ctx, 1, 2, 3) }),
		sweepCounted("Client.Detach", "pivot model", 1, func(ctx context.Context, p parent) (int64, error) { return clubs(p).Detach(ctx, 2) }),
		sweepCounted("Client.DetachAll", "", 2, func(ctx context.Context, p parent) (int64, error) { return of(p).DetachAll(ctx) }),
		sweepCounted("Client.DetachAll", "pivot model", 2, func(ctx context.Context, p parent) (int64, error) { return clubs(p).DetachAll(ctx) }),
		sweepCounted("Client.UpdateExistingPivot", "", 1, func(ctx context.Context, p parent) (int64, error) {
			return of(p).UpdateExistingPivot(ctx, 2, high)
		}),
		sweepCounted("Client.UpdateExistingPivot", "pivot model", 1, func(ctx context.Context, p parent) (int64, error) {
			return clubs(p).UpdateExistingPivot(ctx, 2, model.Attrs{"role": "boss"})
		}),
		sweepChanged("Client.Sync", "", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).Sync(ctx, 3, relation.Pivot(2, high))
		}),
		sweepChanged("Client.Sync", "pivot model", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return clubs(p).Sync(ctx, 3, relation.Pivot(2, model.Attrs{"role": "boss"}))
		}),
		sweepChanged("Client.SyncWithoutDetaching", "", "{[3] [] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).SyncWithoutDetaching(ctx, 3, 1, relation.Pivot(2, high))
		}),
		sweepChanged("Client.SyncWithPivotValues", "", "{[3] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).SyncWithPivotValues(ctx, high, []int{3, 2})
		}),
		sweepChanged("Client.Toggle", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return of(p).Toggle(ctx, 1, relation.Pivot(3, high))
		}),
		sweepChanged("Client.Toggle", "pivot model", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return clubs(p).Toggle(ctx, 1, 3)
		}),
		sweepQuiet("ManyToManyClient.Attach", "", func(ctx context.Context, p parent) error { return typed(p).Attach(ctx, 3) }),
		sweepQuiet("ManyToManyClient.AttachEach", "", func(ctx context.Context, p parent) error { return typed(p).AttachEach(ctx, levels, 3) }),
		sweepCounted("ManyToManyClient.Detach", "", 1, func(ctx context.Context, p parent) (int64, error) { return typed(p).Detach(ctx, 2) }),
		sweepCounted("ManyToManyClient.DetachAll", "", 2, func(ctx context.Context, p parent) (int64, error) { return typed(p).DetachAll(ctx) }),
		sweepCounted("ManyToManyClient.UpdateExistingPivot", "", 1, func(ctx context.Context, p parent) (int64, error) {
			return typed(p).UpdateExistingPivot(ctx, 2, high)
		}),
		sweepChanged("ManyToManyClient.Sync", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).Sync(ctx, 3, 2)
		}),
		sweepChanged("ManyToManyClient.SyncWithoutDetaching", "", "{[3] [] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).SyncWithoutDetaching(ctx, 3, 1)
		}),
		sweepChanged("ManyToManyClient.SyncWithPivotValues", "", "{[] [1] [2]}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).SyncWithPivotValues(ctx, high, 2)
		}),
		sweepChanged("ManyToManyClient.Toggle", "", "{[3] [1] []}", func(ctx context.Context, p parent) (relation.Changes, error) {
			return typed(p).Toggle(ctx, 1, 3)
		}),
	}
}

// sweepRelatedBulkOps write to the rows of a relation's query.
func sweepRelatedBulkOps() []sweepOp {
	type parent = *sweepParent
	return []sweepOp{
		sweepCounted("Query.Update", "hasMany", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("memos").Query().Update(ctx, model.Attrs{"title": "x"})
		}),
		sweepCounted("Query.Update", "manyToMany", 1, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").Query().WherePivot("skill_id", 2).Update(ctx, model.Attrs{"state": "x"})
		}),
		sweepCounted("Query.Increment", "belongsTo", 1, func(ctx context.Context, p parent) (int64, error) {
			return relation.BelongsTo(p, &p.Boss).Query().Increment(ctx, "hits", 2)
		}),
		sweepCounted("Query.Delete", "hasMany", 2, func(ctx context.Context, p parent) (int64, error) {
			return relation.HasMany(p, &p.Memos).Query().Delete(ctx)
		}),
		sweepCounted("Query.Delete", "manyToMany", 1, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").Query().Where("name", "b").Delete(ctx)
		}),
		sweepCounted("Query.Delete", "manyToMany, pivot model", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("clubs").Query().Delete(ctx)
		}),
		sweepCounted("Query.Update", "pivot rows", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("skills").PivotQuery().Update(ctx, model.Attrs{"level": "x"})
		}),
		sweepCounted("Query.Delete", "pivot rows", 1, func(ctx context.Context, p parent) (int64, error) {
			return relation.ManyToMany(p, &p.Skills).PivotQuery().Where("skill_id", 1).Delete(ctx)
		}),
		sweepCounted("Query.Delete", "pivot rows with a model", 2, func(ctx context.Context, p parent) (int64, error) {
			return p.Related("clubs").PivotQuery().Delete(ctx)
		}),
	}
}

// sweepPushOps save a record with everything that is loaded with it.
func sweepPushOps() []sweepOp {
	push := func(name string, fresh bool) sweepOp {
		return sweepOp{name: "Record.Push/" + name, api: []string{"Record.Push"}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			p := &sweepParent{Name: "n"}
			if !fresh {
				p = sweepFind[sweepParent](t, s, 1)
				p.Name = "renamed"
			}
			boss, card, skill, club := &sweepParent{Name: "new boss"}, &sweepCard{Name: "n"}, &sweepSkill{Name: "n"}, &sweepClub{Name: "n"}
			old, memo, known := sweepFind[sweepMemo](t, s, 1), &sweepMemo{Title: "n"}, sweepFind[sweepSkill](t, s, 1)
			old.Title, known.State = "renamed", "renamed"
			for name, value := range map[string]any{
				"boss": boss, "card": card, "memos": []*sweepMemo{memo, old}, "skills": []*sweepSkill{skill, known}, "clubs": []*sweepClub{club},
			} {
				if err := p.Related(name).SetLoaded(value); err != nil {
					t.Fatal(err)
				}
			}
			return &sweepCall{
				run:     func(ctx context.Context, db *model.DB) error { return p.Push(model.WithDB(ctx, db)) },
				records: []sweepRecord{p, boss, card, skill, club, memo, old, known},
				also: func(d sweepDump) string {
					switch {
					case p.BossID == nil || *p.BossID != boss.ID || card.ParentID != p.ID || memo.ParentID == nil || *memo.ParentID != p.ID:
						return "a new record has not got the key"
					case *old.ParentID != 1:
						return "a saved record has got another key"
					default:
						return sweepCarries(p, []*sweepSkill{skill}, d) + sweepJoined(p, []*sweepClub{club}, d)
					}
				},
			}
		}}
	}
	return []sweepOp{push("new", true), push("saved", false)}
}
