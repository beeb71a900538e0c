// SPDX-License-Identifier: MIT

package testsuite

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// cornerPromises are about corners of writing relations.
func cornerPromises() []promise {
	return []promise{
		{
			name: "D6/DeletedRecords",
			says: "Attach, Sync and Toggle of a record whose row was deleted are ErrDeleted and send nothing; Detach takes it",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				gone := wrTopicAt(t, e, 2)
				require.NoError(t, ann.tags().Attach(e.ctx, 1))
				require.NoError(t, gone.Delete(e.ctx))
				e.sends(t, 0, func() {
					for name, run := range map[string]func() error{
						"attach": func() error { return ann.tags().Attach(e.ctx, 1, gone) },
						"sync":   func() error { return wrErr(ann.tags().Sync(e.ctx, gone)) },
						"toggle": func() error { return wrErr(ann.tags().Toggle(e.ctx, relation.Pivot(gone, nil))) },
					} {
						require.ErrorIs(t, e.do("refused", run), model.ErrDeleted, name)
					}
				})
				require.NoError(t, wrErr(ann.tags().Detach(e.ctx, gone)))
				require.Equal(t, []string{"1"}, wrTagged(t, e, ann.ID))
			},
			twin: succeeding("refused"),
		},
		{
			name: "D7/SoftDeletedPivots",
			says: "Detach of a relation whose pivot model has soft deletes marks the rows, and the relation does not see them any more",
			check: func(t testing.TB, e *env) {
				seedBands(t, e)
				band, err := model.Query[kinBand](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				artists := relation.ManyToMany(band, &band.Artists)
				n, err := artists.Detach(e.ctx, 1)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.Len(t, see(e, "rows", e.rows(t, "SELECT id FROM kin_memberships")), 4)
				list, err := artists.Query().All(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "b", kinArtistNames(list))
			},
			twin: func(e *env) { e.seen["rows"] = func(any) any { return []map[string]any{} } },
		},
		{
			name: "D3/SameRowTwice",
			says: "SaveMany refuses two records of one row, before anything is sent",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				list := []*wrTopic{wrTopicAt(t, e, 2), wrTopicAt(t, e, 2)}
				e.sends(t, 0, func() {
					require.ErrorIs(t, e.do("refused", func() error { return ann.tags().SaveMany(e.ctx, list) }), model.ErrInvalidValue)
				})
			},
			twin: succeeding("refused"),
		},
		{
			name: "D3/SavedAtTheSameTime", needs: []Feature{Isolation},
			says: "Save of one pair by several at the same time leaves one pivot row, and nobody gets an error",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				for range 5 {
					var all sync.WaitGroup
					failed := make([]error, 4)
					for i := range failed {
						owner, err := model.Query[wrAuthor](e.db).Find(e.ctx, ann.ID)
						require.NoError(t, err)
						topic := wrTopicAt(t, e, 2)
						all.Go(func() { failed[i] = owner.topics().Save(e.ctx, topic) })
					}
					all.Wait()
					require.NoError(t, errors.Join(failed...))
					require.Equal(t, []string{"2"}, see(e, "pivots", wrPivots(t, e, ann.ID)))
					require.NoError(t, wrErr(ann.topics().DetachAll(e.ctx)))
				}
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{"2", "2"} } },
		},
		{
			name: "D3/CarriesTheRow",
			says: "a record that is saved through another owner carries that pivot row, and nothing of the one before",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(2, model.Attrs{"level": "good"})))
				topic := wrTopicsOf(t, e, ann)[0]
				require.Equal(t, "good", topic.Extras()["pivot_level"])
				require.NoError(t, bob.topics().Save(e.ctx, topic))
				require.Equal(t, bob.ID, see(e, "owner", topic.Extras()["pivot_author_id"]))
				require.False(t, topic.Extras().Has("pivot_level"))
			},
			twin: func(e *env) { e.seen["owner"] = func(any) any { return int64(1) } },
		},
		{
			name: "D9/UndeclaredColumns",
			says: "PivotQuery selects, plucks and groups by pivot columns that nobody has declared",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				e.exec(t, "ALTER TABLE wr_author_topics ADD COLUMN rank_no integer")
				require.NoError(t, ann.topics().Attach(e.ctx, relation.Pivot(1, model.Attrs{"rank_no": 7}), relation.Pivot(2, model.Attrs{"rank_no": 7})))
				var rows []relation.Attrs
				require.NoError(t, ann.topics().PivotQuery().Select("topic_id", "rank_no").OrderBy("topic_id").All(e.ctx, &rows))
				require.Len(t, see(e, "rows", rows), 2)
				require.EqualValues(t, 7, rows[0]["rank_no"])
				var ranks []int64
				require.NoError(t, ann.topics().PivotQuery().Pluck(e.ctx, "rank_no", &ranks))
				require.Equal(t, []int64{7, 7}, ranks)
				require.NoError(t, ann.topics().PivotQuery().GroupBy("rank_no").Aggregate("count", "*").All(e.ctx, &rows))
				require.Len(t, rows, 1)
			},
			twin: func(e *env) { e.seen["rows"] = func(any) any { return []relation.Attrs{} } },
		},
		{
			name: "C4/DeleteGuards",
			says: "a bulk Delete through manyToMany refuses what every bulk write refuses, before anything is sent",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
				e.sends(t, 0, func() {
					for name, q := range map[string]*model.Builder[wrTopic]{
						"group": ann.topics().Query().GroupBy("name"), "distinct": ann.topics().Query().Distinct(),
						"lock": ann.topics().Query().LockForUpdate(),
					} {
						require.ErrorIs(t, e.do("refused", func() error { return wrErr(q.Delete(e.ctx)) }), model.ErrUnsupported, name)
					}
				})
				require.Len(t, wrPivots(t, e, ann.ID), 2)
			},
			twin: succeeding("refused"),
		},
		{
			name: "D10/EveryLink",
			says: "Push writes every link of a graph of new records, however often and from wherever it meets a record",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				ctx := model.WithDB(e.ctx, e.db)
				house, topic := &wrHouse{Name: "h"}, &wrTopic{Name: "t"}
				x, y := &wrAuthor{Name: "x", House: house, Topics: []*wrTopic{topic}}, &wrAuthor{Name: "y", House: house, Topics: []*wrTopic{topic}}
				topic.Authors, house.Authors = []*wrAuthor{x, y}, []*wrAuthor{x, y}
				require.NoError(t, e.do("push", func() error { return x.Push(ctx) }))
				for _, a := range []*wrAuthor{x, y} {
					require.False(t, a.IsDirty())
					require.EqualValues(t, house.ID, wrHouseOf(t, e, a))
					require.Equal(t, []string{"6"}, see(e, "pivots", wrPivots(t, e, a.ID)))
				}
				essay := &wrEssay{Title: "q"}
				z := &wrAuthor{Name: "z", Essays: []*wrEssay{essay}}
				essay.Author = z
				require.NoError(t, essay.Push(ctx))
				require.Len(t, e.rows(t, "SELECT id FROM wr_essays WHERE author_id = ?", z.ID), 1)
			},
			twin: without("push"),
		},
	}
}
