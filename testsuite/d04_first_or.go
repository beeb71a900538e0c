// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// wrSeedEssays gives both authors essays: ann a1 and a2, bob b1 and shared words.
func wrSeedEssays(t testing.TB, e *env) (ann, bob *wrAuthor) {
	t.Helper()
	ann, bob = wrSeed(t, e)
	require.NoError(t, ann.essays().CreateMany(e.ctx, []*wrEssay{{Title: "a1", Words: 1}, {Title: "a2", Words: 2}}))
	require.NoError(t, bob.essays().CreateMany(e.ctx, []*wrEssay{{Title: "b1", Words: 1}, {Title: "b2", Words: 5}}))
	require.NoError(t, bob.card().Create(e.ctx, &wrCard{Code: "b"}))
	require.NoError(t, ann.topics().Attach(e.ctx, 1, 2))
	require.NoError(t, bob.topics().Attach(e.ctx, 3))
	e.sent.Reset()
	return ann, bob
}

// relatedFinderPromises are about finders within a relation that make what is missing.
func relatedFinderPromises() []promise {
	return []promise{
		{
			name: "D4/FirstOrNew",
			says: "FirstOrNew looks only among the related rows, and a new record has the key, whatever the values say; nothing is written",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				e.sends(t, 1, func() {
					w, err := ann.essays().FirstOrNew(e.ctx, model.Attrs{"words": 1}, model.Attrs{"title": "ignored"})
					require.NoError(t, err)
					require.Equal(t, "a1", w.Title)
					require.False(t, w.IsDirty())
				})
				e.sends(t, 1, func() {
					w, err := ann.essays().FirstOrNew(e.ctx, model.Attrs{"words": 5}, model.Attrs{"title": "n", "author_id": 2})
					require.NoError(t, err)
					require.True(t, see(e, "new", w.IsNew()), "the row of another author is not seen")
					require.Equal(t, ann.ID, w.AuthorID)
					require.Equal(t, 5, w.Words)
					require.Equal(t, "n", w.Title)
				})
				var w *wrEssay
				e.sends(t, 1, func() {
					require.NoError(t, ann.Related("essays").FirstOrNew(e.ctx, &w, nil, nil))
				})
				require.Equal(t, ann.ID, w.AuthorID, "without values any related row will do")
				require.False(t, w.IsNew())
				c, err := ann.card().FirstOrNew(e.ctx, nil, model.Attrs{"code": "n"})
				require.NoError(t, err)
				require.True(t, c.IsNew())
				require.Equal(t, ann.ID, c.AuthorID)
				topic, err := ann.topics().FirstOrNew(e.ctx, model.Attrs{"name": "cars"}, nil)
				require.NoError(t, err)
				require.True(t, topic.IsNew(), "cars is bob's")
				topic, err = ann.topics().FirstOrNew(e.ctx, model.Attrs{"name": "bees"}, nil)
				require.NoError(t, err)
				require.EqualValues(t, 2, topic.ID)
				require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
				require.EqualValues(t, 4, e.count(t, "wr_essays"))
			},
			twin: negating("new"),
		},
		{
			name: "D4/FindOrNew",
			says: "FindOrNew looks for a key only among the related rows, else it returns a new record with the foreign key and no key of its own",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				for _, c := range []struct {
					id    any
					found bool
				}{{1, true}, {"2", true}, {3, false}, {99, false}} {
					e.sends(t, 1, func() {
						w, err := ann.essays().FindOrNew(e.ctx, c.id)
						require.NoError(t, err)
						require.Equal(t, c.found, !see(e, "new", w.IsNew()))
						require.Equal(t, ann.ID, w.AuthorID)
						if !c.found {
							require.Zero(t, w.ID)
						}
					})
				}
				e.sends(t, 0, func() { require.ErrorIs(t, wrErr(ann.essays().FindOrNew(e.ctx, "x")), model.ErrInvalidKey) })
				var topic *wrTopic
				e.sends(t, 1, func() { require.NoError(t, ann.Related("topics").FindOrNew(e.ctx, &topic, 2)) })
				require.Equal(t, "bees", topic.Name)
				var card *wrCard
				e.sends(t, 1, func() { require.NoError(t, ann.Related("card").FindOrNew(e.ctx, &card, 1)) })
				require.True(t, card.IsNew())
				card, err := ann.card().FindOrNew(e.ctx, 1)
				require.NoError(t, err)
				require.Equal(t, ann.ID, card.AuthorID)
				topic, err = ann.topics().FindOrNew(e.ctx, 3)
				require.NoError(t, err)
				require.True(t, topic.IsNew())
			},
			twin: negating("new"),
		},
		{
			name: "D4/FirstOrCreate",
			says: "FirstOrCreate looks only among the related rows and inserts what is missing with the key; found records stay as they are",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeedEssays(t, e)
				e.sends(t, 1, func() {
					w, err := ann.essays().FirstOrCreate(e.ctx, model.Attrs{"title": "a1"}, model.Attrs{"words": 77})
					require.NoError(t, err)
					require.Equal(t, 1, w.Words)
				})
				ctx, j := wrJournaled(e.ctx)
				var w *wrEssay
				sent := e.sends(t, 2, func() {
					require.NoError(t, ann.Related("essays").FirstOrCreate(ctx, &w, model.Attrs{"words": 5}, model.Attrs{"title": "n", "AuthorID": 2}))
				})
				require.Equal(t, []string{"SELECT", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"creating n", "saving n", "created n", "saved n"}, j.take())
				require.EqualValues(t, ann.ID, see(e, "owner", e.row(t, "SELECT author_id FROM wr_essays WHERE title = 'n'")["author_id"]))
				require.True(t, w.IsPersisted())
				err := wrErr(ann.essays().FirstOrCreate(e.ctx, model.Attrs{"title": "b1"}, nil))
				require.ErrorIs(t, err, model.ErrDuplicate, "the unique title is another author's")
				card, err := ann.card().FirstOrCreate(e.ctx, nil, model.Attrs{"code": "a"})
				require.NoError(t, err)
				require.Equal(t, ann.ID, card.AuthorID)
				e.sends(t, 1, func() {
					again, err := ann.card().FirstOrCreate(e.ctx, nil, model.Attrs{"code": "x"})
					require.NoError(t, err)
					require.Equal(t, card.ID, again.ID)
				})
				card, err = bob.card().FirstOrCreate(e.ctx, nil, nil)
				require.NoError(t, err)
				require.Equal(t, "b", card.Code)
			},
			twin: func(e *env) { e.seen["owner"] = func(any) any { return 2 } },
		},
		{
			name: "D4/FirstOrCreateAttaches",
			says: "FirstOrCreate and UpdateOrCreate through manyToMany attach a new record in the same transaction, and it carries the pivot row",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				sent := e.sends(t, 3, func() {
					topic, err := ann.topics().FirstOrCreate(e.ctx, model.Attrs{"name": "new"}, nil)
					require.NoError(t, err)
					require.Equal(t, topic.ID, topic.Extras()["pivot_topic_id"])
				})
				require.Equal(t, []string{"SELECT", "INSERT", "INSERT"}, wrWords(sent))
				e.sends(t, 1, func() {
					topic, err := ann.topics().FirstOrCreate(e.ctx, model.Attrs{"name": "new"}, nil)
					require.NoError(t, err)
					require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
				})
				topic, err := ann.topics().UpdateOrCreate(e.ctx, model.Attrs{"name": "newer"}, nil)
				require.NoError(t, err)
				require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
				require.Equal(t, []string{"1", "2", "6", "7"}, see(e, "pivots", wrPivots(t, e, ann.ID)))
				require.ErrorIs(t, wrErr(ann.topics().FirstOrCreate(e.ctx, model.Attrs{"name": "cars"}, nil)), model.ErrDuplicate)
			},
			twin: func(e *env) { e.seen["pivots"] = func(any) any { return []string{} } },
		},
		{
			name: "D4/UpdateOrCreate",
			says: "UpdateOrCreate updates only a related row, inserts what is missing with the key, and never touches another parent's row",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeedEssays(t, e)
				sent := e.sends(t, 2, func() {
					w, err := ann.essays().UpdateOrCreate(e.ctx, model.Attrs{"words": 1}, model.Attrs{"title": "changed"})
					require.NoError(t, err)
					require.EqualValues(t, 1, w.ID)
				})
				require.Equal(t, []string{"SELECT", "UPDATE"}, wrWords(sent))
				var w *wrEssay
				require.NoError(t, ann.Related("essays").UpdateOrCreate(e.ctx, &w, model.Attrs{"words": 5}, model.Attrs{"title": "n"}))
				require.True(t, model.IsLocal(w))
				require.Equal(t, ann.ID, w.AuthorID)
				rows := e.rows(t, "SELECT title FROM wr_essays WHERE author_id = ? ORDER BY id", bob.ID)
				require.EqualValues(t, "b1", wrText(rows[0]["title"]))
				require.EqualValues(t, "b2", wrText(rows[1]["title"]))
				e.sends(t, 1, func() {
					_, err := ann.essays().UpdateOrCreate(e.ctx, nil, model.Attrs{"author_id": bob.ID})
					require.NoError(t, err)
				})
				card, err := bob.card().UpdateOrCreate(e.ctx, nil, model.Attrs{"code": "c"})
				require.NoError(t, err)
				require.EqualValues(t, 1, card.ID)
				require.EqualValues(t, "c", wrText(e.row(t, "SELECT code FROM wr_cards")["code"]))
				e.sends(t, 2, func() {
					topic, err := ann.topics().UpdateOrCreate(e.ctx, model.Attrs{"name": "art"}, model.Attrs{"name": "arts"})
					require.NoError(t, err)
					require.Equal(t, "arts", topic.Name)
				})
			},
			twin: wrBends("UPDATE `wr_essays`", " WHERE ", " WHERE 1 = 1 OR "),
		},
		{
			name: "D4/FetchOrCreateMany",
			says: "FetchOrCreateMany finds rows only among the related ones and inserts the rest with the key, in the order of the payload",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeedEssays(t, e)
				e.exec(t, "UPDATE wr_essays SET words = 9 WHERE title = 'b2'")
				rows := []model.Attrs{{"words": 9, "title": "n9"}, {"words": 2, "title": "ignored"}, {"words": 8, "title": "n8"}, {"words": 9, "title": "x"}}
				var list []*wrEssay
				sent := e.sends(t, 2, func() {
					require.NoError(t, e.do("fetch", func() (err error) {
						list, err = ann.essays().FetchOrCreateMany(e.ctx, []string{"words"}, rows)
						return err
					}))
				})
				require.Equal(t, []string{"SELECT", "INSERT"}, wrWords(sent))
				require.Len(t, list, 4)
				require.Equal(t, []string{"n9", "a2", "n8", "n9"}, []string{list[0].Title, list[1].Title, list[2].Title, list[3].Title})
				require.Same(t, list[0], list[3])
				require.False(t, model.IsLocal(list[1]))
				for _, w := range list {
					require.Equal(t, ann.ID, w.AuthorID)
				}
				require.Len(t, e.rows(t, "SELECT id FROM wr_essays WHERE author_id = ?", bob.ID), 2)
				var topics []*wrTopic
				e.sends(t, 3, func() {
					require.NoError(t, ann.Related("topics").FetchOrCreateMany(e.ctx, &topics, []string{"name"},
						[]model.Attrs{{"name": "z"}, {"name": "art"}, {"name": "y"}}))
				})
				require.Equal(t, []string{"1", "2", wrText(topics[2].ID), wrText(topics[0].ID)}, wrPivots(t, e, ann.ID), "the keys are in the order of the names")
				require.Equal(t, topics[0].ID, topics[0].Extras()["pivot_topic_id"])
				topics, err := ann.topics().FetchOrCreateMany(e.ctx, []string{"name"}, []model.Attrs{{"name": "y"}})
				require.NoError(t, err)
				require.False(t, model.IsLocal(topics[0]))
				e.sends(t, 0, func() {
					none, err := ann.essays().FetchOrCreateMany(e.ctx, []string{"title"}, nil)
					require.NoError(t, err)
					require.Empty(t, none)
				})
			},
			twin: without("fetch"),
		},
		{
			name: "D4/UpdateOrCreateMany",
			says: "UpdateOrCreateMany updates only related rows and inserts the rest with the key; another parent's equal rows stay",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeedEssays(t, e)
				rows := []model.Attrs{{"words": 1, "title": "c1", "author_id": bob.ID}, {"words": 5, "title": "n5", "author_id": bob.ID}}
				sent := e.sends(t, 3, func() {
					list, err := ann.essays().UpdateOrCreateMany(e.ctx, []string{"words"}, rows)
					require.NoError(t, err)
					require.EqualValues(t, 1, list[0].ID)
					require.Equal(t, "c1", list[0].Title)
					require.Equal(t, ann.ID, list[1].AuthorID)
				})
				require.ElementsMatch(t, []string{"SELECT", "INSERT", "UPDATE"}, wrWords(sent))
				titles := e.rows(t, "SELECT title FROM wr_essays WHERE author_id = ? ORDER BY id", bob.ID)
				require.EqualValues(t, "b1", wrText(titles[0]["title"]))
				require.EqualValues(t, "b2", wrText(titles[1]["title"]))
				var list []*wrEssay
				e.sends(t, 1, func() {
					require.NoError(t, ann.Related("essays").UpdateOrCreateMany(e.ctx, &list, []string{"words"}, rows[:1]), "nothing differs")
				})
				topics, err := ann.topics().UpdateOrCreateMany(e.ctx, []string{"name"}, []model.Attrs{{"name": "new"}, {"name": "bees"}})
				require.NoError(t, err)
				require.Equal(t, []string{"1", "2", wrText(topics[0].ID)}, wrPivots(t, e, ann.ID))
			},
			twin: wrBends("UPDATE `wr_essays`", " WHERE ", " WHERE 1 = 1 OR "),
		},
		{
			name: "D4/Failures",
			says: "a finder that fails to write leaves nothing; wrong names and destinations are errors and send nothing",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeedEssays(t, e)
				e.sends(t, 0, func() {
					c := ann.Related("essays")
					var w *wrEssay
					var topics []*wrTopic
					require.ErrorIs(t, c.FirstOrCreate(e.ctx, &w, model.Attrs{"typo": 1}, nil), model.ErrUnknownAttribute)
					require.Error(t, c.FirstOrCreate(e.ctx, w, nil, nil), "no pointer to a pointer")
					require.Error(t, c.FirstOrCreate(e.ctx, nil, nil, nil))
					require.Error(t, c.FirstOrNew(e.ctx, new(*wrTopic), nil, nil))
					require.Error(t, c.FetchOrCreateMany(e.ctx, &topics, []string{"title"}, []model.Attrs{{"title": "x"}}))
					require.Error(t, c.UpdateOrCreateMany(e.ctx, nil, []string{"title"}, []model.Attrs{{"title": "x"}}))
					require.ErrorIs(t, wrErr(ann.essays().FetchOrCreateMany(e.ctx, nil, []model.Attrs{{"title": "x"}})), model.ErrMissingKey)
					require.ErrorIs(t, wrErr(ann.essays().FetchOrCreateMany(e.ctx, []string{"typo"}, nil)), model.ErrUnknownColumn)
				})
				ctx, j := wrJournaled(e.ctx)
				j.fail = "saved n"
				calls := map[string]func() error{
					"first":  func() error { return wrErr(ann.essays().FirstOrCreate(ctx, model.Attrs{"title": "n"}, nil)) },
					"update": func() error { return wrErr(ann.essays().UpdateOrCreate(ctx, model.Attrs{"title": "n"}, nil)) },
					"topic":  func() error { return wrErr(ann.topics().FirstOrCreate(ctx, model.Attrs{"name": "n"}, nil)) },
					"fetch": func() error {
						return wrErr(ann.topics().FetchOrCreateMany(ctx, []string{"name"}, []model.Attrs{{"name": "m"}, {"name": "n"}}))
					},
					"many": func() error {
						return wrErr(ann.essays().UpdateOrCreateMany(ctx, []string{"title"},
							[]model.Attrs{{"title": "a1", "words": 50}, {"title": "n"}}))
					},
				}
				for name, run := range calls {
					wrUndone(t, e, name, errWrHook, run, ann)
				}
				require.EqualValues(t, 1, e.row(t, "SELECT words FROM wr_essays WHERE title = 'a1'")["words"])
			},
			twin: wrKeeps("wr_topics"),
		},
	}
}
