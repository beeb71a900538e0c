// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// wrWrite is a write through a relation of a parent, of records that it makes.
type wrWrite struct {
	name    string
	records []wrState
	run     func(ctx context.Context) error
	hooks   []string // moments of the hooks that run, in order
}

// wrWritesOf are writes of new records; taken is a text that a unique index refuses for the last one.
func wrWritesOf(a *wrAuthor, last string) []wrWrite {
	inserted := func(names ...string) []string {
		var out []string
		for _, phase := range [][]string{{"creating ", "saving "}, {"created ", "saved "}} {
			for _, name := range names {
				out = append(out, phase[0]+name, phase[1]+name)
			}
		}
		return out
	}
	essay, card, topic := &wrEssay{Title: last, AuthorID: 77}, &wrCard{Code: last}, &wrTopic{Name: last}
	saved := &wrEssay{Title: last}
	essays, topics := []*wrEssay{{Title: "x"}, {Title: last}}, []*wrTopic{{Name: "x"}, {Name: last}}
	more, attached := []*wrEssay{{Title: "x"}, {Title: last}}, []*wrTopic{{Name: "x"}, {Name: last}}
	one := []string{"creating " + last, "saving " + last, "created " + last, "saved " + last}
	return []wrWrite{
		{"Create", []wrState{essay}, func(ctx context.Context) error { return a.essays().Create(ctx, essay) }, one},
		{"Save", []wrState{saved}, func(ctx context.Context) error { return a.essays().Save(ctx, saved) }, one},
		{"hasOne", []wrState{card}, func(ctx context.Context) error { return a.card().Create(ctx, card) }, one},
		{"manyToMany", []wrState{topic}, func(ctx context.Context) error {
			return a.topics().Create(ctx, topic, model.Attrs{"level": "1"})
		}, one},
		{"CreateMany", []wrState{essays[0], essays[1]}, func(ctx context.Context) error {
			return a.essays().CreateMany(ctx, essays)
		}, inserted("x", last)},
		{"SaveMany", []wrState{more[0], more[1]}, func(ctx context.Context) error {
			return a.essays().SaveMany(ctx, more)
		}, inserted("x", last)},
		{"manyToMany CreateMany", []wrState{topics[0], topics[1]}, func(ctx context.Context) error {
			return a.topics().CreateMany(ctx, topics, model.Attrs{"level": "1"}, nil)
		}, inserted("x", last)},
		{"manyToMany SaveMany", []wrState{attached[0], attached[1]}, func(ctx context.Context) error {
			return a.topics().SaveMany(ctx, attached)
		}, inserted("x", last)},
	}
}

// relatedFailurePromises are about what is left of a write that fails.
func relatedFailurePromises() []promise {
	return []promise{
		{
			name: "D1/FailingHook",
			says: "a hook that fails in a write through a relation, of the parent or of a related record, leaves nothing in memory or database",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				ann.Bio = "pending"
				for i, name := range wrWritesOf(ann, "y") {
					for _, parent := range []bool{false, true} {
						events := name.hooks
						if parent {
							events = append([]string{"creating new", "saving new", "created new", "saved new"}, events...)
						}
						for _, event := range events {
							owner := ann
							if parent {
								owner = &wrAuthor{Name: "new"}
							}
							w := wrWritesOf(owner, "y")[i]
							ctx, j := wrJournaled(model.WithDB(e.ctx, e.db))
							j.fail = event
							wrUndone(t, e, w.name+" "+event, errWrHook, func() error { return w.run(ctx) }, append(w.records, owner)...)
							require.Equal(t, event, j.events[len(j.events)-1], "no hook runs after it")
						}
					}
				}
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D1/FailingStatement",
			says: "a statement that fails in a write through a relation leaves nothing, not the new parent either, and says what was refused",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, bob.essays().Create(e.ctx, &wrEssay{Title: "art"}))
				require.NoError(t, bob.card().Create(e.ctx, &wrCard{Code: "art"}))
				ctx := model.WithDB(e.ctx, e.db)
				for i := range wrWritesOf(ann, "art") {
					for _, owner := range []*wrAuthor{ann, {Name: "new"}} {
						w := wrWritesOf(owner, "art")[i]
						wrUndone(t, e, w.name, model.ErrDuplicate, func() error { return w.run(ctx) }, append(w.records, owner)...)
						err := w.run(ctx)
						var of *relation.Error
						require.ErrorAs(t, err, &of)
						require.Equal(t, "wrAuthor", of.Model)
						require.Contains(t, []string{"essays", "card", "topics"}, of.Relation)
					}
				}
				taken := &wrAuthor{Name: "bob"}
				essay := &wrEssay{Title: "free"}
				wrUndone(t, e, "parent", model.ErrDuplicate, func() error { return taken.essays().Create(ctx, essay) }, taken, essay)
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D1/FailingUpdate",
			says: "Save of a record that has a row leaves its key and values as they were when it fails",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				essay := &wrEssay{Title: "a"}
				require.NoError(t, ann.essays().Create(e.ctx, essay))
				require.NoError(t, ann.essays().Create(e.ctx, &wrEssay{Title: "b"}))
				for _, event := range []string{"updating a", "saving a", "updated a", "saved a"} {
					ctx, j := wrJournaled(e.ctx)
					j.fail = event
					wrUndone(t, e, event, errWrHook, func() error { return bob.essays().Save(ctx, essay) }, essay, bob)
					require.Equal(t, ann.ID, essay.AuthorID)
				}
				essay.Title = "b"
				wrUndone(t, e, "unique", model.ErrDuplicate, func() error { return bob.essays().Save(e.ctx, essay) }, essay, bob)
				require.Equal(t, ann.ID, essay.AuthorID)
				require.Equal(t, model.Attrs{"Title": "b"}, essay.Dirty(), "what the caller has set stays")
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D1/FailingPivot",
			says: "a pivot row that is refused undoes the related record, the parent, keys and extras",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				e.exec(t, "CREATE UNIQUE INDEX wr_levels ON wr_author_topics (level)")
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, model.Attrs{"level": "1"})))
				ctx := model.WithDB(e.ctx, e.db)
				for _, owner := range []*wrAuthor{ann, {Name: "new"}} {
					topic, kept := &wrTopic{Name: "x"}, wrTopicAt(t, e, 2)
					kept.Name = "renamed"
					kept.Extras()["mine"] = 1
					list := []*wrTopic{{Name: "y"}, kept}
					level := model.Attrs{"level": "1"}
					wrUndone(t, e, "create", model.ErrDuplicate, func() error { return owner.topics().Create(ctx, topic, level) }, owner, topic)
					wrUndone(t, e, "save", model.ErrDuplicate, func() error { return owner.topics().Save(ctx, kept, level) }, owner, kept)
					wrUndone(t, e, "many", model.ErrDuplicate, func() error {
						return owner.topics().SaveMany(ctx, list, nil, level)
					}, owner, list[0], kept)
					require.EqualValues(t, "bees", wrText(e.row(t, "SELECT name FROM wr_topics WHERE id = 2")["name"]))
				}
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D1/OuterRollback",
			says: "a rollback of the transaction around a write through a relation takes back rows, keys, flags and extras",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				essay, topic := &wrEssay{Title: "a"}, wrTopicAt(t, e, 1)
				require.NoError(t, ann.essays().Create(e.ctx, essay))
				require.NoError(t, ann.topics().Save(e.ctx, topic, model.Attrs{"level": "1"}))
				for i := range wrWritesOf(ann, "y") {
					for _, owner := range []*wrAuthor{ann, {Name: "new"}} {
						w := wrWritesOf(owner, "y")[i]
						wrUndone(t, e, w.name, errWrHook, func() error { return wrRolledBack(e, w.run) }, append(w.records, owner)...)
					}
				}
				wrUndone(t, e, "move", errWrHook, func() error {
					return wrRolledBack(e, func(ctx context.Context) error { return bob.essays().Save(ctx, essay) })
				}, essay, bob)
				wrUndone(t, e, "pivot", errWrHook, func() error {
					return wrRolledBack(e, func(ctx context.Context) error {
						if err := bob.topics().Save(ctx, topic, model.Attrs{"level": "2"}); err != nil {
							return err
						}
						return ann.topics().Save(ctx, topic, model.Attrs{"level": "3"})
					})
				}, topic, ann, bob)
				require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
				require.Equal(t, []string{"1:1"}, wrPivots(t, e, ann.ID))
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D1/Savepoint",
			says: "a write through a relation that fails in a transaction leaves the transaction usable, and what it did before",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, bob.essays().Create(e.ctx, &wrEssay{Title: "art"}))
				require.NoError(t, bob.card().Create(e.ctx, &wrCard{Code: "art"}))
				require.NoError(t, e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					for i, w := range wrWritesOf(ann, "art") {
						require.ErrorIs(t, w.run(ctx), model.ErrDuplicate, w.name)
						require.NoError(t, ann.essays().Create(ctx, &wrEssay{Title: w.name}), i)
					}
					return nil
				}))
				require.Len(t, see(e, "rows", e.rows(t, "SELECT id FROM wr_essays WHERE author_id = 1")), len(wrWritesOf(ann, "")))
			},
			twin: func(e *env) { e.seen["rows"] = func(any) any { return []map[string]any{} } },
		},
	}
}
