// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// attachPromises are about Attach, AttachEach, Detach and DetachAll.
func attachPromises() []promise {
	return []promise{
		{
			name: "D6/Forms",
			says: "Attach takes ids of any integer type, texts, records, Pivot and slices of all these, and inserts the rows with one statement",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				one := model.Attrs{"level": "1"}
				for i, c := range []struct {
					links []any
					want  []string
				}{
					{[]any{2, int64(1)}, []string{"1", "2"}},
					{[]any{"3", uint8(2)}, []string{"2", "3"}},
					{[]any{[]int64{2, 1}, 3}, []string{"1", "2", "3"}},
					{[]any{wrTopicAt(t, e, 4), relation.Pivot(1, one)}, []string{"1:1", "4"}},
					{[]any{[]*wrTopic{wrTopicAt(t, e, 4), wrTopicAt(t, e, 2)}}, []string{"2", "4"}},
					{[]any{relation.Pivot(wrTopicAt(t, e, 5), one), []relation.Link{relation.Pivot("2", one)}}, []string{"2:1", "5:1"}},
					{[]any{relation.Pivot([]int{1, 2}, one), []any{3, relation.Pivot(4, nil)}}, []string{"1:1", "2:1", "3", "4"}},
				} {
					sent := e.sends(t, 1, func() {
						if i%2 == 0 {
							require.NoError(t, ann.topics().Attach(e.ctx, c.links...), i)
						} else {
							require.NoError(t, ann.Related("topics").Attach(e.ctx, c.links...), i)
						}
					})
					require.Equal(t, []string{"INSERT"}, wrWords(sent))
					require.Equal(t, c.want, see(e, "pivots", wrPivots(t, e, ann.ID)), i)
					require.NoError(t, wrErr(ann.topics().DetachAll(e.ctx)))
				}
				e.sends(t, 0, func() {
					require.NoError(t, ann.topics().Attach(e.ctx))
					require.NoError(t, ann.topics().Attach(e.ctx, []int64{}))
					require.NoError(t, ann.topics().AttachEach(e.ctx, func(any, model.Attrs) {}))
				})
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{} } },
		},
		{
			name: "D6/Each",
			says: "AttachEach gives its function every id, of the key's type, with the attributes of its row, which it may change",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				given := model.Attrs{"note": "n"}
				var ids []any
				e.sends(t, 1, func() {
					require.NoError(t, e.do("each", func() error {
						return ann.topics().AttachEach(e.ctx, func(id any, row model.Attrs) {
							ids = append(ids, id)
							row["level"] = fmt.Sprint("L", id)
						}, 3, relation.Pivot("1", given), wrTopicsGiven(2))
					}))
				})
				require.Equal(t, []any{int64(3), int64(1), int64(2)}, ids)
				require.Equal(t, []string{"1:L1", "2:L2", "3:L3"}, wrPivots(t, e, ann.ID))
				require.Equal(t, model.Attrs{"note": "n"}, given, "the caller's map stays")
				require.EqualValues(t, "n", wrText(e.row(t, "SELECT note FROM wr_author_topics WHERE topic_id = 1")["note"]))
				e.sends(t, 0, func() { require.ErrorIs(t, ann.Related("topics").AttachEach(e.ctx, nil, 1), model.ErrInvalidValue) })
			},
			twin: without("each"),
		},
		{
			name: "D6/SortedAndTimed",
			says: "Attach inserts rows in the order of the related ids, with the same time in both timestamps of all rows",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.tags().Attach(e.ctx, 5, 1, 4, 2, 3))
				ids := []string{}
				for _, row := range e.rows(t, "SELECT topic_id FROM wr_author_tags") {
					ids = append(ids, wrText(row["topic_id"]))
				}
				require.Equal(t, []string{"1", "2", "3", "4", "5"}, see(e, "ids", ids), "as they lie in the table")
				require.NoError(t, ann.topics().Attach(e.ctx, 5, relation.Pivot(1, model.Attrs{"level": "1"}), 4))
				for _, topic := range wrTopicsOf(t, e, ann) {
					require.True(t, e.clock.now.Equal(topic.Extras().Time("pivot_created_at")))
					require.True(t, e.clock.now.Equal(topic.Extras().Time("pivot_updated_at")))
				}
			},
			twin: func(e *env) { e.seen["ids"] = func(any) any { return []string{"5", "1", "4", "2", "3"} } },
		},
		{
			name: "D6/Duplicates",
			says: "Attach always inserts: a pair that is there is ErrDuplicate and nothing is attached; where pairs may repeat, they do",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 2))
				e.sends(t, 1, func() {
					require.ErrorIs(t, e.do("again", func() error { return ann.topics().Attach(e.ctx, 1, 2, 3) }), model.ErrDuplicate)
				})
				require.ErrorIs(t, ann.topics().Attach(e.ctx, 4, 4), model.ErrDuplicate)
				require.Equal(t, []string{"2"}, wrPivots(t, e, ann.ID))
				require.NoError(t, ann.tags().Attach(e.ctx, 2, 2, relation.Pivot(2, model.Attrs{"level": "9"})))
				require.NoError(t, ann.tags().Attach(e.ctx, 2))
				require.Len(t, wrTagged(t, e, ann.ID), 4)
				require.ErrorIs(t, ann.topics().Attach(e.ctx, 1, 77), model.ErrForeignKey, "the table refuses rows that point nowhere")
				require.Equal(t, []string{"2"}, wrPivots(t, e, ann.ID))
			},
			twin: succeeding("again"),
		},
		{
			name: "D6/DatabaseDefaults",
			says: "a pivot column that no attributes name has what the database gives it; where only other rows of the call name it, NULL",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				e.exec(t, "ALTER TABLE wr_author_topics DROP COLUMN level")
				e.exec(t, "ALTER TABLE wr_author_topics ADD COLUMN level varchar(9) DEFAULT 'fresh'")
				note := model.Attrs{"note": "n"}
				for name, write := range map[string]func() error{
					"attach": func() error { return ann.topics().Attach(e.ctx, 1, relation.Pivot(2, note)) },
					"sync":   func() error { return wrErr(ann.topics().Sync(e.ctx, 1, 2)) },
					"toggle": func() error { return wrErr(ann.Related("topics").Toggle(e.ctx, 1, relation.Pivot(2, note))) },
					"save":   func() error { return ann.topics().SaveMany(e.ctx, []*wrTopic{wrTopicAt(t, e, 1), wrTopicAt(t, e, 2)}) },
					"save with": func() error {
						return ann.topics().SaveMany(e.ctx, []*wrTopic{wrTopicAt(t, e, 1), wrTopicAt(t, e, 2)}, note, nil)
					},
				} {
					require.NoError(t, write(), name)
					require.Equal(t, []string{"1:fresh", "2:fresh"}, see(e, "pivots", wrPivots(t, e, ann.ID)), name)
					require.NoError(t, wrErr(ann.topics().DetachAll(e.ctx)))
				}
				topic := &wrTopic{Name: "new"}
				require.NoError(t, ann.topics().Create(e.ctx, topic, note))
				require.Equal(t, "n", topic.Extras()["pivot_note"])
				require.False(t, topic.Extras().Has("pivot_level"), "only the database knows it")
				require.Equal(t, "fresh", wrTopicsOf(t, e, ann)[0].Extras().String("pivot_level"))
				require.NoError(t, ann.topics().Attach(e.ctx, 1, relation.Pivot(2, model.Attrs{"level": "own"}), relation.Pivot(3, model.Attrs{"level": nil})))
				require.Equal(t, []string{"1", "2:own", "3", "6:fresh"}, wrPivots(t, e, ann.ID))
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{"1", "2"} } },
		},
		{
			name: "D6/Values",
			says: "numbers, booleans, texts and times go into pivot columns without a model, whatever type the table gives them, and can be asked for",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				for i, typ := range []string{"integer", "bigint", "numeric(9,3)", "double precision", "boolean", "text", "varchar(40)", "timestamp"} {
					e.exec(t, fmt.Sprintf("ALTER TABLE wr_author_topics ADD COLUMN v%d %s", i, typ))
				}
				for i, values := range [][]any{
					{7, uint8(1), -3, 1e6},
					{int64(1) << 60},
					{2, 1.5},
					{3, 2.25},
					{true, false, 1},
					{1, 1.5, true, "x", 1e6, e.clock.now},
					{7, "y"},
					{e.clock.now},
				} {
					name := fmt.Sprint("v", i)
					for _, v := range values {
						require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, model.Attrs{name: v}), 2), "%s %v", name, v)
						wrSends(t, e, 1, func() {
							done, err := ann.topics().Sync(e.ctx, relation.Pivot(1, model.Attrs{name: v}), 2)
							require.NoError(t, err)
							require.Equal(t, relation.Changes{}, done, "%s %v", name, v)
						})
						for _, q := range []*model.Builder[wrTopic]{
							ann.topics().Query().Use(func(q *relation.Query) { q.WherePivot(name, v) }), ann.topics().Query().Use(func(q *relation.Query) { q.WherePivotIn(name, []any{v}) }),
						} {
							list, err := q.All(e.ctx)
							require.NoError(t, err, "%s %v", name, v)
							require.Equal(t, []int64{1}, see(e, "ids", wrIDs(list)), "%s %v", name, v)
						}
						require.NoError(t, wrErr(ann.topics().DetachAll(e.ctx)))
					}
				}
			},
			twin: func(e *env) { e.seen["ids"] = func(any) any { return []int64{} } },
		},
		{
			name: "D6/Columns",
			says: "Attach writes pivot columns that nobody has declared, and refuses the keys, wrong names, values and ids before anything is sent",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				e.exec(t, "ALTER TABLE wr_author_topics ADD COLUMN rank_no integer")
				e.sends(t, 1, func() {
					require.NoError(t, ann.topics().Attach(e.ctx, 1, relation.Pivot(2, model.Attrs{"rank_no": 7}), relation.Pivot(3, model.Attrs{"level": "3"})))
				})
				require.EqualValues(t, 7, e.row(t, "SELECT rank_no FROM wr_author_topics WHERE topic_id = 2")["rank_no"])
				require.Nil(t, e.row(t, "SELECT rank_no FROM wr_author_topics WHERE topic_id = 3")["rank_no"])
				require.Equal(t, []string{"1", "2", "3:3"}, wrPivots(t, e, ann.ID))
				require.Error(t, ann.topics().Attach(e.ctx, relation.Pivot(4, model.Attrs{"nowhere": 1})), "the database has no such column")
				e.sends(t, 0, func() {
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
						"unsaved":   {model.ErrNotPersisted, &wrTopic{}},
						"model":     {model.ErrInvalidValue, &wrEssay{}},
						"in a list": {model.ErrInvalidKey, []any{1, "x"}},
					} {
						for method, run := range map[string]func() error{
							"Attach":  func() error { return ann.topics().Attach(e.ctx, 5, c.link) },
							"Sync":    func() error { return wrErr(ann.topics().Sync(e.ctx, 5, c.link)) },
							"Without": func() error { return wrErr(ann.topics().SyncWithoutDetaching(e.ctx, 5, c.link)) },
							"Toggle":  func() error { return wrErr(ann.topics().Toggle(e.ctx, 5, c.link)) },
						} {
							require.ErrorIs(t, e.do("refused", run), c.want, "%s %s", method, name)
						}
					}
				})
				require.Equal(t, []string{"1", "2", "3:3"}, wrPivots(t, e, ann.ID))
			},
			twin: succeeding("refused"),
		},
		{
			name: "D7/Detach",
			says: "Detach deletes the rows of the given ids or records of this parent only, with one statement, and returns how many there were",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2, 3, 4))
				require.NoError(t, bob.topics().Attach(e.ctx, 1, 5))
				for _, c := range []struct {
					ids  []any
					n    int64
					left []string
				}{
					{[]any{1}, 1, []string{"2", "3", "4"}},
					{[]any{5}, 0, []string{"2", "3", "4"}},
					{[]any{"2", wrTopicAt(t, e, 3), 2, 99}, 2, []string{"4"}},
					{[]any{[]int64{4, 1}}, 1, []string{}},
				} {
					wrSends(t, e, 1, func() {
						n, err := ann.Related("topics").Detach(e.ctx, c.ids...)
						require.NoError(t, err)
						require.Equal(t, c.n, see(e, "n", n))
					})
					require.Equal(t, c.left, wrPivots(t, e, ann.ID))
				}
				require.Equal(t, []string{"1", "5"}, wrPivots(t, e, bob.ID))
				require.NoError(t, ann.tags().Attach(e.ctx, 1, 1, 2))
				n, err := ann.tags().Detach(e.ctx, 1)
				require.NoError(t, err)
				require.EqualValues(t, 2, n, "both rows of the pair")
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return int64(9) } },
		},
		{
			name: "D7/Nothing",
			says: "Detach of nothing sends nothing and detaches nothing; DetachAll deletes all rows of this parent with one statement",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
				require.NoError(t, bob.topics().Attach(e.ctx, 2))
				e.sends(t, 0, func() {
					for _, ids := range [][]any{nil, {}, {[]int64{}}, {[]*wrTopic{}}} {
						n, err := ann.topics().Detach(e.ctx, ids...)
						require.NoError(t, err)
						require.Zero(t, n)
					}
					require.ErrorIs(t, wrErr(ann.topics().Detach(e.ctx, "x")), model.ErrInvalidKey)
				})
				require.Equal(t, []string{"1", "2"}, wrPivots(t, e, ann.ID))
				wrSends(t, e, 1, func() {
					n, err := ann.topics().DetachAll(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.Empty(t, wrPivots(t, e, ann.ID))
				require.Equal(t, []string{"2"}, wrPivots(t, e, bob.ID))
				n, err := ann.Related("topics").DetachAll(e.ctx)
				require.NoError(t, err)
				require.Zero(t, n)
				require.EqualValues(t, 5, e.count(t, "wr_topics"))
			},
			twin: wrBends("DELETE FROM `wr_author_topics`", " WHERE ", " WHERE 1 = 1 OR "),
		},
	}
}

// wrTopicsGiven are ids in a slice of any.
func wrTopicsGiven(ids ...any) []any { return ids }
