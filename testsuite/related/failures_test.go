// SPDX-License-Identifier: MIT

package related_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// write is a write through a relation of a parent, of records that it makes.
type write struct {
	name    string
	records []state
	run     func(ctx context.Context) error
	hooks   []string // moments of the hooks that run, in order
}

// writesOf are writes of new records; taken is a text that a unique index refuses for the last one.
func writesOf(a *Author, last string) []write {
	inserted := func(names ...string) []string {
		var out []string
		for _, phase := range [][]string{{"creating ", "saving "}, {"created ", "saved "}} {
			for _, name := range names {
				out = append(out, phase[0]+name, phase[1]+name)
			}
		}
		return out
	}
	essay, card, topic := &Essay{Title: last, AuthorID: 77}, &Card{Code: last}, &Topic{Name: last}
	saved := &Essay{Title: last}
	essays, topics := []*Essay{{Title: "x"}, {Title: last}}, []*Topic{{Name: "x"}, {Name: last}}
	more, attached := []*Essay{{Title: "x"}, {Title: last}}, []*Topic{{Name: "x"}, {Name: last}}
	one := []string{"creating " + last, "saving " + last, "created " + last, "saved " + last}
	return []write{
		{"Create", []state{essay}, func(ctx context.Context) error { return a.essays().Create(ctx, essay) }, one},
		{"Save", []state{saved}, func(ctx context.Context) error { return a.essays().Save(ctx, saved) }, one},
		{"hasOne", []state{card}, func(ctx context.Context) error { return a.card().Create(ctx, card) }, one},
		{"manyToMany", []state{topic}, func(ctx context.Context) error {
			return a.topics().Create(ctx, topic, model.Attrs{"level": "1"})
		}, one},
		{"CreateMany", []state{essays[0], essays[1]}, func(ctx context.Context) error {
			return a.essays().CreateMany(ctx, essays)
		}, inserted("x", last)},
		{"SaveMany", []state{more[0], more[1]}, func(ctx context.Context) error {
			return a.essays().SaveMany(ctx, more)
		}, inserted("x", last)},
		{"manyToMany CreateMany", []state{topics[0], topics[1]}, func(ctx context.Context) error {
			return a.topics().CreateMany(ctx, topics, model.Attrs{"level": "1"}, nil)
		}, inserted("x", last)},
		{"manyToMany SaveMany", []state{attached[0], attached[1]}, func(ctx context.Context) error {
			return a.topics().SaveMany(ctx, attached)
		}, inserted("x", last)},
	}
}

// A hook that fails in a write through a relation, of the parent or of a related record, leaves nothing in
// memory or database.
func TestFailingHookLeavesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		ann.Bio = "pending"
		for i, name := range writesOf(ann, "y") {
			for _, parent := range []bool{false, true} {
				events := name.hooks
				if parent {
					events = append([]string{"creating new", "saving new", "created new", "saved new"}, events...)
				}
				for _, event := range events {
					owner := ann
					if parent {
						owner = &Author{Name: "new"}
					}
					w := writesOf(owner, "y")[i]
					ctx, j := journaled(model.WithDB(e.Ctx, e.DB))
					j.fail = event
					undone(t, e, w.name+" "+event, errHook, func() error { return w.run(ctx) }, append(w.records, owner)...)
					require.Equal(t, event, j.events[len(j.events)-1], "no hook runs after it")
				}
			}
		}
	})
}

// A statement that fails in a write through a relation leaves nothing, not the new parent either, and says
// what was refused.
func TestFailingStatementLeavesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, bob.essays().Create(e.Ctx, &Essay{Title: "art"}))
		require.NoError(t, bob.card().Create(e.Ctx, &Card{Code: "art"}))
		ctx := model.WithDB(e.Ctx, e.DB)
		for i := range writesOf(ann, "art") {
			for _, owner := range []*Author{ann, {Name: "new"}} {
				w := writesOf(owner, "art")[i]
				undone(t, e, w.name, model.ErrDuplicate, func() error { return w.run(ctx) }, append(w.records, owner)...)
				err := w.run(ctx)
				var of *relation.Error
				require.ErrorAs(t, err, &of)
				require.Equal(t, "Author", of.Model)
				require.Contains(t, []string{"essays", "card", "topics"}, of.Relation)
			}
		}
		taken := &Author{Name: "bob"}
		essay := &Essay{Title: "free"}
		undone(t, e, "parent", model.ErrDuplicate, func() error { return taken.essays().Create(ctx, essay) }, taken, essay)
	})
}

// Save of a record that has a row leaves its key and values as they were when it fails.
func TestFailingUpdateLeavesTheRecordAsItWas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		essay := &Essay{Title: "a"}
		require.NoError(t, ann.essays().Create(e.Ctx, essay))
		require.NoError(t, ann.essays().Create(e.Ctx, &Essay{Title: "b"}))
		for _, event := range []string{"updating a", "saving a", "updated a", "saved a"} {
			ctx, j := journaled(e.Ctx)
			j.fail = event
			undone(t, e, event, errHook, func() error { return bob.essays().Save(ctx, essay) }, essay, bob)
			require.Equal(t, ann.ID, essay.AuthorID)
		}
		essay.Title = "b"
		undone(t, e, "unique", model.ErrDuplicate, func() error { return bob.essays().Save(e.Ctx, essay) }, essay, bob)
		require.Equal(t, ann.ID, essay.AuthorID)
		require.Equal(t, model.Attrs{"Title": "b"}, essay.Dirty(), "what the caller has set stays")
	})
}

// A pivot row that is refused undoes the related record, the parent, keys and extras.
func TestRefusedPivotRowUndoesTheCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		e.Exec(t, "CREATE UNIQUE INDEX levels ON author_topics (level)")
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, model.Attrs{"level": "1"})))
		ctx := model.WithDB(e.Ctx, e.DB)
		for _, owner := range []*Author{ann, {Name: "new"}} {
			topic, kept := &Topic{Name: "x"}, topicAt(t, e, 2)
			kept.Name = "renamed"
			kept.Extras()["mine"] = 1
			list := []*Topic{{Name: "y"}, kept}
			level := model.Attrs{"level": "1"}
			undone(t, e, "create", model.ErrDuplicate, func() error { return owner.topics().Create(ctx, topic, level) }, owner, topic)
			undone(t, e, "save", model.ErrDuplicate, func() error { return owner.topics().Save(ctx, kept, level) }, owner, kept)
			undone(t, e, "many", model.ErrDuplicate, func() error {
				return owner.topics().SaveMany(ctx, list, nil, level)
			}, owner, list[0], kept)
			require.EqualValues(t, "bees", harness.Text(e.Row(t, "SELECT name FROM topics WHERE id = 2")["name"]))
		}
	})
}

// A rollback of the transaction around a write through a relation takes back rows, keys, flags and extras.
func TestOuterRollbackTakesEverythingBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		essay, topic := &Essay{Title: "a"}, topicAt(t, e, 1)
		require.NoError(t, ann.essays().Create(e.Ctx, essay))
		require.NoError(t, ann.topics().Save(e.Ctx, topic, model.Attrs{"level": "1"}))
		for i := range writesOf(ann, "y") {
			for _, owner := range []*Author{ann, {Name: "new"}} {
				w := writesOf(owner, "y")[i]
				undone(t, e, w.name, errHook, func() error { return rolledBack(e, w.run) }, append(w.records, owner)...)
			}
		}
		undone(t, e, "move", errHook, func() error {
			return rolledBack(e, func(ctx context.Context) error { return bob.essays().Save(ctx, essay) })
		}, essay, bob)
		undone(t, e, "pivot", errHook, func() error {
			return rolledBack(e, func(ctx context.Context) error {
				if err := bob.topics().Save(ctx, topic, model.Attrs{"level": "2"}); err != nil {
					return err
				}
				return ann.topics().Save(ctx, topic, model.Attrs{"level": "3"})
			})
		}, topic, ann, bob)
		require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
		require.Equal(t, []string{"1:1"}, pivots(t, e, ann.ID))
	})
}

// A write through a relation that fails in a transaction leaves the transaction usable, and what it did
// before.
func TestFailedWriteLeavesTheTransactionUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, bob.essays().Create(e.Ctx, &Essay{Title: "art"}))
		require.NoError(t, bob.card().Create(e.Ctx, &Card{Code: "art"}))
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			for i, w := range writesOf(ann, "art") {
				require.ErrorIs(t, w.run(ctx), model.ErrDuplicate, w.name)
				require.NoError(t, ann.essays().Create(ctx, &Essay{Title: w.name}), i)
			}
			return nil
		}))
		require.Len(t, e.Rows(t, "SELECT id FROM essays WHERE author_id = 1"), len(writesOf(ann, "")))
	})
}
