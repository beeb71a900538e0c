// SPDX-License-Identifier: MIT

package sync_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Attach takes ids of any integer type, texts, records, Pivot and slices of all these, and inserts the rows
// with one statement.
func TestAttachTakesEveryFormOfID(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		one := model.Attrs{"level": "1"}
		for i, c := range []struct {
			links []any
			want  []string
		}{
			{[]any{2, int64(1)}, []string{"1", "2"}},
			{[]any{"3", uint8(2)}, []string{"2", "3"}},
			{[]any{[]int64{2, 1}, 3}, []string{"1", "2", "3"}},
			{[]any{topicAt(t, e, 4), relation.Pivot(1, one)}, []string{"1:1", "4"}},
			{[]any{[]*Topic{topicAt(t, e, 4), topicAt(t, e, 2)}}, []string{"2", "4"}},
			{[]any{relation.Pivot(topicAt(t, e, 5), one), []relation.Link{relation.Pivot("2", one)}}, []string{"2:1", "5:1"}},
			{[]any{relation.Pivot([]int{1, 2}, one), []any{3, relation.Pivot(4, nil)}}, []string{"1:1", "2:1", "3", "4"}},
		} {
			sent := e.Sends(t, 1, func() {
				if i%2 == 0 {
					require.NoError(t, ann.topics().Attach(e.Ctx, c.links...), i)
				} else {
					require.NoError(t, ann.Related("topics").Attach(e.Ctx, c.links...), i)
				}
			})
			require.Equal(t, []string{"INSERT"}, words(sent))
			require.Equal(t, c.want, pivots(t, e, ann.ID), i)
			require.NoError(t, harness.Err(ann.topics().DetachAll(e.Ctx)))
		}
		e.Sends(t, 0, func() {
			require.NoError(t, ann.topics().Attach(e.Ctx))
			require.NoError(t, ann.topics().Attach(e.Ctx, []int64{}))
			require.NoError(t, ann.topics().AttachEach(e.Ctx, func(any, model.Attrs) {}))
		})
	})
}

// AttachEach gives its function every id, of the key's type, with the attributes of its row, which it may
// change.
func TestAttachEachPassesEveryID(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		given := model.Attrs{"note": "n"}
		var ids []any
		e.Sends(t, 1, func() {
			require.NoError(t, ann.topics().AttachEach(e.Ctx, func(id any, row model.Attrs) {
				ids = append(ids, id)
				row["level"] = fmt.Sprint("L", id)
			}, 3, relation.Pivot("1", given), topicsGiven(2)))
		})
		require.Equal(t, []any{int64(3), int64(1), int64(2)}, ids)
		require.Equal(t, []string{"1:L1", "2:L2", "3:L3"}, pivots(t, e, ann.ID))
		require.Equal(t, model.Attrs{"note": "n"}, given, "the caller's map stays")
		require.EqualValues(t, "n", harness.Text(e.Row(t, "SELECT note FROM author_topics WHERE topic_id = 1")["note"]))
		e.Sends(t, 0, func() { require.ErrorIs(t, ann.Related("topics").AttachEach(e.Ctx, nil, 1), model.ErrInvalidValue) })
	})
}

// Attach inserts rows in the order of the related ids, with the same time in both timestamps of all rows.
func TestAttachInsertsRowsInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.tags().Attach(e.Ctx, 5, 1, 4, 2, 3))
		ids := []string{}
		for _, row := range e.Rows(t, "SELECT topic_id FROM author_tags") {
			ids = append(ids, harness.Text(row["topic_id"]))
		}
		require.Equal(t, []string{"1", "2", "3", "4", "5"}, ids, "as they lie in the table")
		require.NoError(t, ann.topics().Attach(e.Ctx, 5, relation.Pivot(1, model.Attrs{"level": "1"}), 4))
		for _, topic := range topicsOf(t, e, ann) {
			require.True(t, e.Clock.Now().Equal(topic.Extras().Time("pivot_created_at")))
			require.True(t, e.Clock.Now().Equal(topic.Extras().Time("pivot_updated_at")))
		}
	})
}

// Attach always inserts: a pair that is there is ErrDuplicate and nothing is attached; where pairs may
// repeat, they do.
func TestAttachRefusesAPairThatIsThere(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 2))
		e.Sends(t, 1, func() {
			require.ErrorIs(t, ann.topics().Attach(e.Ctx, 1, 2, 3), model.ErrDuplicate)
		})
		require.ErrorIs(t, ann.topics().Attach(e.Ctx, 4, 4), model.ErrDuplicate)
		require.Equal(t, []string{"2"}, pivots(t, e, ann.ID))
		require.NoError(t, ann.tags().Attach(e.Ctx, 2, 2, relation.Pivot(2, model.Attrs{"level": "9"})))
		require.NoError(t, ann.tags().Attach(e.Ctx, 2))
		require.Len(t, tagged(t, e, ann.ID), 4)
		require.ErrorIs(t, ann.topics().Attach(e.Ctx, 1, 77), model.ErrForeignKey, "the table refuses rows that point nowhere")
		require.Equal(t, []string{"2"}, pivots(t, e, ann.ID))
	})
}

// A pivot column that no attributes name has what the database gives it; where only other rows of the call
// name it, NULL.
func TestAttachLeavesDefaultsToTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		e.Exec(t, "ALTER TABLE author_topics DROP COLUMN level")
		e.Exec(t, "ALTER TABLE author_topics ADD COLUMN level varchar(9) DEFAULT 'fresh'")
		note := model.Attrs{"note": "n"}
		for name, write := range map[string]func() error{
			"attach": func() error { return ann.topics().Attach(e.Ctx, 1, relation.Pivot(2, note)) },
			"sync":   func() error { return harness.Err(ann.topics().Sync(e.Ctx, 1, 2)) },
			"toggle": func() error { return harness.Err(ann.Related("topics").Toggle(e.Ctx, 1, relation.Pivot(2, note))) },
			"save":   func() error { return ann.topics().SaveMany(e.Ctx, []*Topic{topicAt(t, e, 1), topicAt(t, e, 2)}) },
			"save with": func() error {
				return ann.topics().SaveMany(e.Ctx, []*Topic{topicAt(t, e, 1), topicAt(t, e, 2)}, note, nil)
			},
		} {
			require.NoError(t, write(), name)
			require.Equal(t, []string{"1:fresh", "2:fresh"}, pivots(t, e, ann.ID), name)
			require.NoError(t, harness.Err(ann.topics().DetachAll(e.Ctx)))
		}
		topic := &Topic{Name: "new"}
		require.NoError(t, ann.topics().Create(e.Ctx, topic, note))
		require.Equal(t, "n", topic.Extras()["pivot_note"])
		require.False(t, topic.Extras().Has("pivot_level"), "only the database knows it")
		require.Equal(t, "fresh", topicsOf(t, e, ann)[0].Extras().String("pivot_level"))
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, relation.Pivot(2, model.Attrs{"level": "own"}), relation.Pivot(3, model.Attrs{"level": nil})))
		require.Equal(t, []string{"1", "2:own", "3", "6:fresh"}, pivots(t, e, ann.ID))
	})
}

// Numbers, booleans, texts and times go into pivot columns without a model, whatever type the table gives
// them, and can be asked for.
func TestAttachStoresValuesWithoutAModel(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		for i, typ := range []string{"integer", "bigint", "numeric(9,3)", "double precision", "boolean", "text", "varchar(40)", "timestamp"} {
			e.Exec(t, fmt.Sprintf("ALTER TABLE author_topics ADD COLUMN v%d %s", i, typ))
		}
		for i, values := range [][]any{
			{7, uint8(1), -3, 1e6},
			{int64(1) << 60},
			{2, 1.5},
			{3, 2.25},
			{true, false, 1},
			{1, 1.5, true, "x", 1e6, e.Clock.Now()},
			{7, "y"},
			{e.Clock.Now()},
		} {
			name := fmt.Sprint("v", i)
			for _, v := range values {
				require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, model.Attrs{name: v}), 2), "%s %v", name, v)
				e.SendsBesidesLocks(t, 1, func() {
					done, err := ann.topics().Sync(e.Ctx, relation.Pivot(1, model.Attrs{name: v}), 2)
					require.NoError(t, err)
					require.Equal(t, relation.Changes{}, done, "%s %v", name, v)
				})
				for _, q := range []*model.Builder[Topic]{
					ann.topics().Query().Use(func(q *relation.Query) { q.WherePivot(name, v) }), ann.topics().Query().Use(func(q *relation.Query) { q.WherePivotIn(name, []any{v}) }),
				} {
					list, err := q.All(e.Ctx)
					require.NoError(t, err, "%s %v", name, v)
					require.Equal(t, []int64{1}, iDs(list), "%s %v", name, v)
				}
				require.NoError(t, harness.Err(ann.topics().DetachAll(e.Ctx)))
			}
		}
	})
}

// Attach writes pivot columns that nobody has declared, and refuses the keys, wrong names, values and ids
// before anything is sent.
func TestAttachRefusesKeysAndWrongNames(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		e.Exec(t, "ALTER TABLE author_topics ADD COLUMN rank_no integer")
		e.Sends(t, 1, func() {
			require.NoError(t, ann.topics().Attach(e.Ctx, 1, relation.Pivot(2, model.Attrs{"rank_no": 7}), relation.Pivot(3, model.Attrs{"level": "3"})))
		})
		require.EqualValues(t, 7, e.Row(t, "SELECT rank_no FROM author_topics WHERE topic_id = 2")["rank_no"])
		require.Nil(t, e.Row(t, "SELECT rank_no FROM author_topics WHERE topic_id = 3")["rank_no"])
		require.Equal(t, []string{"1", "2", "3:3"}, pivots(t, e, ann.ID))
		require.Error(t, ann.topics().Attach(e.Ctx, relation.Pivot(4, model.Attrs{"nowhere": 1})), "the database has no such column")
		e.Sends(t, 0, func() {
			for name, c := range map[string]struct {
				want error
				link any
			}{
				"owner":     {model.ErrGuarded, relation.Pivot(4, model.Attrs{"author_id": 2})},
				"related":   {model.ErrGuarded, relation.Pivot(4, model.Attrs{"topic_id": 2})},
				"quote":     {model.ErrUnknownColumn, relation.Pivot(4, model.Attrs{"a`b": 2})},
				"empty":     {model.ErrUnknownColumn, relation.Pivot(4, model.Attrs{"": 2})},
				"value":     {model.ErrInvalidValue, relation.Pivot(4, model.Attrs{"level": struct{ X int }{}})},
				"time":      {model.ErrInvalidValue, relation.Pivot(4, model.Attrs{"created_at": "yesterday"})},
				"no key":    {model.ErrInvalidKey, "x"},
				"spaces":    {model.ErrInvalidKey, " 4"},
				"fraction":  {model.ErrInvalidKey, 1.5},
				"nil":       {model.ErrInvalidKey, nil},
				"unsaved":   {model.ErrNotPersisted, &Topic{}},
				"model":     {model.ErrInvalidValue, &Essay{}},
				"in a list": {model.ErrInvalidKey, []any{1, "x"}},
			} {
				for method, run := range map[string]func() error{
					"Attach":  func() error { return ann.topics().Attach(e.Ctx, 5, c.link) },
					"Sync":    func() error { return harness.Err(ann.topics().Sync(e.Ctx, 5, c.link)) },
					"Without": func() error { return harness.Err(ann.topics().SyncWithoutDetaching(e.Ctx, 5, c.link)) },
					"Toggle":  func() error { return harness.Err(ann.topics().Toggle(e.Ctx, 5, c.link)) },
				} {
					require.ErrorIs(t, run(), c.want, "%s %s", method, name)
				}
			}
		})
		require.Equal(t, []string{"1", "2", "3:3"}, pivots(t, e, ann.ID))
	})
}

// Detach deletes the rows of the given ids or records of this parent only, with one statement, and returns
// how many there were.
func TestDetachDeletesOnlyGivenRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2, 3, 4))
		require.NoError(t, bob.topics().Attach(e.Ctx, 1, 5))
		for _, c := range []struct {
			ids  []any
			n    int64
			left []string
		}{
			{[]any{1}, 1, []string{"2", "3", "4"}},
			{[]any{5}, 0, []string{"2", "3", "4"}},
			{[]any{"2", topicAt(t, e, 3), 2, 99}, 2, []string{"4"}},
			{[]any{[]int64{4, 1}}, 1, []string{}},
		} {
			e.SendsBesidesLocks(t, 1, func() {
				n, err := ann.Related("topics").Detach(e.Ctx, c.ids...)
				require.NoError(t, err)
				require.Equal(t, c.n, n)
			})
			require.Equal(t, c.left, pivots(t, e, ann.ID))
		}
		require.Equal(t, []string{"1", "5"}, pivots(t, e, bob.ID))
		require.NoError(t, ann.tags().Attach(e.Ctx, 1, 1, 2))
		n, err := ann.tags().Detach(e.Ctx, 1)
		require.NoError(t, err)
		require.EqualValues(t, 2, n, "both rows of the pair")
	})
}

// Detach of nothing sends nothing and detaches nothing; DetachAll deletes all rows of this parent with one
// statement.
func TestDetachOfNothingSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
		require.NoError(t, bob.topics().Attach(e.Ctx, 2))
		e.Sends(t, 0, func() {
			for _, ids := range [][]any{nil, {}, {[]int64{}}, {[]*Topic{}}} {
				n, err := ann.topics().Detach(e.Ctx, ids...)
				require.NoError(t, err)
				require.Zero(t, n)
			}
			require.ErrorIs(t, harness.Err(ann.topics().Detach(e.Ctx, "x")), model.ErrInvalidKey)
		})
		require.Equal(t, []string{"1", "2"}, pivots(t, e, ann.ID))
		e.SendsBesidesLocks(t, 1, func() {
			n, err := ann.topics().DetachAll(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.Empty(t, pivots(t, e, ann.ID))
		require.Equal(t, []string{"2"}, pivots(t, e, bob.ID))
		n, err := ann.Related("topics").DetachAll(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		require.EqualValues(t, 5, e.Count(t, "topics"))
	})
}

// topicsGiven are ids in a slice of any.
func topicsGiven(ids ...any) []any { return ids }

// Attach, Sync and Toggle of a record whose row was deleted are ErrDeleted and send nothing; Detach takes
// it.
func TestAttachRefusesADeletedRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		gone := topicAt(t, e, 2)
		require.NoError(t, ann.tags().Attach(e.Ctx, 1))
		require.NoError(t, gone.Delete(e.Ctx))
		e.Sends(t, 0, func() {
			for name, run := range map[string]func() error{
				"attach": func() error { return ann.tags().Attach(e.Ctx, 1, gone) },
				"sync":   func() error { return harness.Err(ann.tags().Sync(e.Ctx, gone)) },
				"toggle": func() error { return harness.Err(ann.tags().Toggle(e.Ctx, relation.Pivot(gone, nil))) },
			} {
				require.ErrorIs(t, run(), model.ErrDeleted, name)
			}
		})
		require.NoError(t, harness.Err(ann.tags().Detach(e.Ctx, gone)))
		require.Equal(t, []string{"1"}, tagged(t, e, ann.ID))
	})
}
