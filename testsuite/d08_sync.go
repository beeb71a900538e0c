// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// wrInt64s are ids as Changes has them.
func wrInt64s(ids ...int64) []any {
	if len(ids) == 0 {
		return nil
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// syncPromises are about Sync and its kin, Toggle and UpdateExistingPivot.
func syncPromises() []promise {
	return []promise{
		{
			name: "D8/Sync",
			says: "Sync attaches, detaches and updates what differs, and returns the ids with the key's type, in the order of the links",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, bob.topics().Attach(e.ctx, 1, 5))
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, model.Attrs{"level": "1", "note": "n"}), 2, 3))
				later := wrLater(e)
				four := wrTopicAt(t, e, 4)
				sent := wrSends(t, e, 4, func() {
					done, err := ann.topics().Sync(e.ctx, "5", relation.Pivot(1, model.Attrs{"level": "2"}), four, 3)
					require.NoError(t, err)
					require.Equal(t, relation.Changes{Attached: wrInt64s(5, 4), Detached: wrInt64s(2), Updated: wrInt64s(1)}, see(e, "done", done))
				})
				require.ElementsMatch(t, []string{"SELECT", "DELETE", "UPDATE", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"1:2", "3", "4", "5"}, wrPivots(t, e, ann.ID))
				require.Equal(t, []string{"1", "5"}, wrPivots(t, e, bob.ID))
				for _, topic := range wrTopicsOf(t, e, ann) {
					x := topic.Extras()
					require.Equal(t, topic.ID >= 4, later.Equal(x.Time("pivot_created_at")), topic.ID)
					require.Equal(t, topic.ID != 3, later.Equal(x.Time("pivot_updated_at")), topic.ID)
				}
				require.EqualValues(t, "n", wrText(e.row(t, "SELECT note FROM wr_author_topics WHERE topic_id = 1 AND author_id = 1")["note"]))
			},
			twin: func(e *env) { e.seen["done"] = func(any) any { return relation.Changes{} } },
		},
		{
			name: "D8/Nothing",
			says: "Sync of what is there sends one SELECT and writes nothing; of nothing it detaches all, without detaching it sends nothing",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				level := model.Attrs{"level": "1"}
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, level), 2))
				for i, links := range [][]any{{1, 2}, {2, 1, "1", 2}, {[]int64{1, 2}}, {relation.Pivot(1, level), 2}, {relation.Pivot(2, model.Attrs{"note": nil}), 1}} {
					sent := wrSends(t, e, 1, func() {
						done, err := ann.topics().Sync(e.ctx, links...)
						require.NoError(t, err)
						require.Equal(t, relation.Changes{}, done, i)
					})
					require.Equal(t, []string{"SELECT"}, wrWords(sent))
				}
				wrSends(t, e, 1, func() { require.NoError(t, wrErr(ann.topics().SyncWithoutDetaching(e.ctx, 2))) })
				e.sends(t, 0, func() {
					done, err := ann.topics().SyncWithoutDetaching(e.ctx)
					require.NoError(t, err)
					require.Equal(t, relation.Changes{}, done)
					require.NoError(t, wrErr(ann.Related("topics").Toggle(e.ctx)))
					require.NoError(t, wrErr(ann.topics().Toggle(e.ctx, []int{})))
				})
				wrSends(t, e, 2, func() {
					done, err := ann.Related("topics").Sync(e.ctx)
					require.NoError(t, err)
					require.ElementsMatch(t, wrInt64s(1, 2), done.Detached)
				})
				require.Empty(t, see(e, "pivots", wrPivots(t, e, ann.ID)))
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{"1"} } },
		},
		{
			name: "D8/WithoutDetaching",
			says: "SyncWithoutDetaching inserts and updates but deletes nothing; SyncWithPivotValues gives all links the same attributes, and a link's own win",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
				wrSends(t, e, 3, func() {
					done, err := ann.topics().SyncWithoutDetaching(e.ctx, 3, relation.Pivot(2, model.Attrs{"level": "2"}))
					require.NoError(t, err)
					require.Equal(t, relation.Changes{Attached: wrInt64s(3), Updated: wrInt64s(2)}, done)
				})
				require.Equal(t, []string{"1", "2:2", "3"}, see(e, "pivots", wrPivots(t, e, ann.ID)))
				values, own := model.Attrs{"level": "2"}, model.Attrs{"level": "4"}
				for range 2 {
					require.NoError(t, wrErr(ann.topics().SyncWithPivotValues(e.ctx, values, 2, 3, relation.Pivot(4, own))))
				}
				require.Equal(t, []string{"2:2", "3:2", "4:4"}, wrPivots(t, e, ann.ID))
				require.Equal(t, model.Attrs{"level": "2"}, values)
				require.Equal(t, model.Attrs{"level": "4"}, own)
				done, err := ann.Related("topics").SyncWithPivotValues(e.ctx, model.Attrs{"level": "4"}, 2, 3, 4)
				require.NoError(t, err)
				require.Equal(t, relation.Changes{Updated: wrInt64s(2, 3)}, done)
				e.sends(t, 0, func() {
					require.ErrorIs(t, wrErr(ann.topics().SyncWithPivotValues(e.ctx, model.Attrs{"topic_id": 1}, 1)), model.ErrGuarded)
				})
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{"2:2", "3"} } },
		},
		{
			name: "D8/Order",
			says: "Sync detaches before it attaches, so that what is unique among the pivot rows can be used again, all in one transaction",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				e.exec(t, "CREATE UNIQUE INDEX wr_places ON wr_author_topics (author_id, level)")
				first := model.Attrs{"level": "1"}
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, first), 2))
				require.NoError(t, wrErr(ann.topics().Sync(e.ctx, 2, relation.Pivot(3, first))))
				require.Equal(t, []string{"2", "3:1"}, wrPivots(t, e, ann.ID))
				err := wrErr(ann.topics().Sync(e.ctx, relation.Pivot(4, first), relation.Pivot(5, first)))
				require.ErrorIs(t, err, model.ErrDuplicate)
				require.Equal(t, []string{"2", "3:1"}, see(e, "pivots", wrPivots(t, e, ann.ID)), "the DELETE is undone")
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{} } },
		},
		{
			name: "D8/Duplicates",
			says: "Sync leaves existing duplicates of a kept id alone, detaches all of one that goes, and links to one id are one",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.tags().Attach(e.ctx, 1, 1, 2, 2))
				done, err := ann.tags().Sync(e.ctx, 1, 3, "3")
				require.NoError(t, err)
				require.Equal(t, relation.Changes{Attached: wrInt64s(3), Detached: wrInt64s(2)}, done)
				require.Equal(t, []string{"1", "1", "3"}, see(e, "pivots", wrTagged(t, e, ann.ID)))
				wrSends(t, e, 1, func() { require.NoError(t, wrErr(ann.tags().Sync(e.ctx, 3, 1))) })
				require.NoError(t, wrErr(ann.tags().Sync(e.ctx, relation.Pivot(1, model.Attrs{"level": "5"}))))
				require.Equal(t, []string{"1:5", "1:5"}, wrTagged(t, e, ann.ID))
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{"1", "3"} } },
		},
		{
			name: "D8/Thousand",
			says: "Sync of a thousand ids of which ten go and ten come takes three statements, and none of a write when it is repeated",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				topics := make([]*wrTopic, 1010)
				for i := range topics {
					topics[i] = &wrTopic{Name: fmt.Sprint("t", i)}
				}
				require.NoError(t, model.Insert(e.ctx, e.db, topics))
				old, now := make([]int64, 1000), make([]int64, 1000)
				for i := range 1000 {
					old[i], now[999-i] = int64(i+6), int64(i+16)
				}
				require.NoError(t, ann.topics().Attach(e.ctx, old))
				sent := wrSends(t, e, 3, func() {
					done, err := ann.topics().Sync(e.ctx, now)
					require.NoError(t, err)
					require.Len(t, see(e, "done", done).Attached, 10)
					require.EqualValues(t, 1015, done.Attached[0])
					require.Len(t, done.Detached, 10)
					require.Empty(t, done.Updated)
				})
				require.Equal(t, []string{"SELECT", "DELETE", "INSERT"}, wrWords(sent))
				wrSends(t, e, 1, func() { require.NoError(t, wrErr(ann.topics().Sync(e.ctx, now))) })
			},
			twin: func(e *env) { e.seen["done"] = func(any) any { return relation.Changes{} } },
		},
		{
			name:  "D8/LocksTheParent",
			says:  "where writers run side by side, Sync and Toggle lock the parent's row first, so that concurrent calls end in one caller's set",
			needs: []Feature{RowLocks},
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				for _, run := range []func() error{
					func() error { return wrErr(ann.topics().Sync(e.ctx, 1)) },
					func() error { return wrErr(ann.topics().SyncWithoutDetaching(e.ctx, 1)) },
					func() error { return wrErr(ann.topics().SyncWithPivotValues(e.ctx, nil, 1)) },
					func() error { return wrErr(ann.topics().Toggle(e.ctx, 1)) },
				} {
					e.sent.Reset()
					require.NoError(t, run())
					first := see(e, "first", e.sent.Statements()[0])
					require.Contains(t, first, " FOR NO KEY UPDATE")
					require.Contains(t, first, "wr_authors")
				}
			},
			twin: func(e *env) { e.seen["first"] = func(any) any { return "" } },
		},
		{
			name: "D9/Toggle",
			says: "Toggle detaches the links that are there and attaches the others with their attributes: one SELECT, one DELETE, one INSERT",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
				require.NoError(t, bob.topics().Attach(e.ctx, 1, 3))
				sent := wrSends(t, e, 3, func() {
					done, err := ann.topics().Toggle(e.ctx, relation.Pivot(4, model.Attrs{"level": "4"}), 1, "3", 1)
					require.NoError(t, err)
					require.Equal(t, relation.Changes{Attached: wrInt64s(4, 3), Detached: wrInt64s(1)}, done)
				})
				require.Equal(t, []string{"SELECT", "DELETE", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"2", "3", "4:4"}, see(e, "pivots", wrPivots(t, e, ann.ID)))
				require.Equal(t, []string{"1", "3"}, wrPivots(t, e, bob.ID))
				wrSends(t, e, 2, func() {
					done, err := ann.Related("topics").Toggle(e.ctx, 2)
					require.NoError(t, err)
					require.Equal(t, wrInt64s(2), done.Detached)
				})
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{} } },
		},
		{
			name: "D9/UpdateExistingPivot",
			says: "UpdateExistingPivot writes attributes to the rows of one id of this parent and returns how many; where rows have updated_at, " +
				"it looks first, and writes only what differs",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
				require.NoError(t, bob.topics().Attach(e.ctx, 1))
				made := e.clock.now
				later := wrLater(e)
				for _, want := range [][]string{{"SELECT", "UPDATE"}, {"SELECT"}} {
					sent := e.sends(t, len(want), func() {
						n, err := ann.topics().UpdateExistingPivot(e.ctx, "1", model.Attrs{"level": 7})
						require.NoError(t, err)
						require.EqualValues(t, 1, see(e, "n", n))
					})
					require.Equal(t, want, wrWords(sent))
					later, e.clock.now = e.clock.now, e.clock.now.Add(time.Hour)
				}
				later = later.Add(-time.Hour)
				require.Equal(t, []string{"1:7", "2"}, wrPivots(t, e, ann.ID))
				require.Equal(t, []string{"1"}, wrPivots(t, e, bob.ID))
				x := wrTopicsOf(t, e, ann)[0].Extras()
				require.True(t, made.Equal(x.Time("pivot_created_at")))
				require.True(t, later.Equal(x.Time("pivot_updated_at")))
				n, err := ann.Related("topics").UpdateExistingPivot(e.ctx, wrTopicAt(t, e, 3), model.Attrs{"level": "7"})
				require.NoError(t, err)
				require.Zero(t, n)
				require.NoError(t, ann.tags().Attach(e.ctx, 1, 1, 2))
				e.sends(t, 1, func() { n, err = ann.tags().UpdateExistingPivot(e.ctx, 1, model.Attrs{"level": "8"}) })
				require.NoError(t, err)
				require.EqualValues(t, 2, n, "without timestamps there is nothing to look for")
				e.sends(t, 0, func() {
					require.NoError(t, wrErr(ann.topics().UpdateExistingPivot(e.ctx, 1, nil)))
					require.ErrorIs(t, wrErr(ann.topics().UpdateExistingPivot(e.ctx, 1, model.Attrs{"topic_id": 2})), model.ErrGuarded)
					require.ErrorIs(t, wrErr(ann.topics().UpdateExistingPivot(e.ctx, "x", model.Attrs{"level": 2})), model.ErrInvalidKey)
					require.ErrorIs(t, wrErr(ann.topics().UpdateExistingPivot(e.ctx, 1, model.Attrs{"a.b": 2})), model.ErrUnknownColumn)
				})
				e.exec(t, "ALTER TABLE wr_author_topics ADD COLUMN rank_no integer")
				require.NoError(t, wrErr(ann.topics().UpdateExistingPivot(e.ctx, 1, model.Attrs{"rank_no": 5})), "nobody has declared it")
				require.NoError(t, wrErr(ann.topics().Sync(e.ctx, 1, relation.Pivot(2, model.Attrs{"rank_no": 5}))))
				wrSends(t, e, 1, func() {
					require.NoError(t, wrErr(ann.topics().SyncWithPivotValues(e.ctx, model.Attrs{"rank_no": 5}, 1, 2)))
				})
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return int64(0) } },
		},
		{
			name: "D9/PivotQuery",
			says: "PivotQuery reads, updates and deletes pivot rows of this parent only, by plain column names",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, relation.Pivot(2, model.Attrs{"level": "2"})))
				require.NoError(t, bob.topics().Attach(e.ctx, 1, relation.Pivot(2, model.Attrs{"level": "2"})))
				var rows []relation.Attrs
				e.sends(t, 1, func() {
					require.NoError(t, ann.topics().PivotQuery().Where("level", "2").OrWhereNull("level").OrderBy("topic_id").All(e.ctx, &rows))
				})
				require.Len(t, see(e, "rows", rows), 2)
				require.EqualValues(t, 2, rows[1]["topic_id"])
				require.EqualValues(t, "2", wrText(rows[1]["level"]))
				var row relation.Attrs
				require.NoError(t, ann.Related("topics").PivotQuery().Where("topic_id", 2).First(e.ctx, &row))
				require.EqualValues(t, ann.ID, row["author_id"])
				e.sends(t, 1, func() {
					n, err := ann.topics().PivotQuery().Where("level", "2").Update(e.ctx, model.Attrs{"level": "3"})
					require.NoError(t, err)
					require.EqualValues(t, 1, n)
				})
				n, err := ann.topics().PivotQuery().WhereNull("level").Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.Equal(t, []string{"2:3"}, wrPivots(t, e, ann.ID))
				require.Equal(t, []string{"1", "2:2"}, wrPivots(t, e, bob.ID))
				require.EqualValues(t, 5, e.count(t, "wr_topics"))
			},
			twin: func(e *env) { e.seen["rows"] = func(any) any { return []relation.Attrs{} } },
		},
	}
}
