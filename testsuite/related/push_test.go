// SPDX-License-Identifier: MIT

package related_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Push writes every link of a graph of new records, however often and from wherever it meets a record.
func TestPushWritesEveryLink(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		ctx := model.WithDB(e.Ctx, e.DB)
		house, topic := &House{Name: "h"}, &Topic{Name: "t"}
		x, y := &Author{Name: "x", House: house, Topics: []*Topic{topic}}, &Author{Name: "y", House: house, Topics: []*Topic{topic}}
		topic.Authors, house.Authors = []*Author{x, y}, []*Author{x, y}
		require.NoError(t, x.Push(ctx))
		for _, a := range []*Author{x, y} {
			require.False(t, a.IsDirty())
			require.EqualValues(t, house.ID, houseOf(t, e, a))
			require.Equal(t, []string{"6"}, pivots(t, e, a.ID))
		}
		essay := &Essay{Title: "q"}
		z := &Author{Name: "z", Essays: []*Essay{essay}}
		essay.Author = z
		require.NoError(t, essay.Push(ctx))
		require.Len(t, e.Rows(t, "SELECT id FROM essays WHERE author_id = ?", z.ID), 1)
	})
}

// graph is a new author with new records in all relations.
func graph() *Author {
	a := &Author{
		Name: "cyd", House: &House{Name: "h"}, Card: &Card{Code: "c"}, Essays: []*Essay{{Title: "x"}, {Title: "y"}},
		Topics: []*Topic{{Name: "new"}},
	}
	for _, w := range a.Essays {
		w.Author = a
	}
	return a
}

// Push inserts a new record and all new records that are loaded with it, parents first, connects them, and
// ends on cycles.
func TestPushInsertsAGraph(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		ctx := model.WithDB(e.Ctx, e.DB)
		a := graph()
		e.Sends(t, 7, func() { require.NoError(t, a.Push(ctx)) })
		require.EqualValues(t, a.House.ID, *a.HouseID)
		require.EqualValues(t, a.House.ID, houseOf(t, e, a))
		require.Equal(t, a.ID, a.Card.AuthorID)
		require.Len(t, e.Rows(t, "SELECT id FROM essays WHERE author_id = ?", a.ID), 2)
		require.Len(t, e.Rows(t, "SELECT id FROM cards WHERE author_id = ?", a.ID), 1)
		require.Equal(t, []string{harness.Text(a.Topics[0].ID)}, pivots(t, e, a.ID))
		require.Equal(t, a.ID, a.Topics[0].Extras()["pivot_author_id"])
		for _, r := range []state{a, a.House, a.Card, a.Essays[0], a.Essays[1], a.Topics[0]} {
			require.True(t, r.IsPersisted())
			require.Empty(t, r.Dirty())
		}
		e.Sends(t, 0, func() { require.NoError(t, a.Push(ctx), "all is clean") })
	})
}

// Push updates what has changed, at any depth, and sends nothing for what has not or is not loaded.
func TestPushUpdatesOnlyChanges(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		require.NoError(t, ann.Load(e.Ctx, "essays.author"))
		require.NoError(t, ann.Load(e.Ctx, "topics"))
		require.NoError(t, ann.Load(e.Ctx, "card"))
		e.Sends(t, 0, func() { require.NoError(t, ann.Push(e.Ctx)) })
		ann.Essays[1].Words, ann.Essays[0].Author.Bio, ann.Topics[0].Name = 20, "deep", "arts"
		ctx, j := journaled(e.Ctx)
		sent := e.Sends(t, 3, func() { require.NoError(t, ann.Push(ctx)) })
		require.Equal(t, []string{"UPDATE", "UPDATE", "UPDATE"}, words(sent))
		events := j.take()
		require.Contains(t, events, "saved a2")
		require.Contains(t, events, "updated arts")
		require.NotContains(t, events, "saved b1")
		require.EqualValues(t, 20, e.Row(t, "SELECT words FROM essays WHERE title = 'a2'")["words"])
		require.Equal(t, "deep", harness.Text(e.Row(t, "SELECT bio FROM authors WHERE id = 1")["bio"]))
		ann.Essays = append(ann.Essays, &Essay{Title: "a3"})
		ann.Topics = append(ann.Topics, &Topic{Name: "newest"}, topicAt(t, e, 5))
		ann.Card = &Card{Code: "n"}
		require.NoError(t, ann.Push(e.Ctx))
		require.Equal(t, ann.ID, ann.Essays[2].AuthorID)
		require.Equal(t, ann.ID, ann.Card.AuthorID)
		require.Equal(t, []string{"1", "2", harness.Text(ann.Topics[2].ID)}, pivots(t, e, ann.ID), "a record that has a row is not attached")
	})
}

// Push that fails at any record or is rolled back leaves nothing in the database or in any record.
func TestFailedPushLeavesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		all := func(a *Author) []state {
			return []state{a, a.House, a.Card, a.Essays[0], a.Essays[1], a.Topics[0]}
		}
		ctx, j := journaled(model.WithDB(e.Ctx, e.DB))
		for _, name := range []string{"h", "cyd", "c", "x", "y", "new"} {
			for _, moment := range []string{"creating ", "saving ", "created ", "saved "} {
				a := graph()
				j.fail = moment + name
				undone(t, e, j.fail, errHook, func() error { return a.Push(ctx) }, all(a)...)
			}
		}
		j.fail = ""
		a := graph()
		a.Topics[0].Name = "art"
		undone(t, e, "duplicate", model.ErrDuplicate, func() error { return a.Push(ctx) }, all(a)...)
		b := graph()
		undone(t, e, "rollback", errHook, func() error {
			return rolledBack(e, func(ctx context.Context) error { return b.Push(ctx) })
		}, all(b)...)
		require.NoError(t, b.Push(ctx), "it can be pushed again")
		require.EqualValues(t, 3, e.Count(t, "authors"))
	})
}

// Hooks.Without keeps Push, and any write through a relation, from running hooks.
func TestPushWithoutHooksRunsNone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		ctx, j := journaled(model.WithDB(e.Ctx, e.DB))
		quiet := hooks.Without(ctx)
		require.NoError(t, graph().Push(quiet))
		require.NoError(t, ann.essays().Create(quiet, &Essay{Title: "q"}))
		require.NoError(t, ann.essays().SaveMany(quiet, []*Essay{{Title: "r"}, {Title: "s"}}))
		require.NoError(t, ann.topics().Save(quiet, &Topic{Name: "q"}))
		require.NoError(t, ann.house().Associate(quiet, &House{Name: "q"}))
		require.NoError(t, ann.house().Dissociate(quiet))
		require.NoError(t, harness.Err(ann.essays().UpdateOrCreate(quiet, model.Attrs{"title": "q"}, model.Attrs{"words": 2})))
		require.Empty(t, j.take())
	})
}

// Every write through a relation joins the transaction of its context, and is gone after its rollback.
func TestEveryWriteJoinsTheContextsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		essay, err := ann.essays().Query().First(e.Ctx)
		require.NoError(t, err)
		for _, c := range []struct {
			name string
			rec  *relation.Client
			rows func() any
		}{
			{"essays", ann.Related("essays"), func() any { return &Essay{Title: "n"} }},
			{"topics", ann.Related("topics"), func() any { return &Topic{Name: "n"} }},
		} {
			list := any([]*Essay{{Title: "m"}, {Title: "o"}})
			if c.name == "topics" {
				list = []*Topic{{Name: "m"}, {Name: "o"}}
			}
			for _, call := range clientCalls(c.rows(), list) {
				if call.kinds == "B" || call.name == "Create with pivot attributes" || call.name == "CreateMany with pivot attributes" ||
					c.name == "essays" && call.kinds == "P" {
					continue
				}
				inserts := call.name == "SaveDuplicate" || call.name == "Attach" || call.name == "AttachEach"
				if inserts { // a pair that is not there
					require.NoError(t, harness.Err(ann.topics().Detach(e.Ctx, 1)))
				}
				undone(t, e, call.name, errHook, func() error {
					return rolledBack(e, func(ctx context.Context) error { return call.run(ctx, c.rec) })
				}, ann)
				if inserts { // the finders look for it
					require.NoError(t, ann.topics().Attach(e.Ctx, 1))
				}
			}
		}
		undone(t, e, "move", errHook, func() error {
			return rolledBack(e, func(ctx context.Context) error { return essay.author().Associate(ctx, &Author{Name: "new"}) })
		}, essay)
	})
}

// Writes through a relation of a record that was loaded in an open transaction join it, with any context,
// and leave it open.
func TestEveryWriteJoinsTheParentsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedEssays(t, e)
		before := rowCounts(t, e)
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		ann, err := model.Query[Author](tx).Find(e.Ctx, 1)
		require.NoError(t, err)
		essay, topic := &Essay{Title: "n"}, &Topic{Name: "n"}
		require.NoError(t, ann.essays().Create(e.Ctx, essay))
		require.NoError(t, ann.topics().Create(e.Ctx, topic))
		require.NoError(t, harness.Err(ann.topics().Sync(e.Ctx, 3, 4)))
		require.NoError(t, harness.Err(ann.essays().FirstOrCreate(e.Ctx, model.Attrs{"title": "o"}, nil)))
		list, err := ann.essays().Query().All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 4)
		require.NoError(t, list[0].author().Associate(e.Ctx, &Author{Name: "new"}), "children inherit it")
		require.NoError(t, ann.Load(e.Ctx, "topics"))
		require.Equal(t, []int64{3, 4}, iDs(ann.Topics))
		require.NoError(t, tx.Rollback())
		require.Equal(t, before, rowCounts(t, e))
		require.True(t, essay.IsNew())
		require.True(t, topic.IsNew())
		require.NoError(t, ann.essays().Create(e.Ctx, essay), "the record outlives the transaction")
	})
}

// A transaction in the context wins over the database that the parent was loaded from, and a commit keeps
// what was written.
func TestContextComesBeforeTheParent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		tx, err := e.DB.Begin(e.Ctx)
		require.NoError(t, err)
		ctx := model.WithDB(e.Ctx, tx)
		require.NoError(t, ann.topics().Attach(ctx, 4))
		require.NoError(t, harness.Err(ann.topics().Detach(ctx, 1)))
		require.NoError(t, ann.essays().Create(ctx, &Essay{Title: "n"}))
		require.NoError(t, tx.Commit())
		require.Equal(t, []string{"2", "4"}, pivots(t, e, ann.ID))
		require.EqualValues(t, 5, e.Count(t, "essays"))
	})
}
