// SPDX-License-Identifier: MIT

package sync_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// int64s are ids as Changes has them.
func int64s(ids ...int64) []any {
	if len(ids) == 0 {
		return nil
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// Sync attaches, detaches and updates what differs, and returns the ids with the key's type, in the order
// of the links.
func TestSyncWritesOnlyWhatDiffers(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, bob.topics().Attach(e.Ctx, 1, 5))
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, model.Attrs{"level": "1", "note": "n"}), 2, 3))
		later := anHourLater(e)
		four := topicAt(t, e, 4)
		sent := e.SendsBesidesLocks(t, 4, func() {
			done, err := ann.topics().Sync(e.Ctx, "5", relation.Pivot(1, model.Attrs{"level": "2"}), four, 3)
			require.NoError(t, err)
			require.Equal(t, relation.Changes{Attached: int64s(5, 4), Detached: int64s(2), Updated: int64s(1)}, done)
		})
		require.ElementsMatch(t, []string{"SELECT", "DELETE", "UPDATE", "INSERT"}, words(sent))
		require.Equal(t, []string{"1:2", "3", "4", "5"}, pivots(t, e, ann.ID))
		require.Equal(t, []string{"1", "5"}, pivots(t, e, bob.ID))
		for _, topic := range topicsOf(t, e, ann) {
			x := topic.Extras()
			require.Equal(t, topic.ID >= 4, later.Equal(x.Time("pivot_created_at")), topic.ID)
			require.Equal(t, topic.ID != 3, later.Equal(x.Time("pivot_updated_at")), topic.ID)
		}
		require.EqualValues(t, "n", harness.Text(e.Row(t, "SELECT note FROM author_topics WHERE topic_id = 1 AND author_id = 1")["note"]))
	})
}

// Sync of what is there sends one SELECT and writes nothing; of nothing it detaches all, without detaching
// it sends nothing.
func TestSyncKeepsUntouchedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		level := model.Attrs{"level": "1"}
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, level), 2))
		for i, links := range [][]any{{1, 2}, {2, 1, "1", 2}, {[]int64{1, 2}}, {relation.Pivot(1, level), 2}, {relation.Pivot(2, model.Attrs{"note": nil}), 1}} {
			sent := e.SendsBesidesLocks(t, 1, func() {
				done, err := ann.topics().Sync(e.Ctx, links...)
				require.NoError(t, err)
				require.Equal(t, relation.Changes{}, done, i)
			})
			require.Equal(t, []string{"SELECT"}, words(sent))
		}
		e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(ann.topics().SyncWithoutDetaching(e.Ctx, 2))) })
		e.Sends(t, 0, func() {
			done, err := ann.topics().SyncWithoutDetaching(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, relation.Changes{}, done)
			require.NoError(t, harness.Err(ann.Related("topics").Toggle(e.Ctx)))
			require.NoError(t, harness.Err(ann.topics().Toggle(e.Ctx, []int{})))
		})
		e.SendsBesidesLocks(t, 2, func() {
			done, err := ann.Related("topics").Sync(e.Ctx)
			require.NoError(t, err)
			require.ElementsMatch(t, int64s(1, 2), done.Detached)
		})
		require.Empty(t, pivots(t, e, ann.ID))
	})
}

// SyncWithoutDetaching inserts and updates but deletes nothing; SyncWithPivotValues gives all links the
// same attributes, and a link's own win.
func TestSyncWithoutDetachingDeletesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
		e.SendsBesidesLocks(t, 3, func() {
			done, err := ann.topics().SyncWithoutDetaching(e.Ctx, 3, relation.Pivot(2, model.Attrs{"level": "2"}))
			require.NoError(t, err)
			require.Equal(t, relation.Changes{Attached: int64s(3), Updated: int64s(2)}, done)
		})
		require.Equal(t, []string{"1", "2:2", "3"}, pivots(t, e, ann.ID))
		values, own := model.Attrs{"level": "2"}, model.Attrs{"level": "4"}
		for range 2 {
			require.NoError(t, harness.Err(ann.topics().SyncWithPivotValues(e.Ctx, values, 2, 3, relation.Pivot(4, own))))
		}
		require.Equal(t, []string{"2:2", "3:2", "4:4"}, pivots(t, e, ann.ID))
		require.Equal(t, model.Attrs{"level": "2"}, values)
		require.Equal(t, model.Attrs{"level": "4"}, own)
		done, err := ann.Related("topics").SyncWithPivotValues(e.Ctx, model.Attrs{"level": "4"}, 2, 3, 4)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Updated: int64s(2, 3)}, done)
		e.Sends(t, 0, func() {
			require.ErrorIs(t, harness.Err(ann.topics().SyncWithPivotValues(e.Ctx, model.Attrs{"topic_id": 1}, 1)), model.ErrGuarded)
		})
	})
}

// Sync detaches before it attaches, so that what is unique among the pivot rows can be used again, all in
// one transaction.
func TestSyncDetachesBeforeItAttaches(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		e.Exec(t, "CREATE UNIQUE INDEX places ON author_topics (author_id, level)")
		first := model.Attrs{"level": "1"}
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, first), 2))
		require.NoError(t, harness.Err(ann.topics().Sync(e.Ctx, 2, relation.Pivot(3, first))))
		require.Equal(t, []string{"2", "3:1"}, pivots(t, e, ann.ID))
		err := harness.Err(ann.topics().Sync(e.Ctx, relation.Pivot(4, first), relation.Pivot(5, first)))
		require.ErrorIs(t, err, model.ErrDuplicate)
		require.Equal(t, []string{"2", "3:1"}, pivots(t, e, ann.ID), "the DELETE is undone")
	})
}

// Sync leaves existing duplicates of a kept id alone, detaches all of one that goes, and links to one id
// are one.
func TestSyncLeavesDuplicatesOfAKeptID(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.tags().Attach(e.Ctx, 1, 1, 2, 2))
		done, err := ann.tags().Sync(e.Ctx, 1, 3, "3")
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Attached: int64s(3), Detached: int64s(2)}, done)
		require.Equal(t, []string{"1", "1", "3"}, tagged(t, e, ann.ID))
		e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(ann.tags().Sync(e.Ctx, 3, 1))) })
		require.NoError(t, harness.Err(ann.tags().Sync(e.Ctx, relation.Pivot(1, model.Attrs{"level": "5"}))))
		require.Equal(t, []string{"1:5", "1:5"}, tagged(t, e, ann.ID))
	})
}

// Sync of a thousand ids of which ten go and ten come takes three statements, and none of a write when it
// is repeated.
func TestSyncOfAThousandSendsThreeStatements(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		topics := make([]*Topic, 1010)
		for i := range topics {
			topics[i] = &Topic{Name: fmt.Sprint("t", i)}
		}
		require.NoError(t, model.Insert(e.Ctx, e.DB, topics))
		old, now := make([]int64, 1000), make([]int64, 1000)
		for i := range 1000 {
			old[i], now[999-i] = int64(i+6), int64(i+16)
		}
		require.NoError(t, ann.topics().Attach(e.Ctx, old))
		sent := e.SendsBesidesLocks(t, 3, func() {
			done, err := ann.topics().Sync(e.Ctx, now)
			require.NoError(t, err)
			require.Len(t, done.Attached, 10)
			require.EqualValues(t, 1015, done.Attached[0])
			require.Len(t, done.Detached, 10)
			require.Empty(t, done.Updated)
		})
		require.Equal(t, []string{"SELECT", "DELETE", "INSERT"}, words(sent))
		e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(ann.topics().Sync(e.Ctx, now))) })
	})
}

// Where writers run side by side, Sync and Toggle lock the parent's row first, so that concurrent calls end
// in one caller's set.
func TestSyncLocksTheParent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		for _, run := range []func() error{
			func() error { return harness.Err(ann.topics().Sync(e.Ctx, 1)) },
			func() error { return harness.Err(ann.topics().SyncWithoutDetaching(e.Ctx, 1)) },
			func() error { return harness.Err(ann.topics().SyncWithPivotValues(e.Ctx, nil, 1)) },
			func() error { return harness.Err(ann.topics().Toggle(e.Ctx, 1)) },
		} {
			e.Sent.Reset()
			require.NoError(t, run())
			first := e.Sent.Statements()[0]
			require.True(t, e.Database.LocksRecord(first), first)
			require.Contains(t, first, "authors")
		}
	}, harness.RowLocks)
}

// Toggle detaches the links that are there and attaches the others with their attributes: one SELECT, one
// DELETE, one INSERT.
func TestToggleSwitchesLinks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
		require.NoError(t, bob.topics().Attach(e.Ctx, 1, 3))
		sent := e.SendsBesidesLocks(t, 3, func() {
			done, err := ann.topics().Toggle(e.Ctx, relation.Pivot(4, model.Attrs{"level": "4"}), 1, "3", 1)
			require.NoError(t, err)
			require.Equal(t, relation.Changes{Attached: int64s(4, 3), Detached: int64s(1)}, done)
		})
		require.Equal(t, []string{"SELECT", "DELETE", "INSERT"}, words(sent))
		require.Equal(t, []string{"2", "3", "4:4"}, pivots(t, e, ann.ID))
		require.Equal(t, []string{"1", "3"}, pivots(t, e, bob.ID))
		e.SendsBesidesLocks(t, 2, func() {
			done, err := ann.Related("topics").Toggle(e.Ctx, 2)
			require.NoError(t, err)
			require.Equal(t, int64s(2), done.Detached)
		})
	})
}

// UpdateExistingPivot writes attributes to the rows of one id of this parent and returns how many; where
// rows have updated_at, it looks first, and writes only what differs.
func TestUpdateExistingPivotWritesOnlyWhatDiffers(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
		require.NoError(t, bob.topics().Attach(e.Ctx, 1))
		made := e.Clock.Now()
		later := anHourLater(e)
		for _, want := range [][]string{{"SELECT", "UPDATE"}, {"SELECT"}} {
			sent := e.Sends(t, len(want), func() {
				n, err := ann.topics().UpdateExistingPivot(e.Ctx, "1", model.Attrs{"level": 7})
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
			})
			require.Equal(t, want, words(sent))
			later = e.Clock.Now()
			e.Clock.Add(time.Hour)
		}
		later = later.Add(-time.Hour)
		require.Equal(t, []string{"1:7", "2"}, pivots(t, e, ann.ID))
		require.Equal(t, []string{"1"}, pivots(t, e, bob.ID))
		x := topicsOf(t, e, ann)[0].Extras()
		require.True(t, made.Equal(x.Time("pivot_created_at")))
		require.True(t, later.Equal(x.Time("pivot_updated_at")))
		n, err := ann.Related("topics").UpdateExistingPivot(e.Ctx, topicAt(t, e, 3), model.Attrs{"level": "7"})
		require.NoError(t, err)
		require.Zero(t, n)
		require.NoError(t, ann.tags().Attach(e.Ctx, 1, 1, 2))
		e.Sends(t, 1, func() { n, err = ann.tags().UpdateExistingPivot(e.Ctx, 1, model.Attrs{"level": "8"}) })
		require.NoError(t, err)
		require.EqualValues(t, 2, n, "without timestamps there is nothing to look for")
		e.Sends(t, 0, func() {
			require.NoError(t, harness.Err(ann.topics().UpdateExistingPivot(e.Ctx, 1, nil)))
			require.ErrorIs(t, harness.Err(ann.topics().UpdateExistingPivot(e.Ctx, 1, model.Attrs{"topic_id": 2})), model.ErrGuarded)
			require.ErrorIs(t, harness.Err(ann.topics().UpdateExistingPivot(e.Ctx, "x", model.Attrs{"level": 2})), model.ErrInvalidKey)
			require.ErrorIs(t, harness.Err(ann.topics().UpdateExistingPivot(e.Ctx, 1, model.Attrs{"a.b": 2})), model.ErrUnknownColumn)
		})
		e.Exec(t, "ALTER TABLE author_topics ADD COLUMN rank_no integer")
		require.NoError(t, harness.Err(ann.topics().UpdateExistingPivot(e.Ctx, 1, model.Attrs{"rank_no": 5})), "nobody has declared it")
		require.NoError(t, harness.Err(ann.topics().Sync(e.Ctx, 1, relation.Pivot(2, model.Attrs{"rank_no": 5}))))
		e.SendsBesidesLocks(t, 1, func() {
			require.NoError(t, harness.Err(ann.topics().SyncWithPivotValues(e.Ctx, model.Attrs{"rank_no": 5}, 1, 2)))
		})
	})
}

// PivotQuery reads, updates and deletes pivot rows of this parent only, by plain column names.
func TestPivotQueryStaysWithTheParent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, relation.Pivot(2, model.Attrs{"level": "2"})))
		require.NoError(t, bob.topics().Attach(e.Ctx, 1, relation.Pivot(2, model.Attrs{"level": "2"})))
		var rows []relation.Attrs
		e.Sends(t, 1, func() {
			require.NoError(t, ann.topics().PivotQuery().Where("level", "2").OrWhereNull("level").OrderBy("topic_id").All(e.Ctx, &rows))
		})
		require.Len(t, rows, 2)
		require.EqualValues(t, 2, rows[1]["topic_id"])
		require.EqualValues(t, "2", harness.Text(rows[1]["level"]))
		var row relation.Attrs
		require.NoError(t, ann.Related("topics").PivotQuery().Where("topic_id", 2).First(e.Ctx, &row))
		require.EqualValues(t, ann.ID, row["author_id"])
		e.Sends(t, 1, func() {
			n, err := ann.topics().PivotQuery().Where("level", "2").Update(e.Ctx, model.Attrs{"level": "3"})
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
		n, err := ann.topics().PivotQuery().WhereNull("level").Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Equal(t, []string{"2:3"}, pivots(t, e, ann.ID))
		require.Equal(t, []string{"1", "2:2"}, pivots(t, e, bob.ID))
		require.EqualValues(t, 5, e.Count(t, "topics"))
	})
}
