// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// wrGraph is a new author with new records in all relations.
func wrGraph() *wrAuthor {
	a := &wrAuthor{
		Name: "cyd", House: &wrHouse{Name: "h"}, Card: &wrCard{Code: "c"}, Essays: []*wrEssay{{Title: "x"}, {Title: "y"}},
		Topics: []*wrTopic{{Name: "new"}},
	}
	for _, w := range a.Essays {
		w.Author = a
	}
	return a
}

// pushPromises are about Push.
func pushPromises() []promise {
	return []promise{
		{
			name: "D10/NewGraph",
			says: "Push inserts a new record and all new records that are loaded with it, parents first, connects them, and ends on cycles",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				ctx := model.WithDB(e.ctx, e.db)
				a := wrGraph()
				e.sends(t, 7, func() { require.NoError(t, e.do("push", func() error { return a.Push(ctx) })) })
				require.EqualValues(t, a.House.ID, *a.HouseID)
				require.EqualValues(t, a.House.ID, wrHouseOf(t, e, a))
				require.Equal(t, a.ID, a.Card.AuthorID)
				require.Len(t, e.rows(t, "SELECT id FROM wr_essays WHERE author_id = ?", a.ID), 2)
				require.Len(t, e.rows(t, "SELECT id FROM wr_cards WHERE author_id = ?", a.ID), 1)
				require.Equal(t, []string{wrText(a.Topics[0].ID)}, wrPivots(t, e, a.ID))
				require.Equal(t, a.ID, a.Topics[0].Extras()["pivot_author_id"])
				for _, r := range []wrState{a, a.House, a.Card, a.Essays[0], a.Essays[1], a.Topics[0]} {
					require.True(t, r.IsPersisted())
					require.Empty(t, r.Dirty())
				}
				e.sends(t, 0, func() { require.NoError(t, a.Push(ctx), "all is clean") })
			},
			twin: without("push"),
		},
		{
			name: "D10/Changes",
			says: "Push updates what has changed, at any depth, and sends nothing for what has not or is not loaded",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				require.NoError(t, ann.Load(e.ctx, "essays.author"))
				require.NoError(t, ann.Load(e.ctx, "topics"))
				require.NoError(t, ann.Load(e.ctx, "card"))
				e.sends(t, 0, func() { require.NoError(t, ann.Push(e.ctx)) })
				ann.Essays[1].Words, ann.Essays[0].Author.Bio, ann.Topics[0].Name = 20, "deep", "arts"
				ctx, j := wrJournaled(e.ctx)
				sent := e.sends(t, 3, func() { require.NoError(t, e.do("push", func() error { return ann.Push(ctx) })) })
				require.Equal(t, []string{"UPDATE", "UPDATE", "UPDATE"}, wrWords(sent))
				events := j.take()
				require.Contains(t, events, "saved a2")
				require.Contains(t, events, "updated arts")
				require.NotContains(t, events, "saved b1")
				require.EqualValues(t, 20, e.row(t, "SELECT words FROM wr_essays WHERE title = 'a2'")["words"])
				require.Equal(t, "deep", wrText(e.row(t, "SELECT bio FROM wr_authors WHERE id = 1")["bio"]))
				ann.Essays = append(ann.Essays, &wrEssay{Title: "a3"})
				ann.Topics = append(ann.Topics, &wrTopic{Name: "newest"}, wrTopicAt(t, e, 5))
				ann.Card = &wrCard{Code: "n"}
				require.NoError(t, ann.Push(e.ctx))
				require.Equal(t, ann.ID, ann.Essays[2].AuthorID)
				require.Equal(t, ann.ID, ann.Card.AuthorID)
				require.Equal(t, []string{"1", "2", wrText(ann.Topics[2].ID)}, wrPivots(t, e, ann.ID), "a record that has a row is not attached")
			},
			twin: without("push"),
		},
		{
			name: "D10/Failure",
			says: "Push that fails at any record or is rolled back leaves nothing in the database or in any record",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				all := func(a *wrAuthor) []wrState {
					return []wrState{a, a.House, a.Card, a.Essays[0], a.Essays[1], a.Topics[0]}
				}
				ctx, j := wrJournaled(model.WithDB(e.ctx, e.db))
				for _, name := range []string{"h", "cyd", "c", "x", "y", "new"} {
					for _, moment := range []string{"creating ", "saving ", "created ", "saved "} {
						a := wrGraph()
						j.fail = moment + name
						wrUndone(t, e, j.fail, errWrHook, func() error { return a.Push(ctx) }, all(a)...)
					}
				}
				j.fail = ""
				a := wrGraph()
				a.Topics[0].Name = "art"
				wrUndone(t, e, "duplicate", model.ErrDuplicate, func() error { return a.Push(ctx) }, all(a)...)
				b := wrGraph()
				wrUndone(t, e, "rollback", errWrHook, func() error {
					return wrRolledBack(e, func(ctx context.Context) error { return b.Push(ctx) })
				}, all(b)...)
				require.NoError(t, b.Push(ctx), "it can be pushed again")
				require.EqualValues(t, 3, e.count(t, "wr_authors"))
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D10/Quiet",
			says: "hooks.Without keeps Push, and any write through a relation, from running hooks",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				ctx, j := wrJournaled(model.WithDB(e.ctx, e.db))
				quiet := hooks.Without(ctx)
				require.NoError(t, wrGraph().Push(quiet))
				require.NoError(t, ann.essays().Create(quiet, &wrEssay{Title: "q"}))
				require.NoError(t, ann.essays().SaveMany(quiet, []*wrEssay{{Title: "r"}, {Title: "s"}}))
				require.NoError(t, ann.topics().Save(quiet, &wrTopic{Name: "q"}))
				require.NoError(t, ann.house().Associate(quiet, &wrHouse{Name: "q"}))
				require.NoError(t, ann.house().Dissociate(quiet))
				require.NoError(t, wrErr(ann.essays().UpdateOrCreate(quiet, model.Attrs{"title": "q"}, model.Attrs{"words": 2})))
				require.Empty(t, see(e, "events", j.take()))
			},
			twin: func(e *env) { e.seen["events"] = func(any) any { return []string{"saved q"} } },
		},
		{
			name: "D11/JoinsContext",
			says: "every write through a relation joins the transaction of its context, and is gone after its rollback",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				essay, err := ann.essays().Query().First(e.ctx)
				require.NoError(t, err)
				for _, c := range []struct {
					name string
					rec  *relation.Client
					rows func() any
				}{
					{"essays", ann.Related("essays"), func() any { return &wrEssay{Title: "n"} }},
					{"topics", ann.Related("topics"), func() any { return &wrTopic{Name: "n"} }},
				} {
					list := any([]*wrEssay{{Title: "m"}, {Title: "o"}})
					if c.name == "topics" {
						list = []*wrTopic{{Name: "m"}, {Name: "o"}}
					}
					for _, call := range wrCalls(c.rows(), list) {
						if call.kinds == "B" || call.name == "Create with pivot attributes" || call.name == "CreateMany with pivot attributes" ||
							c.name == "essays" && call.kinds == "P" {
							continue
						}
						inserts := call.name == "SaveDuplicate" || call.name == "Attach" || call.name == "AttachEach"
						if inserts { // a pair that is not there
							require.NoError(t, wrErr(ann.topics().Detach(e.ctx, 1)))
						}
						wrUndone(t, e, call.name, errWrHook, func() error {
							return wrRolledBack(e, func(ctx context.Context) error { return call.run(ctx, c.rec) })
						}, ann)
						if inserts { // the finders look for it
							require.NoError(t, ann.topics().Attach(e.ctx, 1))
						}
					}
				}
				wrUndone(t, e, "move", errWrHook, func() error {
					return wrRolledBack(e, func(ctx context.Context) error { return essay.author().Associate(ctx, &wrAuthor{Name: "new"}) })
				}, essay)
			},
			twin: wrKeeps("wr_topics"),
		},
		{
			name: "D11/JoinsParent",
			says: "writes through a relation of a record that was loaded in an open transaction join it, with any context, and leave it open",
			check: func(t testing.TB, e *env) {
				wrSeedEssays(t, e)
				before := wrCounts(t, e)
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				ann, err := model.Query[wrAuthor](tx).Find(e.ctx, 1)
				require.NoError(t, err)
				essay, topic := &wrEssay{Title: "n"}, &wrTopic{Name: "n"}
				require.NoError(t, ann.essays().Create(e.ctx, essay))
				require.NoError(t, ann.topics().Create(e.ctx, topic))
				require.NoError(t, wrErr(ann.topics().Sync(e.ctx, 3, 4)))
				require.NoError(t, wrErr(ann.essays().FirstOrCreate(e.ctx, model.Attrs{"title": "o"}, nil)))
				list, err := ann.essays().Query().All(e.ctx)
				require.NoError(t, err)
				require.Len(t, list, 4)
				require.NoError(t, list[0].author().Associate(e.ctx, &wrAuthor{Name: "new"}), "children inherit it")
				require.NoError(t, ann.Load(e.ctx, "topics"))
				require.Equal(t, []int64{3, 4}, wrIDs(ann.Topics))
				require.NoError(t, e.do("end", tx.Rollback))
				require.Equal(t, before, wrCounts(t, e))
				require.True(t, essay.IsNew())
				require.True(t, topic.IsNew())
				require.NoError(t, ann.essays().Create(e.ctx, essay), "the record outlives the transaction")
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					e.gorm.Exec("INSERT INTO wr_topics (name) VALUES ('left behind')")
					return err
				}
			},
		},
		{
			name: "D11/ContextWins",
			says: "a transaction in the context wins over the database that the parent was loaded from, and a commit keeps what was written",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				tx, err := e.db.Begin(e.ctx)
				require.NoError(t, err)
				ctx := model.WithDB(e.ctx, tx)
				require.NoError(t, ann.topics().Attach(ctx, 4))
				require.NoError(t, wrErr(ann.topics().Detach(ctx, 1)))
				require.NoError(t, ann.essays().Create(ctx, &wrEssay{Title: "n"}))
				require.NoError(t, e.do("end", tx.Commit))
				require.Equal(t, []string{"2", "4"}, wrPivots(t, e, ann.ID))
				require.EqualValues(t, 5, e.count(t, "wr_essays"))
			},
			twin: func(e *env) {
				e.op["end"] = func(run func() error) error {
					err := run()
					e.gorm.Exec("DELETE FROM wr_essays")
					return err
				}
			},
		},
	}
}
